"""The version of the logic that reads pages: it changes whenever code or knowledge of a reading stage does."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

#: What decides on the rows that a page gives; how rows are checked and written does not.
READING = ("ingest", "normalise", "segment", "extract", "knowledge", "schema.py")


@cache
def logic_version() -> str:
    """12 hex digits over the names and contents of every ``.py`` and ``.tsv`` file of the reading stages."""
    root = Path(__file__).parent
    files = [root / "schema.py"]
    for name in READING:
        files += [path for path in (root / name).rglob("*") if path.suffix in (".py", ".tsv")]
    digest = hashlib.sha256()
    for path in sorted(set(files), key=lambda path: path.relative_to(root).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12]
