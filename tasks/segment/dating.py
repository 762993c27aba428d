"""Days that a page's text gives: the day of a dateline, and the publication date where nothing else says it.

A morning daily prints a day's dispatches the next day: the day after the latest dateline.  The
year is found between a year that is over (2022年…收入) and one to come (到2025年); where the two do
not settle it, there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from tasks.segment.wording import cue_pattern

_YEAR = re.compile(rf"(?P<to>{cue_pattern('to_come')})?\s?(?P<year>(?:19|20)\d{{2}})年(?!\d{{1,2}}月|[第一二三四上下前初至到\-—])")


def day_in(year: int | None, month: int | None, day: int | None, publication: date | None) -> date | None:
    """The date of a dateline that names a day, maybe without its month or year.

    What is missing is taken so that the day is the latest one not after ``publication``; without
    a publication date a day that lacks a part stays unknown.
    """
    if day is None:
        return None
    if year is not None and month is not None:
        return _date(year, month, day)
    if publication is None:
        return None
    if month is not None:
        this = _date(publication.year, month, day)
        return this if this is not None and this <= publication else _date(publication.year - 1, month, day)
    first = publication.replace(day=1)
    for _ in range(3):
        found = _date(first.year, first.month, day)
        if found is not None and found <= publication:
            return found
        first = (first - timedelta(days=1)).replace(day=1)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def infer_year(text: str) -> int | None:
    """The year ``text`` was printed in, from years it speaks of as over and as to come; None when unsettled."""
    over: set[int] = set()
    coming: set[int] = set()
    for mention in _YEAR.finditer(text):
        (coming if mention["to"] else over).add(int(mention["year"]))
    if not over or not coming:
        return None
    # A whole year spoken of as over is as a rule the last one.
    year = max(over) + 1
    return year if year <= min(coming) else None


def infer_publication(text: str, days: Iterable[tuple[int | None, int | None, int]]) -> date | None:
    """The publication date of a page with ``text`` and datelines of these (year, month, day); None when unsettled."""
    dated = [(year, month, day) for year, month, day in days if month is not None]
    years = {year for year, _, _ in dated if year is not None}
    if not dated or len(years) > 1:
        return None
    year = years.pop() if years else infer_year(text)
    if year is None:
        return None
    dates = [found for _, month, day in dated if (found := _date(year, month, day))]
    if not dates or (max(dates) - min(dates)).days > 10:
        return None
    return max(dates) + timedelta(days=1) if max(dates) < date.max else None
