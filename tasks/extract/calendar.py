"""Arithmetic of SDMX time periods.

A period is text: ``2022``, ``2022-S1``, ``2023-Q3``, ``2023-08``, ``2023-09-17`` or start/duration
as ``2023-01-01/P8M`` (``D``, ``W``, ``M``, ``Y``).  Functions that take a period raise ``ValueError``
when the text is none.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

_PERIOD = re.compile(r"(\d{4})(?:-(?:Q([1-4])|S([12])|(\d\d)(?:-(\d\d)(?:/P([1-9]\d{0,4})([DWMY]))?)?))?", re.ASCII)


def year(y: int) -> str:
    """``2022``."""
    return f"{y:04d}"


def half(y: int, number: int) -> str:
    """``2022-S1``."""
    return f"{y:04d}-S{number}"


def quarter(y: int, number: int) -> str:
    """``2022-Q3``."""
    return f"{y:04d}-Q{number}"


def month(y: int, number: int) -> str:
    """``2022-08``."""
    return f"{y:04d}-{number:02d}"


def day(value: date) -> str:
    """``2022-08-31``."""
    return value.isoformat()


def months(y: int, first: int, last: int, last_year: int | None = None) -> str:
    """Months ``first`` to ``last`` as one period: a month, a half, a whole year, or a range from the first day."""
    count = ((last_year if last_year is not None else y) - y) * 12 + last - first + 1
    if count < 1:
        raise ValueError(f"months {first} to {last} run backwards")
    if count == 1:
        return month(y, first)
    if (first, count) == (1, 12):
        return year(y)
    if first in (1, 7) and count == 6:
        return half(y, 1 if first == 1 else 2)
    return f"{y:04d}-{first:02d}-01/P{count}M"


def months_to(last: date, count: int) -> str:
    """The ``count`` months that a day closes, which must be the last of its month."""
    if (last + timedelta(1)).day != 1:
        raise ValueError(f"{last} closes no month")
    first = last.year * 12 + last.month - count
    if count == 3 and first % 3 == 0:
        return quarter(last.year, last.month // 3)
    return months(first // 12, first % 12 + 1, last.month, last.year)


def years(first: int, last: int) -> str:
    """Years ``first`` to ``last``: one year, or ``2021-01-01/P5Y``."""
    if last < first:
        raise ValueError(f"years {first} to {last} run backwards")
    return year(first) if first == last else f"{first:04d}-01-01/P{last - first + 1}Y"


def days(first: date, last: date) -> str:
    """Days ``first`` to ``last``: one day, or ``2022-10-01/P7D``."""
    count = (last - first).days + 1
    if count < 1:
        raise ValueError(f"days {first} to {last} run backwards")
    return day(first) if count == 1 else f"{first.isoformat()}/P{count}D"


def month_end(y: int, number: int) -> date:
    """Last day of a month."""
    return _add_months(date(y, number, 1), 1) - timedelta(1)


def _add_months(start: date, count: int) -> date:
    index = start.year * 12 + start.month - 1 + count
    first = date(index // 12, index % 12 + 1, 1)
    last = (first.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)
    return first.replace(day=min(start.day, last.day))


@lru_cache(maxsize=4096)
def span(period: str) -> tuple[date, date]:
    """First and last day of a period."""
    found = _PERIOD.fullmatch(period)
    if not found:
        raise ValueError(f"not an SDMX time period: {period!r}")
    y, q, s, m, d, count, step = found.groups()
    try:
        start = date(int(y), int(q) * 3 - 2 if q else int(s) * 6 - 5 if s else int(m or 1), int(d or 1))
        if step in ("D", "W"):
            return start, start + timedelta(int(count) * (7 if step == "W" else 1) - 1)
        if d and not step:
            return start, start
        length = int(count) * (12 if step == "Y" else 1) if step else 3 if q else 6 if s else 1 if m else 12
        return start, _add_months(start, length) - timedelta(1)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"not an SDMX time period: {period!r}: {error}") from error


def is_valid(period: str | None) -> bool:
    """Whether the text is a period of the calendar."""
    if not period:
        return False
    try:
        span(period)
    except ValueError:
        return False
    return True


def start_year(period: str) -> int:
    """Year in which a period begins."""
    return int(period[:4])


def shift(period: str, count: int) -> str:
    """The same period ``count`` years later (earlier when negative); 29 February becomes the 28th."""
    moved = f"{int(period[:4]) + count:04d}{period[4:]}"
    if moved[5:10] == "02-29" and not is_valid(moved):
        moved = f"{moved[:8]}28{moved[10:]}"
    span(moved)
    return moved


def same_period(period: str, y: int) -> str:
    """The same part of year ``y``: ``same_period("2021-01-01/P7M", 2019)`` is ``2019-01-01/P7M``."""
    return shift(period, y - start_year(period))


def previous(period: str) -> str:
    """The period of the same length right before: the month before a month, the eight months before eight months."""
    start, end = span(period)
    y = start.year
    if len(period) == 4:
        return year(y - 1)
    if "Q" in period or "S" in period:
        number, many = int(period[-1]), 4 if "Q" in period else 2
        return f"{y - (number == 1):04d}-{period[5]}{(number - 2) % many + 1}"
    if len(period) == 7:
        last = start - timedelta(1)
        return month(last.year, last.month)
    if period[-1] in "MY" and "/" in period:
        count = int(period[period.index("P") + 1 : -1]) * (12 if period.endswith("Y") else 1)
        return f"{_add_months(start, -count).isoformat()}/{period.split('/')[1]}"
    length = (end - start).days + 1
    return f"{(start - timedelta(length)).isoformat()}{period[10:]}"


def contains(whole: str, part: str) -> bool:
    """Whether every day of ``part`` is a day of ``whole``."""
    (first, last), (start, end) = span(whole), span(part)
    return first <= start and end <= last
