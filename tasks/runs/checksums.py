"""Checksums of objects read before, by ETag: what did not change in a bucket need not be read to know that it did not.

``state/objects.parquet``; where it is missing or can't be read, objects are read again.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.ingest.objects import Checksums
from tasks.storage import Place, opened, write_whole

NAMES = ("location", "etag", "sha256", "bytes")


def load_checksums(path: Place) -> Checksums:
    """What earlier runs saved; nothing where they did not."""
    try:
        table = pq.ParquetFile(opened(path)).read()
        columns = [table.column(name).to_pylist() for name in NAMES]
    except (OSError, KeyError, pa.ArrowInvalid):
        return {}
    return {location: (etag, sha256, size) for location, etag, sha256, size in zip(*columns, strict=True)}


def save_checksums(path: Place, checksums: Checksums) -> None:
    """Save them, with what other inputs' runs saved; nothing is written where nothing changed.  Raises ``OSError``."""
    old = load_checksums(path)
    new = {**old, **checksums}
    if new == old:
        return
    rows = [dict(zip(NAMES, (location, *new[location]), strict=True)) for location in sorted(new)]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink, compression="zstd")
    write_whole(path, sink.getvalue().to_pybytes())
