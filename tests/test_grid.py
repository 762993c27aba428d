"""Text in which a reader kept the page's columns side by side with blanks."""

from __future__ import annotations

import json
import re
import time
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.normalise import normalise
from tasks.segment import segment_page
from tasks.segment.text_page import read_text
from tests.test_traditional import _page

CASES = Path(__file__).parent / "cases"
SAID = "江北日报讯（记者 张三）"
ARTICLES = {
    row["article"]: [words.removeprefix("本报讯（记者 张三）") for words in row["paragraphs"]]
    for row in map(json.loads, (CASES / "page_articles.jsonl").read_text(encoding="utf-8").splitlines())
}


def _columns(name: str, count: int, width: int = 12) -> list[list[str]]:
    """An article in so many columns of even depth, first lines indented."""
    first, *further = ARTICLES[name]
    lines = [line for words in (SAID + first, *further) for line in _broken("　　" + words, width)]
    depth = -(-len(lines) // count)
    return [lines[at : at + depth] for at in range(0, len(lines), depth)]


def _broken(words: str, width: int) -> list[str]:
    """Lines of so many characters; closing marks hang over."""
    return re.findall(rf".{{1,{width}}}[，。、；”）]?", words)


def _rows(columns: list[list[str]], pitch: int = 18) -> list[str]:
    """Columns as a grid of characters: what stands in one row stands in one line."""
    rows = []
    for cells in zip_longest(*columns, fillvalue=""):
        row = ""
        for place, cell in enumerate(cells):
            row = row.ljust(place * pitch) + cell.replace("\u3000", " ")
        rows.append(row.rstrip())
    return rows


def _page_of(*bands: tuple[tuple[str, str, int], ...]) -> str:
    """Bands of articles side by side: each a headline, an article and its number of columns."""
    rows: list[str] = []
    for band in bands:
        row, place = "", 0
        columns: list[list[str]] = []
        for headline, name, count in band:
            row = row.ljust(place * 18) + headline
            columns += _columns(name, count)
            place = len(columns)
        rows += [row, "", *_rows(columns), "", ""]
    return "\n".join(rows)


PAGE = _page_of(
    (("海州港货物吞吐量增长一成二", "harbour", 2), ("旧砖厂变身湿地公园", "park", 2)),
    (("白河区新建学校九所", "school", 3),),
)


def test_columns_side_by_side_are_read_one_after_the_other() -> None:
    articles = segment_page(_page(PAGE)).articles
    assert [row["headline"] for row in articles] == ["海州港货物吞吐量增长一成二", "旧砖厂变身湿地公园", "白河区新建学校九所"]
    wanted = ["".join(ARTICLES[name]) for name in ("harbour", "park", "school")]
    assert ["".join(row["body"].split()) for row in articles] == wanted


def test_bodies_stand_in_the_raw_page() -> None:
    for row in segment_page(_page(PAGE)).articles:
        assert all(PAGE[place] == char for char, place in zip(row["body"], row["body_offsets"], strict=True) if place >= 0)


def test_wide_blanks_in_headlines_make_no_grid() -> None:
    lines = [line for words in ARTICLES["harbour"] for line in _broken(words, 22)]
    text = "\n".join(["货物吞吐量增长    集装箱创新高", *lines, "责任编辑    张三    李四"])
    (article,) = segment_page(_page(text)).articles
    assert "".join(article["body"].split()) == "".join(ARTICLES["harbour"])


_CELLS = ["", "全市今年增长一成", "港口货物吞吐量，", "。", "本报讯（记者 张三）", "1.5亿元"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["", "全市今年增长一成", "港口货物吞吐量，", "。", "本报讯（记者 张三）", "1.5亿元"]), max_size=4),
        max_size=40,
    )
)
def test_nothing_of_a_grid_is_lost(rows: list[list[str]]) -> None:
    raw = "\n".join("".join(cell.ljust(20) for cell in row) for row in rows)
    normal = normalise(raw)
    reading = read_text(normal.text, normal.offsets)
    held = [span for left in reading.leftovers for span in [left.span]]
    for piece in reading.pieces:
        held += [*piece.headline, *piece.subheadline, *piece.kicker, *piece.byline, *(span for lines in piece.paragraphs for span in lines)]
    covered = [index for start, end in held for index in range(start, end)]
    assert len(covered) == len(set(covered))
    assert not [char for index, char in enumerate(normal.text) if index not in set(covered) and not char.isspace()]


@pytest.mark.parametrize("row", ["一二三四五   " * 8, "一二三四五" + " " * 40 + "六七八九十"], ids=["many columns", "far apart"])
def test_a_large_grid_takes_linear_time(row: str) -> None:
    start = time.process_time()
    segment_page(_page("\n".join([row] * 3_000)))
    assert time.process_time() - start < 20
