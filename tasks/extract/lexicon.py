"""Finds the words of a fixed vocabulary in a text, longest first, in one pass.

A character class of the words' first and second characters lets the regular expression engine skip most of
the text; what is left is looked up by its first two characters.  On Chinese news this takes a quarter of the
time of an Aho-Corasick automaton, whose root has as many branches as the vocabulary has first characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Lexicon(Generic[Value]):
    """Words (of at least two characters) and what each stands for."""

    def __init__(self, words: Mapping[str, Value]) -> None:
        short = [word for word in words if len(word) < 2]
        if short:
            raise ValueError(f"words of one character can't be looked up: {short[:5]}")
        self._words = dict(words)
        lengths: dict[str, set[int]] = {}
        for word in words:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {start: tuple(sorted(sizes, reverse=True)) for start, sizes in lengths.items()}
        first, second = ({start[i] for start in lengths} for i in (0, 1))
        self._maybe = re.compile(f"[{_class(first)}](?=[{_class(second)}])" if words else "(?!)")

    def scan(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int, Value]]:
        """(start, end, value) of each word in ``text[start:end]``: leftmost, then longest, not overlapping."""
        found: list[tuple[int, int, Value]] = []
        words, lengths = self._words, self._lengths
        stop = len(text) if end is None else end
        free = start
        for match in self._maybe.finditer(text, start, stop):
            at = match.start()
            if at < free:
                continue
            sizes = lengths.get(text[at : at + 2])
            if sizes is None:
                continue
            for size in sizes:
                word = text[at : at + size]
                if word in words and at + size <= stop:
                    free = at + size
                    found.append((at, free, words[word]))
                    break
        return found


def _class(characters: set[str]) -> str:
    return "".join(map(re.escape, sorted(characters)))
