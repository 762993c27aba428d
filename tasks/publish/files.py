"""One newspaper's day in one table: read it, write it anew, put it in its place at once."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.schema import Table

#: The same rows give the same bytes: every option that decides on them is named here.
WRITING = {
    "compression": "zstd",
    "compression_level": 3,
    "row_group_size": 65_536,
    "use_dictionary": True,
    "write_statistics": True,
    "version": "2.6",
    "data_page_version": "1.0",
}


def read_day(path: Path, table: Table) -> pa.Table:
    """The rows of a day's file, or none where it does not exist."""
    if not path.exists():
        return table.empty()
    return pq.ParquetFile(path).read().cast(table.arrow())


def write_day(path: Path, table: Table, rows: pa.Table, aside: Path) -> None:
    """Write the rows, in the table's order, beside the table; flush them to the disk; rename.

    A reader sees the old file or the new one, whatever happens in between.  Raises ``ValueError``
    where a column that may not be null holds one, and ``OSError``.
    """
    ordered = rows.sort_by([(name, "ascending") for name in table.sort_by]).combine_chunks()
    aside.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_arrays(ordered.columns, schema=table.arrow()), aside, **WRITING)
    _flush(aside)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.replace(aside, path)
    _flush(path.parent)


def remove_day(path: Path) -> None:
    """Take a day's file away, and its month's folder with the last one."""
    path.unlink(missing_ok=True)
    if path.parent.exists() and not any(path.parent.iterdir()):
        path.parent.rmdir()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
