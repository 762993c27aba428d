"""What the tables hold of a span of days: which newspapers came on which, and with how many articles."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.publish.places import PARTITION, Output
from tasks.schema import PAGES
from tasks.storage import all_opened, matching

COLUMNS = ["newspaper", "publication_date", "articles"]


def issues(output: Output, first: date, last: date) -> dict[str, dict[date, int]]:
    """Newspaper → day → articles, of all pages dated ``first`` to ``last`` whatever became of them; those of unknown newspaper apart."""
    found: dict[str, dict[date, int]] = {}
    for month in _months(first, last):
        for _, file in all_opened(matching(output.table(PAGES.name), f"{PARTITION}={month}/*.parquet")):
            rows = pq.ParquetFile(file).read(columns=COLUMNS)
            day = rows.column("publication_date")
            within = pc.and_(pc.greater_equal(day, pa.scalar(first)), pc.less_equal(day, pa.scalar(last)))
            rows = rows.filter(pc.and_(within, pc.is_valid(rows.column("newspaper"))))
            for newspaper, day, articles in zip(*(rows.column(name).to_pylist() for name in COLUMNS), strict=True):
                days = found.setdefault(newspaper, {})
                days[day] = days.get(day, 0) + articles
    return found


def _months(first: date, last: date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in numbers]
