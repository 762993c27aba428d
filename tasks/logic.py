"""The version of the logic that reads pages: it changes whenever code or knowledge of a reading stage does."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

#: What decides on the rows that a page gives, and on which of them are held back; how rows are written does not.
READING = ("ingest", "normalise", "segment", "extract", "knowledge", "corrections", "validate")
#: Modules beside, and libraries that read or cut text.
MODULES = ("tasks/schema.py", "tasks/staging.py", "expectations/*.py")
NOT_READING = ("expectations/accuracy.py",)
LIBRARIES = ("jieba", "rjieba", "pypdfium2", "trafilatura", "lxml")


@cache
def logic_version() -> str:
    """12 hex digits over the names and contents of every ``.py`` and ``.tsv`` file of the reading stages, and the
    versions of the libraries that they read with.  Computed from the files as they are: no step of a release can forget it.
    """
    root = Path(__file__).parents[1]
    files = {path for pattern in MODULES for path in root.glob(pattern)} - {root / name for name in NOT_READING}
    for name in READING:
        files.update(path for path in (root / "tasks" / name).rglob("*") if path.suffix in (".py", ".tsv"))
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.relative_to(root).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    for library in LIBRARIES:
        digest.update(f"{library} {_version(library)}\0".encode())
    return digest.hexdigest()[:12]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "-"
