"""Reading order of a page's lines: the page is cut along its white space, again and again.

This orders a page's text for whoever reads it as text; which lines make an article is decided in
``tasks.segment`` from the lines' boxes and not from this order.
"""

from __future__ import annotations

from tasks.ingest.pdf_lines import Line

DEPTH = 40


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Lines from top to bottom and left to right, columns one after another (an XY cut)."""
    if not lines:
        return []
    size = sorted(line.size for line in lines)[len(lines) // 2]
    ordered: list[Line] = []
    stack = [(sorted(lines, key=lambda line: (line.y0, line.x0)), 0)]
    while stack:
        some, depth = stack.pop()
        parts = _cut(some, size) if len(some) > 1 and depth < DEPTH else [some]
        if len(parts) == 1:
            ordered.extend(sorted(some, key=lambda line: (round(line.y0 / (0.6 * size)), line.x0)))
        else:
            stack.extend((part, depth + 1) for part in reversed(parts))
    return ordered


def _groups(lines: list[tuple[float, float, Line]], least: float) -> tuple[list[list[Line]], float]:
    """Lines, given with their extent along one axis, in groups kept apart by white space wider than ``least``.

    Returns the groups in order along the axis, and the widest such space.
    """
    lines.sort(key=lambda extent: extent[0])
    groups: list[list[Line]] = []
    reach, widest = lines[0][0] - 2 * least - 1, 0.0
    for low, high, line in lines:
        gap = low - reach
        if gap > least:
            widest = max(widest, gap) if groups else 0.0
            groups.append([line])
        else:
            groups[-1].append(line)
        reach = max(reach, high)
    return groups, widest


def _cut(lines: list[Line], size: float) -> list[list[Line]]:
    """Parts of a region in reading order; one part when there is nowhere to cut."""
    columns, gutter = _groups([(line.x0, line.x1, line) for line in lines], 0.6 * size)
    rows, space = _groups([(line.y0, line.y1, line) for line in lines], 1.1 * size)
    if len(columns) > 1 and (len(rows) == 1 or 2.0 * gutter >= space):
        return columns
    return rows
