"""Holidays, days of the lunar new year and five-year plans: what is listed by years."""

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


def _rows() -> tuple[dict[str, str], ...]:
    """Holidays, and seasons that are spoken of as holidays are (春运期间)."""
    return (*rows("holidays"), *rows("seasons"))


@cache
def _holidays() -> dict[tuple[str, int], tuple[date, int]]:
    """(holiday, year) → (first day, days); year 0 holds the usual month."""
    found: dict[tuple[str, int], tuple[date, int]] = {}
    for row in _rows():
        if row["year"] == "usual":
            found[row["holiday"], 0] = date(2000, int(row["start"]), 1), 0
        else:
            found[row["holiday"], int(row["year"])] = date.fromisoformat(row["start"]), int(row["days"])
    return found


@cache
def _holiday_names() -> dict[str, str]:
    """Every name of a holiday → the name its days are listed under."""
    return {name: row["holiday"] for row in _rows() for name in (row["holiday"], *values(row.get("aliases", "")))}


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
    if coming and said.anchor and not said.year_is_said(match) and (coming[0] - said.anchor).days <= _SOON:
        first, many = coming  # soon, or over by a few days, rather than a year after the last
    said.feast = (first, many)
    return _days(said.feast, match, "feast")


def _feast_again(said: Said, match: re.Match[str]) -> Value:
    """假期前三天: of the holiday last named."""
    if said.feast is None:
        raise ValueError("no holiday was named")
    return _days(said.feast, match, "again")


def _days(feast: tuple[date, int], match: re.Match[str], groups: str) -> Value:
    """A holiday, or what the groups of that name say of it: its first days, its nth, its last; its month where no days are listed."""
    first, many = feast
    if not many:
        return calendar.month(first.year, first.month), "holiday"
    if days := match[f"{groups}_days"]:
        many = number(days)
    at = 1 if match[f"{groups}_first"] else many if match[f"{groups}_last"] else number(match[f"{groups}_day"] or "0")
    if 0 < at <= many:
        return calendar.day(first + timedelta(at - 1)), "day"
    return calendar.days(first, first + timedelta(many - 1)), "holiday"


@cache
def _lunar_new_years() -> tuple[date, ...]:
    return tuple(date.fromisoformat(row["day"]) for row in rows("lunar_new_years"))


def _lunar(said: Said, match: re.Match[str]) -> Value:
    """正月初六, 大年三十: of the year named, else of the last new year before the publication or soon after."""
    named, anchor = said.named_year_of(match), said.anchor
    if named is not None:
        days = [day for day in _lunar_new_years() if day.year == named]
    else:
        days = [day for day in _lunar_new_years() if anchor and (day - anchor).days <= _SOON]
    if not days:
        return None, "day"
    nth = 0 if match["lunar_eve"] else number(match["lunar_day"] or match["lunar_teens"])
    first = days[-1] + timedelta(nth - 1)
    if match["lunar_to"]:
        return calendar.days(first, days[-1] + timedelta(number(match["lunar_to"]) - 1)), "days"
    return calendar.day(first), "day"


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


FORMS: dict[str, Callable[[Said, re.Match[str]], Value]] = {
    "holiday": _holiday,
    "feast_again": _feast_again,
    "lunar": _lunar,
    "plan": _plan,
}
