"""What the tables know of files: which days hold their pages, and what those were read from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.publish.places import Output, file_uri
from tasks.schema import PAGES
from tasks.storage import all_opened, matching

COLUMNS = ("source_uri", "input_id", "logic_version", "reason")


@dataclass(slots=True)
class Known:
    """What the rows of one file's pages say, together."""

    days: set[str] = field(default_factory=set)  #: files of the tables, under their roots
    inputs: set[str | None] = field(default_factory=set)
    logic: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)


def survey(output: Output, files: Collection[str], folders: Sequence[str] = ()) -> dict[str, Known]:
    """For each of the files (URIs) that was published before, and each under the folders (URIs that end in ``/``): what is known.

    A page that comes again may belong to another day now; its old rows are in the way there.
    """
    wanted, found = pa.array(sorted(files), pa.string()), dict[str, Known]()
    root = output.table(PAGES.name)
    for path, file in all_opened(matching(root, "*/*.parquet")):
        rows = _rows(pq.ParquetFile(file), COLUMNS)
        uris = pc.list_element(pc.split_pattern(rows.column("source_uri"), "#", max_splits=1), 0) if rows.num_rows else pa.array([])
        mask = pc.is_in(uris, value_set=wanted) if rows.num_rows else None
        for folder in folders if rows.num_rows else ():
            mask = pc.or_(mask, pc.starts_with(uris, folder))
        if mask is None or not pc.any(mask).as_py():
            continue
        kept = rows.filter(mask)
        day = str(path).removeprefix(f"{root}/")
        columns = [kept.column(name).to_pylist() for name in COLUMNS[1:]]
        for uri, input_id, logic, reason in zip(uris.filter(mask).to_pylist(), *columns, strict=True):
            known = found.setdefault(uri, Known())
            known.days.add(day)
            known.inputs.add(input_id)
            known.logic.add(logic)
            if reason:
                known.reasons.add(reason)
    return dict(sorted(found.items()))


def days_published(output: Output, files: Collection[str]) -> dict[str, set[tuple[str | None, date | None]]]:
    """For each of the files (URIs) that was published before: the newspapers and days that its pages are of."""
    wanted, found = set(files), dict[str, set[tuple[str | None, date | None]]]()
    for _, file in all_opened(matching(output.table(PAGES.name), "*/*.parquet")):
        rows = _rows(pq.ParquetFile(file), ("source_uri", "newspaper", "publication_date"))
        for uri, newspaper, day in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            if (uri := file_uri(uri)) in wanted:
                found.setdefault(uri, set()).add((newspaper, day))
    return found


def _rows(file: pq.ParquetFile, columns: Sequence[str]) -> pa.Table:
    """The columns looked at, in their order; those that an older table lacks are null."""
    rows = file.read(columns=[name for name in columns if name in file.schema_arrow.names])
    for name in columns:
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, pa.string()))
    return rows.select(list(columns))
