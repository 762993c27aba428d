"""Printed lines → units: paragraphs of running text, and titles (headlines, crossheads, kickers).

Extraction keeps no indents and no type sizes.  What is left is the length of lines: in running
text a paragraph's first line is two characters short of the column's width (its indent is lost),
its last line ends where its last sentence ends, and all others are as long as the column is wide.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from tasks.segment.bylines import WINDOW, read_closing, read_opening
from tasks.segment.lines import Line
from tasks.segment.people import Credits
from tasks.segment.wording import cue_pattern, word_crosses

_STOPS, _CLOSING_MARKS = frozenset("。！？!?…；;：:"), frozenset("”’」』）)】》\"")
_CLOSED = re.compile(r"[。！？!?…；;：:][”’」』）)】》\"]+$")
_SIGNED = re.compile(r"[。！？…][”’」』）)]*[（(【][^（）()]{1,60}[）)】]$")
_OPENING = re.compile(r"[讯电【]|消\n?息|记\n?者|[文图]\n?/")
#: No more lines than these hold an opening; and it begins within so many characters of a line.
_AHEAD = 20
_OPENS_BY = 40
_NOT_TITLE = re.compile(r"。|；|[，、：；:]$|^[，。、；：）”’」』!！?？%]")
_RUNNING = re.compile("，|" + cue_pattern("running"))
#: Marks that no printed line begins with, and opening ones.
_LEADING_MARKS = frozenset("，。、；：）”’」』》】％%“‘「『（")

#: How far from a column's width, in characters, a line of text may be: a full line, the first of a paragraph, a last one or a title.
_FULL, _FIRST, _SHORT, _WIDE = 0.9, 3.1, 1.3, 1.6
#: No column of a newspaper is wider: a longer line is a whole paragraph, kept on one line.
_UNBROKEN = 32


@dataclass(slots=True)
class Unit:
    """Lines that belong together: a paragraph, or a title of one or more lines.

    ``opening`` and ``closing`` are the dateline or byline it begins with and the signature it ends
    with; ``soft`` says that its end is no sure end of a paragraph, ``byline`` that it is nothing but
    a byline; ``indent`` is how much shorter than the column the page's first lines of paragraphs are.
    """

    lines: list[Line]
    title: bool
    opening: Credits | None = None
    closing: Credits | None = None
    soft: bool = False
    byline: bool = False
    indent: float = 2.0
    _text: str = ""
    _full: list[float] = field(default_factory=list)

    @property
    def text(self) -> str:
        if not self._text:
            self._text = "".join([line.text for line in self.lines])
        return self._text

    @property
    def full(self) -> list[float]:
        """Widths of the lines that are as long as the column is wide: neither a paragraph's first nor its last."""
        if len(self.lines) < 3:
            return [line.width + self.indent for line in self.lines[:-1]]
        if not self._full:
            self._full = [line.width for line in self.lines[1:-1]]
        return self._full


def may_be_title(text: str) -> bool:
    """Whether a line could be part of a headline or crosshead by its words."""
    return len(text) <= 60 and not _NOT_TITLE.search(text)


def ends_sentence(text: str) -> bool:
    """Whether a line's last mark, but for closing ones, ends a sentence or leads up to what is said."""
    last = text[-1]
    return last in _STOPS or (last in _CLOSING_MARKS and _CLOSED.search(text[-6:]) is not None)


_FIRST_POINT = re.compile(r"(?:一、|[（(]一[）)])[^，。；\d]{1,12}")


def is_first_point(text: str) -> bool:
    """Whether a line numbers the first part of a text: 一、综合."""
    return _FIRST_POINT.fullmatch(text) is not None


def _whole(title: str) -> bool:
    """Whether a title's brackets and quotation marks are closed and it has few commas."""
    if title.count("，") > 1 or title.count("、") > 4:
        return False
    return all(title.count(opening) == title.count(closing) for opening, closing in ("（）", "“”", "《》", "「」", "()"))


def merge_split_lines(lines: list[Line]) -> list[Line]:
    """Lines that the reader cut at a quotation mark or a comma put together again.

    No printed line begins with a closing mark; one that begins with an opening mark belongs to the
    line before when both fit the column.
    """
    found: list[Line] = []
    for index, line in enumerate(lines):
        before = found[-1] if found else None
        if before is not None and not line.apart and line.text[0] in _LEADING_MARKS:
            around = sorted(other.width for other in lines[max(0, index - 10) : index + 11])
            if before.width + line.width <= around[(9 * len(around)) // 10 - 1] + 1.1:
                found[-1] = Line(before.start, line.end, before.text + line.text, before.width + line.width, before.apart, before.indented)
                continue
        found.append(line)
    return found


def read_units(lines: Sequence[Line]) -> list[Unit]:
    """The paragraphs and titles that ``lines`` make up, in order."""
    units = _Units(lines).read()
    indent = _indent(units)
    for unit in units:
        unit.indent = indent
    return units


def _indent(units: Sequence[Unit]) -> float:
    """How much shorter than their columns the first lines of paragraphs are: 2, or 0 where a page sets them flush."""
    found = sorted(max(unit.full) - unit.lines[0].width for unit in units if not unit.title and len(unit.lines) > 3)
    return 0.0 if len(found) > 3 and found[len(found) // 2] < 0.8 else 2.0


class _Units:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self._measure_spread()
        self.runs_on: set[int] = set()  # lines that the byline of an opening runs on to
        self.openings = self._openings()
        self.finals = [self._is_final(index) for index in range(len(lines))]
        self.widths = [line.width for line in lines]
        #: Widths that tell that of their column: no paragraph's last line, or a whole paragraph; else 0.
        self.filling = [width if not final or width > _UNBROKEN else 0.0 for width, final in zip(self.widths, self.finals, strict=True)]
        self.next_opening = self._next([opening is not None for opening in self.openings])
        self.next_final = self._next(self.finals)
        self.next_firm = self._next([final and line.text[-1] not in "！？!?…" for final, line in zip(self.finals, lines, strict=True)])

    def _measure_spread(self) -> None:
        """Give letter-spaced lines, which fill their column, the width of the full lines near."""
        for index, line in enumerate(self.lines):
            if line.spread:
                near = sorted(other.width for other in self.lines[max(0, index - 6) : index + 7] if not other.spread)
                if near:
                    line.width = max(line.width, near[(3 * len(near)) // 4])

    def _next(self, marks: Sequence[bool]) -> list[int]:
        """For each line the first at or after it that is marked, the number of lines where none is."""
        found = [len(marks)] * (len(marks) + 1)
        for index in range(len(marks) - 1, -1, -1):
            found[index] = index if marks[index] else found[index + 1]
        return found

    def _openings(self) -> list[Credits | None]:
        found: list[Credits | None] = []
        may_open = self._may_open()
        skip = 0
        for index, line in enumerate(self.lines):
            opening = None
            if index >= skip and may_open[index]:
                ahead = "\n".join([other.text for other in self.lines[index : index + _AHEAD]])[:WINDOW]
                opening = read_opening(ahead)
                start, further = 0, index
                while opening is not None and start < opening.end:  # lines that the byline runs on to begin nothing
                    if further > index:
                        self.runs_on.add(further)
                    start += len(self.lines[further].text) + 1
                    skip = further = further + 1
            found.append(opening)
        return found

    def _may_open(self) -> list[bool]:
        """Which lines hold, with the start of the next, a word that openings hold: found in one pass over all of them."""
        found = [False] * (len(self.lines) + 1)
        starts = list(accumulate([len(line.text) + 1 for line in self.lines], initial=0))
        for match in _OPENING.finditer("\n".join([line.text for line in self.lines])):
            index = bisect_right(starts, match.start()) - 1
            end = match.end() - starts[index]
            if end <= _OPENS_BY:
                found[index] = True
            if index and end <= 3:  # found[-1] would be the last line
                found[index - 1] = True
        return found

    def _is_final(self, index: int) -> bool:
        text = self.lines[index].text
        if ends_sentence(text):
            return True
        if index in self.runs_on:  # names of an opening, not a signature
            return False
        before = self.lines[index - 1].text if index else ""
        if text[-1] in "）)】":
            return _SIGNED.search((before + text)[-90:]) is not None
        if ("记者" in text or "通讯员" in text) and ("记者" in text[-30:] or "通讯员" in text[-30:]):
            goes_on = not before or not ends_sentence(before)
            return goes_on and self.openings[index] is None and read_closing(before + "\n" + text) is not None
        return False

    def read(self) -> list[Unit]:
        units: list[Unit] = []
        at = 0
        while at < len(self.lines):
            stop = self.next_opening[at + 1]
            end = self.next_final[at]
            titles = 0 if self.openings[at] else self._titles(at, stop, end)
            if titles:
                heads = titles - (titles > 1 and is_first_point(self.lines[at + titles - 1].text))
                units.append(Unit(list(self.lines[at : at + heads]), title=True))
                if heads < titles:  # the crosshead of a first part under the headline
                    units.append(Unit(list(self.lines[at + heads : at + titles]), title=True))
                at += titles
                continue
            opening = self.openings[at]
            alone = self._own_lines(at, opening) if opening is not None else 0
            last = at + alone - 1 if alone else self._end_of_paragraph(at, min(end, stop - 1), stop)
            unit = Unit(list(self.lines[at : last + 1]), title=False, opening=self.openings[at])
            unit.soft = self._soft_end(at, last, stop)
            unit.byline = alone > 0
            unit.closing = None if alone else self._closing(unit)
            units.append(unit)
            at = last + 1
        return units

    def _own_lines(self, at: int, opening: Credits) -> int:
        """How many lines from ``at`` are a byline and nothing else, 0 when text follows on its last line."""
        length = 0
        for count, line in enumerate(self.lines[at : at + 4], 1):
            length += len(line.text) + (count > 1)
            if opening.end <= length + 1:
                return count if opening.end >= length and opening.day is None and not self.finals[at + count - 1] else 0
        return 0

    def _end_of_paragraph(self, at: int, last: int, stop: int) -> int:
        """The last line of the paragraph that begins at ``at`` and has its first end of a sentence at ``last``.

        A full line may end a sentence by chance; then the next line is full too, not two short.
        """
        while last + 2 < stop and self.finals[last]:
            column = self._column(at, last + 1)
            following = self.lines[last + 1]
            if following.width > column + _WIDE or self.next_firm[last + 1] >= stop:
                break
            if self.lines[last].width < column - _SHORT or following.indented or following.width < column - _FULL or self.finals[last + 1]:
                break
            last = min(self.next_final[last + 1], stop - 1)
        return last

    def _soft_end(self, at: int, last: int, stop: int) -> bool:
        """Whether a paragraph's last line is full and the next one full too, so that it may be no end at all."""
        if last + 1 >= stop or not self.finals[last]:
            return False
        column = self._column(at, last + 1)
        return self.lines[last].width >= column - _FULL and column - _FULL <= self.lines[last + 1].width <= column + _WIDE

    def _closing(self, unit: Unit) -> Credits | None:
        text = "\n".join(line.text for line in unit.lines[-4:])
        if text[-1] not in "）)】" and "记者" not in text[-40:] and "通讯员" not in text[-40:]:
            return None
        return read_closing(text)

    def _column(self, first: int, last: int) -> float:
        """The width of the column about these lines: of the full ones there, else of those near."""
        widths = self.widths
        if last - first >= 4:
            return sorted(widths[first:last])[(3 * (last - first)) // 4]
        finals = self.finals
        near = sorted([widths[index] for index in range(max(0, first - 6), min(len(widths), last + 8)) if not finals[index]])
        return near[(3 * len(near)) // 4] if near else widths[min(last, len(widths) - 1)]

    def _ahead(self, first: int, stop: int) -> float | None:
        """The width of the column that begins at ``first``."""
        widths = sorted([width for width in self.filling[first : min(first + 6, stop)] if width])
        return widths[len(widths) // 2] if widths else None

    def _behind(self, at: int) -> float | None:
        """The width of the column that ends before ``at``."""
        widths = sorted([width for width in self.filling[max(0, at - 8) : at] if width])
        return widths[len(widths) // 2] if widths else None

    def _in_column(self, index: int, column: float) -> bool:
        """Whether a line and the next have the lengths of two lines of a paragraph in a column so wide."""
        line, following = self.lines[index], self.lines[index + 1]
        if not column - _FIRST < line.width <= column + _FULL or following.width > column + _SHORT:
            return False
        return following.width > column - _SHORT or self.finals[index + 1]

    def _titles(self, at: int, stop: int, end: int) -> int:
        """How many lines from ``at`` are a title; ``end`` is the next line that ends a sentence, ``stop`` the next opening."""
        lines = self.lines
        if self.next_firm[at] >= stop:  # no sentence ends before the next article or the page's end
            count = 0
            while at + count < stop and may_be_title(lines[at + count].text):
                count += 1
            if at + count == stop or end >= stop:
                return count
        if end >= stop:
            return 0
        best = 0
        behind: float | None = None
        for count in range(1, min(5, end - at) + 1):
            line = lines[at + count - 1]
            if line.spread or not may_be_title(line.text):
                break
            column = self._ahead(at + count, stop)
            if column is None:
                continue
            behind = self._behind(at) if behind is None else behind
            following = lines[at + count]
            if behind is not None and self._in_column(at + count - 1, behind):
                apart = False  # the last paragraph of a column that a wider one follows
            elif line.width <= column - _FIRST:
                apart = True
            elif line.width >= column + _WIDE:
                apart = behind is None or count > 1 or line.width >= behind + _WIDE or line.width <= behind - _FIRST
            else:  # as long as a paragraph's first line: then the next one must begin the paragraph
                apart = column - _FIRST <= following.width < column - _SHORT and not _RUNNING.search(line.text)
                apart = apart and (line.width < column - _FULL or (at + 2 < stop and lines[at + 2].width >= column - _FULL))
            if apart and not word_crosses(line.text, following.text) and _whole("".join(other.text for other in lines[at : at + count])):
                best = count
        if best == 0 and at == end and lines[at].text[-1] in "！？!?…" and may_be_title(lines[at].text):
            column = self._column(at, at)
            return int(lines[at].width <= column - _FIRST or lines[at].width >= column + _WIDE)
        return best
