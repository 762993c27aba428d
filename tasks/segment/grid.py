"""Columns side by side in one line of text, as readers give them that keep the page's layout with blanks.

``pdftotext -layout`` and its like print a page as a grid: what stands in a row of the page stands in a
line, and columns begin at the same place in their lines.  Such lines are cut into cells at runs of
blanks, cells under one another make columns, and columns are put in the order of reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tasks.segment.lines import Line, width_of

#: So many of the page's characters are blanks dropped, so many of its lines hold two cells, of so many characters each, on a grid.
_BLANK, _SHARE, _CELL = 0.1, 0.25, 5
_FEW, _MOST = 12, 3_000
#: Characters that lines of a column begin apart, an indent among them; rows that columns beside may put between two of its lines.
_LEFT, _RIGHT, _ROWS = 2, 4, 2
#: Lines of a headline at most; more columns than this are not compared in pairs.
_HEAD, _MANY = 3, 100


class _Cell(NamedTuple):
    row: int
    x0: int
    x1: int
    start: int
    end: int


@dataclass(slots=True)
class _Column:
    """Cells under one another; its edges are places in the lines."""

    cells: list[_Cell] = field(default_factory=list)
    x0: int = 0
    x1: int = 0

    @property
    def top(self) -> int:
        return self.cells[0].row

    @property
    def bottom(self) -> int:
        return self.cells[-1].row

    def add(self, cell: _Cell) -> None:
        self.x0 = min(self.x0, cell.x0) if self.cells else cell.x0
        self.x1 = max(self.x1, cell.x1)
        self.cells.append(cell)

    def takes(self, cell: _Cell) -> bool:
        """Whether ``cell`` stands in the column, right below what it holds."""
        return -_LEFT <= cell.x0 - self.x0 <= _RIGHT and 0 < cell.row - self.bottom <= _ROWS

    def before(self, other: _Column) -> bool:
        """Whether a reader comes to this column first: it stands over the other, or level with it at its left."""
        if self.x0 < other.x1 and other.x0 < self.x1:
            return self.top < other.top
        return self.x0 < other.x0 and self.top <= other.bottom and other.top <= self.bottom


class Grid:
    """The cells of a page's lines: ``lines`` has them in the order of the text."""

    def __init__(self, text: str, cells: Sequence[_Cell]) -> None:
        self.cells = {cell.start: cell for cell in cells}
        self.lines = [_line(text[cell.start : cell.end], cell) for cell in cells]

    def by_columns(self, lines: Sequence[Line]) -> list[Line]:
        """``lines``, some of the grid's, column by column in the order of reading."""
        kept = {line.start: line for line in lines}
        found: list[Line] = []
        for column in _ordered(_columns([self.cells[start] for start in kept])):
            for number, cell in enumerate(column.cells):
                line = kept[cell.start]
                line.apart, line.indented = not number, cell.x0 > column.x0
                found.append(line)
        return found


def _line(words: str, cell: _Cell) -> Line:
    return Line(cell.start, cell.end, words, width_of(words))


def read_grid(text: str, offsets: Sequence[int], lines: Sequence[Line]) -> Grid | None:
    """The grid that ``lines`` are printed on; None where they are not.  ``offsets`` are the places of the characters of
    ``text`` in the raw page, which has all blanks."""
    if len(lines) < _FEW or offsets[-1] - offsets[0] + 1 - len(text) < _BLANK * len(text):
        return None
    cells = _cells(text, offsets, lines)
    rows: dict[int, int] = {}
    for cell in cells:
        rows[cell.row] = rows.get(cell.row, 0) + (cell.end - cell.start >= _CELL)
    shared = sum(count > 1 for count in rows.values())
    if shared < _FEW or shared < _SHARE * len(rows) or len(cells) > _MOST:
        return None
    return Grid(text, cells)


def _cells(text: str, offsets: Sequence[int], lines: Sequence[Line]) -> list[_Cell]:
    found = []
    row = at = 0
    for line in lines:
        row += text.count("\n", at, line.start)
        at = line.start
        head = text.rfind("\n", 0, line.start)
        left = offsets[head] + 1 if head >= 0 else 0
        start = last = line.start
        for index in range(line.start + 1, line.end):
            if text[index] == " ":
                continue
            if offsets[index] - offsets[last] > 2:  # two blanks or more between
                found.append(_Cell(row, offsets[start] - left, offsets[last] - left + 1, start, last + 1))
                start = index
            last = index
        found.append(_Cell(row, offsets[start] - left, offsets[last] - left + 1, start, last + 1))
    return found


def _columns(cells: Sequence[_Cell]) -> list[_Column]:
    found: list[_Column] = []
    open_: list[_Column] = []
    for cell in cells:
        open_ = [column for column in open_ if cell.row - column.bottom <= _ROWS]
        fitting = [column for column in open_ if column.takes(cell)]
        if fitting:
            column = min(fitting, key=lambda column: (abs(cell.x0 - column.x0), -column.bottom))
        else:
            column = _Column()
            found.append(column)
            open_.append(column)
        column.add(cell)
    return found


def _ordered(columns: Sequence[_Column]) -> list[_Column]:
    """Columns as a reader comes to them: the page is cut below text, then between columns, then below headlines."""
    found: list[_Column] = []
    groups = [list(columns)]
    while groups:
        group = groups.pop()
        bands = _bands(group)
        for parts in (_with_heads(bands), _sides(group), bands):
            if len(parts) > 1:
                groups += reversed(parts)
                break
        else:
            found += _one_by_one(group)
    return found


def _bands(columns: Sequence[_Column]) -> list[list[_Column]]:
    """Columns parted where none goes on from one row to the next."""
    parts: list[list[_Column]] = []
    bottom = 0
    for column in sorted(columns, key=lambda column: (column.top, column.x0)):
        if not parts or column.top > bottom:
            parts.append([])
            bottom = column.bottom
        parts[-1].append(column)
        bottom = max(bottom, column.bottom)
    return parts


def _with_heads(bands: Sequence[list[_Column]]) -> list[list[_Column]]:
    """Bands in which nothing is longer than a headline together with the band that they head."""
    parts: list[list[_Column]] = []
    heads: list[_Column] = []
    for band in bands:
        heads += band
        if any(len(column.cells) > _HEAD for column in band):
            parts.append(heads)
            heads = []
    return [*parts, heads] if heads else parts


def _sides(columns: Sequence[_Column]) -> list[list[_Column]]:
    """Columns parted where a place of the line is left free from top to bottom."""
    parts: list[list[_Column]] = []
    right = 0
    for column in sorted(columns, key=lambda column: (column.x0, column.top)):
        if not parts or column.x0 >= right:
            parts.append([])
            right = column.x1
        parts[-1].append(column)
        right = max(right, column.x1)
    return parts


def _one_by_one(columns: Sequence[_Column]) -> list[_Column]:
    """Columns that no straight cut parts: each after all that stand before it, what begins highest first."""
    rest = sorted(columns, key=lambda column: (column.top, column.x0))
    if len(rest) > _MANY:
        return rest
    found = []
    while rest:
        following = next((one for one in rest if not any(other.before(one) for other in rest if other is not one)), rest[0])
        rest.remove(following)
        found.append(following)
    return found
