"""Files and folders given by a user → the sources to read, named and ordered the same on every machine.

A source's URI is its path from the folder that holds the input folder: ``banmian run in/pages``
names ``in/pages/a.txt`` as ``pages/a.txt``, and so does ``banmian run in/pages/a.txt``.  With a base
folder given, names start from there.  Nothing above that enters the URI, so identifiers (made from
content and URI) do not depend on where a machine keeps its files.  A bucket counts as a folder:
``s3://bucket/pages`` names ``s3://bucket/pages/a.txt`` as ``pages/a.txt`` too.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tasks.ingest import SIDECAR, Source
from tasks.ingest.objects import objects, one_object
from tasks.s3 import Key
from tasks.storage import Place, in_bucket, key_of

#: Parts a URI from what follows its path, or escapes.
_RESERVED = frozenset("%#?")


class InputError(ValueError):
    """Inputs that can't be worked on as given; the message is one line for the user."""


def discover(inputs: Sequence[str | Path], base: str | Path | None = None, leave_out: Place | None = None) -> list[Source]:
    """Every file under the inputs, in the order of their URIs, sidecars and hidden files apart.

    Folders are read recursively; links to folders are followed, never into a folder twice.  What
    can't be read inside a folder is a source too: reading it gives a rejected page with its reason.
    ``leave_out``: a folder that is not looked into (the output, where it stands among the input).
    Raises ``InputError`` when an input does not exist or can't be listed, when there is nothing to
    read, and when two files would bear one URI.
    """
    found: dict[str, Source] = {}
    for given in inputs:
        for source in _in_bucket(given, base, leave_out) if in_bucket(given) else _local(given, base, leave_out):
            other = found.setdefault(source.uri, source)
            if other.location != source.location:
                raise InputError(
                    f"{other.location} and {source.location} would both be called {source.uri}: give --base, a folder above both"
                )
    if not found:
        raise InputError(f"no pages in {', '.join(str(given) for given in inputs)}")
    return [found[uri] for uri in sorted(found)]


def folder_uris(inputs: Sequence[str | Path], base: str | Path | None = None) -> list[str]:
    """How names of files in the input folders begin: the URI of each folder, with ``/`` at its end."""
    found = set()
    for given in inputs:
        if in_bucket(given):
            key = key_of(given)
            if not key.exists():
                found.add(_named(key.path, key_of(base).path if base else _parent(key.path)))
        elif os.path.isdir(given):
            folder = Path(os.path.abspath(given))
            top = Path(os.path.abspath(base)) if base is not None else folder.parent
            found.add("" if folder == top else uri_of(folder, top))
    return sorted(f"{uri}/" if uri else "" for uri in found)


def _local(given: str | Path, base: str | Path | None, leave_out: Place | None) -> Iterator[Source]:
    path = Path(os.path.abspath(given))
    top = Path(os.path.abspath(base)) if base is not None else None
    if not os.path.lexists(path):
        raise InputError(f"no such file or folder: {given}")
    if path.is_dir():
        start = top or path.parent
        try:
            os.scandir(path).close()
        except OSError as error:
            raise InputError(f"can't read the folder {given}: {error.strerror}") from None
        files: Iterable[Path] = _walk(path, leave_out)
    else:
        start, files = top or path.parent.parent, [path]
    for file in files:
        yield _source(file, start, given)


def _in_bucket(given: str | Path, base: str | Path | None, leave_out: Place | None) -> Iterator[Source]:
    """An object, or all that stand under its name as under a folder."""
    key = key_of(given)
    try:
        single = one_object(key)
        found = [single] if single else list(objects(key, leave_out if isinstance(leave_out, Key) else None))
    except OSError as error:
        raise InputError(str(error)) from None
    if not found:
        raise InputError(f"no such object or folder: {given}")
    start = _parent(_parent(key.path) if single else key.path)
    if base is not None:
        start = key_of(base).path if in_bucket(base) else str(base)
    for source in found:
        try:
            source.uri = _named(source.entry.key.path, start)
        except ValueError:
            raise InputError(f"{given} is not under the base folder {base}") from None
        yield source


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _named(path: str, start: str) -> str:
    """The URI of an object (bucket and key), or of a folder; raises ``ValueError`` where it does not stand under the start."""
    if start and path != start and not path.startswith(f"{start}/"):
        raise ValueError(path)
    return _encoded(path[len(start) :].removeprefix("/"))


def uri_of(path: Path, start: Path) -> str:
    """The path from ``start``, with ``/`` between its parts.

    ``%``, ``#``, ``?``, control characters and bytes that are no UTF-8 are percent-encoded; all else
    (Chinese names) stands as it is.
    """
    return _encoded(path.relative_to(start).as_posix())


def _encoded(text: str) -> str:
    if text.isprintable() and _RESERVED.isdisjoint(text):
        return text
    return "".join(
        char
        if char.isprintable() and char not in _RESERVED
        else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
        for char in text
    )


def _source(file: Path, start: Path, given: str | Path) -> Source:
    try:
        uri = uri_of(file, start)
    except ValueError:
        raise InputError(f"{given} is not under the base folder {start}") from None
    try:
        mode = file.stat().st_mode
    except OSError:  # a broken link, a file that just went: opening it says which
        return Source(uri, str(file))
    return Source(uri, str(file), problem=None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else "not_a_file")


def _walk(folder: Path, leave_out: Place | None) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()
    if isinstance(leave_out, Path) and leave_out.is_dir():
        about = os.stat(leave_out)
        seen.add((about.st_dev, about.st_ino))
    stack = [folder]
    while stack:
        here = stack.pop()
        try:
            about = here.stat()
            if (about.st_dev, about.st_ino) in seen:
                continue
            seen.add((about.st_dev, about.st_ino))
            names = sorted(os.listdir(here))
        except OSError:
            yield here  # a folder that can't be listed becomes a rejected page
            continue
        present = set(names)
        for name in names:
            if name.startswith(".") or (name.endswith(SIDECAR) and name.removesuffix(SIDECAR) in present):
                continue
            entry = here / name
            if entry.is_dir():
                stack.append(entry)
            else:
                yield entry
