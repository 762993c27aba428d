"""Text that no newspaper prints: read without a crash, in time that grows in step with its length."""

from __future__ import annotations

import random
import time
from array import array
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tasks.extract import extract_article, extract_text
from tasks.normalise import NormalText, normalise
from tasks.segment import segment_page

Row = dict[str, Any]
PLAIN = "1至8月，长沙市进出口总值1958.6亿元，同比增长12.5%；"
HAN = "".join(random.Random(4).choices([chr(0x4E00 + i) for i in range(3000)], k=8000))


def _times(piece: str) -> Callable[[int], str]:
    return lambda length: piece * (length // len(piece))


def _halves(opening: str, middle: str, closing: str) -> Callable[[int], str]:
    return lambda length: opening * (length // 2) + middle + closing * (length // 2)


def _lines(width: int, end: str = "") -> Callable[[int], str]:
    return lambda length: "\n".join(HAN[i * width % 7900 :][: width - len(end)] + end for i in range(length // width))


#: Text of about so many characters, by what is odd about it.
HOSTILE: dict[str, Callable[[int], str]] = {
    "one line": _times("经济发展稳中向好"),
    "digits": _times("1234567890"),
    "lines of digits": _times("12345678901234567890\n"),
    "numbers of 60 digits": _times("出口" + "9" * 60 + "亿元，"),
    "Chinese numbers of 60 digits": _times("出口" + "九千八百七十六万" * 8 + "亿元，"),
    "dots and digits": _times("1.2.3.4."),
    "commas and digits": _times("1,234,567,"),
    "open brackets": _times("（"),
    "nested brackets": _halves("（", "出口5亿元", "）"),
    "nested brackets of all kinds": _halves("“《（", "出口5亿元", "）》”"),
    "zero width": _times("出\u200b口\u200d5\ufeff亿\u2060元，"),
    "nothing but zero width": _times("\u200b"),
    "nothing but spaces": _times(" \u3000\t"),
    "nothing but line breaks": _times("\n"),
    "nothing but stops": _times("。"),
    "letters apart": _times("重 大 项 目 5 个 "),
    "clauses without end": lambda length: _times("今年以来经济向好，")(length) + "出口5亿元。",
    "amounts without end": _times("增长5%，"),
    "a list of amounts without end": _times("5%、"),
    "counts without end": _times("3家企业"),
    "clauses of amounts without end": _times(PLAIN),
    "no stop at all": _times("全省实现地区生产总值5亿元同比增长5%其中"),
    "names and amounts matched in order": lambda length: _times("、出口")(length // 2) + "分别增长" + _times("5%、")(length // 2),
    "brackets left open": _times("（出口5亿元"),
    "places without end": lambda length: _times("长沙市、株洲市、")(length) + "出口5亿元。",
    "periods without end": lambda length: _times("2023年8月、")(length) + "出口5亿元。",
    "countries without end": lambda length: _times("对日本、韩国、")(length) + "出口5亿元。",
    "yardsticks without end": lambda length: _times("较全国")(length) + "高1.8个百分点。",
    "years compared": _times("2012年比2011年增长3%，"),
    "paragraphs": _times("全市出口5亿元，增长3%。\n"),
    "reporters": _times("（记者 张三）"),
    "bylines and paragraphs": _times("本报讯（记者 张三）全市出口5亿元，增长3%。\n"),
    "half width": _times("exports 12kg/m2 of 5% "),
    "short lines": _lines(12),
    "lines with stops": _lines(24, "。"),
}
LENGTH, FACTOR = 8_000, 4


def _read(raw: str) -> tuple[NormalText, list[tuple[Row, list[Row]]]]:
    """Normalised text, and the articles with their rows."""
    normal = normalise(raw)
    page: Row = {"page_id": "p", "source_uri": "p", "publication_date": date(2023, 9, 20), "publication_date_source": "parameter"}
    articles = segment_page({**page, "normal_text": normal.text, "offsets": normal.offsets}).articles
    return normal, [(article, extract_article(article)) for article in articles]


def _cost(raw: str) -> float:
    started = time.process_time()
    normal, _ = _read(raw)
    extract_text(normal.text, date(2023, 9, 20), "430000")
    return time.process_time() - started


def _check(raw: str, read: tuple[NormalText, list[tuple[Row, list[Row]]]]) -> int:
    normal, articles = read
    assert len(normal.offsets) == len(normal.text) and isinstance(normal.offsets, array)
    for article, rows in articles:
        for row in rows:
            assert row["value_text"] == article["body"][row["char_start"] : row["char_end"]]
            assert 0 <= row["page_char_start"] < row["page_char_end"] <= len(raw)
    return sum(len(rows) for _, rows in articles)


@pytest.mark.parametrize("name", HOSTILE)
def test_is_read_without_a_crash(name: str) -> None:
    raw = HOSTILE[name](2000)
    _check(raw, _read(raw))
    for row in extract_text(raw):
        assert row["value_text"] == raw[row["char_start"] : row["char_end"]]


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_length(name: str) -> None:
    """Four times the text in less than six times the time; a second look where the machine was busy."""
    _cost(PLAIN + "3家企业")  # tables are loaded once
    for last in (False, True):
        short, long = _cost(HOSTILE[name](LENGTH)), _cost(HOSTILE[name](LENGTH * FACTOR))
        if long <= short * FACTOR * 1.5 + 0.1:
            return
        assert not last, f"{LENGTH} characters {short:.2f} s, {LENGTH * FACTOR} characters {long:.2f} s"


def test_a_line_of_5_mb() -> None:
    raw = "经济发展稳中向好" * (5_000_000 // 24) + "，出口5亿元。"
    assert len(raw.encode()) > 5_000_000 - 100
    assert _check(raw, _read(raw)) <= 1


def test_a_page_of_digits_holds_no_amount() -> None:
    raw = "0123456789" * 200_000
    assert _check(raw, _read(raw)) == 0
    assert extract_text(raw) == []


def test_brackets_nested_100_000_deep() -> None:
    raw = "全市出口" + "（" * 100_000 + "5亿元" + "）" * 100_000 + "。"
    _check(raw, _read(raw))
    assert len(extract_text(raw)) <= 1


@pytest.mark.parametrize("digits", [16, 60, 308, 400, 5000])
def test_numbers_of_many_digits_are_finite_or_left_out(digits: int) -> None:
    numbers = ("9" * digits, "九" * digits, f"{'9' * digits}.{'9' * digits}", "9万" * digits)
    for text in (f"出口{number}{unit}。" for number in numbers for unit in ("亿元", "%", "家")):
        for row in extract_text(text):
            assert abs(row["obs_value"]) < float("inf")
            assert row["value_text"] == text[row["char_start"] : row["char_end"]]


def test_a_sentence_of_100_000_clauses() -> None:
    raw = "今年以来经济向好，" * 100_000 + "出口5亿元。"
    assert len(extract_text(raw, date(2023, 9, 20), "430100")) == 1


def test_a_sentence_of_10_000_amounts() -> None:
    assert len(extract_text("5%、" * 10_000, date(2023, 9, 20), "430100")) == 10_000


def test_lone_surrogates_are_read_over() -> None:
    found = extract_text("全市\ud800出口5亿元，3家\udfff企业，\ud8001/3。")
    assert len(found) >= 2
