"""Cue words from the knowledge tables, compiled to patterns once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from tasks.knowledge import rows


def union(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))


def starting(words: Iterable[str]) -> str:
    """A look ahead at the first character of any of the words."""
    return f"(?=[{re.escape(''.join(sorted({word[0] for word in words})))}])"


def one_of(words: Iterable[str]) -> str:
    """``union`` behind a look at the first character, for patterns that try it at many places where none of the words stands."""
    words = tuple(words)
    return f"{starting(words)}(?:{union(words)})"


class Ending:
    """Finds which of some words ends a range of text; a look at the range's last character spares most searches."""

    __slots__ = ("_lasts", "_longest", "_pattern")

    def __init__(self, words: Iterable[str]) -> None:
        words = tuple(words)
        self._lasts = frozenset(word[-1] for word in words)
        self._longest = max(map(len, words))
        self._pattern = re.compile(f"(?:{union(words)})$")

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The longest of the words that ends ``text[start:end]``."""
        stop = len(text) if end is None else end
        if stop <= start or text[stop - 1] not in self._lasts:
            return None
        return self._pattern.search(text, max(start, stop - self._longest), stop)


def beginning(words: Iterable[str]) -> re.Pattern[str]:
    """Matches one of the words where the match starts."""
    return re.compile(one_of(words))


@cache
def by_kind(table: str, key: str, value: str = "word") -> dict[str, tuple[str, ...]]:
    """Words of a cue table by the value of one of its columns."""
    found: dict[str, list[str]] = {}
    for row in rows(table):
        found.setdefault(row[key], []).append(row[value])
    return {kind: tuple(words) for kind, words in found.items()}


def any_of(kind: str) -> str:
    """A regular expression for any word of a kind of ``reading_words.tsv``."""
    return union(by_kind("reading_words", "kind")[kind])


@cache
def mapping(table: str, key: str, value: str) -> dict[str, str]:
    """One column of a table as a dict keyed by another."""
    return {row[key]: row[value] for row in rows(table)}
