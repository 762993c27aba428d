"""How well lines of a page with mixed columns follow one another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tasks.segment.grams import grams
from tasks.segment.lines import Line, typical_width
from tasks.segment.paragraphs import may_be_title
from tasks.segment.wording import word_crosses

#: What it costs to begin a column, another right beside it, one at a title;
#: to pass over one whose turn it is, or one of another width; to end one.
_NEW, _BESIDE, _TITLE, _SKIP, PASS, END = -3.33, -0.48, -0.78, 3.52, 2.44, 1.24
FINAL = re.compile(r"[。！？!?…；;：:][”’」』）)】》\"]*$")
PAUSE = frozenset("，、,（(“「")


class Tail(NamedTuple):
    """The last line of a column so far, and how wide the column is."""

    line: int
    width: float
    fresh: bool  # the column's first line


_OPENS = re.compile(r"本报讯|【[^】]{2,12}[讯电]】|[^，。；]{0,16}(?:讯|电|消息)[（( ：:，]|(?:首席|本报|全媒体)?记者 ")


def _length(line: Line, column: float) -> str:
    if line.spread or line.width >= column - 1.5:
        return "full"
    return "first" if line.width >= column - 3.1 else "short"


#: For two lines of a column (how long, whether it ends a sentence; the same of the next): log odds of their following one
#: another against standing near one another by chance, measured on pages whose order is known.
_SHAPES = {
    ("full", False, "full", False): 0.3, ("first", False, "full", False): 0.5, ("short", False, "full", False): -1.5,
    ("full", False, "first", False): -0.9, ("first", False, "first", False): -1.0, ("short", False, "first", False): 0.9,
    ("full", False, "short", False): -1.4, ("first", False, "short", False): -0.6, ("short", False, "short", False): 0.3,
    ("full", False, "full", True): 0.4, ("first", False, "full", True): 0.2, ("short", False, "full", True): -1.9,
    ("full", False, "first", True): 0.3, ("first", False, "first", True): 0.5, ("short", False, "first", True): -0.4,
    ("full", False, "short", True): 0.3, ("first", False, "short", True): -0.4, ("short", False, "short", True): -0.4,
    ("full", True, "full", False): -0.2, ("first", True, "full", False): -2.0, ("short", True, "full", False): -2.4,
    ("full", True, "first", False): 0.5, ("first", True, "first", False): 1.8, ("short", True, "first", False): 1.4,
    ("full", True, "short", False): 0.4, ("first", True, "short", False): 0.3, ("short", True, "short", False): 0.4,
    ("full", True, "full", True): -2.0, ("first", True, "full", True): -2.0, ("short", True, "full", True): -2.0,
    ("full", True, "first", True): -0.3, ("first", True, "first", True): -2.0, ("short", True, "first", True): -1.6,
    ("full", True, "short", True): -0.5, ("first", True, "short", True): -2.5, ("short", True, "short", True): -3.0,
}  # fmt: skip


class Fits:
    """How well lines follow one another, remembered."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.final = [FINAL.search(line.text[-6:]) is not None for line in lines]
        self.opens = [_OPENS.match(line.text) is not None for line in lines]
        usual = typical_width(lines) or 0.0
        self.titles = [
            not final and may_be_title(line.text) and (line.width < usual - 3.2 or line.width > usual + 1.6)
            for final, line in zip(self.final, lines, strict=True)
        ]
        self.known: dict[tuple[int, int], float] = {}
        #: Last lines of columns, each once, and their numbers.
        self.tails: list[Tail] = []
        self.numbers: dict[Tail, int] = {}
        self.page = set().union(*(grams(line.text) for line in lines)) if lines else set()

    def tail(self, before: Tail | None, index: int) -> int:
        """The number of the column's end when ``index`` goes on after ``before`` (None: begins a column)."""
        tail = Tail(index, self.width(before, index), before is None)
        number = self.numbers.setdefault(tail, len(self.tails))
        if number == len(self.tails):
            self.tails.append(tail)
        return number

    def passing(self, tails: Sequence[int], place: int) -> float:
        """What it costs to go on with the column at ``place`` and to pass over those before it."""
        ends = self.tails
        width = ends[tails[place]].width
        alike = sum([-0.8 < ends[tail].width - width < 0.8 for tail in tails[:place]])  # columns of one article stand level
        return _SKIP + 0.3 * alike if alike else PASS

    def width(self, before: Tail | None, index: int) -> float:
        """The width of the column when ``index`` goes on after ``before``."""
        own = self.lines[index].width
        if before is None or own > before.width + 3:
            return own
        return max(before.width, own) if own > before.width - 3 else before.width

    def begins(self, last: Tail | None, index: int) -> float:
        """What speaks for line ``index`` being the first of a column, ``last`` being the line before it on the page."""
        if last is None or self.opens[index]:
            return -0.5
        if last.fresh:
            return _BESIDE
        if self.titles[index] or self.titles[last.line]:
            return _TITLE
        return _NEW

    def after(self, tail: Tail, index: int) -> float:
        """What speaks for line ``index`` going on after ``tail``, in log odds."""
        one, two = self.lines[tail.line], self.lines[index]
        column = max(tail.width, min(two.width, tail.width + 2.2))
        if two.width > column + 1.0:
            return -4.0  # too wide for the column
        shape = self._shape(one, two, column, self.final[tail.line], self.final[index])
        if self.opens[index]:
            return shape - 3.0 if not self.final[tail.line] else shape + 0.5
        if self.final[tail.line] or (one.width < column - 4 and not one.spread):
            return shape
        return shape + self._words(tail.line, index)

    def _shape(self, one: Line, two: Line, column: float, ended: bool, ends: bool) -> float:
        return _SHAPES.get((_length(one, column), ended, _length(two, column), ends), -1.0)

    def _words(self, one: int, two: int) -> float:
        found = self.known.get((one, two))
        if found is None:
            left, right = self.lines[one].text, self.lines[two].text
            if word_crosses(left, right):
                found = 2.2
            elif left[-1] in PAUSE:
                found = 0.0
            elif left[-1] + right[0] in self.page:
                found = 2.0
            elif left[-1].isdigit() or right[0].isdigit():
                found = 0.2
            else:
                found = -1.0
            self.known[(one, two)] = found
        return found
