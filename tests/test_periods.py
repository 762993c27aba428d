"""Expressions of time: golden cases, arithmetic of periods, and what must hold for any text."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract import calendar
from tasks.extract.period_grammar import number, scan
from tasks.extract.period_mention import PeriodMention
from tasks.extract.period_scope import governing
from tasks.extract.periods import find_periods
from tasks.knowledge import rows

CASES = Path(__file__).parent / "cases"
ROLES = {"period", "base", "earlier", "publication", "deadline"}
CODES = {None, "yoy", "pop", "ytd"}
PIECES = st.sampled_from(
    [
        *"年月日季度末底初中上下前后今去本当同期第首截至比较由从与到力争（）“”《》，。；\n0123456789一二三四五六七八九十〇元-—至、",
        *("1至8月", "2022年", "今年", "去年同期", "“十四五”期间", "国庆黄金周", "截至目前", "以来", "增长5%", "发布"),
        *("周二（2月30日）", "2月30日", "9月31日", "去年", "0"),
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))
DAYS = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2040, 12, 31)))


def cases(name: str) -> list[pytest.param]:
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["case"]) for case in map(json.loads, lines)]


def published(case: dict) -> date | None:
    return date.fromisoformat(case["published"]) if case["published"] else None


@pytest.mark.parametrize("case", cases("periods"))
def test_expressions(case: dict) -> None:
    found = find_periods(case["text"], published(case))
    said = [[m.text, m.role, m.time_period, *([m.comparison_basis_code] if m.comparison_basis_code else [])] for m in found]
    assert said == case["expect"]


@pytest.mark.parametrize("case", cases("period_scope"))
def test_scope(case: dict) -> None:
    text, position, said = case["text"], 0, []
    mentions = find_periods(text, published(case))
    for amount, _ in case["expect"]:
        position = text.index(amount, position)
        mention = governing(mentions, position, text)
        said.append([amount, mention.time_period if mention else None])
        position += len(amount)
    assert said == case["expect"]


def check(text: str, mentions: list[PeriodMention]) -> None:
    reached = 0
    for mention in mentions:
        assert reached <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert mention.time_period is None or calendar.is_valid(mention.time_period)
        assert mention.relative_to is None or calendar.is_valid(mention.relative_to)
        assert mention.role in ROLES
        code = mention.comparison_basis_code
        assert code in CODES or (mention.form == "vague" and calendar.start_year(code) > 0)
        reached = mention.end


@settings(max_examples=400, deadline=None)
@given(TEXTS, DAYS, DAYS)
def test_any_text(text: str, anchor: date | None, dateline: date | None) -> None:
    mentions = find_periods(text, anchor, dateline)
    check(text, mentions)
    for position in range(0, len(text) + 1, 7):
        found = governing(mentions, position, text)
        assert found is None or found.start < position


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from(["至", "-", "—", "到", "~"]), st.sampled_from(["月", "月份"]))
def test_months_are_read_back(first: int, last: int, to: str, unit: str) -> None:
    if first >= last:
        return
    (mention,) = find_periods(f"2021年{first}{to}{last}{unit}，投资增长。", date(2023, 5, 1))
    assert calendar.span(mention.time_period or "") == (date(2021, first, 1), calendar.month_end(2021, last))


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_days_are_read_back(day: date) -> None:
    (mention,) = find_periods(f"截至{day.year}年{day.month}月{day.day}日，共30家。", None)
    assert mention.time_period == day.isoformat()


@pytest.mark.parametrize(
    "piece",
    [
        "今年1至8月，投资12亿元，比去年同期增长3%。",
        *("1", "一二三四五六七八九十", "（", "“", "《2022年", "2022年", "1月", "以来", "1-", "近", "1日", "由", "比去年同期"),
    ],
)
def test_time_is_linear_in_the_text(piece: str) -> None:
    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        check(text, find_periods(text, date(2024, 5, 1)))
        return time.process_time() - start

    cost(10_000)
    small, large = min(cost(25_000) for _ in range(2)), cost(200_000)
    assert large < 8 * 4 * max(small, 0.01)


def test_governing_is_bounded_on_a_page_of_dates() -> None:
    text = "2021年产值3亿元，" * 20_000
    mentions = find_periods(text, date(2023, 5, 1))
    start = time.process_time()
    for position in range(0, len(text), 1000):
        governing(mentions, position, text)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2022", date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-S2", date(2022, 7, 1), date(2022, 12, 31)),
        ("2023-Q1", date(2023, 1, 1), date(2023, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-09-17", date(2023, 9, 17), date(2023, 9, 17)),
        ("2023-01-01/P8M", date(2023, 1, 1), date(2023, 8, 31)),
        ("2021-01-01/P5Y", date(2021, 1, 1), date(2025, 12, 31)),
        ("2023-09-29/P8D", date(2023, 9, 29), date(2023, 10, 6)),
        ("2023-09-04/P1W", date(2023, 9, 4), date(2023, 9, 10)),
    ],
)
def test_span(period: str, first: date, last: date) -> None:
    assert calendar.span(period) == (first, last)


@pytest.mark.parametrize(
    "text", ["", None, "2022-Q5", "2022-S3", "2022-13", "2022-02-30", "2022-1", "23-01", "2022-01-01/P0M", "2022/2023", "9999-12-01/P9M"]
)
def test_what_is_no_period(text: str | None) -> None:
    assert not calendar.is_valid(text)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2022", "2021"),
        ("2022-S1", "2021-S2"),
        ("2022-Q1", "2021-Q4"),
        ("2022-01", "2021-12"),
        ("2022-03-01", "2022-02-28"),
        ("2022-01-01/P2M", "2021-11-01/P2M"),
        ("2021-01-01/P5Y", "2016-01-01/P5Y"),
        ("2023-09-29/P8D", "2023-09-21/P8D"),
    ],
)
def test_previous(period: str, before: str) -> None:
    assert calendar.previous(period) == before


def test_same_period_of_another_year() -> None:
    assert calendar.same_period("2021-01-01/P7M", 2019) == "2019-01-01/P7M"
    assert calendar.same_period("2024-02-29", 2023) == "2023-02-28"
    assert calendar.shift("2023-Q3", -1) == "2022-Q3"


def test_contains() -> None:
    assert calendar.contains("2023", "2023-Q3")
    assert calendar.contains("2023-01-01/P8M", "2023-08-31")
    assert not calendar.contains("2023-S1", "2023-07")


def test_canonical_forms() -> None:
    assert calendar.months(2023, 1, 12) == "2023"
    assert calendar.months(2023, 1, 6) == "2023-S1"
    assert calendar.months(2023, 1, 3) == "2023-01-01/P3M"
    assert calendar.months(2022, 12, 2, 2023) == "2022-12-01/P3M"
    assert calendar.years(2021, 2025) == "2021-01-01/P5Y"
    assert calendar.days(date(2023, 9, 17), date(2023, 9, 17)) == "2023-09-17"


@pytest.mark.parametrize(("text", "value"), [("8", 8), ("十", 10), ("十二", 12), ("二十一", 21), ("二〇二三", 2023), ("首", 1)])
def test_numbers(text: str, value: int) -> None:
    assert number(text) == value


def test_every_holiday_row_is_a_run_of_days_in_or_before_its_month() -> None:
    usual = {row["holiday"]: int(row["start"]) for row in rows("holidays") if row["year"] == "usual"}
    for row in rows("holidays"):
        if row["year"] == "usual":
            continue
        start, days = date.fromisoformat(row["start"]), int(row["days"])
        assert 1 <= days <= 10
        assert abs((start - date(int(row["year"]), usual[row["holiday"]], 1)).days) <= 32, row


def test_spring_travel_begins_fifteen_days_before_the_lunar_new_year() -> None:
    new_years = {row["day"][:4]: date.fromisoformat(row["day"]) for row in rows("lunar_new_years")}
    listed = [row for row in rows("seasons") if row["year"] != "usual"]
    assert listed and all(
        (new_years[row["year"]] - date.fromisoformat(row["start"])).days == 15 and row["days"] == "40" for row in listed
    )


def test_scan_never_begins_within_a_number() -> None:
    assert [match.group() for match in scan("增长3.1月，12345年，第二十二日")] == []


def test_every_word_that_is_a_time_is_found() -> None:
    words = [row["word"] for row in rows("period_words") if row["kind"] in ("now", "vague")]
    assert words and [word for word in words if [match.group() for match in scan(f"，{word}，")] != [word]] == []
