"""What the tables know of files: which days hold their pages, and what those were read from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

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
    wanted, under, found = set(files), tuple(folders), dict[str, Known]()
    root = output.table(PAGES.name)
    for path, file in all_opened(matching(root, "*/*.parquet")):
        day = str(path).removeprefix(f"{root}/")
        for uri, input_id, logic, reason in _rows(file, COLUMNS):
            uri = file_uri(uri)
            if uri not in wanted and not uri.startswith(under):
                continue
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
        for uri, newspaper, day in _rows(file, ("source_uri", "newspaper", "publication_date")):
            if (uri := file_uri(uri)) in wanted:
                found.setdefault(uri, set()).add((newspaper, day))
    return found


def _rows(opened: Any, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The columns looked at, row by row; those that an older table lacks are null.  Files are small: threads and buffers cost more."""
    file = pq.ParquetFile(opened, pre_buffer=False)
    table = file.read(columns=[name for name in columns if name in file.schema_arrow.names], use_threads=False)
    found = (table.column(name).to_pylist() if name in table.column_names else [None] * table.num_rows for name in columns)
    return zip(*found, strict=True)
