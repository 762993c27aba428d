"""What a run is measured by: for each newspaper's day that it wrote, how much stands there now, and how much of it is placed.

Kept in the run's record, so that the next run can say what is different (`tasks.runs.changes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

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


def measured(file: Mapping[str, pa.Table], new: pa.Table) -> list[Measure]:
    """Measures of newspapers' days.

    ``file``: all rows of a file of each table, the same days in each.  ``new``: rows of ``pages``; only days that these are of
    are measured (a month's file holds more).
    """
    whole = _days(file[PAGES.name])
    found = []
    for newspaper, day in sorted(_days(new), key=str):
        rows = file if len(whole) == 1 else {name: _of(table, newspaper, day) for name, table in file.items()}
        indicators = rows[INDICATORS.name]
        filled = [indicators.num_rows - indicators.column(column).null_count for column in SHARES.values()]
        counts = (rows[PAGES.name].num_rows, rows[ARTICLES.name].num_rows, indicators.num_rows)
        found.append(Measure(newspaper or UNKNOWN, str(day or UNKNOWN), *counts, *filled))
    return found


def _days(pages: pa.Table) -> set[tuple[str | None, date | None]]:
    return set(zip(*(pages.column(name).to_pylist() for name in ("newspaper", "publication_date")), strict=True))


def _of(rows: pa.Table, newspaper: str | None, day: date | None) -> pa.Table:
    for name, value in (("newspaper", newspaper), ("publication_date", day)):
        column = rows.column(name)
        rows = rows.filter(pc.is_null(column) if value is None else pc.fill_null(pc.equal(column, value), False))
    return rows


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
