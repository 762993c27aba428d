"""Files → rows of ``schema.RAW_PAGES``: the small interface that every reader of a format meets.

A reader is a function ``read(source: Source, limits: Limits) -> Iterator[PageContent]``.  It
yields one :class:`PageContent` for each page, in the file's order, and

* raises :class:`RejectedInput` when nothing of the file can be read (the file becomes one
  rejected row), or yields a page with ``reason`` set when only that page can't be;
* never guesses silently: whatever it detected (encoding, media type) it says in the page;
* leaves identity alone: sha256, sizes, identifiers and where newspaper and date come from are
  completed in ``tasks.ingest.batch`` for all formats alike.

A new format is one such function and one line in ``tasks/ingest/formats.py``.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

__all__ = ["PASSING", "SIDECAR", "Limits", "PageContent", "Reader", "RejectedInput", "Source"]

#: Suffix of a sidecar: ``03.txt.json`` speaks of ``03.txt``.
SIDECAR = ".json"

#: Reasons that say nothing of the file's content: the rows it gave before stay, and the next run tries again.
PASSING = frozenset({"changed", "correction", "unreadable", "vanished", "worker"})


#: Why something is not read at all, in words.
PROBLEMS = {
    "not_a_file": "not a regular file",
    "worker_died": "the process that read it ended",
    "timeout": "the process that read it did not come to an end",
}


class RejectedInput(Exception):
    """An input that can't be read, with a reason code for the tables and a detail for people.

    ``reason`` is a short snake_case code (``no_text_layer``, ``encrypted``, ``binary``,
    ``undecodable``, ``too_large``); ``detail`` is one line in words, without paths.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


def _state(about: os.stat_result) -> tuple[int, ...]:
    return about.st_ino, about.st_size, about.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Limits:
    """What one input may cost before it is rejected."""

    file_bytes: int = 256 * 1024 * 1024  #: of a file that is read whole
    page_chars: int = 1_000_000  #: of one page's text; the densest newspaper pages hold 20,000
    pages: int = 5_000  #: of one paged file (PDF); streams of lines are not bounded
    seconds: float = 25.0  #: of one file in a reader that runs apart
    memory_bytes: int = 768 * 1024 * 1024  #: of a reader that runs apart


@dataclass(slots=True)
class Source:
    """One input file: the URI that the tables name it by, and where to open it (one in a bucket: ``objects.Object``)."""

    uri: str  #: stable name, e.g. ``pages/2023-09/20/03.txt``; readers add no fragment to it
    location: str  #: path to open, or ``s3://…``
    problem: str | None = None  #: reason code of something that is no readable file at all (a pipe, a device)
    given: str = ""  #: what enters the fingerprint of its pages besides the file, the options and the sidecar
    expects: tuple[str, ...] = ()  #: URIs of pages that must be found in it
    _read: tuple[str, int] | None = field(default=None, repr=False)
    _state: tuple[int, ...] | None = field(default=None, repr=False)

    @property
    def suffix(self) -> str:
        """Lower-case suffix of the name with its dot (``.pdf``), or the empty string."""
        name = self.uri.rpartition("/")[2]
        stem, dot, suffix = name.rpartition(".")
        return f".{suffix.lower()}" if dot and stem else ""

    def open(self) -> BinaryIO:
        """The content as a stream, for readers that need not hold it whole.

        Raises ``OSError``, or ``RejectedInput`` for what is no file.
        """
        if self.problem:
            raise RejectedInput(self.problem, PROBLEMS.get(self.problem, ""))
        stream = open(self.location, "rb")
        state = _state(os.fstat(stream.fileno()))
        self._state = self._state or state
        if self._state != state:
            stream.close()
            raise RejectedInput("changed", "the file changed while it was read")
        return stream

    def check(self) -> None:
        """``RejectedInput("changed")`` when the file was written to since it was opened first.

        One that was taken away or replaced meanwhile was read whole from its open handle.
        """
        try:
            now = _state(os.stat(self.location))
        except OSError:
            return
        if self._state and now[0] == self._state[0] and now != self._state:
            raise RejectedInput("changed", "the file changed while it was read")

    def read(self, limits: Limits) -> bytes:
        """The whole content; ``RejectedInput("too_large")`` when it is over ``limits.file_bytes``."""
        with self.open() as stream:
            data = stream.read(limits.file_bytes + 1)
        self.check()
        if len(data) > limits.file_bytes:
            raise RejectedInput("too_large", f"the file is over {limits.file_bytes:,} bytes")
        self._read = (hashlib.sha256(data).hexdigest(), len(data))
        return data

    def identity(self) -> tuple[str, int]:
        """(sha256 in hex, size in bytes) of the content, read again only if ``read`` never was."""
        if self._read is None:
            digest, size = hashlib.sha256(), 0
            with self.open() as stream:
                while block := stream.read(1 << 20):
                    digest.update(block)
                    size += len(block)
            self.check()
            self._read = (digest.hexdigest(), size)
        return self._read

    def sidecar(self) -> bytes | None:
        """The content of the sidecar; None where there is none.  Raises ``OSError``, or ``RejectedInput`` when it changed."""
        try:
            with open(self.location + SIDECAR, "rb") as stream:
                return stream.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:  # the page's own name is as long as names can be
                return None
            raise

    def sidecar_sha256(self) -> str | None:
        """The checksum of the sidecar; None where there is none.  Raises like `sidecar`."""
        content = self.sidecar()
        return None if content is None else hashlib.sha256(content).hexdigest()


@dataclass(slots=True)
class PageContent:
    """One page as a reader found it.  Exactly one of ``text`` and ``reason`` is set."""

    text: str | None = None
    reason: str | None = None
    fragment: str = ""  #: part of the file: ``page=3`` of several PDF pages, ``line=7`` of JSON lines
    media_type: str | None = None
    encoding: str | None = None
    layout: list[dict[str, Any]] | None = None  #: rows of ``schema.LAYOUT_LINE``, spans of ``text``
    headline: str | None = None
    byline: str | None = None
    single_article: bool = False
    newspaper: str | None = None  #: only what the document itself declares
    publication_date: date | None = None  #: likewise; recorded with the source ``document``
    page_no: int | None = None
    sha256: str | None = None  #: of this page's own bytes where it has any (a JSON line); else the file's
    size: int | None = None  #: bytes hashed in ``sha256``


Reader = Callable[[Source, Limits], Iterator[PageContent]]
