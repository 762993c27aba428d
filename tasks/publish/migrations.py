"""From one version of the tables' shape to the next: a step for each version, each a pure function a table, Arrow in and Arrow out.

A column added, renamed, retyped or taken away makes a new ``SCHEMA_VERSION`` in ``tasks/schema.py`` and a step here, at the
end; a test compares the shape with the version.  A step is written once and stays: tables of any age go through all that follow.
A step reads no page: what rows say is a matter of ``logic_version``, and of reading pages again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from tasks.publish.places import PARTITION, UNDATED
from tasks.schema import PAGES, Table


@dataclass(frozen=True, slots=True)
class Migration:
    """The step to a version.  Tables that ``of`` does not name keep their shape; ``months``: partitions that have another name now."""

    to: int
    says: str
    of: Mapping[str, Callable[[pa.Table], pa.Table]]
    months: Mapping[str, str] = field(default_factory=dict)


def _with_input_id(pages: pa.Table) -> pa.Table:
    """Some files of version 1 have the column.  Null means that the input is unknown: a run that is given the file reads it again."""
    return pages if "input_id" in pages.column_names else pages.append_column("input_id", pa.nulls(pages.num_rows, pa.string()))


#: In order; the last makes today's version.
MIGRATIONS = (
    Migration(1, "files name their version", {}),
    Migration(2, "every page has an input_id", {PAGES.name: _with_input_id}),
    Migration(3, f"pages of unknown date stand under {PARTITION}={UNDATED}", {}, {"__HIVE_DEFAULT_PARTITION__": UNDATED}),
)


def migrated(table: Table, rows: pa.Table, version: int, migrations: Sequence[Migration] = MIGRATIONS) -> pa.Table:
    """Rows of an older version in the shape that ``table`` declares.

    Raises ``ValueError`` where they are not what that version held.
    """
    for step in migrations[version:]:
        if table.name in step.of:
            rows = step.of[table.name](rows)
    if missing := [name for name in table.names if name not in rows.column_names]:
        raise ValueError(f"rows of {table.name} that name version {version} have no {', '.join(missing)}")
    return rows.select(table.names).cast(table.arrow())


def renamed(name: str, version: int, migrations: Sequence[Migration] = MIGRATIONS) -> str:
    """Where a file of an older version stands now: its name under the output's root."""
    for step in migrations[version:]:
        for old, new in step.months.items():
            name = name.replace(f"/{PARTITION}={old}/", f"/{PARTITION}={new}/")
    return name
