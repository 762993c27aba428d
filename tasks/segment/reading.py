"""What a page is found to hold: pieces (articles) and leftovers, all as spans of normalised text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(slots=True)
class Masthead:
    """What was found, and the indexes of the lines it stands on."""

    newspaper: str | None = None
    day: date | None = None
    page_no: int | None = None
    lines: tuple[int, ...] = ()


class Span(NamedTuple):
    """Half-open range of characters in a page's normalised text."""

    start: int
    end: int


@dataclass(slots=True)
class Piece:
    """One article as printed: the lines of its headline, subheadline and kicker, and its paragraphs.

    ``paragraphs`` holds for each paragraph the spans of its printed lines, in reading order; the
    dateline, byline and closing signature are still in them.
    """

    paragraphs: list[list[Span]]
    headline: list[Span] = field(default_factory=list)
    subheadline: list[Span] = field(default_factory=list)
    kicker: list[Span] = field(default_factory=list)
    byline: list[Span] = field(default_factory=list)


class Leftover(NamedTuple):
    """A span that belongs to no article, and why."""

    span: Span
    reason: str


@dataclass(slots=True)
class Reading:
    """All that a page holds; every non-space character is in a piece or in a leftover.

    ``masthead`` is what the page's head and foot say, where they were read.
    """

    pieces: list[Piece]
    leftovers: list[Leftover]
    interleaved: bool = False
    masthead: Masthead | None = None
