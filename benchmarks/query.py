"""A query by area and indicator over 5 million observations: as `banmian compact` leaves them, and as they came, by the default writer.

``python -m benchmarks.query [ROWS [FOLDER]]``.  300 newspapers over six weeks; needs 3 GB of disk, in a folder that is kept, if given.
Milliseconds are of CPU, medians of seven warm queries.
What is read is DuckDB's own count of row groups and bytes, held against the minima and maxima in the files.
"""

from __future__ import annotations

import contextlib
import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow.parquet as pq

from benchmarks.observations import Press
from tasks.publish.compact import compact_month, months, plan_month
from tasks.publish.files import write_rows
from tasks.publish.places import Output, day_file
from tasks.schema import INDICATORS, PAGES

PAPERS, DAYS, SEED = 300, 42, 7
TIMES = 7
#: A city's, a county's and the country's figures; everything of a city; and one article's, by its identifier.
QUERIES = {
    "city and indicator": {"ref_area": "430100", "indicator_code": "GDP"},
    "county and indicator": {"ref_area": "430121", "indicator_code": "GDP_PC"},
    "country and indicator": {"ref_area": "100000", "indicator_code": "RETAIL_SALES"},
    "city": {"ref_area": "430100"},
    "article": {"article_id": ""},
}
READ = ("obs_value", "unit_measure", "time_period", "sentence")


@contextlib.contextmanager
def clocked(what: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = f"{time.perf_counter() - wall:.0f} s, {time.process_time() - cpu:.0f} s of CPU"
    print(f"{what}: {took}; memory so far {peak:.0f} MiB at most", flush=True)


def write(rows: int, output: Output, plain: Path) -> str:
    """The same rows as the flow publishes them, a file a newspaper's day, and as they come, a file a month; an article's identifier."""
    some, writers = "", dict[str, pq.ParquetWriter]()
    for day in Press(PAPERS, SEED).days(rows, DAYS, date(2023, 9, 1)):
        for paper, indicators, pages in day.each():
            for table, part in ((INDICATORS, indicators), (PAGES, pages)):
                path = output.table(table.name) / day_file(paper, day.date)
                path.parent.mkdir(parents=True, exist_ok=True)
                write_rows(path, table, part)
        month = f"{day.date:%Y-%m}"
        if month not in writers:
            writers[month] = pq.ParquetWriter(plain / f"{month}.parquet", INDICATORS.arrow())
        writers[month].write_table(day.indicators)
        some = day.indicators.column("article_id")[rows // DAYS // 2].as_py()
    for writer in writers.values():
        writer.close()
    return some


def compact(output: Output, aside: Path) -> None:
    for month, files in months(output, "2024-01").items():
        compact_month(plan_month(output, month, files), output, aside / month)


def ask(connection: duckdb.DuckDBPyConnection, files: str, where: dict[str, str], times: int = TIMES) -> tuple[list[Any], list[str]]:
    """DuckDB's answer, and what it took: median milliseconds of CPU, row groups read and there, megabytes read."""
    conditions = " and ".join(f"{column} = '{value}'" for column, value in where.items())
    query = f"select {', '.join(READ)} from read_parquet('{files}') where {conditions} order by all"
    found, took = [], []
    for _ in range(times + 1):
        started = time.process_time()
        found = connection.execute(query).fetchall()
        took.append(1000 * (time.process_time() - started))
    profile = json.loads(connection.get_profiling_information(format="json"))
    read, there = (profile["query"][f"total_row_groups_{name}"] for name in ("scanned", "to_scan"))
    share = f"{read} of {there} ({read / there:.1%})"
    return found, [f"{statistics.median(took[1:] or took):,.1f}", share, f"{profile['io']['total_bytes_read'] / 1e6:,.1f}"]


def promised(folder: Path, where: dict[str, str]) -> tuple[int, int]:
    """Row groups whose minima and maxima admit the values, and all."""
    admitted = there = 0
    for path in folder.rglob("*.parquet"):
        metadata = pq.read_metadata(path)
        numbers = {metadata.row_group(0).column(n).path_in_schema: n for n in range(metadata.num_columns)} if metadata.num_rows else {}
        for group in range(metadata.num_row_groups if metadata.num_rows else 0):
            limits = [(metadata.row_group(group).column(numbers[column]).statistics, value) for column, value in where.items()]
            admitted += all(not found.has_min_max or found.min <= value <= found.max for found, value in limits)
            there += 1
    return admitted, there


def with_pyarrow(folder: Path, where: dict[str, str]) -> int:
    filters = [(column, "=", value) for column, value in where.items()]
    return int(pq.read_table(folder, columns=list(READ), filters=filters).num_rows)


def with_polars(folder: Path, where: dict[str, str]) -> int:
    conditions = [pl.col(column) == value for column, value in where.items()]
    return pl.scan_parquet(folder / "**/*.parquet").filter(*conditions).select(READ).collect().height


def median(work: Callable[[Path, dict[str, str]], int], folder: Path, where: dict[str, str]) -> tuple[int, float]:
    took = []
    for _ in range(TIMES + 1):
        started = time.process_time()
        found = work(folder, where)
        took.append(1000 * (time.process_time() - started))
    return found, statistics.median(took[1:])


def size(folder: Path) -> str:
    files = list(folder.rglob("*.parquet"))
    return f"{len(files):,} files, {sum(path.stat().st_size for path in files) / 1e6:,.0f} MB"


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with contextlib.ExitStack() as stack:
        compare(rows, Path(sys.argv[2] if len(sys.argv) > 2 else stack.enter_context(tempfile.TemporaryDirectory())))


def compare(rows: int, scratch: Path) -> None:
    output, plain, connection = Output(scratch / "out"), scratch / "plain", duckdb.connect()
    plain.mkdir(parents=True)
    connection.execute("set enable_profiling = 'no_output'")
    ours = scratch / "out" / INDICATORS.name
    with clocked(f"{rows:,} rows of {PAPERS} newspapers over {DAYS} days, made and written twice"):
        QUERIES["article"]["article_id"] = write(rows, output, plain)
    print(f"  as they came: {size(plain)}; a file a newspaper's day: {size(ours)}", flush=True)
    name, where = next(iter(QUERIES.items()))
    found, told = ask(connection, f"{ours}/*/*.parquet", where, 1)
    rows_of_days = f"| {name} | {len(found):,} | day files | {' | '.join(told)} | | |"
    with clocked("compacted"):
        compact(output, scratch / "out/staging/0")
    print(f"  compacted: {size(ours)}")
    print("| query | rows | | ms | row groups read | MB read | pyarrow ms | Polars ms |\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    print(rows_of_days)
    for name, where in QUERIES.items():
        answers = []
        for label, folder, files in (("as they came", plain, f"{plain}/*.parquet"), ("compacted", ours, f"{ours}/*/*.parquet")):
            answer, told = ask(connection, files, where)
            admitted, there = promised(folder, where)
            assert told[1].split()[2] == str(there) and int(told[1].split()[0]) <= admitted, (told, admitted, there)
            arrow, arrow_ms = median(with_pyarrow, folder, where)
            polars, polars_ms = median(with_polars, folder, where)
            assert arrow == polars == len(answer)
            answers.append(answer)
            print(f"| {name} | {len(answer):,} | {label} | {' | '.join(told)} | {arrow_ms:,.1f} | {polars_ms:,.1f} |", flush=True)
        assert answers[0] == answers[1]


if __name__ == "__main__":
    main()
