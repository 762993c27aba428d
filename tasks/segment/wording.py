"""Words: cutting text into them, and whether one runs over a line's end."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from tasks.extract.cues import union
from tasks.knowledge import rows, values


@cache
def segmenter() -> Any:
    """The word segmenter with the domain dictionary, loaded on first use."""
    import rjieba

    found = rjieba.Jieba()
    for row in rows("domain_words"):
        found.add_word(row["word"], None, None)
    return found


@cache
def cue_words(kind: str) -> frozenset[str]:
    """The words of one kind in the table of segmenting cues."""
    return frozenset(word for row in rows("segment_cues") if row["kind"] == kind for word in values(row["words"]))


@cache
def cue_pattern(kind: str) -> str:
    """A pattern for any of these words, the longest first."""
    return f"(?:{union(cue_words(kind))})"


def words(text: str) -> list[str]:
    """``text`` cut into words."""
    found: list[str] = segmenter().cut(text)
    return found


def word_crosses(one: str, two: str) -> bool:
    """Whether a word begins at the end of ``one`` and ends in the start of ``two``."""
    if one[-1].isascii() and one[-1].isalnum() and two[0].isascii() and two[0].isalnum():
        return True
    return _crosses(one[-4:], two[:4])


# Neighbouring lines are asked about several times: as titles, as parts of one, as its main line.
@lru_cache(maxsize=4096)
def _crosses(left: str, right: str) -> bool:
    at = 0
    for word in segmenter().cut(left + right, False):  # words of the dictionary only: guessed ones cross anywhere
        if at < len(left) < at + len(word):
            return True
        at += len(word)
    return False


def ends_open(text: str) -> bool:
    """Whether the last word of ``text`` asks for more: a particle or a verb of one character."""
    last = _last_word(text[-6:])
    return len(last) == 1 and last in cue_words("open_end")


@lru_cache(maxsize=4096)
def _last_word(text: str) -> str:
    return next(reversed(words(text)), "")


def starts_verbal(text: str) -> bool:
    """Whether the first word of ``text`` is a particle or a verb of one character (创半年新高): it goes on with what stands before."""
    return _first_word(text[:6]) in cue_words("open_end")


@lru_cache(maxsize=4096)
def _first_word(text: str) -> str:
    return next(iter(words(text)), "")


_OPEN_TAGS = frozenset(("v", "vd", "d", "c", "u", "ud", "ug", "uj", "ul", "uv", "uz", "p", "y", "f"))


def starts_open(text: str) -> bool:
    """Whether ``text`` begins with a word that goes on with a phrase: a verb, an adverb, a particle."""
    return _first_tag(text[:6]) in _OPEN_TAGS


@lru_cache(maxsize=4096)
def _first_tag(text: str) -> str:
    for _, tag in segmenter().tag(text):
        return str(tag)
    return ""
