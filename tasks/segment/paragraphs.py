"""Printed lines → units: paragraphs of running text, and titles (headlines, crossheads, kickers).

Extraction keeps no indents and no type sizes.  What is left is the length of lines: in running
text every line but a paragraph's last is as long as the column is wide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.segment.bylines import Credits, read_closing, read_opening
from tasks.segment.lines import Line

_FINAL = re.compile(r"[。！？!?…；;：:][”’」』）)】》\"]*$|[。！？][”’」』]?[（(【][^（）()]{1,40}[）)】]$")
_OPENING = re.compile(r"讯|电|消息|记者|通讯员|【|报道|文/")
_NOT_TITLE = re.compile(r"。|；|[，、：；:]$|^[，。、；：）”’」』!！?？%]")
_LEADING_MARK = re.compile(r"^[，。、；：）”’」』》】％%]")
_QUOTE = re.compile(r"^[“‘「『（]")


@dataclass(slots=True)
class Unit:
    """Lines that belong together: a paragraph, or a title of one or more lines.

    ``opening`` and ``closing`` are the dateline or byline it begins with and the signature it ends
    with; ``full`` are the widths of its full lines; ``soft`` says that its end is no sure end of a
    paragraph (a full line that happens to end a sentence).
    """

    lines: list[Line]
    title: bool
    opening: Credits | None = None
    closing: Credits | None = None
    soft: bool = False

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    @property
    def full(self) -> list[float]:
        return [line.width for line in self.lines[:-1]]


def is_final(text: str) -> bool:
    """Whether a line ends a sentence."""
    return _FINAL.search(text[-50:]) is not None


def may_be_title(text: str) -> bool:
    """Whether a line could be part of a headline or crosshead by its words."""
    return len(text) <= 60 and not _NOT_TITLE.search(text)


def merge_split_lines(lines: list[Line]) -> list[Line]:
    """Lines cut in two at a quotation mark or a comma by the reader put together again.

    No printed line begins with a closing mark; one that begins with an opening mark belongs to the
    line before when both fit the column.
    """
    found: list[Line] = []
    for index, line in enumerate(lines):
        before = found[-1] if found else None
        if before is not None and line.start - before.end <= 3 and not line.apart:
            around = [other.width for other in lines[max(0, index - 4) : index + 5]]
            room = sorted(around)[-2] + 0.6
            fits = before.width + line.width <= room
            if fits and (_LEADING_MARK.match(line.text) or _QUOTE.match(line.text) or _QUOTE.match(before.text) and before.text[-1] in "，、"):
                found[-1] = Line(before.start, line.end, before.text + line.text, before.width + line.width, before.apart, before.indented)
                continue
        found.append(line)
    return found


def read_units(lines: Sequence[Line]) -> list[Unit]:
    """The paragraphs and titles that ``lines`` make up, in order."""
    openings = [_opening_at(lines, index) for index in range(len(lines))]
    finals = [is_final(line.text) for line in lines]
    units: list[Unit] = []
    at = 0
    while at < len(lines):
        stop = next((index for index in range(at + 1, len(lines)) if openings[index] is not None), len(lines))
        end = next((index for index in range(at, stop) if finals[index]), None)
        if openings[at] is None:
            titles = _leading_titles(lines, at, stop, end)
            if titles:
                units.append(Unit(list(lines[at : at + titles]), title=True))
                at += titles
                continue
        last = stop - 1 if end is None else end
        while True:  # a line of full length that ends a sentence seldom ends the paragraph
            unit = Unit(list(lines[at : last + 1]), title=False, opening=openings[at])
            break
        unit.soft = last + 1 < stop and lines[last].width >= _column(lines, at, last) - 1.2
        unit.closing = _closing_of(unit)
        units.append(unit)
        at = last + 1
    return units


def _opening_at(lines: Sequence[Line], index: int) -> Credits | None:
    line = lines[index]
    if not _OPENING.search(line.text[:40]) and not (index + 1 < len(lines) and line.text[-1] in "讯电消记通" and _OPENING.search(line.text[-1] + lines[index + 1].text[:2])):
        return None
    return read_opening("\n".join(other.text for other in lines[index : index + 4]))


def _closing_of(unit: Unit) -> Credits | None:
    text = "\n".join(line.text for line in unit.lines[-4:])
    if text[-1] not in "）)】" and "记者" not in text[-40:] and "通讯员" not in text[-40:]:
        return None
    return read_closing(text)


def _column(lines: Sequence[Line], first: int, last: int) -> float:
    """The width of the column about ``lines[first:last]``: of full lines there, else of those near."""
    inside = sorted(line.width for line in lines[first:last])
    if len(inside) >= 3:
        return inside[len(inside) // 2]
    near = sorted(line.width for line in lines[max(0, first - 6) : last + 8] if not is_final(line.text))
    return near[len(near) // 2] if near else lines[last].width


def _leading_titles(lines: Sequence[Line], at: int, stop: int, end: int | None) -> int:
    """How many lines from ``at`` are a title; ``end`` is the next line that ends a sentence, ``stop`` the next opening."""
    limit = stop if end is None else end
    if end is None:  # nothing ends a sentence before the next article or the page's end
        count = 0
        while at + count < stop and may_be_title(lines[at + count].text):
            count += 1
        return count
    best = 0
    for count in range(1, min(5, limit - at) + 1):
        line = lines[at + count - 1]
        if not may_be_title(line.text):
            break
        ahead = sorted(other.width for other in lines[at + count : min(at + count + 12, stop)] if not is_final(other.text))
        if not ahead:
            continue
        column = ahead[len(ahead) // 2] if len(ahead) > 3 else ahead[-1]
        if line.width <= column - 2.0 or line.width >= column + 1.6:
            best = count
    if best == 0 and at == limit and lines[at].text[-1] in "！？!?…":
        column = _column(lines, at, at)
        if may_be_title(lines[at].text) and lines[at].width <= 0.8 * column:
            return 1
    return best
