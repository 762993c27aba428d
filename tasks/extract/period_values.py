"""From the form of an expression of time to its SDMX period, with what the article has said before.

Years and their parts are here, days in :mod:`tasks.extract.period_days`, holidays and plans in
:mod:`tasks.extract.period_holidays`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from tasks.extract import calendar, period_days, period_holidays
from tasks.extract.period_grammar import number
from tasks.extract.period_said import Said, Value, year_text


def value(said: Said, kind: str, match: re.Match[str]) -> Value:
    """The period of a match of ``TOKEN`` whose group ``kind`` names its form.

    Raises ``ValueError`` for days and months that do not exist.
    """
    return _FORMS[kind](said, match)


def _plain_year(said: Said, match: re.Match[str]) -> Value:
    return year_text(said.named_year_of(match)), "year"


def _whole(said: Said, match: re.Match[str]) -> Value:
    return year_text(said.whole_year(match)), "year"


def _ybound(said: Said, match: re.Match[str]) -> Value:
    mark = match["ybound"][-1]
    bare = not (match["rel"] or match["abs"] or match["abs2"])
    if bare and said.text[match.start() - 1 : match.start()] in ("到", "至") and said.anchor and said.anchor.month > 2:
        said.future = True
    y = said.whole_year(match)
    if y is None:
        return None, "end"
    if mark in "底末":
        return calendar.day(date(y, 12, 31)), "end"
    return (calendar.month(y, 1), "part") if mark == "初" else (calendar.year(y), "year")


def _new_year(said: Said, match: re.Match[str]) -> Value:
    """新的一年: the year that has just begun, or begins next."""
    if said.anchor is None or 3 < said.anchor.month < 11:
        raise ValueError("no year begins")
    return calendar.year(said.anchor.year + (said.anchor.month >= 11)), "year"


def _years(said: Said, match: re.Match[str]) -> Value:
    first, last = number(match["ya"]), number(match["yz"])
    return calendar.years(first, last if last > 99 else first // 100 * 100 + last), "years"


def _months(said: Said, match: re.Match[str], first: int, last: int, bound: str | None = None) -> Value:
    y = said.year_of(match, first, last)
    if y is None:
        return None, "part"
    if bound and bound[-1] in "底末":
        return calendar.day(calendar.month_end(y, last)), "end"
    return calendar.months(y, first, last), "part"


def _month(said: Said, match: re.Match[str]) -> Value:
    m = number(match["mo"])
    return _months(said, match, m, m, match["mpart"])


def _month_span(said: Said, match: re.Match[str]) -> Value:
    first, last, later = number(match["ma"]), number(match["mb"]), match["yb"]
    if later is None and last < first:
        if match["mb"] and said.anchor and not match["abs"]:
            y = said.year_of(match, last, last)
            return (None if y is None else calendar.months(y - 1, first, last, y)), "part"
        raise ValueError("months run backwards")
    if later is None:
        return _months(said, match, first, last, match["mbound"])
    y = said.year_of(match, first, first)
    end = said.second_year(later, y)
    return (None if y is None or end is None else calendar.months(y, first, last, end)), "part"


def _first(said: Said, match: re.Match[str]) -> Value:
    return _months(said, match, 1, number(match["fm"]))


def _first_quarters(said: Said, match: re.Match[str]) -> Value:
    return _months(said, match, 1, 3 * number(match["fq"]), match["fqbound"])


def _quarters(said: Said, match: re.Match[str]) -> Value:
    return _months(said, match, 3 * number(match["qa"]) - 2, 3 * number(match["qb"]))


def _quarter(said: Said, match: re.Match[str]) -> Value:
    n = number(match["q1"] or match["q2"] or match["q3"] or match["q4"] or match["q5"])
    period, form = _months(said, match, 3 * n - 2, 3 * n, match["qbound"])
    return (calendar.quarter(int(period[:4]), n) if period and form == "part" else period), form


def _half(said: Said, match: re.Match[str]) -> Value:
    second = match["h1"] == "下" or match["h2"] == "2"
    return _months(said, match, 7 if second else 1, 12 if second else 6, match["hbound"])


def _rel_month(said: Said, match: re.Match[str]) -> Value:
    word = match["rm"][0]
    if word in "当同" and said.month and (y := said.named_year_of(match)) is not None:
        return calendar.month(y, said.month[1]), "part"  # 去年同月
    published = (said.anchor.year, said.anchor.month) if said.anchor else None
    seen_from_now = word in "本这下" or (word == "上" and said.month_seen_from_now)
    at = published if seen_from_now else said.month or published
    if at is None:
        return None, "part"
    step = {"上": -1, "下": 1, "次": 1}.get(word, 0)
    index = at[0] * 12 + at[1] - 1 + step
    y, m = index // 12, index % 12 + 1
    if match["rd"]:
        return calendar.day(date(y, m, number(match["rd"]))), "day"
    if (match["rpart"] or " ")[-1] in "底末":
        return calendar.day(calendar.month_end(y, m)), "end"
    return calendar.month(y, m), "part"


def _rel_quarter(said: Said, match: re.Match[str]) -> Value:
    published = (said.anchor.year, said.anchor.month) if said.anchor else None
    at = said.month if match["rq"][0] in "当上" and said.month else published
    if at is None:
        return None, "part"
    index = at[0] * 4 + (at[1] - 1) // 3 + {"上": -1, "下": 1}.get(match["rq"][0], 0)
    return calendar.quarter(index // 4, index % 4 + 1), "part"


def _same(said: Said, match: re.Match[str]) -> Value:
    if not (match["rel"] or match["abs"] or match["abs2"]):
        return said.current, "same"
    y = said.named_year_of(match)
    if said.current is None or y is None:
        return year_text(y), "year"
    if match["rel"] and match["rel"][0] in "去昨上":
        y = calendar.start_year(said.current) - 1
    return calendar.same_period(said.current, y), "same"


_FORMS: dict[str, Callable[[Said, re.Match[str]], Value]] = {
    "abs": _plain_year,
    "abs2": _plain_year,
    "rel": _plain_year,
    "whole": _whole,
    "ybound": _ybound,
    "years": _years,
    "new_year": _new_year,
    "month": _month,
    "month_span": _month_span,
    "first": _first,
    "first_q": _first_quarters,
    "q_span": _quarters,
    "q": _quarter,
    "half": _half,
    "rel_month": _rel_month,
    "rel_q": _rel_quarter,
    "same": _same,
    **period_days.FORMS,
    **period_holidays.FORMS,
}
