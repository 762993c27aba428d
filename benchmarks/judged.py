"""Rows judged right or wrong: of gold pages read through the stages, of published tables, of golden cases.

A row is right when a gold row of its value and unit has every slot that is scored right (subjects aren't:
gold pages name them in more ways than one).  Rows that the gold marks optional, and one repetition of an
amount that its article states, are neither right nor wrong and are left out.
"""

from __future__ import annotations

import json
import logging
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tasks.extract import extract_article, extract_text, scene_of
from tasks.extract.confidence import features
from tasks.extract.observations import Observation, read_observations
from tasks.extract.scene import Scene
from tests import observation_cases, scoring

Row = dict[str, Any]
#: Slots that gold pages score.
SLOTS = tuple(slot for slot in scoring.DEFAULTS if slot != "subject")


@dataclass(frozen=True, slots=True)
class Judged:
    """One row: whether every slot is right, the confidence it came with, what that was made from, and its page."""

    right: bool
    confidence: float
    features: tuple[str, ...]
    page: str


def from_cases() -> list[Judged]:
    """The golden cases' rows, each file of cases a page."""
    found: list[Judged] = []
    for case in observation_cases.load():
        day = date.fromisoformat(case["published"]) if case["published"] else None
        rows = extract_text(case["text"], published=day, area=case["area"])
        seen = read_observations(Scene(case["text"], day, None, case["area"]))
        found += _judged(case["expect"], rows, seen, observation_cases.phenomenon(case))
    return found


def from_pages(folder: Path, suffix: str = ".txt") -> list[Judged]:
    """The gold pages of a folder (``pages/`` and ``gold/``), read through the stages up to extract."""
    golds = {gold["page"]: gold for gold in _golds(folder / "gold")}
    inputs = [path for name in golds if (path := folder / "pages" / f"{name}{suffix}").exists()]
    found: list[Judged] = []
    for page, articles in _drafts(inputs):
        gold = golds[page]
        read = [(extract_article(article), _observations(article)) for article in articles]
        found += _judged_page(gold, [(article["body"], rows, seen) for article, (rows, seen) in zip(articles, read, strict=True)])
    return found


def from_tables(tables: Path, gold: Path, suffix: str | None = None) -> list[Judged]:
    """The rows of published tables, with the confidence that they were published with."""
    import pyarrow.dataset as ds

    def table(name: str) -> Iterator[Row]:
        yield from ds.dataset(tables / name, format="parquet", partitioning="hive").to_table().to_pylist()

    rows: dict[str, list[Row]] = defaultdict(list)
    for row in table("indicators"):
        rows[row["article_id"]].append(row)
    pages: dict[str, list[tuple[str, list[Row], list[Observation]]]] = defaultdict(list)
    for article in table("articles"):
        source = Path(article["source_uri"].partition("#")[0])
        if suffix is None or source.suffix == suffix:
            pages[source.stem].append((article["body"], rows[article["article_id"]], []))
    return [judged for page in _golds(gold) for judged in _judged_page(page, pages[page["page"]])]


def _golds(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def _drafts(inputs: Sequence[Path]) -> Iterator[tuple[str, list[Row]]]:
    """Article drafts of each page, by the name of its file."""
    from tasks.ingest.batch import ingest_batch
    from tasks.ingest.files import discover
    from tasks.normalise.batch import normalise_batch
    from tasks.segment.batch import segment_batch
    from tasks.staging import read_rows

    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as scratch:
        for batch in ingest_batch(discover(inputs), Path(scratch, "b")) if inputs else []:
            normalise_batch(batch.folder)
            segment_batch(batch.folder)
            pages: dict[str, list[Row]] = defaultdict(list)
            for article in read_rows(Path(batch.folder, "drafts.arrow")):
                pages[Path(article["source_uri"].partition("#")[0]).stem].append(article)
            yield from pages.items()
    logging.disable(logging.NOTSET)


def _observations(article: Row) -> list[Observation]:
    return read_observations(scene_of(article))


def _judged_page(gold: Row, articles: Sequence[tuple[str, list[Row], list[Observation]]]) -> list[Judged]:
    """Gold articles against those read; what found no match in its own article may have one in another of the page."""
    want: dict[int, list[Row]] = defaultdict(list)
    for one in gold["articles"]:
        head = _flat(one["body_head"])
        owner = next((i for i, (body, _, _) in enumerate(articles) if head in _flat(body)), -1)
        want[owner] += [{**row, "value_text": row["text"], "obs_value": row["value"]} for row in one["observations"]]
    matched: dict[tuple[int, int], Row] = {}
    for i, (_, rows, _) in enumerate(articles):
        pairs = scoring.pair(want[i], rows)
        matched.update(((i, found), want[i][wanted]) for wanted, found in pairs)
        taken = {wanted for wanted, _ in pairs}
        want[-1] += [row for at, row in enumerate(want[i]) if at not in taken]
    left = [(i, j) for i, (_, rows, _) in enumerate(articles) for j in range(len(rows)) if (i, j) not in matched]
    for wanted, found in scoring.pair(want[-1], [articles[i][1][j] for i, j in left]):
        matched[left[found]] = want[-1][wanted]
    judged: list[Judged] = []
    for i, (_, rows, seen) in enumerate(articles):
        judged += _verdicts(rows, seen, lambda j, i=i: matched.get((i, j)), gold["page"])  # type: ignore[misc]
    return judged


def _judged(want: Sequence[Row], rows: Sequence[Row], seen: Sequence[Observation], page: str) -> list[Judged]:
    pairs = {found: want[wanted] for wanted, found in scoring.pair(want, rows)}
    return _verdicts(rows, seen, pairs.get, page)


def _verdicts(rows: Sequence[Row], seen: Sequence[Observation], match: Callable[[int], Row | None], page: str) -> list[Judged]:
    stated = Counter(row["obs_value"] for j, row in enumerate(rows) if match(j) is not None)
    judged: list[Judged] = []
    for j, row in enumerate(rows):
        wanted = match(j)
        if wanted is None and stated[row["obs_value"]]:
            stated[row["obs_value"]] = 0
            continue
        if wanted is not None and wanted.get("optional"):
            continue
        right = wanted is not None and all(scoring.slot_right(slot, wanted, row) for slot in SLOTS)
        judged.append(Judged(right, row["confidence"], tuple(features(seen[j])) if seen else (), page))
    return judged


def _flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
