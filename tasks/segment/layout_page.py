"""A page with its layout → what it holds, read as a person reads it: by type, columns, boxes and white space."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tasks.segment.layout_columns import SHORT, Block, blocks, breakers_of
from tasks.segment.layout_flow import Flow, flows
from tasks.segment.layout_headlines import Stack, is_display, stacks
from tasks.segment.layout_lines import (
    Box,
    Line,
    Mark,
    body_size,
    cue,
    ends_sentence,
    is_byline,
    line_pitch,
    names_page,
    opens_article,
    read_lines,
)
from tasks.segment.reading import Leftover, Piece, Reading, Span


def read_layout(text: str, layout: Iterable[Mapping[str, Any]]) -> Reading:
    """Pieces and leftovers of a page from its printed lines (rows of ``schema.LAYOUT_LINE``, spans of ``text``).

    Pieces are in reading order.  Text that no line of the layout holds becomes leftovers.
    """
    lines, marks = read_lines(text, layout)
    found: list[tuple[Box, Piece]] = []
    leftovers: list[Leftover] = []
    rest = _without_furniture(lines, marks, leftovers)
    regions = _regions(rest)
    extents = [_extent(region) for region in regions]
    for region, extent in zip(regions, extents, strict=True):
        others: list[Box] = [mark for mark in marks if mark.picture]
        others.extend(other for other in extents if other is not extent and extent.holds(other))
        _read_region(region, marks, others, found, leftovers)
    pieces = [piece for _, piece in _ordered(found)]
    _keep_all(text, pieces, leftovers)
    return Reading(pieces, leftovers)


def _leave(lines: Iterable[Line], reason: str, leftovers: list[Leftover]) -> None:
    leftovers.extend(Leftover(line.span, reason) for line in lines)


def _without_furniture(lines: list[Line], marks: list[Mark], leftovers: list[Leftover]) -> list[Line]:
    """Lines without the page's head and foot, which go to ``leftovers``."""
    if not lines:
        return []
    top, bottom = min(line.y0 for line in lines), max(line.y1 for line in lines)
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    height = bottom - top
    body = body_size(lines)
    running = [
        line
        for line in lines
        if len(line.text) >= 8 and abs(line.size - body) <= 0.1 * body and not names_page(line.text) and not cue(line.text)
    ]
    first = min((line.y0 for line in running), default=bottom)
    last = max((line.y1 for line in running), default=top)
    rules = [mark.y0 for mark in marks if not mark.picture and mark.width > 0.7 * (right - left) and mark.y0 < top + 0.15 * height]
    head = min(rules, default=0.0)
    furniture: dict[int, str] = {}
    for line in lines:
        if line.y1 <= head + 1 and line.y1 <= first:
            furniture[id(line)] = "masthead"
        elif line.y0 <= top + 0.15 * height and line.y1 <= first and names_page(line.text):
            furniture[id(line)] = "masthead"
        elif (line.y0 >= last - 1 or line.y1 <= first) and (kind := cue(line.text)) is not None and kind != "caption":
            furniture[id(line)] = kind
    named = [line for line in lines if id(line) in furniture]
    for line in lines:  # what stands in one row with such a line is of its kind
        if id(line) not in furniture and (line.y1 <= first or line.y0 >= last - 1):
            mate = next(
                (other for other in named if other.level(line) > 0.5 and other.box == line.box and line.size <= 2.2 * other.size), None
            )
            if mate is not None and not is_display(line, 1.6 * body):
                furniture[id(line)] = furniture[id(mate)]
    for line in lines:
        if id(line) in furniture:
            leftovers.append(Leftover(line.span, furniture[id(line)]))
    return [line for line in lines if id(line) not in furniture]


def _regions(lines: list[Line]) -> list[list[Line]]:
    """Lines by the box that holds them; a box around a headline alone is part of what surrounds it."""
    by_box: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_box[line.box].append(line)
    body = body_size(lines) if lines else 10.0
    for number in [number for number in by_box if number >= 0]:
        inside = by_box[number]
        if all(is_display(line, body) for line in inside):
            outer = _around(inside, by_box, number)
            by_box[outer].extend(by_box.pop(number))
    return [by_box[number] for number in sorted(by_box, key=lambda number: (number >= 0, number))]


def _extent(lines: list[Line]) -> Box:
    return Box(min(o.x0 for o in lines), min(o.y0 for o in lines), max(o.x1 for o in lines), max(o.y1 for o in lines))


def _around(inside: list[Line], by_box: dict[int, list[Line]], number: int) -> int:
    """The smallest other box whose lines stand on all sides of these, else the page itself (-1)."""
    x, y = (inside[0].x0 + inside[0].x1) / 2, (inside[0].y0 + inside[0].y1) / 2
    best, area = -1, float("inf")
    for other, lines in by_box.items():
        if other < 0 or other == number:
            continue
        box = _extent(lines)
        size = box.width * (box.y1 - box.y0)
        if box.x0 <= x <= box.x1 and box.y0 - 60 <= y <= box.y1 and size < area:
            best, area = other, size
    return best


def _read_region(
    lines: list[Line], marks: list[Mark], others: list[Box], found: list[tuple[Box, Piece]], leftovers: list[Leftover]
) -> None:
    body = body_size(lines)
    pitch = line_pitch(lines, body)
    display = [line for line in lines if is_display(line, body)]
    running = [line for line in lines if not is_display(line, body)]
    for line in _inner_heads(display, running, body, pitch):
        line.crosshead = True
        display.remove(line)
        running.append(line)
    heads = stacks(display, running)
    running = _without_bylines(running, heads, pitch)
    columns = blocks(running, [*heads, *breakers_of(marks)], pitch)
    kept = _apart(columns, heads, marks, body, pitch, leftovers)
    others = [*others, *(block for block in columns if _left_out(block, kept, heads))]
    columns = kept
    starts = {id(block) for block in columns if block.indented and opens_article(block.lines[0].text)}
    for flow in flows(heads, columns, others, pitch, starts):
        if not flow.blocks:
            assert flow.stack is not None
            _leave(flow.stack.lines, "headline_alone", leftovers)
        elif flow.stack is None and not _is_article(flow.blocks):
            _leave((line for block in flow.blocks for line in block.lines), _reason(flow.blocks), leftovers)
        else:
            found.append((_place(flow), _piece(flow)))


def _left_out(block: Block, kept: list[Block], heads: list[Stack]) -> bool:
    return not any(block is one for one in kept) and not any(head.holds(block) for head in heads)


def _inner_heads(display: list[Line], running: list[Line], body: float, pitch: float) -> list[Line]:
    """Display lines inside a column of text: crossheads of the article around them, no headlines."""
    if not display:
        return []
    largest = max(line.size for line in display)
    found: list[Line] = []
    for line in sorted(display, key=lambda line: line.y0):
        if line.vertical or line.size > 1.5 * body or largest < 1.2 * line.size or len(line.text) > 24:
            continue
        if any(0 <= o.y0 - line.y1 <= 1.3 * pitch and o.size > 1.2 * line.size and o.beside(line) > 0.3 for o in display):
            continue  # a kicker
        column = _column_of(line, running, body, pitch)
        if column is None:
            continue
        under = [o for o in running if -0.3 * pitch <= o.y0 - line.y1 <= 1.3 * pitch and o.beside(column) > 0.5]
        if under and opens_article(min(under, key=lambda o: o.y0).text):
            continue
        above = any(-0.3 * pitch <= line.y0 - o.y1 <= 1.1 * pitch and o.beside(column) > 0.5 for o in [*running, *found])
        if above or (under and _tops_column(line, display, running, pitch)):
            found.append(line)
    return found


def _column_of(line: Line, running: list[Line], body: float, pitch: float) -> Box | None:
    """The column of text that a line stands in: the widest lines near by that hold it."""
    near = [o for o in running if abs(o.y0 - line.y0) <= 5 * pitch and o.beside(line) > 0.5 and o.width >= 6 * body]
    if not near:
        return None
    column = max(near, key=lambda o: o.width)
    return column if column.x0 - 3 * body <= line.x0 and line.x1 <= column.x1 + 1.5 * body else None


def _tops_column(line: Line, display: list[Line], running: list[Line], pitch: float) -> bool:
    """Whether a line is the first of a later column: the column at its left begins level with it, under a headline."""
    left = [o for o in running if o.x1 <= line.x0 and line.x0 - o.x1 <= 6 * o.size and o.level(line) > 0.3]
    for other in left:
        if any(o is not other and o.beside(other) > 0.3 and 0 < other.y0 - o.y0 <= 1.6 * pitch for o in running):
            continue
        for head in display:
            if 0 <= other.y0 - head.y1 <= 4 * pitch and head.size > 1.2 * line.size and head.beside(other) > 0.1:
                centred = abs(head.x0 + head.x1 - line.x0 - line.x1) <= 4 * line.size
                if abs(head.x0 - line.x0) > 2 * line.size and not centred:
                    return True
    return False


def _without_bylines(running: list[Line], heads: list[Stack], pitch: float) -> list[Line]:
    """Text without the bylines set between a headline and its columns, which join the headline's stack."""
    kept = []
    for line in running:
        head = None
        if len(line.text) <= 40 and is_byline(line.text):
            near = [h for h in heads if not h.vertical and -0.3 * pitch <= line.y0 - h.y1 <= 1.7 * pitch and h.x0 <= line.x1]
            crowded = any(o is not line and o.beside(line) > 0.3 and -0.3 * pitch <= line.y0 - o.y1 <= 1.7 * pitch for o in running)
            level = any(o is not line and o.level(line) > 0.5 and 0 <= max(line.x0 - o.x1, o.x0 - line.x1) < 3 * line.size for o in running)
            if near and not crowded and not level:
                head = max(near, key=lambda h: (h.beside(line) > 0.2, h.x0))
        if head is not None:
            head.byline.append(line)
        else:
            head = next((h for h in heads if _is_subheadline(line, h, running, pitch)), None)
            if head is not None:
                head.subheadline.append(line)
        if head is None:
            kept.append(line)
        else:
            head.grow(line)
    return kept


def _is_subheadline(line: Line, head: Stack, running: list[Line], pitch: float) -> bool:
    """Whether a line of text size alone in its row right under a headline is set as one with it, over the columns."""
    if head.vertical or head.byline or not -0.3 * pitch <= line.y0 - head.y1 <= 1.5 * pitch or head.beside(line) < 0.8:
        return False
    if len(line.text) > 40 or ends_sentence(line.text) or opens_article(line.text) or cue(line.text):
        return False
    centred = abs(head.x0 + head.x1 - line.x0 - line.x1) <= 2 * line.size
    if not centred and abs(head.x0 - line.x0) > 0.6 * line.size:
        return False
    near = [o for o in running if o is not line and -0.5 * pitch <= o.y0 - line.y0 <= 2.6 * pitch]
    if any(o.level(line) > 0.3 and min(abs(o.x0 - line.x1), abs(line.x0 - o.x1)) < 6 * line.size for o in near):
        return False
    below = [o for o in near if o.y0 >= line.y1 - 1]
    if not below:
        return False
    first = min(o.y0 for o in below)
    row = [o for o in below if o.y0 - first <= 0.5 * pitch]
    if sum(o.beside(line) > 0 or head.beside(o) > 0 for o in row) >= 2:
        return True
    top = max(row, key=lambda o: o.beside(line))
    following = [o for o in below if o.y0 - top.y0 > 0.5 * pitch and o.beside(top) > 0.5]
    left = min((o.x0 for o in following), default=top.x0)
    return top.x0 - left > 1.2 * top.size and (centred or line.x0 - left < 0.6 * line.size) and line.x1 < top.x1 - 1.4 * line.size




def _apart(
    columns: list[Block],
    heads: list[Stack],
    marks: list[Mark],
    body: float,
    pitch: float,
    leftovers: list[Leftover],
) -> list[Block]:
    """Blocks without captions, notes and bylines; bylines and lines set over or under a headline join its stack."""
    kept = []
    for block in columns:
        head = _headed(block, heads, columns, pitch)
        if head is not None:
            for line in block.lines:
                head.grow(line)
            continue
        kind = _kind(block, marks, body, pitch, columns)
        if kind is not None:
            _leave(block.lines, kind, leftovers)
        else:
            kept.append(block)
    return kept


def _headed(block: Block, heads: list[Stack], columns: list[Block], pitch: float) -> Stack | None:
    """The stack that a single line of text size belongs to: a byline or a kicker close to a headline."""
    if len(block.lines) > 1:
        return None
    line = block.lines[0]
    for head in heads:
        if head.vertical or head.beside(line) < 0.8:
            continue
        alone = not any(o is not block and o.beside(block) > 0.5 and -0.6 * pitch < o.y0 - line.y0 < 1.6 * pitch for o in columns)
        over = not any(
            o is not block and o.beside(block) > 0.5 and -1 < line.y0 - o.y1 < max(0.3 * pitch, 2 * (head.y0 - line.y1)) for o in columns
        )
        if -1 <= line.y0 - head.y1 <= 1.5 * pitch and (alone or is_byline(line.text)):
            if is_byline(line.text):
                head.byline.append(line)
                return head
            if line.text.startswith("—") or (line.bold and len(line.text) <= 40 and not ends_sentence(line.text)):
                head.subheadline.append(line)
                return head
        if (
            over
            and -1 <= head.y0 - line.y1 <= 0.7 * head.size
            and len(line.text) <= 40
            and not ends_sentence(line.text)
            and not cue(line.text)
        ):
            head.kicker.insert(0, line)
            return head
    return None


def _kind(block: Block, marks: list[Mark], body: float, pitch: float, columns: list[Block]) -> str | None:
    """What a short block is when it is no part of an article; None when it may be."""
    if len(block.lines) > 5 or block.chars > 160:
        return None
    small = block.size <= 0.93 * body
    kind = cue(block.text)
    pictured = any(mark.picture and -0.5 * pitch <= block.y0 - mark.y1 <= 2 * pitch and mark.beside(block) > 0.6 for mark in marks)
    beside = any(
        mark.picture and mark.level(block) > 0.6 and min(abs(block.x0 - mark.x1), abs(mark.x0 - block.x1)) <= 2 * body for mark in marks
    )
    joined = any(o is not block and len(o.lines) > 2 and o.beside(block) > 0.5 and -1 <= block.y0 - o.y1 <= 0.8 * pitch for o in columns)
    if kind == "caption":
        return "caption" if pictured or beside or small or not joined else None
    if kind is not None and (small or not joined):
        return kind
    if pictured and small:
        return "caption"
    return "small_print" if small and not joined else None


def _is_article(some: list[Block]) -> bool:
    """Whether blocks without a headline read like an article: several lines and a finished sentence."""
    text = "".join(block.text for block in some)
    return sum(len(block.lines) for block in some) >= 3 and len(text) >= 40 and ("。" in text or "；" in text)


def _reason(some: list[Block]) -> str:
    return cue("".join(block.text for block in some)) or "apart"


def _place(flow: Flow) -> Box:
    parts: list[Box] = [*flow.blocks, *([flow.stack] if flow.stack else [])]
    return Box(min(p.x0 for p in parts), min(p.y0 for p in parts), max(p.x1 for p in parts), max(p.y1 for p in parts))


def _piece(flow: Flow) -> Piece:
    paragraphs: list[list[Span]] = []
    uses_indents = any(block.begins(line) for block in flow.blocks for line in block.lines if not line.crosshead)
    last: tuple[Block, Line] | None = None
    for block in flow.blocks:
        for line in block.lines:
            if last is None or _breaks(last[0], last[1], block, line, uses_indents):
                paragraphs.append([line.span])
            else:
                paragraphs[-1].append(line.span)
            last = block, line
    piece = Piece(paragraphs)
    if flow.stack is not None:
        piece.headline = [line.span for line in flow.stack.headline]
        piece.subheadline = [line.span for line in flow.stack.subheadline]
        piece.kicker = [line.span for line in flow.stack.kicker]
        piece.byline = [line.span for line in flow.stack.byline]
    return piece


def _breaks(above: Block, last: Line, block: Block, line: Line, uses_indents: bool) -> bool:
    """Whether ``line`` begins a paragraph after ``last``."""
    if last.crosshead or line.crosshead or (last.bold != line.bold and (len(last.text) <= 24 or len(line.text) <= 24)):
        return True
    if block.begins(line):
        return True
    short = last.x1 < above.right - SHORT * above.size
    if uses_indents:
        return short and ends_sentence(last.text) and last.x1 < above.right - 4 * above.size and line.x0 > block.left + 0.8 * block.size
    return short and ends_sentence(last.text)


def _ordered(found: list[tuple[Box, Piece]]) -> list[tuple[Box, Piece]]:
    """Pieces in the order a reader comes to them: what stands wholly above first, then from left to right."""
    rest = sorted(found, key=lambda one: (one[0].y0, one[0].x0))
    ordered = []
    while rest:
        first = rest[0][0]
        row = [one for one in rest if one[0].y0 < first.y0 + 0.5 * (first.y1 - first.y0) and one[0].level(first) > 0.3]
        best = min(row or rest[:1], key=lambda one: (one[0].x0, one[0].y0))
        rest.remove(best)
        ordered.append(best)
    return ordered


def _keep_all(text: str, pieces: list[Piece], leftovers: list[Leftover]) -> None:
    """Leave over what no line held, so that every character but white space is somewhere."""
    taken = [
        span
        for piece in pieces
        for part in (*piece.paragraphs, piece.headline, piece.subheadline, piece.kicker, piece.byline)
        for span in part
    ]
    taken.extend(leftover.span for leftover in leftovers)
    at = 0
    for start, end in [*sorted(taken), (len(text), len(text))]:
        if start > at:
            gap = text[at:start]
            bare = gap.strip()
            if bare:
                begin = at + len(gap) - len(gap.lstrip())
                leftovers.append(Leftover(Span(begin, begin + len(bare)), "no_layout"))
        at = max(at, end)
    leftovers.sort()
