"""Files between the stages: a folder for each batch of pages, in it one Arrow file a table and one JSON a stage.

Tasks pass folders' paths to one another, never rows.  Files appear whole (written aside, then
renamed), so a stage that is tried again starts from what stood before it.
"""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from tasks.runs.measures import Measure
from tasks.schema import Table

Row = dict[str, Any]
Key = TypeVar("Key")

#: What a value of a wrong type makes.
MISFIT = (pa.ArrowException, TypeError, ValueError, OverflowError)

#: Lists of character offsets are as long as pages: they travel as ``array("i")``, not as Python lists.
OFFSETS = pa.list_(pa.int32())


@dataclass(frozen=True, slots=True)
class Reject:
    """A page that a stage could not work on, and why."""

    page_id: str
    source_uri: str
    reason: str
    detail: str = ""


@dataclass(slots=True)
class StageResult:
    """What a stage did to a batch: small enough to pass between tasks and to show on a run's page."""

    stage: str
    folder: str
    counts: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    days: list[Measure] = field(default_factory=list)  #: newspapers' days written, as they stand now
    seconds: float = 0.0  #: of CPU, in the process that did it

    def save(self) -> StageResult:
        """Leave the result in the batch's folder as ``<stage>.json``."""
        path = Path(self.folder, f"{self.stage}.json")
        aside = _aside(path)
        aside.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
        os.replace(aside, path)
        return self


def saved_rejects(folder: str | Path) -> list[Reject]:
    """Rejects of all stages that a batch went through."""
    found = []
    for path in sorted(Path(folder).glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        found += [Reject(**reject) for reject in content["rejects"]]
    return found


def staged_schema(table: Table) -> pa.Schema:
    """The table's schema with every column nullable: whether a value may be null is for `validate` to say."""
    return pa.schema([pa.field(column.name, column.type) for column in table.columns])


def to_arrow(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of the table's columns; missing keys are null, other keys are left out."""
    columns = [_column(_cells(rows, column.name), column.type) for column in table.columns]
    return pa.Table.from_arrays(columns, schema=staged_schema(table))


def checked(table: Table, groups: Mapping[Key, Sequence[Mapping[str, Any]]]) -> tuple[pa.Table, dict[Key, Exception]]:
    """The rows of all groups as one Arrow table, but for groups that hold a value of a wrong type; these with the error it makes.

    Groups are looked at one by one only where there is such a value.
    """
    failed: dict[Key, Exception] = {}
    try:
        return to_arrow(table, list(chain.from_iterable(groups.values()))), failed
    except MISFIT:
        for key, rows in groups.items():
            try:
                to_arrow(table, rows)
            except MISFIT as error:
                failed[key] = error
    return to_arrow(table, [row for key, rows in groups.items() if key not in failed for row in rows]), failed


def from_arrow(table: pa.Table) -> list[Row]:
    """Rows of an Arrow table as dicts; lists of offsets as ``array("i")``."""
    names = [name for name in table.column_names if table.schema.field(name).type != OFFSETS]
    found: list[Row] = table.select(names).to_pylist() if names else [{} for _ in range(table.num_rows)]
    for name in set(table.column_names).difference(names):
        column = table.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], OFFSETS)
        whole = array("i", column.values.to_numpy().tobytes()) if len(column) else array("i")
        starts = column.offsets.to_pylist() if len(column) else []
        valid = column.is_valid().to_pylist()
        for index, row in enumerate(found):
            row[name] = whole[starts[index] : starts[index + 1]] if valid[index] else None
    return found


def write_table(path: str | Path, table: pa.Table) -> None:
    """Write an Arrow file, whole or not at all."""
    aside = _aside(path)
    with pa.OSFile(str(aside), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    os.replace(aside, path)


def read_table(path: str | Path) -> pa.Table:
    """An Arrow file, mapped into memory rather than read."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def write_rows(path: str | Path, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    write_table(path, to_arrow(table, rows))


def read_rows(path: str | Path) -> list[Row]:
    return from_arrow(read_table(path))


def _aside(path: str | Path) -> Path:
    """Where to write before renaming: a name that no other process has (one taken for dead may work on the same batch)."""
    return Path(f"{path}.{os.getpid()}-{os.urandom(4).hex()}.tmp")


def _cells(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), rows))
    except KeyError:
        return [row.get(name) for row in rows]


def _column(cells: list[Any], kind: pa.DataType) -> pa.Array:
    if kind != OFFSETS:
        return pa.array(cells, kind)
    whole, ends = array("i"), [0]
    for cell in cells:
        if cell is not None:
            whole.extend(_offsets(cell))
        ends.append(len(whole))
    mask = pa.array([cell is None for cell in cells]) if any(cell is None for cell in cells) else None
    values = pa.Array.from_buffers(pa.int32(), len(whole), [None, pa.py_buffer(whole)])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), values, mask=mask)


def _offsets(cell: Iterable[int]) -> array[int]:
    return cell if isinstance(cell, array) and cell.typecode == "i" else array("i", cell)
