"""A page's printed lines and marks as segmentation sees them, and the measures taken of them."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

from tasks.knowledge import rows, values
from tasks.segment.bylines import read_closing, read_opening
from tasks.segment.reading import Span


@dataclass(slots=True, eq=False)
class Box:
    """A rectangle in points from the page's top left corner."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    def beside(self, other: Box) -> float:
        """How much of the narrower one's width both share, 0 to 1."""
        shared = min(self.x1, other.x1) - max(self.x0, other.x0)
        return max(0.0, shared) / max(min(self.width, other.width), 0.1)

    def level(self, other: Box) -> float:
        """How much of the lower one's height both share, 0 to 1."""
        shared = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, shared) / max(min(self.y1 - self.y0, other.y1 - other.y0), 0.1)

    def holds(self, other: Box) -> bool:
        x, y = (other.x0 + other.x1) / 2, (other.y0 + other.y1) / 2
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


@dataclass(slots=True, eq=False)
class Line(Box):
    """A printed line: its words, where they stand in the page's text, and how it is set."""

    text: str
    span: Span
    size: float
    bold: bool
    vertical: bool
    box: int
    crosshead: bool = False


@dataclass(slots=True, eq=False)
class Mark(Box):
    """A rule or a picture."""

    picture: bool


def read_lines(text: str, layout: Iterable[Mapping[str, Any]]) -> tuple[list[Line], list[Mark]]:
    """Lines with ink, trimmed of white space, and the marks between them, from rows of ``schema.LAYOUT_LINE``."""
    lines: list[Line] = []
    marks: list[Mark] = []
    for row in layout:
        start, end = max(0, row["start"]), min(row["end"], len(text))
        sides = (row["x0"], row["y0"], row["x1"], row["y1"])
        if start >= end:
            if row["size"] <= 0:
                thin = min(sides[2] - sides[0], sides[3] - sides[1]) <= 3.5
                marks.append(Mark(*sides, picture=not thin))
            continue
        words = text[start:end]
        bare = words.strip()
        if bare:
            start += len(words) - len(words.lstrip())
            span = Span(start, start + len(bare))
            lines.append(Line(*sides, bare, span, max(row["size"], 0.5), row["bold"], row["vertical"], row["box"]))
    return lines, marks


def body_size(lines: Iterable[Line]) -> float:
    """Font size in which most of the text is set, in points."""
    weights: Counter[float] = Counter()
    for line in lines:
        if not line.vertical:
            weights[round(line.size, 1)] += len(line.text) if len(line.text) >= 6 else 1
    if not weights:
        return 10.0
    return max(weights, key=lambda size: (sum(weights[size + d / 10] for d in (-1, 0, 1)), -size))


def line_pitch(lines: list[Line], size: float) -> float:
    """Distance between the tops of neighbouring lines of running text, in points."""
    steps: list[float] = []
    below: dict[int, list[float]] = {}
    for line in lines:
        if abs(line.size - size) <= 0.1 * size and not line.vertical:
            below.setdefault(round(line.x1 / size), []).append(line.y0)
    for tops in below.values():
        tops.sort()
        steps.extend(b - a for a, b in itertools.pairwise(tops) if 0.8 * size < b - a < 3 * size)
    return median(steps) if steps else 1.6 * size


CLOSED = re.compile(r"[。！？!?…；;：:][”’』」）)】]?$")
NAMED = re.compile(r"[（(][^（）()]{0,24}[）)]$")


def ends_sentence(text: str) -> bool:
    return bool(CLOSED.search(text) or NAMED.search(text))


@cache
def _cues() -> list[tuple[str, str, re.Pattern[str]]]:
    found: list[tuple[str, str, re.Pattern[str]]] = []
    for row in rows("layout_cues"):
        words = "|".join(re.escape(word).replace(r"\.", ".") for word in values(row["cue"]))
        if row["where"] == "start":
            found.append((row["kind"], row["where"], re.compile(rf"(?:{words})")))
        elif row["where"] == "end":
            found.append((row["kind"], row["where"], re.compile(rf".*(?:{words})[。）)]?$", re.S)))
        else:
            found.append((row["kind"], row["where"], re.compile(rf".*(?:{words})", re.S)))
    return found


DATE = re.compile(r"[12]\d{3}\s?[年.\-/]\s?\d{1,2}\s?[月.\-/]\s?\d{1,2}\s?日?")
FOLIO = re.compile(r"第?\s?[A-D]?\s?\d{1,3}\s?版|[A-D]\d{1,2}(?:版|$)|第?[一二三四五六七八九十]{1,3}版|\d{1,3}版")


def names_page(text: str) -> bool:
    """Whether a line, short and whole, is a date or a page number: what heads a page."""
    return len(text) <= 30 and bool(DATE.match(text) or FOLIO.match(text))


DISPATCH = re.compile(r"【[^】]{1,16}[讯电]】|[^\s（(]{1,12}[讯电][\s（(]")
BULLET = re.compile(r"^[□■○●◎◆◇]")


def opens_article(text: str) -> bool:
    """Whether a line begins with a dateline that names its source, or with a byline."""
    found = read_opening(text)
    return found is not None and bool(found.source or found.reporters or found.correspondents)


def is_signature(text: str) -> bool:
    """Whether ``text`` names those who wrote an article and nothing more."""
    found = read_closing(text) if len(text) <= 60 else None
    return found is not None and found.start == 0 and bool(found.reporters or found.correspondents)


@cache
def _role() -> re.Pattern[str]:
    words = [word for row in rows("byline_cues") if row["kind"] in ("reporter", "correspondent") for word in values(row["words"])]
    return re.compile(rf"[^，。；（(\s]{{0,8}}(?:{'|'.join(map(re.escape, words))})[\s：:]*[^，。；（(从在获]{{2,30}}$")


def is_byline(text: str) -> bool:
    """Whether a line near a headline is a byline and nothing more."""
    if len(text) > 40 or not (_role().match(text) or BULLET.match(text)) or ends_sentence(text):
        return False
    if DISPATCH.match(text):
        return False  # a dateline stands in the text, also where the byline behind it breaks off at the line's end
    read = read_opening(text)
    return read is None or read.end >= len(text)  # what goes on behind the names is the text's first line


TAKEN_BY = re.compile(r"(?:[\s/（(。]|记者|通讯员)[^\s，。]{0,8}\s?摄影?[）)]?$")


def cue(text: str, anywhere: bool = False) -> str | None:
    """What a line or block that stands apart says it is: the ``kind`` of its first cue; None without one.

    ``anywhere``: also by words inside it, which only small print and a page's head and foot may be known by.
    """
    flat = " ".join(text.split())
    for kind, where, pattern in _cues():
        if (anywhere or where != "any") and pattern.match(flat):
            return kind
    return "caption" if TAKEN_BY.search(flat) and not flat.endswith("拍摄") else None
