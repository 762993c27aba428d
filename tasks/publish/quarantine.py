"""Rows held back and pages rejected → a file of the quarantine table, outside the table roots."""

from __future__ import annotations

from pathlib import Path

from tasks.publish.files import write_day
from tasks.publish.places import Output
from tasks.schema import QUARANTINE
from tasks.staging import read_table


def keep_quarantine(folder: str | Path, output: Output, name: str, aside: str | Path) -> int:
    """Put the ``quarantine.arrow`` of validated batches into the quarantine table as ``<name>.parquet``; returns its rows."""
    rows = read_table(Path(folder, "quarantine.arrow"))
    if rows.num_rows:
        write_day(output.quarantine / f"{name}.parquet", QUARANTINE, rows, Path(aside) / "quarantine.parquet")
    return int(rows.num_rows)
