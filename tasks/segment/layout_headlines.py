"""Headlines on a printed page: lines set larger than the text, stacked into kicker, headline and subheadline."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.segment.entitling import DASHED
from tasks.segment.layout_lines import Box, Line

LARGER = 1.14  #: times the text's size: a line this large is display type
SAME = 0.07  #: of the size: lines of one headline differ less


@dataclass(slots=True, eq=False)
class Stack(Box):
    """The display lines over (or beside) one article, sorted into their parts."""

    headline: list[Line] = field(default_factory=list)
    kicker: list[Line] = field(default_factory=list)
    subheadline: list[Line] = field(default_factory=list)
    byline: list[Line] = field(default_factory=list)
    vertical: bool = False

    @property
    def size(self) -> float:
        return self.headline[0].size

    @property
    def lines(self) -> list[Line]:
        return [*self.kicker, *self.headline, *self.subheadline, *self.byline]

    def grow(self, line: Line) -> None:
        self.x0, self.y0 = min(self.x0, line.x0), min(self.y0, line.y0)
        self.x1, self.y1 = max(self.x1, line.x1), max(self.y1, line.y1)


def is_display(line: Line, body: float) -> bool:
    return line.vertical or line.size >= LARGER * body


def stacks(display: list[Line], text: list[Line]) -> list[Stack]:
    """Display lines grouped by what stands together, each group's parts told apart by size and order."""
    level = sorted((line for line in display if not line.vertical), key=lambda line: (line.y0, line.x0))
    upright = sorted((line for line in display if line.vertical), key=lambda line: (-line.x0, line.y0))
    groups = _grouped(level, text)
    return [_stack(group) for group in groups] + [_vertical_stack(group) for group in _upright_groups(upright)]


def _grouped(lines: list[Line], text: list[Line]) -> list[list[Line]]:
    groups: list[list[Line]] = []
    for line in lines:
        home = None
        for group in reversed(groups):
            if any(_together(other, line, text, lines) for other in group) and not any(_between(other, group, line) for other in text):
                home = group
                break
        if home is None:
            groups.append([line])
        else:
            home.append(line)
    return [part for group in groups for part in _unlike(group, text)]


def _together(above: Line, line: Line, text: list[Line], display: list[Line]) -> bool:
    """Whether a line belongs to the stack of one above it (or, in pieces, beside it on one baseline)."""
    large = max(above.size, line.size)
    if above.level(line) > 0.6:  # one line with a wide space in it, or the headlines of two articles side by side
        return abs(above.size - line.size) <= SAME * large and 0 <= line.x0 - above.x1 <= 2.2 * large and not (
            _apart(above, line, text) or _goes_on(above, line, display)
        )
    gap = line.y0 - above.y1
    if not -0.4 * large <= gap <= 0.95 * large:
        return False
    return above.beside(line) >= 0.5 or abs(above.x0 - line.x0) <= 0.6 * large


def _goes_on(left: Line, line: Line, display: list[Line]) -> bool:
    """Whether the right one of two lines in a row goes on below, flush with its own beginning: the headline of an article beside."""
    near = [o for o in display if 0 <= o.y0 - line.y1 <= 0.95 * line.size and o.x0 > left.x1]
    return any(abs(o.x0 - line.x0) <= 0.3 * line.size for o in near)


def _apart(left: Line, line: Line, text: list[Line]) -> bool:
    """Whether white space between two lines of one row goes on below, between the columns of two articles."""
    top, near = max(left.y1, line.y1) - 0.3 * line.size, 8 * line.size
    under = [other for other in text if 0 <= other.y0 - top <= near]
    crossed = any(other.x0 < left.x1 - 1 and other.x1 > line.x0 + 1 for other in under)
    return not crossed and any(other.beside(left) > 0.1 for other in under) and any(other.beside(line) > 0.1 for other in under)


def _between(other: Line, group: list[Line], line: Line) -> bool:
    last = group[-1]
    return other.y0 >= last.y1 - 0.2 * last.size and other.y1 <= line.y0 + 0.2 * line.size and other.beside(line) > 0.2


def _unlike(group: list[Line], text: list[Line]) -> list[list[Line]]:
    """A group taken apart where two lines of one row head two articles below a line that spans both."""
    for i, line in enumerate(group):
        rivals = [other for other in group[i + 1 :] if other.level(line) > 0.5 and other.x0 > line.x1 and _apart(line, other, text)]
        if rivals:
            lower = [line, *rivals]
            upper = [other for other in group if other.y1 <= line.y0 + 0.4 * line.size and other not in lower]
            parts = [[one] for one in lower]
            for other in group:
                if other not in lower and other not in upper:
                    max(parts, key=lambda part: part[0].beside(other)).append(other)
            return ([upper] if upper else []) + parts
    return [group]


def _stack(group: list[Line]) -> Stack:
    group.sort(key=lambda line: (line.y0, line.x0))
    largest = max(line.size for line in group)
    main = [line for line in group if line.size >= (1 - SAME) * largest]
    first = group.index(main[0])
    # lines of the largest size that other lines keep apart from the first ones are no part of the main headline
    last = first
    while last + 1 < len(group) and group[last + 1].size >= (1 - SAME) * largest and not DASHED.match(group[last + 1].text):
        last += 1
    return Stack(
        min(line.x0 for line in group),
        min(line.y0 for line in group),
        max(line.x1 for line in group),
        max(line.y1 for line in group),
        headline=group[first : last + 1],
        kicker=group[:first],
        subheadline=group[last + 1 :],
    )


def _upright_groups(lines: list[Line]) -> list[list[Line]]:
    """Vertical lines side by side, from right to left."""
    groups: list[list[Line]] = []
    for line in lines:
        home = next((g for g in groups if g[-1].level(line) > 0.5 and g[-1].x0 - line.x1 <= 1.2 * max(line.size, g[-1].size)), None)
        if home is None:
            groups.append([line])
        else:
            home.append(line)
    return groups


def _vertical_stack(group: list[Line]) -> Stack:
    stack = _stack(group[:1])
    largest = max(line.size for line in group)
    main = [i for i, line in enumerate(group) if line.size >= (1 - SAME) * largest]
    stack.kicker, stack.headline, stack.subheadline = group[: main[0]], group[main[0] : main[-1] + 1], group[main[-1] + 1 :]
    stack.vertical = True
    for line in group:
        stack.grow(line)
    return stack
