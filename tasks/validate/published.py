"""The checks alone, over the published tables: some days' files, or a part of one month's, at a time, so that memory is bounded."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations import pages as page_suite
from expectations.checks import Check, Unique
from expectations.relations import article_frame, indicator_frame, published_page_frame
from tasks.publish.places import Output
from tasks.schema import ARTICLES, INDICATORS, PAGES, PUBLISHED, Table
from tasks.storage import Place, each, matching, opened
from tasks.validate.batch import SUITES, Verdict, shown
from tasks.validate.gate import Finding, gate, tolerated_rows

#: Files are checked together up to so many rows.
ROWS_A_GROUP = 100_000
#: A file of more rows (a compacted month's) is read several times, so many rows each time.
ROWS_A_PART = 400_000


@dataclass(frozen=True, slots=True)
class Portion:
    """What is checked at a time: paths under the tables' roots, and of their pages those whose identifiers lie in ``first`` ≤ … < ``end``.

    Identifiers are hashes, so equal ranges hold about as many pages each; a page's articles and observations bear it too, so what
    relates to one another is read together.
    """

    files: tuple[str, ...]
    first: str = ""
    end: str | None = None

    @property
    def whole(self) -> bool:
        return not self.first and self.end is None


def published_files(output: Output) -> list[str]:
    """Paths of files under the tables' roots, each once: the same path holds the same days in every table."""
    roots = [output.table(table.name) for table in PUBLISHED]
    return sorted({str(path).removeprefix(f"{root}/") for root in roots for path in matching(root, "*/*.parquet")})


def portions(output: Output, files: Sequence[str]) -> Iterator[Portion]:
    """The files in their order, some at a time, a large one in parts."""
    group: list[str] = []
    held = 0
    counts = each(_rows, [output.table(table.name) / file for file in files for table in PUBLISHED])
    for file in files:
        rows = sum(next(counts) for _ in PUBLISHED)
        if group and held + rows > ROWS_A_GROUP:
            yield Portion(tuple(group))
            group, held = [], 0
        if rows > ROWS_A_PART:
            yield from _parts(file, math.ceil(rows / ROWS_A_PART))
            continue
        group.append(file)
        held += rows
    if group:
        yield Portion(tuple(group))


def _parts(file: str, count: int) -> Iterator[Portion]:
    """A file's pages in so many ranges, the first and the last without a limit: what has a wrong identifier is read too."""
    limits = ["", *(f"{number * 16**4 // count:04x}" for number in range(1, count)), None]
    for number, first in enumerate(limits[:-1]):
        yield Portion((file,), str(first), limits[number + 1])


def check_published(portion: Portion, output: Output, store: str | Path) -> Verdict:
    """Check some rows of the three tables.

    ``store``: folder for Great Expectations' results.  Rows that fail were held back when the tables were written: none is
    tolerated here, but of what is only reported there (`expectations.pages.REPORTED`).  Checks against the raw page are left out.
    A file that can't be read, or has other columns than the schema, is a finding, and its rows are not looked at.
    """
    verdict = Verdict("", True)
    tables = {table.name: _read(table, portion, output, verdict) for table in PUBLISHED}
    pages, articles, indicators = (tables[table.name] for table in (PAGES, ARTICLES, INDICATORS))
    frames = {
        PAGES.name: published_page_frame(pages, articles, indicators),
        ARTICLES.name: article_frame(articles, pages, None),
        INDICATORS.name: indicator_frame(indicators, articles, None),
    }
    for name, frame in frames.items():
        if not frame.num_rows:
            continue
        counted = []
        for check in suite(name):
            if check.column not in frame.column_names:
                continue
            failing = check.failing(frame)
            count = failing.true_count
            allowed = 0
            if check.column in page_suite.REPORTED:
                worst = max(Counter(frame.column("page_id").filter(failing).to_pylist()).values(), default=0)
                allowed = tolerated_rows(check, frame.num_rows, worst)
            counted.append((check, count, allowed))
            if count:
                verdict.findings.append(shown(Finding(name, check, count, frame.num_rows, allowed)))
        verdict.checks += len(counted)
        verdict.success &= gate(name, frame, counted, store)
    verdict.rows = {name: table.num_rows for name, table in tables.items()}
    return verdict


def check_names(output: Output) -> Verdict:
    """Whether every page stands in one day only, over all files: eight bytes a page are held."""
    numbers, rows = [], 0
    for names in each(_names, matching(output.table(PAGES.name), "*/*.parquet")):
        rows += len(names)
        numbers.append(np.frombuffer(b"".join(hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in names), np.uint64))
    repeated = rows - len(np.unique(np.concatenate(numbers))) if numbers else 0
    finding = Finding(PAGES.name, Unique(column="source_uri"), repeated, rows, 0)
    return Verdict("", not repeated, {}, 1, 0, [shown(finding)] if repeated else [])


def suite(table: str) -> list[Check]:
    """What is asked of a published table."""
    return [*SUITES[table], *(page_suite.PUBLISHED if table == PAGES.name else [])]


def _names(path: Place) -> list[str]:
    try:
        names: list[str] = pq.ParquetFile(opened(path)).read(columns=["source_uri"]).column(0).to_pylist()
    except (OSError, pa.ArrowException, IndexError):
        return []  # `check_published` says so
    return names


def _rows(path: Place) -> int:
    try:
        return int(pq.read_metadata(opened(path)).num_rows)
    except (OSError, pa.ArrowException):
        return 0


def _read(table: Table, portion: Portion, output: Output, verdict: Verdict) -> pa.Table:
    """The rows of a table in a portion, and in the verdict which of its files could not be read."""
    parts = [table.empty()]
    root = output.table(table.name)
    for file, rows in zip(portion.files, each(partial(_content, portion), [root / file for file in portion.files]), strict=True):
        if rows is not None and rows.schema.equals(table.arrow()):
            parts.append(rows)
            continue
        if rows is None and not (root / file).exists():
            continue
        problem = "a file of Parquet that can be read" if rows is None else "the columns and types of the schema"
        verdict.success = False
        verdict.findings.append(
            {
                "expectation": f"{table.name}.file",
                "expected": f"{file}: {problem}",
                "rows": 1,
                "of": len(portion.files),
                "tolerated": 0,
                "fatal": True,
            }
        )
    return pa.concat_tables(part.cast(pa.schema(table.arrow())) for part in parts)


def _content(portion: Portion, path: Place) -> pa.Table | None:
    """A file's rows that belong to the portion; None where it can't be read, or does not exist."""
    try:
        file = pq.ParquetFile(opened(path))
        if portion.whole:
            return file.read()
        return pa.Table.from_batches((_within(portion, batch) for batch in file.iter_batches()), file.schema_arrow)
    except (OSError, pa.ArrowException, IndexError):
        return None


def _within(portion: Portion, rows: pa.RecordBatch) -> pa.RecordBatch:
    if "page_id" not in rows.schema.names:
        return rows  # not the table's schema, which is said of the file
    ids = rows.column("page_id")
    inside = pc.greater_equal(ids, portion.first)
    if portion.end is not None:
        inside = pc.and_(inside, pc.less(ids, portion.end))
    if not portion.first:
        inside = pc.fill_null(inside, True)
    return rows.filter(inside, null_selection_behavior="drop")
