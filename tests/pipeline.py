"""All stages over some inputs, without the engine: for tests that look at tables."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from tasks.extract.batch import extract_batch
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.normalise.batch import normalise_batch
from tasks.publish.batch import publish_batches
from tasks.publish.places import Output
from tasks.segment.batch import segment_batch
from tasks.validate.batch import validate_batches


def run(inputs: list[Path], output: Path, scratch: Path, pages_a_batch: int = 200) -> None:
    """Publish the inputs' pages; the batches are validated together."""
    folders = [result.folder for result in ingest_batch(discover(inputs), scratch / "b", pages_a_batch=pages_a_batch)]
    for folder in folders:
        normalise_batch(folder)
        segment_batch(folder)
        extract_batch(folder)
    verdict = validate_batches(folders, scratch / "v", "run", scratch / "checks")
    assert verdict.success, verdict.findings
    publish_batches([verdict.folder], Output(output), scratch / "aside")


def checksums(output: Path) -> dict[str, str]:
    """sha256 of every file of the published tables, by path."""
    return {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for table in ("articles", "indicators", "pages")
        for path in sorted((output / table).rglob("*.parquet"))
    }


if __name__ == "__main__":
    run([Path(sys.argv[1])], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
