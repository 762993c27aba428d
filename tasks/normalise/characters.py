"""Characters that look right and are not: width forms, radicals, invisible characters."""

from __future__ import annotations

import re
import unicodedata

from tasks.knowledge import rows

#: Marks a character to be dropped; never part of a repaired text.
DROPPED = "\0"

# Controls, soft hyphen, zero-width and formatting characters, byte-order mark.
_INVISIBLE = (
    *range(0x00, 0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x34F, 0x61C, *range(0x180B, 0x180F),
    *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF, *range(0xFFF9, 0xFFFC),
)  # fmt: skip
_SPACES = (0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_BREAKS = (0x0B, 0x0C, 0x85, 0x2028, 0x2029)
# Full-width forms that are Chinese text's own punctuation, and signs that stand for others.
_CHINESE_PUNCTUATION = frozenset("！（），：；？～")
_SIGNS = {0x2215: "/", 0x2044: "/", 0x2212: "-", 0xFE50: "，", 0xFE51: "、", 0xFE54: "；", 0xFE55: "：", 0xFE6A: "%", 0xFF61: "。"}


def _table() -> dict[int, str]:
    table: dict[int, str] = dict.fromkeys(_INVISIBLE, DROPPED)
    table |= dict.fromkeys(_SPACES, " ") | dict.fromkeys(_BREAKS, "\n") | _SIGNS
    for code in (*range(0xFF01, 0xFF5F), *range(0xFFE0, 0xFFE7)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and chr(code) not in _CHINESE_PUNCTUATION:
            table[code] = plain
    for code in range(0xF900, 0xFB00):
        unified = unicodedata.normalize("NFC", chr(code))
        if len(unified) == 1 and unified != chr(code):
            table[code] = unified
    for row in rows("radicals"):
        table[ord(row["radical"])] = row["ideograph"]
    return table


_TABLE = _table()
_REPAIRED = {chr(code): repair for code, repair in _TABLE.items()} | {"\r": "\r"}

#: Finds anything that ``repaired`` would change (all of it below U+10000, which keeps the search fast).
ODD = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted({*_TABLE, 0x0D})) + "]")


_FULL = dict(zip(",:;?!()", "，：；？！（）", strict=True))
_HALF = re.compile(r"[,:;?!()]")
_BESIDE = re.compile(r"[\u3001-\u3011\u3400-\u9fff\u2018-\u201d]")


def punctuated(text: str) -> str:
    """``text`` with half-width punctuation beside Chinese characters in full width, as Chinese is printed: 增长8%,其中 → 增长8%，其中."""
    if not any(map(text.__contains__, _FULL)):
        return text

    def full(mark: re.Match[str]) -> str:
        before, after = text[max(0, mark.start() - 2) : mark.start()].rstrip(" "), text[mark.end() : mark.end() + 2].lstrip(" ")
        chinese = _BESIDE.match(before[-1:]) or _BESIDE.match(after[:1])
        return _FULL[mark.group()] if chinese else mark.group()

    return _HALF.sub(full, text)


def repaired(raw: str) -> str:
    """``raw`` with each odd character replaced by one other: the length stays the same.

    Line ends become a line feed (of a pair CR LF the CR is marked as dropped); what is to be
    dropped becomes ``DROPPED``.
    """
    text = ODD.sub(lambda odd: _REPAIRED[odd.group()], raw)  # few are odd: a translation would look at each character
    if "\r" in text:
        text = text.replace("\r\n", DROPPED + "\n").replace("\r", "\n")
    return text
