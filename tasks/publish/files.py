"""One file of a table: read it, write it anew as its readers want it, put it in its place at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.publish.version import expect_version, version_in
from tasks.s3 import Key
from tasks.schema import Table
from tasks.storage import Place

#: The same rows give the same bytes: every option that decides on them is named here.
WRITING = {
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": True,
    "write_statistics": True,
    "version": "2.6",
    "data_page_version": "1.0",
}
#: In a file of few rows only these are compressed: setting zstd up for each of forty columns takes two thirds of the time to
#: write it, and the others make it a tenth longer (a compacted month is compressed whole).
FEW_ROWS = 4_000
PACKED = ("article_id", "body", "headline", "observation_id", "sentence", "source_uri", "value_text")


def read_day(path: Path, table: Table) -> pa.Table:
    """The rows of a day's file, or none where it does not exist.  Raises ``OtherVersion``."""
    if not path.exists():
        return table.empty()
    file = pq.ParquetFile(path)
    expect_version(version_in(file.schema_arrow), path.parents[2])
    return file.read().cast(table.arrow())


def write_aside(aside: Path, table: Table, rows: pa.Table) -> None:
    """Write the rows, in the table's order, and flush them to the disk.

    Raises ``ValueError`` where a column that may not be null holds one, and ``OSError``.
    """
    aside.parent.mkdir(parents=True, exist_ok=True)
    write_rows(aside, table, rows)
    flush(aside)


def write_rows(path: Path, table: Table, rows: pa.Table) -> None:
    """Write the rows in the table's order, laid out for its readers.  Raises as `write_aside`."""
    ordered = rows.sort_by(_ordering(table)).combine_chunks()
    pq.write_table(pa.Table.from_arrays(ordered.columns, schema=table.arrow()), path, **writing(table, rows.num_rows))


def writing(table: Table, rows: int) -> dict[str, Any]:
    """Options of a file of so many rows: one of several row groups gets what lets readers skip pages and groups, and names its order."""
    options = {**WRITING, "row_group_size": table.group_rows}
    if rows <= FEW_ROWS:
        packed = [name for name in PACKED if name in table.names]
        options["compression"] = dict.fromkeys(packed, WRITING["compression"])
        options["compression_level"] = dict.fromkeys(packed, WRITING["compression_level"])
    if rows > table.group_rows:
        options["sorting_columns"] = pq.SortingColumn.from_ordering(table.arrow(), _ordering(table), null_placement="at_end")
        options["write_page_index"] = True
        options["bloom_filter_options"] = {name: {"ndv": table.group_rows, "fpp": 0.05} for name in table.looked_up} or None
    return options


def _ordering(table: Table) -> list[tuple[str, str]]:
    return [(name, "ascending") for name in table.sort_by]


def write_day(path: Place, table: Table, rows: pa.Table, aside: Path) -> None:
    """Write the rows beside the table; flush them to the disk; rename, or put into the bucket.

    A reader sees the old file or the new one, whatever happens in between.
    """
    write_aside(aside, table, rows)
    if isinstance(path, Key):
        path.put(aside.read_bytes())
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    os.replace(aside, path)
    flush(path.parent)


def same_bytes(one: Path, other: Path) -> bool:
    """Whether both files exist and hold the same."""
    try:
        return one.stat().st_size == other.stat().st_size and one.read_bytes() == other.read_bytes()
    except FileNotFoundError:
        return False


def flush(path: Path) -> None:
    """Have what was written to a file, or the names in a folder, stand on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
