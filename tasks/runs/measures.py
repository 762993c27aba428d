"""What a run is measured by: for each newspaper's day that it wrote, how much stands there now, and how much of it is placed.

Kept in the run's record, so that the next run can say what is different (`tasks.runs.changes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pyarrow as pa

from tasks.schema import ARTICLES, INDICATORS, PAGES

#: Shares that are watched, and the column of `indicators` that is not null.
SHARES = {"with_region": "ref_area", "with_period": "time_period", "with_code": "indicator_code"}
#: A record holds the last days of each newspaper one by one, and so many newspapers.
DAYS_KEPT, NEWSPAPERS_KEPT = 14, 1000
UNKNOWN = "unknown"


class Measure(NamedTuple):
    """A newspaper's day as it stands in the tables: rows of each, and those of ``indicators`` with a region, a period, a code."""

    newspaper: str
    day: str
    pages: int
    articles: int
    indicators: int
    with_region: int
    with_period: int
    with_code: int


def measured(day: Mapping[str, pa.Table]) -> Measure | None:
    """The measure of one newspaper's day.  ``day``: its rows by table, all of them; None where no page is left of it."""
    pages, indicators = day[PAGES.name], day[INDICATORS.name]
    if not pages.num_rows:
        return None
    newspaper, date = (pages.column(name)[0].as_py() for name in ("newspaper", "publication_date"))
    filled = [indicators.num_rows - indicators.column(column).null_count for column in SHARES.values()]
    return Measure(
        newspaper or UNKNOWN, str(date or UNKNOWN), pages.num_rows, day[ARTICLES.name].num_rows, indicators.num_rows, *filled
    )


def by_newspaper(days: Iterable[Measure]) -> dict[str, dict[str, Any]]:
    """Measures as a record keeps them: newspaper → ``days`` written, their sums, and ``by_day`` the rows of each table on the last ones."""
    found: dict[str, list[Measure]] = {}
    for day in days:
        found.setdefault(day.newspaper, []).append(day)
    kept = sorted(found, key=lambda newspaper: -len(found[newspaper]))[:NEWSPAPERS_KEPT]
    names = Measure._fields[2:]
    return {
        newspaper: {
            "days": len(found[newspaper]),
            **{name: sum(getattr(day, name) for day in found[newspaper]) for name in names},
            "by_day": {
                day.day: [day.pages, day.articles, day.indicators]
                for day in sorted((day for day in found[newspaper] if day.day != UNKNOWN), key=lambda day: day.day)[-DAYS_KEPT:]
            },
        }
        for newspaper in sorted(kept)
    }
