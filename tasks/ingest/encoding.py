"""Bytes → text, with the encoding found by evidence: a mark, or a strict decoding that reads as Chinese.

Nothing is replaced or dropped: a page that no encoding decodes whole is rejected.
"""

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import NamedTuple

from tasks.ingest import RejectedInput

#: Byte order marks, longest first (UTF-32's begins with UTF-16's).
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Encodings without a mark, tried strictly when the bytes are not UTF-8.
UNMARKED = ("gb18030", "utf-16-le", "utf-16-be", "big5hkscs")
#: Share of a text's characters that must be in common use for an unmarked encoding to be believed.
BELIEVED = 0.9
#: Characters looked at when believing: the start of a page says enough.
SAMPLE = 20_000
#: Control characters that text does not hold (tab, line ends and form feed apart).
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
#: Share of control characters from which content is binary; readers of PDFs leave a few (soft hyphens as \x02).
BINARY_SHARE = 0.01


class Decoded(NamedTuple):
    """Text, and the name of the encoding it was in (``utf-8-sig`` where UTF-8 began with a mark)."""

    text: str
    encoding: str


@cache
def common_characters() -> frozenset[str]:
    """Characters of GB 2312 and of Big5's first level, ASCII and full-width forms: what newspapers print."""
    found = {chr(code) for code in range(0x20, 0x7F)} | set("\t\n\r\f　")
    found |= {chr(code) for code in range(0xFF01, 0xFFE6)}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            found.update(bytes((high, low)).decode("gb2312", "ignore"))
    for high in range(0xA1, 0xC7):
        for low in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
            found.update(bytes((high, low)).decode("big5", "ignore"))
    return frozenset(found)


def decode(data: bytes) -> Decoded:
    """Decode a page's bytes.

    Raises ``RejectedInput``: ``binary`` for content that is no text, ``undecodable`` for text in
    no encoding, or in one of several, that can be told for sure.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return _text(data[len(mark) :].decode(encoding.removesuffix("-sig")), encoding)
            except UnicodeDecodeError as error:
                raise RejectedInput("undecodable", f"marked as {encoding}, but byte {error.start + len(mark)} does not fit") from None
    if b"\0" not in data:
        try:
            return _text(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError as error:
            where = error.start
    else:
        where = data.index(b"\0")
    believed = sorted(((_share_in_use(text), encoding, text) for encoding, text in _candidates(data)), reverse=True)
    believed = [candidate for candidate in believed if candidate[0] >= BELIEVED]
    if len(believed) > 1 and believed[0][2] != believed[1][2]:
        raise RejectedInput("undecodable", f"reads as {believed[0][1]} and as {believed[1][1]}: add a byte order mark or use UTF-8")
    if believed:
        return _text(believed[0][2], believed[0][1])
    if b"\0" in data or _controls(data[:SAMPLE].decode("latin-1")) > BINARY_SHARE:
        raise RejectedInput("binary", f"no text in any encoding (byte {where} is no character of one)")
    raise RejectedInput("undecodable", f"not UTF-8 (byte {where}), GB18030, UTF-16 or Big5")


def _candidates(data: bytes) -> list[tuple[str, str]]:
    found = []
    for encoding in UNMARKED:
        try:
            found.append((encoding, data.decode(encoding)))
        except UnicodeDecodeError:
            continue
    return found


def _share_in_use(text: str) -> float:
    sample = text[:SAMPLE]
    common = common_characters()
    return sum(char in common for char in sample) / max(1, len(sample))


def _controls(text: str) -> float:
    return len(CONTROLS.findall(text)) / max(1, len(text))


def _text(text: str, encoding: str) -> Decoded:
    if "\0" in text or _controls(text) > BINARY_SHARE:
        raise RejectedInput("binary", f"decodes as {encoding}, but holds control characters that text does not")
    return Decoded(text, encoding)
