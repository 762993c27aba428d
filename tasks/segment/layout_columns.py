"""Columns of running text: lines that follow one another downward at the text's pitch make a block."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tasks.segment.layout_lines import Box, Line, Mark, ends_sentence

INDENT = 1.2  #: em; a line that begins further in begins a paragraph (two em are usual)
SHORT = 1.4  #: em; a line that ends further in ends a paragraph


@dataclass(slots=True, eq=False)
class Block(Box):
    """Lines of one column, from top to bottom; ``left`` and ``right`` are the column's edges."""

    lines: list[Line] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0
    indented: bool = False  #: the first line begins a paragraph
    open: bool = False  #: the last line runs to the column's right edge
    closed: bool = False  #: the last line ends with a sentence's end

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def chars(self) -> int:
        return sum(len(line.text) for line in self.lines)

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)

    def begins(self, line: Line) -> bool:
        return line.x0 - self.left > INDENT * self.size or line.crosshead

    def add(self, line: Line) -> None:
        self.lines.append(line)
        self.x0, self.x1 = min(self.x0, line.x0), max(self.x1, line.x1)
        self.y0, self.y1 = min(self.y0, line.y0), max(self.y1, line.y1)


def _block(lines: list[Line]) -> Block:
    first = lines[0]
    block = Block(first.x0, first.y0, first.x1, first.y1)
    for line in lines:
        block.add(line)
    return block


def blocks(lines: list[Line], breakers: list[Box], pitch: float) -> list[Block]:
    """Lines of text as blocks; ``breakers`` (headlines, rules, pictures) part what stands above from what stands below."""
    found: list[Block] = []
    open_blocks: list[Block] = []
    for line in sorted(lines, key=lambda line: (line.y0, line.x0)):
        open_blocks = [block for block in open_blocks if line.y0 - block.lines[-1].y0 <= 2.5 * pitch]
        fitting = [block for block in open_blocks if _follows(block, line, pitch)]
        fitting = [block for block in fitting if not any(_parts(block, line, breaker) for breaker in breakers)]
        if fitting:
            max(fitting, key=lambda block: (block.beside(line), -abs(block.x0 - line.x0))).add(line)
        else:
            block = _block([line])
            found.append(block)
            open_blocks.append(block)
    found = [part for block in found for part in _narrowed(block)]
    found = _with_orphans(found, breakers, pitch)
    _set_edges(found)
    for block in found:
        last = block.lines[-1]
        block.indented = block.begins(block.lines[0])
        block.open = last.x1 > block.right - SHORT * block.size
        block.closed = ends_sentence(last.text)
    return found


def _follows(block: Block, line: Line, pitch: float) -> bool:
    last = block.lines[-1]
    size = line.size
    step = line.y0 - last.y0
    if not 0.55 * size < step <= 1.5 * pitch or (not 0.94 <= size / last.size <= 1.065 and not line.crosshead and not last.crosshead):
        return False
    inset = line.x0 - block.x0
    shared = min(block.x1, line.x1) - max(block.x0, line.x0)
    narrow = min(block.width, line.width) < 8 * size and -2.7 * size <= inset <= 2.9 * size
    if shared < 0.5 * min(block.width, line.width) and not narrow:
        return False
    width = block.width
    full = sum(other.x1 > block.x1 - SHORT * size for other in block.lines)
    if full >= 2 and line.x1 > block.x1 + (2.2 if full >= 3 else 6.0) * size:
        return False
    if -2.7 * size <= inset <= 2.9 * size:
        return True
    centred = abs((line.x0 + line.x1) - (block.x0 + block.x1)) <= 2.0 * size
    flush = abs(line.x1 - block.x1) <= 1.2 * size and line.width < 0.8 * width
    return inset > 0 and (centred or flush)


def _parts(block: Block, line: Line, breaker: Box) -> bool:
    last = block.lines[-1]
    between = breaker.y0 >= last.y0 + 0.3 * last.size and breaker.y1 <= line.y1 - 0.3 * line.size
    return between and (breaker.beside(line) > 0.3 or breaker.beside(block) > 0.3)


def _with_orphans(found: list[Block], breakers: list[Box], pitch: float) -> list[Block]:
    """Blocks of a line or two joined to the column that they stand right above or below, inside its edges."""
    small = [block for block in found if len(block.lines) <= 2]
    gone: set[int] = set()
    for block in [*small, *reversed(small)]:
        if id(block) in gone:
            continue
        for other in found:
            if other is block or id(other) in gone or len(other.lines) + len(block.lines) < 4:
                continue
            upper, lower = (block, other) if block.y0 < other.y0 else (other, block)
            step = lower.lines[0].y0 - upper.lines[-1].y0
            inside = other.x0 - 2.7 * block.size <= block.x0 and block.x1 <= other.x1 + block.size and block.x0 < other.x1
            if not inside or not 0.55 * block.size < step <= 1.5 * pitch or abs(block.size - other.size) > 0.065 * other.size:
                continue
            if any(_parts(upper, lower.lines[0], breaker) for breaker in breakers):
                continue
            lines = [*upper.lines, *lower.lines]
            if any(one is not upper and one is not lower and _stands_between(one, upper, lower) for one in found if id(one) not in gone):
                continue
            gone.add(id(block))
            other.lines.clear()
            for line in lines:
                other.add(line)
            break
    return [block for block in found if id(block) not in gone]


def _stands_between(one: Block, upper: Block, lower: Block) -> bool:
    level = one.y0 < lower.lines[0].y1 - 1 and one.y1 > upper.lines[-1].y0 + 1
    return level and min(one.x1, lower.x1, upper.x1) > max(one.x0, min(lower.x0, upper.x0))


def _narrowed(block: Block) -> list[Block]:
    """A block in parts where its right edge moves for good: text that wraps, or two columns under one line."""
    lines = block.lines
    size = block.size
    for i in range(1, len(lines) - 1):
        before, after = max(line.x1 for line in lines[:i]), max(line.x1 for line in lines[i:])
        full = sum(line.x1 > after - 0.6 * size for line in lines[i:])
        if before - after > 3 * size and full >= 2 and lines[i - 1].x1 > before - SHORT * size:
            return [_block(lines[:i]), *_narrowed(_block(lines[i:]))]
    return [block]


def _set_edges(found: list[Block]) -> None:
    for block in found:
        size = block.size
        lefts = Counter(round(line.x0 * 2) / 2 for line in block.lines)
        least = min(lefts)
        near = {left: count for left, count in lefts.items() if left <= least + INDENT * size}
        block.left = max(near, key=lambda left: (near[left], -left))
        rights = Counter(round(line.x1) for line in block.lines)
        most = max(rights)
        often = [right for right, count in rights.items() if count >= 2 and right >= most - 1.3 * size]
        block.right = float(max(often, key=lambda right: (rights[right], right)) if often else most)
    for block in found:  # a block of first lines only, or of short ones, learns its edges from its neighbours
        same = [other for other in found if len(other.lines) > len(block.lines) and len({round(line.x0) for line in other.lines}) > 1]
        size = block.size
        if len({round(line.x0) for line in block.lines}) == 1:
            for other in same:
                if 1.5 * size <= block.x0 - other.left <= 2.5 * size and block.x1 <= other.right + 1.5 * size and block.beside(other) > 0.5:
                    block.left = other.left
                    break
        if len(block.lines) <= 3:
            _borrow_width(block, found)
            for other in same:
                close = max(other.y0 - block.y1, block.y0 - other.y1) <= 6 * size
                if (
                    close
                    and abs(other.left - block.left) <= 0.4 * size
                    and other.right > block.right
                    and abs(other.size - size) <= 0.08 * size
                ):
                    block.right = other.right
                    break


def _borrow_width(block: Block, found: list[Block]) -> None:
    """A few short lines do not show how wide their column is: a column beside them does, where the pitch of columns agrees."""
    for other in found:
        width = other.right - other.left
        apart = abs(other.left - block.left) - width
        if (
            len(other.lines) > 3
            and other.level(block) > 0.3
            and 0.7 * block.size <= apart <= 4 * block.size
            and width >= block.x1 - block.left - block.size
        ):
            block.right = max(block.right, block.left + width)
            return


def breakers_of(marks: list[Mark]) -> list[Box]:
    return [mark for mark in marks if mark.picture or mark.width > mark.y1 - mark.y0]
