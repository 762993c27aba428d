"""Columns that a reader mixed line by line, taken apart again.

A reader that follows the page's geometry gives the lines of neighbouring columns in turn.  Within a
column their order is kept, so a mixed page is several chains laid into one another.  They are
found by a beam search: each line goes on with the chain whose last line it fits best — a word that
runs over the line's end, a paragraph's end before a paragraph's first line, one width.
"""

from __future__ import annotations

import math
import re
from bisect import insort
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tasks.segment.grams import grams
from tasks.segment.lines import Line, typical_width
from tasks.segment.matching import best_matching
from tasks.segment.paragraphs import ends_sentence, may_be_title
from tasks.segment.wording import word_crosses

_BEAM = 12
#: A state so far behind the best one is given up: measured on mixed pages whose order is known, none of them wins that is right.
_BEHIND = 6.0
_TAILS = 10
#: More lines than this are left as they were read: no page of one reader's columns has so many.
_MOST = 600
#: A column's text goes on in one of so many that begin after it.
_NEAR = 40
#: What it costs to begin a column, another right beside it, one at a title;
#: to pass over one whose turn it is, or one of another width; to end one.
_NEW, _BESIDE, _TITLE, _SKIP, _PASS, _END = -3.33, -0.48, -0.78, 3.52, 2.44, 1.24
_PAUSE = frozenset("，、,（(“「")

#: Of lines that go on with the next, in running text four in ten do so inside a word; beside one another by chance one in thirty.
#: Of mixed lines one in ten makes, with the next, a word or a pair of characters that the page holds elsewhere; of ordered ones four.
_MIXED, _PAIRED, _ENOUGH_LINES = 0.24, 0.28, 16
#: So many of a page's lines tell.
_SAMPLE = 60


class _Tail(NamedTuple):
    line: int
    width: float
    fresh: bool  # the column's first line


class _Link(NamedTuple):
    line: int
    after: int  # the line it goes on after, -1 for a column's first
    earlier: _Link | None


class _State(NamedTuple):
    score: float
    tails: tuple[int, ...]  # numbers of the open columns' last lines as ``_Fits.tails`` has them
    links: _Link | None = None


def is_mixed(lines: Sequence[Line]) -> bool:
    """Whether too few lines go on with the next one for the page to be read in order."""
    open_lines: list[tuple[str, str]] = []
    for one, two in pairwise(lines):
        if one.width >= 8 and not _pauses(one.text):
            open_lines.append((one.text, two.text))
            if len(open_lines) == _SAMPLE:
                break
    if len(open_lines) < _ENOUGH_LINES:
        return False
    page = "\n".join([line.text for line in lines])
    enough_crossing, enough_paired = _MIXED * len(open_lines), _PAIRED * len(open_lines)
    known: list[bool] = []
    paired = crossing = 0
    for before, after in open_lines:
        is_paired = before[-1] + after[0] in page
        known.append(is_paired)
        paired += is_paired
        if paired >= enough_paired:  # settled without cutting words
            return False
    for (before, after), is_paired in zip(open_lines, known, strict=True):
        if word_crosses(before, after):
            crossing += 1
            paired += not is_paired
            if crossing >= enough_crossing or paired >= enough_paired:
                return False
    return True


def _pauses(text: str) -> bool:
    return text[-1] in _PAUSE or ends_sentence(text)


def unmixed(lines: Sequence[Line]) -> list[Line]:
    """``lines`` column by column: a permutation; too many lines are left as they are."""
    if len(lines) > _MOST:
        return list(lines)
    chains = _chains(lines)
    fits = _Fits(lines)
    after = _linked(chains, lines, fits)
    found: list[Line] = []
    follows = set(after.values())
    for number in range(len(chains)):
        if number in follows:
            continue
        current: int | None = number
        while current is not None:
            found += [lines[index] for index in chains[current]]
            current = after.get(current)
    return found


def _chains(lines: Sequence[Line]) -> list[list[int]]:
    fits = _Fits(lines)
    states = [_State(0.0, ())]
    for index in range(len(lines)):
        beam = _Beam()
        _advance(states, index, fits, beam)
        states = beam.kept(index)
    before_of: dict[int, int] = {}
    link = states[0].links
    while link is not None:
        before_of[link.line] = link.after
        link = link.earlier
    chains: list[list[int]] = []
    chain_of: dict[int, int] = {}
    for index in range(len(lines)):
        before_line_no = before_of[index]
        if before_line_no < 0:
            chain_of[index] = len(chains)
            chains.append([index])
        else:
            chain_of[index] = chain_of[before_line_no]
            chains[chain_of[index]].append(index)
    return chains


class _Beam:
    """The best states after one line, ``_BEAM`` for each number of open columns.

    ``floors`` says what a state with so many columns must score to be among them: what falls short
    of it need not be made.
    """

    def __init__(self) -> None:
        #: Of the columns that are open: score, the line that the last one goes on after, links of the state before.
        self.states: dict[tuple[int, ...], tuple[float, int, _Link | None]] = {}
        self.scores: list[list[float]] = [[] for _ in range(_TAILS + 1)]
        self.floors = [-math.inf] * (_TAILS + 1)
        self.best = -math.inf

    def offer(self, score: float, tails: tuple[int, ...], after: int, links: _Link | None) -> None:
        """Keep the state unless one with the same open columns scores as well."""
        known = self.states.get(tails)
        scores = self.scores[len(tails)]
        if known is not None:
            if known[0] >= score:
                return
            if known[0] in scores:
                scores.remove(known[0])
        self.states[tails] = score, after, links
        insort(scores, score)
        if len(scores) > _BEAM:
            del scores[0]
        if len(scores) == _BEAM and scores[0] > self.floors[len(tails)]:
            self.floors[len(tails)] = scores[0]
        if score > self.best:
            self.best = score
            self.floors[:] = [max(floor, score - _BEHIND) for floor in self.floors]

    def kept(self, line: int) -> list[_State]:
        """The states after ``line``: those with as many open columns together, the best first."""
        found: dict[int, list[_State]] = {}
        for tails, (score, after, links) in sorted(self.states.items(), key=lambda state: -state[1][0]):
            if score < self.best - _BEHIND:
                break
            best = found.setdefault(len(tails), [])
            if len(best) < _BEAM:
                best.append(_State(score, tails, _Link(line, after, links)))
        return [state for best in found.values() for state in best]


def _advance(states: Sequence[_State], index: int, fits: _Fits, beam: _Beam) -> None:
    """Offer to ``beam`` all ways for line ``index`` to go on: with one of the open columns, or as a new one.

    Readers take the columns in turn, so the column that waited longest is next; others before it
    in the turn were passed over, or have ended.
    """
    floors, tails_of, offer = beam.floors, fits.tails, beam.offer
    going: dict[int, tuple[float, int, int]] = {}  # what speaks for it, the column's end then, the line before
    for number in {tail for state in states for tail in state.tails}:
        tail = tails_of[number]
        going[number] = fits.after(tail, index), fits.tail(tail, index), tail.line
    fresh = fits.tail(None, index)
    for score, tails, links in states:
        count = len(tails)
        last = tails_of[tails[-1]] if tails else None
        new = fits.begins(last, index)
        if score + new >= floors[min(count + 1, _TAILS)]:
            offer(score + new, (*tails, fresh)[-_TAILS:], -1, links)
        if last is not None and count > 1:
            found = score + (new - (0.2 if fits.titles[last.line] else 0.8))
            if found >= floors[1]:
                offer(found, (fresh,), -1, links)
        for place, number in enumerate(tails):
            gain, following, line = going[number]
            if not place:
                if score + gain >= floors[count]:
                    offer(score + gain, (*tails[1:], following), line, links)
                continue
            if score + (gain - _PASS) >= floors[count]:
                found = score + (gain - fits.passing(tails, place))
                if found >= floors[count]:
                    offer(found, (*tails[:place], *tails[place + 1 :], following), line, links)
            found = score + (gain - _END - 0.4 * place)
            if found >= floors[count - place]:
                offer(found, (*tails[place + 1 :], following), line, links)


def _linked(chains: list[list[int]], lines: Sequence[Line], fits: _Fits) -> dict[int, int]:
    """For each column the one that its text goes on in, where there is one."""
    gain = []
    for number, chain in enumerate(chains):
        row = [0.0] * len(chains)
        if len(chain) > 1 and not fits.final[chain[-1]]:
            tail = _Tail(chain[-1], max(lines[index].width for index in chain[-6:]), False)
            for other in range(number + 1, min(number + 1 + _NEAR, len(chains))):
                start = chains[other][0]
                if not fits.opens[start]:
                    row[other] = fits.after(tail, start) + 1.0 - 0.01 * (other - number)
        gain.append(row)
    return {number: other for number, other in enumerate(best_matching(gain)) if other is not None}


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


class _Fits:
    """How well lines follow one another, remembered."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.final = [ends_sentence(line.text) for line in lines]
        self.opens = [_OPENS.match(line.text) is not None for line in lines]
        usual = typical_width(lines) or 0.0
        self.titles = [
            not final and may_be_title(line.text) and (line.width < usual - 3.2 or line.width > usual + 1.6)
            for final, line in zip(self.final, lines, strict=True)
        ]
        self.known: dict[tuple[int, int], float] = {}
        #: Last lines of columns, each once, and their numbers.
        self.tails: list[_Tail] = []
        self.numbers: dict[_Tail, int] = {}
        self.page = set().union(*(grams(line.text) for line in lines)) if lines else set()

    def tail(self, before: _Tail | None, index: int) -> int:
        """The number of the column's end when ``index`` goes on after ``before`` (None: begins a column)."""
        tail = _Tail(index, self.width(before, index), before is None)
        number = self.numbers.setdefault(tail, len(self.tails))
        if number == len(self.tails):
            self.tails.append(tail)
        return number

    def passing(self, tails: Sequence[int], place: int) -> float:
        """What it costs to go on with the column at ``place`` and to pass over those before it."""
        ends = self.tails
        width = ends[tails[place]].width
        alike = sum([-0.8 < ends[tail].width - width < 0.8 for tail in tails[:place]])  # columns of one article stand level
        return _SKIP + 0.3 * alike if alike else _PASS

    def width(self, before: _Tail | None, index: int) -> float:
        """The width of the column when ``index`` goes on after ``before``."""
        own = self.lines[index].width
        if before is None or own > before.width + 3:
            return own
        return max(before.width, own) if own > before.width - 3 else before.width

    def begins(self, last: _Tail | None, index: int) -> float:
        """What speaks for line ``index`` being the first of a column, ``last`` being the line before it on the page."""
        if last is None or self.opens[index]:
            return -0.5
        if last.fresh:
            return _BESIDE
        if self.titles[index] or self.titles[last.line]:
            return _TITLE
        return _NEW

    def after(self, tail: _Tail, index: int) -> float:
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
            elif left[-1] in _PAUSE:
                found = 0.0
            elif left[-1] + right[0] in self.page:
                found = 2.0
            elif left[-1].isdigit() or right[0].isdigit():
                found = 0.2
            else:
                found = -1.0
            self.known[(one, two)] = found
        return found
