"""Lines that are told from their neighbours by where they stand: crossheads, bylines, kickers and subheadlines of text size."""

from __future__ import annotations

from tasks.segment.layout_columns import Block
from tasks.segment.layout_headlines import Stack
from tasks.segment.layout_lines import Box, Line, cue, ends_sentence, is_byline, opens_article


def inner_heads(display: list[Line], running: list[Line], body: float, pitch: float) -> list[Line]:
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
        if any(_set_under(line, o, pitch) for o in display):
            continue  # a subheadline
        column = _column_of(line, running, body, pitch)
        if column is None:
            continue
        under = [o for o in running if -0.3 * pitch <= o.y0 - line.y1 <= 1.3 * pitch and o.beside(column) > 0.5]
        if under and opens_article(min(under, key=lambda o: o.y0).text):
            continue
        close = [o for o in [*running, *found] if -0.3 * pitch <= line.y0 - o.y1 <= 1.1 * pitch and o.beside(column) > 0.5]
        above = any(o.crosshead or ends_sentence(o.text) or _has_above(o, running, pitch) for o in close)
        if above or (under and _tops_column(line, display, running, pitch)):
            found.append(line)
            line.crosshead = True
    return found


def _set_under(line: Line, head: Line, pitch: float) -> bool:
    """Whether a display line stands right under a larger one and in line with it."""
    if head.size <= 1.2 * line.size or not -0.3 * pitch <= line.y0 - head.y1 <= 1.5 * pitch or head.beside(line) < 0.3:
        return False
    return abs(head.x0 - line.x0) <= 0.6 * line.size or abs(head.x0 + head.x1 - line.x0 - line.x1) <= 2 * line.size


def _has_above(line: Line, running: list[Line], pitch: float) -> bool:
    """Whether a line of text has another right above it: a kicker has none."""
    return any(o is not line and 0 < line.y0 - o.y0 <= 1.6 * pitch and o.beside(line) > 0.3 for o in running)


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


def without_bylines(running: list[Line], heads: list[Stack], pitch: float) -> list[Line]:
    """Text without the bylines set between a headline and its columns, which join the headline's stack."""
    kept = []
    for line in running:
        head = None
        if len(line.text) <= 40 and is_byline(line.text):
            under = [h for h in heads if not h.vertical and -0.3 * pitch <= line.y0 - h.y1 <= 1.7 * pitch]
            near = [h for h in under if h.x0 <= line.x1 + 10 * line.size]
            crowded = any(o is not line and o.beside(line) > 0.3 and -0.3 * pitch <= line.y0 - o.y1 <= 1.7 * pitch for o in running)
            level = any(o is not line and o.level(line) > 0.5 and 0 <= max(line.x0 - o.x1, o.x0 - line.x1) < 3 * line.size for o in running)
            if near and not crowded and not level:
                head = max(near, key=lambda h: (h.beside(line) > 0.2, -max(line.x0 - h.x1, h.x0 - line.x1)))
        if head is not None:
            head.byline.append(line)
        else:
            head = next((h for h in heads if _is_subheadline(line, h, running, pitch)), None)
            if head is not None:
                (head.byline if is_byline(line.text) else head.subheadline).append(line)
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
    lane = Box(min(head.x0, line.x0) - line.size, head.y0, max(head.x1, line.x1) + line.size, line.y1)
    near = [o for o in running if o is not line and -1.6 * pitch <= o.y0 - line.y0 <= 2.6 * pitch and lane.beside(o) > 0.1]
    if any(o.y0 < line.y1 - 1 and (o.beside(line) > 0.2 or head.beside(o) > 0) for o in near):
        return False
    below = [o for o in near if o.y0 >= line.y1 - 1]
    if not below:
        return False
    first = min(o.y0 for o in below)
    row = [o for o in below if o.y0 - first <= 0.5 * pitch]
    if first - line.y0 >= 1.2 * pitch or sum(o.beside(line) > 0 or head.beside(o) > 0 for o in row) >= 2:
        return True
    top = max(row, key=lambda o: o.beside(line))
    following = [o for o in below if o.y0 - top.y0 > 0.5 * pitch and o.beside(top) > 0.5]
    left = min((o.x0 for o in following), default=top.x0)
    return top.x0 - left > 1.2 * top.size and (centred or line.x0 - left < 0.6 * line.size) and line.x1 < top.x1 - 1.4 * line.size


def headed(block: Block, heads: list[Stack], columns: list[Block], pitch: float) -> Stack | None:
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
            short = len(line.text) <= 40 and not ends_sentence(line.text)
            if line.text.startswith("—") or (short and (line.bold or _ends_side_head(block, head, columns, pitch))):
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


def _ends_side_head(block: Block, head: Stack, columns: list[Block], pitch: float) -> bool:
    """Whether a line is the last under a headline that stands at the left of its text: nothing goes on below."""
    line = block.lines[0]
    side = [o for o in columns if o.x0 >= max(head.x1, line.x1) - 1 and o.x0 - head.x1 <= 8 * line.size and len(o.lines) > 2]
    if not any(-pitch <= head.y0 - o.y0 <= 2.5 * pitch and o.y1 > line.y0 for o in side):
        return False
    return not any(o is not block and o.beside(head) > 0.3 and 0 <= o.y0 - line.y1 <= 2.5 * pitch for o in columns)
