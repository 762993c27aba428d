"""Holidays and five-year plans, whose days and years are listed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from tasks.extract import calendar
from tasks.extract.period_grammar import number
from tasks.extract.period_said import Said, Value
from tasks.knowledge import rows, values

#: Days before a holiday in which it is the coming one that is meant.
_SOON = 31


@cache
def _holidays() -> dict[tuple[str, int], tuple[date, int]]:
    """(holiday, year) → (first day, days); year 0 holds the usual month."""
    found: dict[tuple[str, int], tuple[date, int]] = {}
    for row in rows("holidays"):
        if row["year"] == "usual":
            found[row["holiday"], 0] = date(2000, int(row["start"]), 1), 0
        else:
            found[row["holiday"], int(row["year"])] = date.fromisoformat(row["start"]), int(row["days"])
    return found


@cache
def _holiday_names() -> dict[str, str]:
    """Every name of a holiday → the name its days are listed under."""
    return {name: row["holiday"] for row in rows("holidays") for name in (row["holiday"], *values(row.get("aliases", "")))}


@cache
def _plans() -> dict[str, tuple[int, int]]:
    return {row["plan"]: (int(row["first"]), int(row["last"])) for row in rows("five_year_plans")}


def _bare_quotes(text: str) -> str:
    return text.strip('“”"‘’「」『』')


def _holiday(said: Said, match: re.Match[str]) -> Value:
    name = _holiday_names()[_bare_quotes(match["feast"] or match["feast2"] or match["feast3"])]
    usual = _holidays()[name, 0][0].month
    y = said.year_of(match, usual, usual)
    if y is None:
        return None, "holiday"
    first, many = _holidays().get((name, y), (date(y, usual, 1), 0))
    coming = _holidays().get((name, y + 1))
    if coming and said.anchor and not (match["rel"] or match["abs"]) and 0 <= (coming[0] - said.anchor).days <= _SOON:
        first, many = coming  # before the holiday, rather than a year after the last
    said.feast = (first, many)
    if match["feast_days"] and many:
        many = number(match["feast_days"])
    nth = 1 if match["feast_first"] else many if match["feast_last"] else number(match["feast_day"] or "0")
    if 0 < nth <= many:
        return calendar.day(first + timedelta(nth - 1)), "day"
    return (calendar.days(first, first + timedelta(many - 1)) if many else calendar.month(y, usual)), "holiday"


def _plan(said: Said, match: re.Match[str]) -> Value:
    first, last = _plans()[match["plan_name"]]
    tail = match["plan_tail"]
    if tail[:1] == "前":
        return calendar.years(first, first + number(tail[1]) - 1), "years"
    if tail.startswith(("末", "期末", "收官")):
        return calendar.year(last), "year"
    if tail.startswith(("初", "开局", "首")):
        return calendar.year(first), "year"
    return calendar.years(first, last), "plan"


FORMS: dict[str, Callable[[Said, re.Match[str]], Value]] = {"holiday": _holiday, "plan": _plan}
