"""A page with its layout → what it holds, read as a person reads it: by type, columns, boxes and white space."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from tasks.segment.layout_columns import SHORT, Block, blocks, breakers_of
from tasks.segment.layout_display import headed, inner_heads, without_bylines
from tasks.segment.layout_flow import Flow, flows
from tasks.segment.layout_furniture import without_furniture
from tasks.segment.layout_headlines import Stack, is_display, stacks
from tasks.segment.layout_lines import Box, Line, Mark, body_size, cue, ends_sentence, line_pitch, read_lines
from tasks.segment.reading import Leftover, Piece, Reading, Span

#: More lines than this on a page, or blocks and headlines in a region, are a table or a list of prices, and no articles.
LINES, BLOCKS, HEADS = 5_000, 300, 200


_CALL = re.compile(r"(?:电话|热线|地址|咨询).{0,30}\d", re.S)


def read_layout(text: str, layout: Iterable[Mapping[str, Any]]) -> Reading:
    """Pieces and leftovers of a page from its printed lines (rows of ``schema.LAYOUT_LINE``, spans of ``text``).

    Pieces are in reading order.  Text that no line of the layout holds becomes leftovers.
    """
    lines, marks = read_lines(text, layout)
    if len(lines) > LINES:
        scattered: list[Leftover] = []
        _leave(lines, "scattered", scattered)
        _keep_all(text, [], scattered)
        return Reading([], scattered)
    found: list[tuple[Box, Piece]] = []
    leftovers: list[Leftover] = []
    rest = without_furniture(lines, marks, leftovers)
    regions = _regions(rest)
    extents = [_extent(region) for region in regions]
    alone: list[Stack] = []
    for region, extent in zip(regions, extents, strict=True):
        others: list[Box] = [mark for mark in marks if mark.picture]
        others.extend(other for other in extents if other is not extent and extent.holds(other))
        alone.extend(_read_region(region, marks, others, found, leftovers))
    for stack in alone:
        if not _head(stack, found):
            _leave(stack.lines, "headline_alone", leftovers)
    pieces = [piece for _, piece in _ordered(found)]
    _keep_all(text, pieces, leftovers)
    return Reading(pieces, leftovers)


def _head(stack: Stack, found: list[tuple[Box, Piece]]) -> bool:
    """Give a headline without text to the piece without a headline right under it: one of them stands in a box."""
    near = [
        (place.y0 - stack.y1, piece)
        for place, piece in found
        if not piece.headline and -stack.size <= place.y0 - stack.y1 <= 4 * stack.size and place.beside(stack) > 0.3
    ]
    if not near:
        return False
    _set_head(min(near, key=lambda one: one[0])[1], stack)
    return True


def _leave(lines: Iterable[Line], reason: str, leftovers: list[Leftover]) -> None:
    leftovers.extend(Leftover(line.span, reason) for line in lines)


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
) -> list[Stack]:
    """Add a region's articles to ``found``; returns the headlines that have no text in it."""
    body = body_size(lines)
    pitch = line_pitch(lines, body)
    alone: list[Stack] = []
    display = [line for line in lines if is_display(line, body)]
    running = [line for line in lines if not is_display(line, body)]
    if len(display) > HEADS:
        _leave(lines, "scattered", leftovers)
        return []
    for line in inner_heads(display, running, body, pitch):
        display.remove(line)
        running.append(line)
    heads = stacks(display, running)
    running = without_bylines(running, heads, pitch)
    columns = blocks(running, [*heads, *breakers_of(marks)], pitch)
    if len(columns) > BLOCKS:
        _leave(lines, "scattered", leftovers)
        return []
    kept = _apart(columns, heads, marks, body, pitch, leftovers)
    others = [*others, *(block for block in columns if _left_out(block, kept, heads))]
    columns = kept
    for flow in flows(heads, columns, others, pitch):
        if not flow.blocks:
            alone.extend([flow.stack] if flow.stack else [])
        elif _is_offer(flow.blocks):
            _leave((line for block in flow.blocks for line in block.lines), "advertisement", leftovers)
            _leave(flow.stack.lines if flow.stack else [], "advertisement", leftovers)
        elif flow.stack is None and not _is_article(flow.blocks):
            _leave((line for block in flow.blocks for line in block.lines), _reason(flow.blocks), leftovers)
        else:
            found.append((_place(flow), _piece(flow)))
    return alone


def _left_out(block: Block, kept: list[Block], heads: list[Stack]) -> bool:
    return not any(block is one for one in kept) and not any(head.holds(block) for head in heads)


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
        head = headed(block, heads, columns, pitch)
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


def _kind(block: Block, marks: list[Mark], body: float, pitch: float, columns: list[Block]) -> str | None:
    """What a short block is when it is no part of an article; None when it may be."""
    if len(block.lines) > 5 or block.chars > 160:
        return None
    small = block.size <= 0.93 * body
    kind = cue(block.text, anywhere=small)
    if kind == "masthead":
        return None
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


def _is_offer(some: list[Block]) -> bool:
    """Whether blocks say where to call or to go and no sentence: an advertisement with words in large type."""
    text = "".join(block.text for block in some)
    return len(text) <= 120 and "。" not in text and _CALL.search(text) is not None


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
        _set_head(piece, flow.stack)
    return piece


def _set_head(piece: Piece, stack: Stack) -> None:
    piece.headline = [line.span for line in stack.headline]
    piece.subheadline = [line.span for line in stack.subheadline]
    piece.kicker = [line.span for line in stack.kicker]
    piece.byline = [line.span for line in stack.byline]


def _breaks(above: Block, last: Line, block: Block, line: Line, uses_indents: bool) -> bool:
    """Whether ``line`` begins a paragraph after ``last``."""
    if last.crosshead and line.crosshead and block is above:
        return False  # one crosshead over two lines
    if last.crosshead or line.crosshead or (last.bold != line.bold and (len(last.text) <= 24 or len(line.text) <= 24)):
        return True
    if _centred(block, line) or _centred(above, last):
        return not (_centred(block, line) and _centred(above, last) and block is above)
    if block.begins(line):
        return True
    short = last.x1 < above.right - SHORT * above.size
    if uses_indents:
        return short and ends_sentence(last.text) and last.x1 < above.right - 4 * above.size and line.x0 > block.left + 0.8 * block.size
    return short and ends_sentence(last.text)


def _centred(block: Block, line: Line) -> bool:
    """Whether a short line stands in the middle of its column: a crosshead in the text's own type."""
    before, after = line.x0 - block.left, block.right - line.x1
    indented = abs(before - 2.0 * line.size) <= 0.25 * line.size  # as any first line is
    even = before > 0.4 * line.size and abs(before - after) <= 0.35 * line.size
    return even and not indented and len(line.text) <= 20 and not ends_sentence(line.text)


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
