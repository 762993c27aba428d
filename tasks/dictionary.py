"""The data dictionary, ``docs/tables.md``, made from the schema module (``make docs``; a test compares)."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa

from tasks.schema import ARTICLES, INDICATORS, PAGES, QUARANTINE, SCHEMA_VERSION, Column, Table

HEAD = f"""\
# The tables

Made by `make docs` from `tasks/schema.py`, the one place where columns are declared. Schema version {SCHEMA_VERSION}.

Each published table is a folder of Parquet files, `publication_month=YYYY-MM/<newspaper>-<day>.parquet` (zstd; pages of
unknown date under `publication_month=0000-undated`); of months that were compacted,
`publication_month=YYYY-MM/month-<digest>.parquet`. `publication_month` is in the path only. Descriptions and
units stand in the files' schema metadata too. `indicators.article_id` refers to `articles`, and both tables' `page_id` to `pages`.
"""


def dictionary() -> str:
    """The data dictionary in Markdown."""
    return "\n".join([HEAD, *(_table(table) for table in (ARTICLES, INDICATORS, PAGES, QUARANTINE))])


def _table(table: Table) -> str:
    lines = [f"## {table.name}", "", table.description, f"Sorted by {', '.join(table.sort_by)}.", ""]
    lines += ["| column | type | null | unit | what it holds |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*lines, *map(_column, table.columns), ""])


def _column(column: Column) -> str:
    says = column.description
    if column.codes:
        says += f" One of: {', '.join(f'`{code}`' for code in column.codes)}."
    if column.example:
        says += f" Example: `{column.example}`."
    cells = (f"`{column.name}`", _type(column.type), "yes" if column.nullable else "no", column.unit or "", says)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return f"list of {_type(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "{" + ", ".join(f"{field.name}: {_type(field.type)}" for field in kind) + "}"
    return {"date32[day]": "date", "double": "float64"}.get(str(kind), str(kind))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(dictionary(), encoding="utf-8")
