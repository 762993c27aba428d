"""JSON lines: one page or article a line, plain or gzip, read as a stream.

``text`` is required; ``headline``, ``byline``, ``publication_date`` (ISO 8601), ``newspaper`` and
``page_no`` are optional, other keys are left alone.  A line that can't be read is one rejected row
and the lines after it are read on.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from tasks.ingest import Limits, PageContent, RejectedInput, Source

MEDIA_TYPE = "application/jsonl"
GZIP = b"\x1f\x8b"
BLOCK = 1 << 20
#: A compressed file that grows more than this many times over is a bomb, once it has grown to MOST bytes.
ENDLESS = 40  #: so many times the longest line, and a line is taken to have no end
GROWTH, MOST = 100, 8 * 1024 * 1024
HOPELESS = 1_000  #: so many unreadable lines in a row, and the rest of the file is not tried
DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?", re.S)
CONTENT = re.compile(rb"[^\n]+")
TEXTS = ("headline", "byline", "newspaper")


class _Counted(io.RawIOBase):
    """A stream that counts the bytes read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.count = stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        self.count += len(block)
        return len(block)


def read_jsonl(source: Source, limits: Limits) -> Iterator[PageContent]:
    """One page a line that is not blank; ``fragment`` is ``line=N``.

    Reasons of rejected lines: ``bad_json``, ``bad_type:<field>``, ``undecodable``, ``too_large``;
    of the rest of a file: ``broken_gzip``, ``too_large``.  Memory is that of the longest line.
    """
    longest = 6 * limits.page_chars + BLOCK  # every character may be written as \uXXXX
    failed = 0
    with source.open() as stream:
        for number, line in _lines(stream, longest):
            if line is None:
                page = PageContent(reason="too_large")
            elif not line.strip():
                continue
            else:
                page = _page(line, first=number == 1, limits=limits)
                page.sha256, page.size = hashlib.sha256(line).hexdigest(), len(line)
            page.fragment, page.media_type = f"line={number}", MEDIA_TYPE
            yield page
            failed = failed + 1 if page.reason else 0
            if failed >= HOPELESS:
                raise RejectedInput("not_json_lines", f"{HOPELESS:,} lines in a row can't be read")


def _lines(stream: IO[bytes], longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Lines that are not empty with their numbers, without their ends; None for one that is too long to be held."""
    number, rest, skipping = 1, bytearray(), 0
    for block in _blocks(stream):
        at = 0
        for match in CONTENT.finditer(block):
            start, end = match.span()
            ends = block.count(b"\n", at, start)
            if ends and (rest or skipping):
                yield number, None if skipping else bytes(rest)
                rest, skipping = bytearray(), 0
            number += ends
            if skipping or len(rest) + end - start > longest:
                skipping += len(rest) + end - start
                rest = bytearray()
                if skipping > ENDLESS * longest:
                    raise RejectedInput("too_large", "a line without an end")
            else:
                rest += block[start:end]
            at = end
        ends = block.count(b"\n", at)
        if ends and (rest or skipping):
            yield number, None if skipping else bytes(rest)
            rest, skipping = bytearray(), 0
        number += ends
    if rest or skipping:
        yield number, None if skipping else bytes(rest)


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """The file's bytes, unpacked where they are packed, in blocks of bounded size."""
    counted = _Counted(stream)
    plain = io.BufferedReader(counted)
    packed = gzip.GzipFile(fileobj=plain) if plain.peek(2)[:2] == GZIP else None
    total = 0
    while True:
        try:
            block = plain.read(BLOCK) if packed is None else packed.read(BLOCK)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise RejectedInput("broken_gzip", str(error)[:200]) from None
        if not block:
            return
        total += len(block)
        if packed is not None and total > MOST and total > GROWTH * max(counted.count, 1):
            raise RejectedInput("too_large", f"the file grows more than {GROWTH} times when unpacked")
        yield block


def _page(line: bytes, first: bool, limits: Limits) -> PageContent:
    try:
        text = line.decode("utf-8-sig" if first else "utf-8")
    except UnicodeDecodeError:
        return PageContent(reason="undecodable")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return PageContent(reason="bad_json", encoding="utf-8")
    problem, page = _fields(value)
    if problem:
        return PageContent(reason=f"bad_type:{problem}", encoding="utf-8")
    if len(page.text or "") > limits.page_chars:
        return PageContent(reason="too_large", encoding="utf-8")
    return page


def _fields(value: Any) -> tuple[str | None, PageContent]:
    """The first field of a wrong type, if any, and the page."""
    page = PageContent(encoding="utf-8")
    if not isinstance(value, dict):
        return "line", page
    text = value.get("text")
    if not isinstance(text, str):
        return "text", page
    page.text = text
    for name in TEXTS:
        given = value.get(name)
        if given is not None and not isinstance(given, str):
            return name, page
        setattr(page, name, given.strip() or None if given else None)
    try:
        page.publication_date = _day(value.get("publication_date"))
    except ValueError:
        return "publication_date", page
    try:
        page.page_no = _number(value.get("page_no"))
    except ValueError:
        return "page_no", page
    page.single_article = page.headline is not None
    return None, page


def _day(given: Any) -> date | None:
    if given is None:
        return None
    match = DAY.fullmatch(given.strip()) if isinstance(given, str) else None
    if match is None:
        raise ValueError("not a day")
    return date(*map(int, match.groups()))


def _number(given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) <= 4:
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 9999:
        raise ValueError("not a page number")
    return given
