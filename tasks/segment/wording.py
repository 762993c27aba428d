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
    for word in segmenter().cut(left + right, False):  # words of the dictionary only: guessed ones cross anywhere
        if at < len(left) < at + len(word):
            return True
        at += len(word)
    return False


_OPEN_ENDS = frozenset("的和与及或在将为成是使让令被把向从对至达超逾约近均仍同再已未不没更最较比占增升降破获创拟欲望促助拉带迎")


def ends_open(text: str) -> bool:
    """Whether the last word of ``text`` asks for more: a particle or a verb of one character."""
    last: str = ""
    for last in words(text[-6:]):
        pass
    return last[-1:] in _OPEN_ENDS if len(last) == 1 else False


_OPEN_TAGS = frozenset(("v", "vd", "d", "c", "u", "ud", "ug", "uj", "ul", "uv", "uz", "p", "y", "f"))


def starts_open(text: str) -> bool:
    """Whether ``text`` begins with a word that goes on with a phrase: a verb, an adverb, a particle."""
    for _, tag in segmenter().tag(text[:6]):
        return tag in _OPEN_TAGS
    return False
