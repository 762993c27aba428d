"""What becomes of files: the stages over a folder, without the engine and without publishing."""

from __future__ import annotations

import logging
from pathlib import Path

from tasks.extract.batch import extract_batch
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.normalise.batch import normalise_batch
from tasks.segment.batch import segment_batch
from tasks.staging import read_rows


def outcome(folder: Path, scratch: Path) -> dict[str, str]:
    """Name under the folder → its status and reason."""
    logging.getLogger("banmian").setLevel(logging.CRITICAL)
    found = {}
    for result in ingest_batch(discover([folder]), scratch / "b"):
        normalise_batch(result.folder)
        segment_batch(result.folder)
        extract_batch(result.folder)
        for row in read_rows(Path(result.folder, "read.arrow")):
            name = row["source_uri"].removeprefix(f"{folder.name}/")
            found[name] = f"{row['status']} {row['reason'] or ''}".strip()
    return found
