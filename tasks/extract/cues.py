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
    """Some words, to be asked which of them ends a range of text."""

    __slots__ = ("_sizes", "_words", "lasts")

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        #: The last characters of the words, and how long the words with each are, the longest first.
        self.lasts = frozenset(word[-1] for word in self._words)
        self._sizes = {last: sorted({len(word) for word in self._words if word[-1] == last}, reverse=True) for last in self.lasts}

    def size(self, text: str, start: int, end: int) -> int:
        """How many characters the longest of the words has that ends ``text[start:end]``; 0 when none does."""
        if end <= start:
            return 0
        sizes = self._sizes.get(text[end - 1])
        if sizes is not None:
            for size in sizes:
                if end - size >= start and text[end - size : end] in self._words:
                    return size
        return 0

    def ends(self, text: str) -> bool:
        """Whether one of the words ends the text."""
        return self.size(text, 0, len(text)) > 0


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
