"""What titles and texts are compared by: grams, and how telling one is."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from operator import add

import numpy as np
import numpy.typing as npt

_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[A-Za-z]{2,}|\d+(?:\.\d+)?%?")
_WORD = re.compile(r"[A-Za-z]{2,}|\d+(?:\.\d+)?%?")
_HAN = "\u3400"
_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF
#: What stands before and after a gram that is only part of a longer number or word.
_PART_OF_NUMBER = re.compile(r"[\d.]"), re.compile(r"[\d%]|\.\d")
_PART_OF_WORD = re.compile(r"[A-Za-z]"), re.compile(r"[A-Za-z]")


@lru_cache(maxsize=4096)
def grams(text: str) -> tuple[str, ...]:
    """What a text is compared by: pairs of characters, Latin words and numbers, each once, in the order of the text."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0] >= _HAN:
            found.extend(map(add, run, run[1:]))
        elif len(run) > 1:
            found.append(run)
    return tuple(dict.fromkeys(found))


def rarity(count: int, texts: int) -> float:
    """How telling a gram is that ``count`` of so many texts hold: 1 for one of them, 0.1 for all, 0.8 for none."""
    if not count:
        return 0.8
    return max(0.1, 1.0 - math.log(count) / math.log(texts)) if texts > 1 else 1.0


class Texts:
    """The paragraphs of a page: which of them hold a gram, and how much of what they say is the same."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.count = len(texts)
        self.whole = "\n".join(texts)
        self.starts: list[int] = []
        at = 0
        for text in texts:
            self.starts.append(at)
            at += len(text) + 1
        self.known: dict[str, tuple[int, ...]] = {}

    def where(self, gram: str) -> tuple[int, ...]:
        """The texts that ``gram`` is one of the grams of."""
        found = self.known.get(gram)
        if found is None:
            found = self.known[gram] = tuple(self._find(gram))
        return found

    def _find(self, gram: str) -> Iterable[int]:
        whole, part = self.whole, _PART_OF_NUMBER if gram[0].isdigit() else _PART_OF_WORD if gram[0] < _HAN else None
        at = whole.find(gram)
        while at >= 0:
            if part and (part[0].match(whole, at - 1, at) or part[1].match(whole, at + len(gram))):
                at = whole.find(gram, at + 1)
                continue
            text = bisect_right(self.starts, at)
            yield text - 1
            at = whole.find(gram, self.starts[text]) if text < self.count else -1

    def shared(self, left: Sequence[int], right: Sequence[int]) -> float | None:
        """What two groups of texts have in common, 0 (nothing) to 1; None when they are too short to say."""
        numbers, bounds, rare = self._counted
        one, two = np.zeros(len(rare), bool), np.zeros(len(rare), bool)
        for mask, texts in ((one, left), (two, right)):
            for text in texts:
                mask[numbers[bounds[text] : bounds[text + 1]]] = True
        if one.sum() < 20 or two.sum() < 20:
            return None
        return float(rare[one & two].sum()) / math.sqrt(float(rare[one].sum()) * float(rare[two].sum()))

    @cached_property
    def _counted(self) -> tuple[npt.NDArray[np.int64], list[int], npt.NDArray[np.float64]]:
        """The grams of each text by number, the bounds of each text in them, and how rare each gram is among the texts."""
        codes = np.frombuffer(self.whole.encode("utf-32-le", "surrogatepass"), np.uint32)
        han = (codes >= _FIRST_HAN) & (codes <= _LAST_HAN)
        places = np.flatnonzero(han[:-1] & han[1:])
        pairs = codes[places].astype(np.int64) << 16 | codes[places + 1]
        words: dict[str, int] = {}  # numbered below all pairs of characters
        others = [
            (match.start(), words.setdefault(match.group(), len(words)))
            for match in _WORD.finditer(self.whole)
            if match.end() - match.start() > 1
        ]
        if others:
            more = np.array(others, np.int64)
            places, pairs = np.concatenate((places, more[:, 0])), np.concatenate((pairs, more[:, 1]))
        texts = np.searchsorted(np.array(self.starts), places, "right") - 1
        keys = np.sort(pairs << 24 | texts)
        keys = keys[np.diff(keys, prepend=-1) != 0]  # each gram once a text
        pairs, texts = keys >> 24, keys & 0xFFFFFF
        numbers = np.cumsum(np.diff(pairs, prepend=pairs[:1]) != 0)
        by_text = np.argsort(texts, kind="stable")
        bounds = np.searchsorted(texts[by_text], np.arange(self.count + 1)).tolist()
        return numbers[by_text], bounds, np.log((self.count + 1) / np.bincount(numbers))
