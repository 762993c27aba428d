"""The head and the foot of a printed page: masthead, date and page number, editors, hotline, weather."""

from __future__ import annotations

from tasks.segment.layout_headlines import is_display
from tasks.segment.layout_lines import Line, Mark, body_size, cue, names_page
from tasks.segment.masthead import heads_page
from tasks.segment.reading import Leftover


def without_furniture(lines: list[Line], marks: list[Mark], leftovers: list[Leftover]) -> list[Line]:
    """Lines without the page's head and foot, which go to ``leftovers``."""
    if not lines:
        return []
    top, bottom = min(line.y0 for line in lines), max(line.y1 for line in lines)
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    height = bottom - top
    body = body_size(lines)
    heading = {id(line) for line in lines if line.y0 <= top + 0.15 * height and (names_page(line.text) or heads_page(line.text))}
    running = [
        line
        for line in lines
        if len(line.text) >= 8
        and abs(line.size - body) <= 0.1 * body
        and id(line) not in heading
        and not names_page(line.text)
        and not cue(line.text)
    ]
    first = min((line.y0 for line in running), default=bottom)
    last = max((line.y1 for line in running), default=top)
    rules = [mark.y0 for mark in marks if not mark.picture and mark.width > 0.7 * (right - left) and mark.y0 < top + 0.15 * height]
    named = [line.y1 for line in lines if id(line) in heading and line.y1 <= min(min(rules, default=0.0) + 1, first)]
    head = max(named, default=0.0)  # over the rule, and not lower than the page's date and number
    furniture: dict[int, str] = {}
    for line in lines:
        if line.y0 >= last - 1 and any(o is not line and 0 <= line.y0 - o.y1 <= 1.2 * body and o.beside(line) > 0.5 for o in running):
            continue  # the last line of a column
        if line.y0 < head and line.y1 <= min(rules) + 1:
            furniture[id(line)] = "masthead"
        elif id(line) in heading and line.y1 <= first:
            furniture[id(line)] = "masthead"
        elif (line.y0 >= last - 1 or line.y1 <= first) and (kind := cue(line.text, anywhere=True)) is not None and kind != "caption":
            furniture[id(line)] = kind
    marked = [line for line in lines if id(line) in furniture]
    for line in lines:  # what stands in one row with such a line is of its kind
        if id(line) not in furniture and (line.y1 <= first or line.y0 >= last - 1):
            mate = next(
                (other for other in marked if other.level(line) > 0.5 and other.box == line.box and line.size <= 2.2 * other.size), None
            )
            if mate is not None and not is_display(line, 1.6 * body):
                furniture[id(line)] = furniture[id(mate)]
    for line in lines:
        if id(line) in furniture:
            leftovers.append(Leftover(line.span, furniture[id(line)]))
    return [line for line in lines if id(line) not in furniture]
