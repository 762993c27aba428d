"""The year that an article means by 今年."""

from __future__ import annotations

import re
from datetime import date, timedelta

from tasks.extract.period_grammar import any_of, number
from tasks.extract.period_roles import is_future

#: How far the first sentences of an article reach, in characters.
LEAD = 120
_RELEASED = re.compile(any_of("release"))
_NAMED_YEAR = re.compile(r"(?:(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})(?=年(?![底末以]))")
_TODAY = re.compile(r"今[天日][(（](\d{1,2})月(\d{1,2})日")
_NOT_THE_LEAD = frozenset("比较与到至从自于在由为过前《（(")
_THIS_YEAR_PART = re.compile(r"今年(?:前|首|1[-—–至到])?(\d{1,2})个?月")


def reference_year(text: str, anchor: date | None) -> int | None:
    """The year that 今年 means: the publication's, unless the article shows that it was written about an earlier one.

    It does when 今年 names months that lie well after the publication, or when its first sentences release the
    figures of a year that ended long before and no later year is named.
    """
    named = _NAMED_YEAR.search(text, 0, LEAD)
    if named is None:
        return anchor.year if anchor else None
    lead = number(named.group())
    if anchor is None:
        return lead
    if not 1 <= anchor.year - lead <= 3 or text[max(0, named.start() - 1) : named.start()] in _NOT_THE_LEAD:
        return anchor.year
    if any(int(m.group(1)) > anchor.month and not is_future(text, m.start(), m.end()) for m in _THIS_YEAR_PART.finditer(text)):
        return lead
    if today := _TODAY.search(text, 0, LEAD):
        month, day = int(today.group(1)), int(today.group(2))
        if (month, day) in {(near.month, near.day) for near in (anchor - timedelta(n) for n in range(4))}:
            return anchor.year
    stale = anchor.year - lead > 1 or anchor.month >= 9
    if not stale or "去年" in text or _THIS_YEAR_PART.search(text) or not _RELEASED.search(text, 0, named.start()):
        return anchor.year
    later = any(lead < number(m.group()) <= anchor.year for m in _NAMED_YEAR.finditer(text))
    return anchor.year if later else lead
