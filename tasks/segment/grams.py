"""What titles and texts are compared by: grams, and how telling one is."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import add

import numpy as np
import numpy.typing as npt

_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[A-Za-z]{2,}|\d+(?:\.\d+)?%?")
_WORD = re.compile(r"[A-Za-z]{2,}|\d+(?:\.\d+)?%?")
#: Runs of what words and numbers are made of: looked for first, because one class of characters is found far sooner.
_LATIN = re.compile(r"[A-Za-z\d][A-Za-z\d.%]+")
_HAN = "\u3400"
_FIRST_HAN, _LAST_HAN = 0x3400, 0x9FFF
#: A key is a gram's number and, in so many bits, the text's.
_BITS, _TEXT = 24, 0xFFFFFF
#: Texts of fewer different grams are too short to be compared.
_TELLING = 20
#: Numbers of so many texts fit two bytes, which are sorted by counting.
_SMALL = 0xFFFF

_Counts = tuple[npt.NDArray[np.int64], list[int], npt.NDArray[np.float64]]


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
    """The paragraphs of a page: which of them hold a gram, and how much of what they say is the same.

    All grams of all texts are numbered and sorted once; nothing after that looks through the page.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.count = len(texts)
        whole = "\n".join(texts)
        starts = np.cumsum([0, *[len(text) + 1 for text in texts]])[:-1]
        codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
        han = (codes >= _FIRST_HAN) & (codes <= _LAST_HAN)
        places = np.flatnonzero(han[:-1] & han[1:])
        numbers = codes[places] << 16 | codes[places + 1]
        #: Latin words and digits, numbered below all pairs of characters.
        self.words: dict[str, int] = {}
        others = [
            (place, self.words.setdefault(word, len(self.words)))
            for run in _LATIN.finditer(whole)
            for place, word in _words_of(run.group(), run.start())
        ]
        if others:
            more = np.array(others, np.int64)
            places, numbers = np.concatenate((places, more[:, 0])), np.concatenate((numbers, more[:, 1]))
        self.keys = _each_once(numbers << _BITS | np.searchsorted(starts, places, "right") - 1)
        #: The text of each key.
        self.texts: list[int] = (self.keys & _TEXT).tolist()
        self.known: dict[str, tuple[int, ...]] = {}
        self._counts: _Counts | None = None

    def where(self, gram: str) -> tuple[int, ...]:
        """The texts that ``gram`` is one of the grams of, in order."""
        found = self.known.get(gram)
        if found is None:
            self.look_up((gram,))
            found = self.known[gram]
        return found

    def look_up(self, grams: Iterable[str]) -> None:
        """Find many grams at once, which takes a fraction of finding each by itself."""
        wanted = [gram for gram in dict.fromkeys(grams) if gram not in self.known]
        numbers = np.array(
            [ord(gram[0]) << 16 | ord(gram[1]) if gram[0] >= _HAN else self.words.get(gram, -1) for gram in wanted], np.int64
        )
        firsts: list[int] = np.searchsorted(self.keys, numbers << _BITS).tolist()
        lasts: list[int] = np.searchsorted(self.keys, numbers + 1 << _BITS).tolist()
        for gram, first, last in zip(wanted, firsts, lasts, strict=True):
            self.known[gram] = tuple(self.texts[first:last]) if first < last else ()

    def held(self, own: Iterable[str], first: int, last: int) -> int:
        """How many of the grams ``own`` any of the texts ``first`` to ``last`` holds."""
        count = 0
        for gram in own:
            found = self.where(gram)
            at = bisect_left(found, first)
            count += at < len(found) and found[at] <= last
        return count

    def shared(self, left: Sequence[int], right: Sequence[int]) -> float | None:
        """What two groups of texts have in common, 0 (nothing) to 1; None when they are too short to say."""
        if self._counts is None:
            self._counts = self._counted()
        numbers, bounds, rare = self._counts
        one, two = np.zeros(len(rare), np.bool_), np.zeros(len(rare), np.bool_)
        for marks, texts in ((one, left), (two, right)):
            for text in texts:
                marks[numbers[bounds[text] : bounds[text + 1]]] = True
            if np.count_nonzero(marks) < _TELLING:
                return None
        both = one & two
        return float(rare[both].sum()) / math.sqrt(float(rare[one].sum()) * float(rare[two].sum()))

    def _counted(self) -> _Counts:
        """The grams of each text by place among all, the bounds of each text in them, and how rare each gram is among the texts."""
        grams, texts = self.keys >> _BITS, (self.keys & _TEXT).astype(np.uint16 if self.count <= _SMALL else np.int64)
        numbers = np.zeros(len(grams), np.int64)
        np.cumsum(grams[1:] != grams[:-1], out=numbers[1:])
        by_text = np.argsort(texts, kind="stable")
        bounds: list[int] = [0, *np.cumsum(np.bincount(texts, minlength=self.count)).tolist()]
        return numbers[by_text], bounds, np.log((self.count + 1) / np.bincount(numbers))


def _words_of(run: str, start: int) -> list[tuple[int, str]]:
    """Latin words and numbers in a run of their characters that begins at ``start``, and where each begins."""
    return [(start + match.start(), match.group()) for match in _WORD.finditer(run) if match.end() - match.start() > 1]


def _each_once(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The numbers in order, each once (``np.unique`` takes several times as long on so few)."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]
