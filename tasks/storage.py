"""Where input and output stand: folders of this machine (``pathlib.Path``), or buckets (``tasks.s3.Key``)."""

from __future__ import annotations

import io
import mimetypes
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tasks.s3 import BLOCK, SCHEME, Key, StorageError, ahead

U = TypeVar("U")

Place = Path | Key


def place(given: str | Place) -> Place:
    """A place as a user names it.  Raises `StorageError` for one that is neither a path nor ``s3://bucket…``."""
    if isinstance(given, Path | Key):
        return given
    if in_bucket(given):
        return key_of(given)
    if "://" in given:
        raise StorageError(f"{given}: local folders and s3:// are known, nothing else")
    return Path(given)


def key_of(given: object) -> Key:
    """The place in a bucket that ``s3://bucket/key`` names.  Raises `StorageError`."""
    bucket, _, key = str(given).removeprefix(SCHEME).partition("/")
    if not bucket or not in_bucket(given):
        raise StorageError(f"{given} names no bucket")
    return Key(bucket, key.rstrip("/"))


def in_bucket(given: object) -> bool:
    """Whether a place as a user names it is in a bucket."""
    return str(given).startswith(SCHEME)


def absolute(given: str) -> str:
    """A place as another process in another folder can use it."""
    return given if in_bucket(given) else os.path.abspath(given)


def link(path: Place) -> str:
    """The place as a link."""
    return str(path) if isinstance(path, Key) else path.absolute().as_uri()


def matching(folder: Place, pattern: str) -> list[Place]:
    """Files under a folder, in order."""
    found: list[Place] = [*folder.glob(pattern)]
    return sorted(found, key=str)


def opened(path: Place) -> Any:
    """A file as pyarrow can read it: a local one from where it stands, an object whole."""
    return io.BytesIO(path.read_bytes()) if isinstance(path, Key) else path


def each(work: Callable[[Place], U], paths: Sequence[Place]) -> Iterator[U]:
    """What ``work`` gives for each path, in order; objects are worked on several at a time."""
    return ahead(work, paths) if any(isinstance(path, Key) for path in paths) else map(work, paths)


def all_opened(paths: Sequence[Place]) -> Iterator[tuple[Place, Any]]:
    """Each path with the file `opened`."""
    return zip(paths, each(opened, paths), strict=True)


def write_whole(target: Place, content: bytes) -> None:
    """Write a small file that appears whole or not at all; beside it may stand a draft, with ``.tmp`` for its suffix."""
    if isinstance(target, Key):
        target.put(content)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".tmp")
    draft.write_bytes(content)
    os.replace(draft, target)


def upload(files: Sequence[tuple[Path, Key]]) -> None:
    """Put local files into a bucket: small ones several at a time, so that little is held."""
    small = [pair for pair in files if pair[0].stat().st_size <= BLOCK]
    for _ in ahead(lambda pair: _put(*pair), small):
        pass
    for path, key in sorted(set(files) - set(small)):
        _put(path, key)


def _put(path: Path, key: Key) -> None:
    kind = mimetypes.guess_type(path.name)[0]  # browsers show Data Docs by it
    key.put(path.read_bytes(), **({"ContentType": kind} if kind else {}))
