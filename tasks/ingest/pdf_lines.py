"""Glyphs → the printed lines of a page, whatever order they were painted in.

A line is what stands on one baseline within one column.  Three kinds of evidence cut lines at a
gutter: a gap too wide for a line, a jump in the content stream, and an edge where lines near by
begin too.  One kind alone fails: justified lines have gaps as wide as a gutter, and some programs
hang punctuation into it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from typing import NamedTuple

from tasks.ingest.pdf_glyphs import Glyph, Mark

JUMP = 1.3  #: em; a wider gap always ends a line
LOOSE = 0.5  #: em; a wider gap may be a gutter
HANGING = 0.12  #: em; likewise after punctuation that may hang over its column's edge
SPACE = 0.17  #: em beyond the line's own letter-spacing; a wider gap is a space


class Line(NamedTuple):
    """A printed line: its text, box in points from the top left, size, and the box drawn around it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: bool
    vertical: bool
    box: int = -1


@dataclass(slots=True)
class _Run:
    """Glyphs on one baseline, in the frame of their writing direction (x along, y across, down)."""

    y: float
    size: float
    glyphs: list[tuple[float, float, Glyph]] = field(default_factory=list)  #: (start, end, glyph)

    @property
    def start(self) -> float:
        return self.glyphs[0][0]

    @property
    def end(self) -> float:
        return self.glyphs[-1][1]


def _along(glyph: Glyph) -> tuple[float, float]:
    """Start and baseline of a glyph in the frame of its own writing direction."""
    return ((glyph.x, glyph.y), (glyph.y, -glyph.x), (-glyph.x, -glyph.y), (-glyph.y, glyph.x))[glyph.turned]


def _painted_once(glyphs: list[Glyph]) -> list[Glyph]:
    """Glyphs without those painted a second time on the same spot (a faked bold, a shadow), which are bold."""
    places: dict[tuple[str, int, int], int] = {}
    kept: list[Glyph] = []
    for glyph in glyphs:
        char, x, y, size = glyph.char, glyph.x, glyph.y, glyph.size
        cell, near = 0.5 * size, 0.16 * size
        first, last = int((x - near) / cell), int((x + near) / cell)
        top, bottom = int((y - near) / cell), int((y + near) / cell)
        twin = -1
        for column in (first,) if first == last else (first, last):
            for row in (top,) if top == bottom else (top, bottom):
                at = places.get((char, column, row), -1)
                if at >= 0 and abs(kept[at].x - x) <= near and abs(kept[at].y - y) <= near:
                    twin = at
        if twin >= 0:
            if glyph.char in "—―…─-" and twin == len(kept) - 1:  # one glyph that stands for two characters
                kept.append(glyph._replace(x=glyph.x + glyph.advance))
                continue
            if not glyph.char.isspace() and abs(kept[twin].size - glyph.size) <= 0.05 * glyph.size:
                kept[twin] = kept[twin]._replace(bold=True)
            continue
        places[(char, int(x / cell), int(y / cell))] = len(kept)
        kept.append(glyph)
    return kept


def _runs(glyphs: list[Glyph]) -> list[_Run]:
    """Runs as the content stream paints them: on one baseline, onward, without a jump."""
    runs: list[_Run] = []
    run: _Run | None = None
    for glyph in glyphs:
        x, y = _along(glyph)
        if run is not None:
            small = min(run.size, glyph.size)
            gap = (x - run.end) / small
            level = abs(y - run.y) <= 0.35 * small and glyph.size <= 1.9 * run.size and run.size <= 1.9 * glyph.size
            if not (level and -0.6 <= gap <= JUMP):
                run = None
        if run is None:
            if glyph.char.isspace():
                continue
            run = _Run(y, glyph.size)
            runs.append(run)
        elif glyph.size > run.size and not glyph.char.isspace():
            run.size, run.y = glyph.size, y
        run.glyphs.append((x, x + glyph.advance, glyph))
    for run in runs:
        while run.glyphs[-1][2].char.isspace():
            run.glyphs.pop()
    return runs


def _letter_gap(run: _Run) -> float:
    """Median gap between neighbours of which one is a Chinese character, in em: the line's letter-spacing."""
    gaps = []
    for (_, end, left), (start, _, right) in zip(run.glyphs, run.glyphs[1:], strict=False):
        if left.char > "⺀" or right.char > "⺀":
            gaps.append((start - end) / run.size)
    return max(0.0, median(gaps)) if gaps else 0.0


def _edges(runs: list[_Run]) -> dict[int, list[float]]:
    """Places where lines begin: x in tenths of an em of 10 points → the baselines that begin there, sorted.

    A wide gap inside a run counts as a possible beginning; two more lines near by must agree.
    """
    found: dict[int, list[float]] = defaultdict(list)
    for run in runs:
        found[round(run.start)].append(run.y)
        for (_, end, _), (start, _, glyph) in zip(run.glyphs, run.glyphs[1:], strict=False):
            if start - end >= LOOSE * run.size and not glyph.char.isspace():
                found[round(start)].append(run.y)
    for baselines in found.values():
        baselines.sort()
    return found


def _begins(edges: dict[int, list[float]], x: float, y: float, size: float) -> bool:
    """Whether at least two other lines within eight lines of ``y`` begin at ``x``."""
    reach, near = 14.0 * size, 0
    for cell in (round(x) - 1, round(x), round(x) + 1):
        baselines = edges.get(cell)
        if baselines:
            near += bisect_right(baselines, y + reach) - bisect_left(baselines, y - reach)
            same = bisect_right(baselines, y + 0.3 * size) - bisect_left(baselines, y - 0.3 * size)
            near -= same
    return near >= 2


def _cut(runs: list[_Run], edges: dict[int, list[float]]) -> list[_Run]:
    """Runs cut where a wide gap ends at an edge."""
    result: list[_Run] = []
    for run in runs:
        spacing = _letter_gap(run)
        part = _Run(run.y, run.size)
        end, previous = None, ""
        for item in run.glyphs:
            start, stop, glyph = item
            if end is not None and not glyph.char.isspace():
                gap = (start - end) / run.size
                least = HANGING if previous in "。，、；：" else LOOSE
                if gap >= max(least, 1.5 * spacing) and _begins(edges, start, run.y, run.size):
                    result.append(part)
                    part = _Run(run.y, run.size)
            part.glyphs.append(item)
            if not glyph.char.isspace():
                end, previous = stop, glyph.char
        result.append(part)
    for run in result:
        while run.glyphs and run.glyphs[-1][2].char.isspace():
            run.glyphs.pop()
        while run.glyphs and run.glyphs[0][2].char.isspace():
            run.glyphs.pop(0)
    return [run for run in result if run.glyphs]


def _joined(runs: list[_Run], edges: dict[int, list[float]]) -> list[_Run]:
    """Runs on one baseline that touch, put together: a line painted in several strokes or out of order."""
    runs.sort(key=lambda run: (run.y, run.start))
    result: list[_Run] = []
    band: list[_Run] = []

    def flush() -> None:
        band.sort(key=lambda run: run.start)
        for run in band:
            last = result[-1] if result and result[-1] in done else None
            if last is not None and abs(last.y - run.y) <= 0.35 * min(last.size, run.size):
                ratio = last.size / run.size
                gap = (run.start - last.end) / min(last.size, run.size)
                loose = max(0.3, 1.6 * max(_letter_gap(last), _letter_gap(run)))
                free = not _begins(edges, run.start, run.y, run.size)
                if 0.5 < ratio < 2.0 and -0.5 <= gap <= min(loose, JUMP) and free:
                    last.glyphs.extend(run.glyphs)
                    last.size = max(last.size, run.size)
                    continue
            result.append(run)
            done.append(run)
        band.clear()
        done.clear()

    done: list[_Run] = []
    for run in runs:
        if band and run.y - band[0].y > 0.35 * min(band[0].size, run.size):
            flush()
        band.append(run)
    flush()
    return result


def _text(run: _Run) -> str:
    spacing = _letter_gap(run) if len(run.glyphs) > 2 else 0.0
    parts: list[str] = []
    end: float | None = None
    for start, stop, glyph in run.glyphs:
        if end is not None and not glyph.char.isspace() and not parts[-1].isspace():
            if (start - end) / run.size > 1.6 * spacing + SPACE:
                parts.append(" ")
        parts.append(glyph.char)
        end = stop
    return "".join(parts)


def _line(run: _Run) -> Line:
    text = _text(run)
    sizes = sorted(glyph.size for _, _, glyph in run.glyphs)
    size = sizes[len(sizes) // 2]
    bold = 2 * sum(glyph.bold for _, _, glyph in run.glyphs) > len(run.glyphs)
    turned = run.glyphs[0][2].turned
    x0, x1, y0, y1 = run.start, run.end, run.y - 0.88 * run.size, run.y + 0.12 * run.size
    if turned == 1:
        x0, y0, x1, y1 = -y1, x0, -y0, x1
    elif turned == 2:
        x0, y0, x1, y1 = -x1, -y1, -x0, -y0
    elif turned == 3:
        x0, y0, x1, y1 = y0, -x1, y1, -x0
    return Line(text, x0, y0, x1, y1, size, bold, turned % 2 == 1)


def _stacked(lines: list[Line]) -> list[Line]:
    """Lines of one or two characters under one another at an even pitch, read as one vertical line."""
    short = [line for line in lines if (len(line.text) <= 4 and line.x1 - line.x0 <= 2.1 * line.size) or line.vertical]
    if len(short) < 3:
        return lines
    rows: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        rows[int(line.y0 // 20)].append(line)
    taken: set[int] = set()
    chains: list[list[Line]] = []
    short.sort(key=lambda line: (line.y0, line.x0))
    for at, first in enumerate(short):
        if id(first) in taken:
            continue
        chain = [first]
        for line in islice(short, at + 1, None):
            gap = line.y0 - chain[-1].y1
            if gap > 0.9 * first.size:
                break
            shared = min(line.x1, first.x1) - max(line.x0, first.x0)
            under = gap >= -0.35 * first.size and shared >= 0.7 * min(line.x1 - line.x0, first.x1 - first.x0)
            if under and id(line) not in taken and abs(line.size - first.size) <= 0.12 * first.size:
                chain.append(line)
        if len(chain) >= 3 and sum(any(c > "⺀" for c in line.text) for line in chain) * 2 > len(chain) and _alone(chain, rows):
            chains.append(chain)
            taken.update(id(line) for line in chain)
    kept = [line for line in lines if id(line) not in taken]
    for chain in chains:
        bold = sum(line.bold for line in chain) * 2 > len(chain)
        kept.append(
            Line(
                "".join(line.text for line in chain),
                min(line.x0 for line in chain),
                chain[0].y0,
                max(line.x1 for line in chain),
                chain[-1].y1,
                chain[0].size,
                bold,
                True,
            )
        )
    return kept


def _alone(chain: list[Line], rows: dict[int, list[Line]]) -> bool:
    """Whether next to nothing stands close beside the characters of a chain (a table's column has neighbours)."""
    beside = 0
    for line in chain:
        near = (other for cell in range(int(line.y0 // 20) - 1, int(line.y1 // 20) + 2) for other in rows.get(cell, ()))
        for other in near:
            alike = min(line.y1, other.y1) - max(line.y0, other.y0) > 0.5 * min(line.size, other.size) >= 0.35 * line.size
            if alike and other is not line and 0 <= max(other.x0 - line.x1, line.x0 - other.x1) < 0.45 * line.size:
                beside += 1
                break
    return beside * 4 <= len(chain)


def assemble(glyphs: list[Glyph]) -> list[Line]:
    """The printed lines of a page, in no particular order."""
    glyphs = _painted_once(glyphs)
    lines: list[Line] = []
    for turned in range(4):
        some = [glyph for glyph in glyphs if glyph.turned == turned]
        if some:
            runs = _runs(some)
            edges = _edges(runs)
            runs = _joined(_cut(runs, edges), edges)
            lines.extend(_line(run) for run in runs)
    return _stacked(lines)


def boxed(lines: list[Line], marks: list[Mark]) -> list[Line]:
    """Lines with the number of the smallest box that holds each; boxes are frames, tints and four rules that meet."""
    boxes = sorted(_boxes(marks), key=lambda mark: (mark.x1 - mark.x0) * (mark.y1 - mark.y0))
    result = []
    for line in lines:
        x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
        number = next((i for i, box in enumerate(boxes) if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1), -1)
        result.append(line._replace(box=number) if number >= 0 else line)
    return result


def _boxes(marks: list[Mark]) -> list[Mark]:
    found = [mark for mark in marks if mark.kind in ("frame", "tint")]
    rules = [mark for mark in marks if mark.kind == "rule"][:400]
    level = sorted((mark for mark in rules if mark.x1 - mark.x0 > mark.y1 - mark.y0), key=lambda mark: mark.y0)
    upright = [mark for mark in rules if mark.y1 - mark.y0 > mark.x1 - mark.x0]
    for i, top in enumerate(level):
        for bottom in level[i + 1 :]:
            if abs(top.x0 - bottom.x0) <= 4 and abs(top.x1 - bottom.x1) <= 4 and bottom.y0 - top.y1 >= 12:
                sides = [m for m in upright if m.y0 <= top.y1 + 4 and m.y1 >= bottom.y0 - 4]
                if any(abs(m.x0 - top.x0) <= 4 for m in sides) and any(abs(m.x1 - top.x1) <= 4 for m in sides):
                    found.append(Mark("frame", top.x0, top.y0, top.x1, bottom.y1))
                    break
    return found
