"""Words: cutting text into them, and whether one runs over a line's end."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def segmenter() -> Any:
    """The word segmenter, loaded on first use."""
    import rjieba

    return rjieba.Jieba()


def words(text: str) -> list[str]:
    """``text`` cut into words."""
    found: list[str] = segmenter().cut(text)
    return found


def word_crosses(one: str, two: str) -> bool:
    """Whether a word begins at the end of ``one`` and ends in the start of ``two``."""
    left, right = one[-4:], two[:4]
    if one[-1].isascii() and one[-1].isalnum() and two[0].isascii() and two[0].isalnum():
        return True
    at = 0
    for word in words(left + right):
        if at < len(left) < at + len(word):
            return True
        at += len(word)
    return False
