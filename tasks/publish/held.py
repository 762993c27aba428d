"""The quarantine table as a person asks for it: what is held back now, and which files it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.publish.places import Output, file_uri
from tasks.schema import PAGES
from tasks.storage import all_opened, matching


@dataclass(frozen=True, slots=True)
class Held:
    """One reason why one row, or a whole page, is held back."""

    run: str
    table: str
    row_id: str
    page_id: str
    source_uri: str
    expectation: str
    expected: str
    row: str
    open: bool  #: whether it still is


def held_back(output: Output, patterns: Sequence[str] = ()) -> list[Held]:
    """Rows of the quarantine table, in the order of their pages' names, later runs last.

    An entry is open while the page's row in ``pages`` is that of the same content and says rejected or quarantined, or
    while there is no such row (its batch was not published), and no later run said something of the page.
    ``patterns``: shell patterns for ``source_uri``, reason or expectation; none means all.
    """
    entries, last = [], dict[str, str]()
    for path, file in all_opened(matching(output.quarantine, "*.parquet")):
        run = "-".join(path.name.removesuffix(".parquet").split("-")[:2])  # <when>-<id>-<wave>-<group>
        for row in pq.ParquetFile(file).read().to_pylist():
            entries.append((run, row))
            last[row["source_uri"]] = max(run, last.get(row["source_uri"], ""))
    now = _pages(output, {row["source_uri"] for _, row in entries})
    found = []
    for run, row in entries:
        if patterns and not any(fnmatchcase(row[name], pattern) for pattern in patterns for name in ("source_uri", "expectation")):
            continue
        page_id, bad = now.get(row["source_uri"], (row["page_id"], True))
        is_open = bad and page_id == row["page_id"] and run == last[row["source_uri"]]
        shown = {name: row[name] for name in ("table", "row_id", "page_id", "source_uri", "expectation", "expected", "row")}
        found.append(Held(run, **shown, open=is_open))
    return sorted(found, key=lambda entry: (entry.source_uri, entry.run, entry.table, entry.row_id, entry.expectation))


def files_of(entries: Sequence[Held]) -> list[str]:
    """Files that open entries came from."""
    return sorted({file_uri(entry.source_uri) for entry in entries if entry.open})


def _pages(output: Output, uris: set[str]) -> dict[str, tuple[str, bool]]:
    """Page's URI → its identifier now, and whether something of it is held back."""
    found = {}
    for _, file in all_opened(matching(output.table(PAGES.name), "*/*.parquet")):
        rows = pq.ParquetFile(file).read(columns=["source_uri", "page_id", "status", "quarantined"])
        for row in rows.filter(pc.is_in(rows.column("source_uri"), value_set=pa.array(sorted(uris), pa.string()))).to_pylist():
            found[row["source_uri"]] = (row["page_id"], row["status"] == "rejected" or row["quarantined"] > 0)
    return found
