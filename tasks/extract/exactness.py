"""How exact an amount is said to be: the words that touch it (约, 超过, 余, 以上, 不足 …)."""

from __future__ import annotations

import re
from functools import cache

from tasks.knowledge import rows

_QUALIFYING_END = frozenset("以及或多余有左上开之强弱")


@cache
def qualifiers(place: str) -> dict[str, dict[str, str]]:
    return {row["word"]: row for row in rows("qualifiers") if row["place"] == place}


@cache
def _after_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(qualifiers("after"), key=len, reverse=True)))


@cache
def _before_ends() -> frozenset[str]:
    return frozenset(word[-1] for word in qualifiers("before"))


def before(text: str, start: int, kind: str = "") -> tuple[str | None, int, str]:
    """The qualifier that touches ``start`` from the left: (qualifier, where it begins, the word)."""
    if not start or text[start - 1] not in _before_ends():
        return None, start, ""
    table = qualifiers("before")
    for width in (3, 2, 1):
        if width > start:
            continue
        row = table.get(text[start - width : start])
        if row is None:
            continue
        if (row["only"] == "rate_no" and kind == "pp") or (row["only"] == "money" and kind != "money"):
            return None, start, ""
        begin = start - width
        if row["word"] == "上" and text[start] not in "百千万亿":
            return None, start, ""
        if begin and row["not_after"] and text[begin - 1] in row["not_after"] and text[begin - 2 : begin] != "其中":
            return None, start, ""
        return row["qualifier"], begin, row["word"]
    return None, start, ""


def after(text: str, end: int, kind: str) -> tuple[str | None, int]:
    if end < len(text) and text[end] in _QUALIFYING_END and (match := _after_pattern().match(text, end)):
        word = match.group()
        if word in "多余" and kind == "count":
            return None, end
        row = qualifiers("after")[word]
        if row["only"] and row["only"] != kind:
            return None, end
        return row["qualifier"], match.end()
    return None, end
