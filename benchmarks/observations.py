"""Rows of ``indicators`` and ``pages`` as newspapers would fill them, made up: seeded, a day of all newspapers at a time.

Shares are those of real pages (news transcripts and newspaper pages, 6,604 rows): a tenth of the rows has no area, 45 % speak of the
whole country, three quarters have no code; the rest of the areas lies mostly round the paper's home, and codes are few and uneven
(Zipf).  Sentences are about 80 characters, two rows to a sentence, built of catalogue names, places and numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tasks import knowledge
from tasks.schema import INDICATORS, PAGES, SPAN

ROWS_A_PAGE = 30
CHARS_A_PAGE = 4_000
NO_AREA, COUNTRY, HOME, ROUND_HOME, PROVINCE = 0.10, 0.35, 0.15, 0.12, 0.10  # the rest: anywhere
NO_CODE = 0.75
MEASURES = (("level", 0.62, "CNY", "亿元"), ("growth", 0.28, "%", "%"), ("share", 0.06, "%", "%"), ("change", 0.04, "pp", "个百分点"))
KINDS = ("日报", "晚报", "晨报")


@dataclass
class Day:
    """All newspapers' rows of one day, ordered by newspaper; where each newspaper's begin and end."""

    date: date
    indicators: pa.Table
    pages: pa.Table
    papers: list[str]
    rows: np.ndarray = field(repr=False)  #: newspaper's number → end of its rows in ``indicators``
    ends: np.ndarray = field(repr=False)  #: the same in ``pages``

    def each(self) -> Iterator[tuple[str, pa.Table, pa.Table]]:
        """Newspaper, its rows of ``indicators``, its rows of ``pages``."""
        for number, paper in enumerate(self.papers):
            first, start = (int(ends[number - 1]) if number else 0 for ends in (self.rows, self.ends))
            rows, pages = int(self.rows[number]) - first, int(self.ends[number]) - start
            yield paper, self.indicators.slice(first, rows), self.pages.slice(start, pages)


class Press:
    """So many newspapers, each at home in a city, some larger than others."""

    def __init__(self, papers: int, seed: int) -> None:
        self.chance = np.random.default_rng(seed)
        areas = [row for row in knowledge.rows("areas") if not row["valid_to"]]
        self.codes = [row["code"] for row in areas]
        self.places = pa.array([row["name"] for row in areas])
        place = {code: number for number, code in enumerate(self.codes)}
        cities = [row for row in areas if row["level"] == "prefecture"]
        homes = [cities[number % len(cities)] for number in range(papers)]
        self.papers = [f"{row['short'] or row['name']}{KINDS[number // len(cities)]}" for number, row in enumerate(homes)]
        self.home = np.array([place[row["code"]] for row in homes])
        self.province = np.array([place[f"{row['code'][:2]}0000"] for row in homes])
        near = {row["code"]: [place[one["code"]] for one in areas if one["parent"] == row["code"]] for row in cities}
        self.near = [np.array(near[row["code"]] or [place[row["code"]]]) for row in homes]
        self.country = place["100000"]
        catalogue = knowledge.rows("indicators")
        self.indicator_codes = pa.array([row["code"] for row in catalogue])
        self.names = pa.array([row["name_zh"] for row in catalogue])
        self.sizes = self.chance.lognormal(0, 0.5, papers)
        self.words = self._join(self._any(self.names, 20_000), self._any(self.places, 20_000), "项目")
        self.clauses = self._join("有关负责人介绍，", self._any(self.names, 20_000), "与", self._any(self.words, 20_000), "稳步推进，")

    def days(self, rows: int, days: int, first: date) -> Iterator[Day]:
        """That many observations over that many days."""
        for number in range(days):
            yield self._day(rows // days + (number < rows % days), first + timedelta(number))

    def _day(self, rows: int, day: date) -> Day:
        papers = len(self.papers)
        of_paper = self.chance.multinomial(rows, self.sizes / self.sizes.sum())
        pages_of_paper = np.maximum(1, -(-of_paper // ROWS_A_PAGE))
        paper = np.repeat(np.arange(papers), of_paper)
        pages = int(pages_of_paper.sum())
        paper_of_page = np.repeat(np.arange(papers), pages_of_paper)
        in_paper = np.arange(rows) - np.repeat(np.cumsum(of_paper) - of_paper, of_paper)
        first_page = np.cumsum(pages_of_paper) - pages_of_paper
        page = first_page[paper] + in_paper // ROWS_A_PAGE
        page_ids = pa.array([f"{number:016x}" for number in self.chance.integers(0, 2**64, pages, np.uint64).tolist()])
        number = pa.array(np.arange(pages) - first_page[paper_of_page] + 1)
        names = pa.array(self.papers)
        uris = self._join(names.take(pa.array(paper_of_page)), f"/{day:%Y-%m/%d}/", number.cast(pa.string()), ".txt")
        about = {"page_id": page_ids, "source_uri": uris, "newspaper": names.take(pa.array(paper_of_page))}
        dated = {"publication_date": pa.array([day]).cast(pa.date32())}
        return Day(
            day,
            self._indicators(about, dated, page, paper, in_paper),
            self._pages(about, dated, number),
            self.papers,
            np.cumsum(of_paper),
            np.cumsum(pages_of_paper),
        )

    def _indicators(self, about: dict, dated: dict, page: np.ndarray, paper: np.ndarray, in_paper: np.ndarray) -> pa.Table:
        rows, chance = len(page), self.chance
        area, no_area = self._areas(paper)
        ranks = np.minimum(chance.zipf(1.3, rows) - 1, len(self.indicator_codes) - 1)
        no_code = chance.random(rows) < NO_CODE
        code = pc.if_else(pa.array(no_code), None, self.indicator_codes.take(pa.array(ranks)))
        name = pc.if_else(pa.array(no_code), self._any(self.words, rows), self.names.take(pa.array(ranks)))
        kinds = chance.choice(len(MEASURES), rows, p=[share for _, share, _, _ in MEASURES])
        measure, unit, unit_text = (pa.array([kind[slot] for kind in MEASURES]).take(pa.array(kinds)) for slot in (0, 2, 3))
        number = np.round(chance.lognormal(3, 1.5, rows), 1)
        value_text = self._join(pa.array(number).cast(pa.string()), unit_text)
        span = chance.integers(0, 1_500, rows).astype(np.int32)
        month = pa.array(chance.integers(1, 13, rows))
        period = self._join("2023-", pc.utf8_lpad(month.cast(pa.string()), 2, "0"))
        said = self._join(month.cast(pa.string()), "月，", self.places.take(pa.array(area)), name, value_text, "，")
        sentence = self._join(said, self._any(self.clauses, rows), "比上年同期", self._any(self.clauses, rows), "成效明显。")
        sentence = sentence.take(pa.array(np.arange(rows) // 2 * 2))  # two rows to a sentence
        page_id = about["page_id"].take(pa.array(page))
        article = self._join(page_id, "-", pa.array([f"{number:08x}" for number in (page * 7 + in_paper % ROWS_A_PAGE // 5).tolist()]))
        observation = self._join(article, "-", pa.array([f"{number:08x}" for number in chance.integers(0, 2**32, rows).tolist()]))
        start = pa.array(span)
        spans = pa.StructArray.from_arrays([start, pc.add(start, pa.scalar(5, pa.int32()))], fields=list(SPAN))
        return self._table(
            INDICATORS,
            rows,
            {
                "observation_id": observation,
                "article_id": article,
                "page_id": page_id,
                "source_uri": about["source_uri"].take(pa.array(page)),
                "newspaper": about["newspaper"].take(pa.array(page)),
                **dated,
                "sentence": sentence,
                "char_start": start,
                "char_end": pc.add(start, pa.scalar(7, pa.int32())),
                "page_char_start": pc.add(start, pa.scalar(900, pa.int32())),
                "page_char_end": pc.add(start, pa.scalar(907, pa.int32())),
                "value_text": value_text,
                "obs_value": pa.array(np.where(kinds == 0, number * 1e8, number)),
                "unit_measure": unit,
                "unit_text": unit_text,
                "indicator": name,
                "indicator_code": code,
                "ref_area": pc.if_else(pa.array(no_area), None, pa.array(self.codes).take(pa.array(area))),
                "ref_area_name": pc.if_else(pa.array(no_area), None, self.places.take(pa.array(area))),
                "time_period": period,
                "measure": measure,
                "qualifier": pa.array(["exact"]),
                "stance": pa.array(["actual"]),
                "confidence": pa.array(np.round(0.5 + chance.random(rows) / 2, 3)),
                "indicator_span": spans,
            },
        )

    def _pages(self, about: dict, dated: dict, number: pa.Array) -> pa.Table:
        rows = len(number)
        constant = {"sha256": "0" * 64, "bytes": 15_000, "chars": CHARS_A_PAGE, "articles": 3, "indicators": ROWS_A_PAGE, "quarantined": 0}
        constant |= {"status": "published", "interleaved": False, "leftovers": [], "logic_version": "0" * 12, "input_id": "0" * 16}
        given = {name: pa.array([value], PAGES.column(name).type) for name, value in constant.items()}
        return self._table(PAGES, rows, {**about, **dated, "page_no": number, **given})

    def _areas(self, paper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rows, chance = len(paper), self.chance
        where = chance.random(rows)
        area = np.minimum(chance.zipf(1.2, rows) - 1, len(self.codes) - 1)
        near = np.array([len(places) for places in self.near])
        picked = (chance.random(rows) * near[paper]).astype(int)
        around = np.concatenate(self.near)[(np.cumsum(near) - near)[paper] + picked]
        below = np.cumsum([NO_AREA, COUNTRY, HOME, ROUND_HOME, PROVINCE])
        for bound, found in zip(below[::-1], (self.province[paper], around, self.home[paper], self.country, area), strict=True):
            area = np.where(where < bound, found, area)
        return area, where < NO_AREA

    def _any(self, values: pa.Array, count: int) -> pa.Array:
        return values.take(pa.array(self.chance.integers(0, len(values), count)))

    @staticmethod
    def _join(*parts: pa.Array | str) -> pa.Array:
        return pc.binary_join_element_wise(*parts, "")

    @staticmethod
    def _table(table: object, rows: int, columns: dict[str, pa.Array]) -> pa.Table:
        """Columns of all rows, of one value for all rows, or none."""
        schema = table.arrow()  # type: ignore[attr-defined]
        one = pa.array(np.zeros(rows, np.int32))
        whole = [columns.get(name, pa.nulls(rows, schema.field(name).type)) for name in schema.names]
        whole = [column.take(one) if len(column) == 1 != rows else column for column in whole]
        return pa.Table.from_arrays([column.cast(field.type) for column, field in zip(whole, schema, strict=True)], schema=schema)
