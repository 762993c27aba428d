"""A page's reading → rows of ``schema.ARTICLE_DRAFTS``: datelines and bylines read, lines joined into bodies."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from tasks.normalise import NormalText
from tasks.segment.bylines import WINDOW, read_closing, read_opening
from tasks.segment.dating import day_in
from tasks.segment.names import split_names
from tasks.segment.people import Credits
from tasks.segment.reading import Piece, Reading, Span


@dataclass(frozen=True, slots=True)
class PageIdentity:
    """What is known of a page before its articles are read; a document that is one article may name its headline and byline."""

    page_id: str
    source_uri: str
    newspaper: str | None = None
    publication_date: date | None = None
    publication_date_source: str | None = None
    page_no: int | None = None
    headline: str | None = None
    byline: str | None = None


@dataclass(slots=True)
class Draft:
    """An article's text as printed, its lines joined by line breaks, and what its openings and closings say."""

    piece: Piece
    text: str
    spans: list[Span]
    starts: list[int]
    breaks: frozenset[int]
    opening: Credits
    closing: Credits
    start: int
    end: int


def drafts_of(text: str, reading: Reading) -> list[Draft]:
    """The articles of a reading that hold anything, with their datelines, bylines and signatures read."""
    return [draft for piece in reading.pieces if (draft := _draft(text, piece))]


def _draft(text: str, piece: Piece) -> Draft | None:
    spans: list[Span] = []
    breaks: list[int] = []
    starts: list[int] = []
    pieces: list[str] = []
    length = 0
    for paragraph in piece.paragraphs:
        if spans and paragraph:
            breaks.append(length - 1)
        spans += paragraph
        for start, end in paragraph:
            starts.append(length)
            pieces.append(text[start:end])
            length += end - start + 1
    joined = "\n".join(pieces)
    if not joined.strip():
        return None
    opening, start = _openings(joined, " ".join(text[span.start : span.end] for span in piece.byline))
    closing, end = _closings(joined, start)
    return Draft(piece, joined, spans, starts, frozenset(breaks), opening, closing, start, end)


def _openings(joined: str, byline: str) -> tuple[Credits, int]:
    found = Credits()
    if byline:
        _gather(found, read_opening(byline) or read_closing(byline))
    start = 0
    for _ in range(3):  # a byline on a line of its own, then a dateline
        credits = read_opening(joined[start : start + WINDOW])
        if credits is None or start + credits.end >= len(joined):
            break
        _gather(found, credits)
        start += credits.end
    return found, start


def _closings(joined: str, start: int) -> tuple[Credits, int]:
    found = Credits()
    end = len(joined)
    for _ in range(3):
        credits = read_closing(joined[max(start, end - 240) : end])
        if credits is None:
            break
        credits.start += max(start, end - 240)
        if credits.start <= start:
            break
        _gather(found, credits)
        end = credits.start
        end = start + len(joined[start:end].rstrip())
    return found, end


def _gather(into: Credits, more: Credits | None) -> None:
    if more is None:
        return
    into.source, into.place = into.source or more.source, into.place or more.place
    if into.day is None:
        into.year, into.month, into.day = more.year, more.month, more.day
    into.add("reporter", more.reporters)
    into.add("correspondent", more.correspondents)


def compose(normal: NormalText, drafts: Sequence[Draft], page: PageIdentity) -> list[tuple[dict[str, Any], str | None]]:
    """Rows of ``ARTICLE_DRAFTS`` without their places and keywords, one for each of ``drafts`` that holds a body, in their order.

    Beside each stands its headline as printed, None where only the document names one.

    A body begins after the dateline's bracket and ends before the closing signature; ``body_offsets``
    are places in the raw page, -1 for breaks put in.
    """
    rows: list[tuple[dict[str, Any], str | None]] = []
    taken: dict[str, int] = {}
    for draft in drafts:
        body, offsets = _body(draft, normal.offsets)
        if body:
            rows.append(_row(normal, draft, body, offsets, page, len(rows) + 1, taken))
    return rows


def _row(
    normal: NormalText, draft: Draft, body: str, offsets: array[int], page: PageIdentity, position: int, taken: dict[str, int]
) -> tuple[dict[str, Any], str | None]:
    piece, said, signed = draft.piece, draft.opening, draft.closing
    reporters = [*said.reporters, *(name for name in signed.reporters if name not in said.reporters)]
    correspondents = [*said.correspondents, *(name for name in signed.correspondents if name not in said.correspondents)]
    if page.byline and not reporters and not correspondents:
        given = read_opening(page.byline) or read_closing(page.byline)
        reporters = given.reporters if given else split_names(page.byline)
        correspondents = given.correspondents if given else []
    headline, subheadline, kicker = (_title(normal.text, spans) for spans in (piece.headline, piece.subheadline, piece.kicker))
    place = said.place or signed.place
    spans = [*piece.kicker, *piece.headline, *piece.subheadline, *piece.byline, *draft.spans]
    row = {
        "article_id": _article_id(page.page_id, body, taken),
        "page_id": page.page_id,
        "source_uri": page.source_uri,
        "newspaper": page.newspaper,
        "publication_date": page.publication_date,
        "publication_date_source": page.publication_date_source,
        "page_no": page.page_no,
        "position": position,
        "headline": headline or page.headline,
        "subheadline": subheadline,
        "kicker": kicker,
        "source": said.source or signed.source,
        "dateline_date": day_in(said.year, said.month, said.day, page.publication_date),
        "dateline_place": place,
        "reporters": reporters,
        "correspondents": correspondents,
        "body": body,
        "page_char_start": normal.offsets[min([start for start, _ in spans])],
        "page_char_end": normal.offsets[max([end for _, end in spans]) - 1] + 1,
        "body_offsets": offsets,
    }
    return row, headline


_BREAK = re.compile(r"[^\S\n]*\n\s*")
_STRAY = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\d])|(?<=[\d%]) (?=[\u3400-\u9fff])|\n")


def _body(draft: Draft, offsets: array[int]) -> tuple[str, array[int]]:
    """The joined body, and for each of its characters the place in the raw page."""
    text = draft.text
    pieces: list[str] = []
    places = array("i")
    blanks = " " in text
    for start, (begin, stop) in zip(draft.starts, draft.spans, strict=True):
        end = start + stop - begin
        if end <= draft.start or start >= draft.end:
            continue
        at, last = max(start, draft.start), min(end, draft.end)
        if pieces:
            if start - 1 in draft.breaks:
                pieces.append("\n")
                places.append(-1)
            elif text[at] <= "z" and _is_latin(text[at]) and _is_latin(text[start - 2]):
                pieces.append(" ")
                places.append(-1)
        shift = begin - start
        piece = text[at:last]
        if "\n" in piece or (blanks and " " in piece):
            for stray in _STRAY.finditer(text, at, last):
                pieces.append(text[at : stray.start()])
                places += offsets[at + shift : stray.start() + shift]
                at = stray.end()
            piece = text[at:last]
        pieces.append(piece)
        places += offsets[at + shift : last + shift]
    body = "".join(pieces)
    bare = body.strip()
    if len(bare) == len(body):
        return body, places
    lead = len(body) - len(body.lstrip())
    return bare, places[lead : lead + len(bare)]


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _title(text: str, spans: list[Span]) -> str | None:
    """A title's lines as one, without the line breaks that a span of two printed lines holds, and with single blanks."""
    whole = "".join(_BREAK.sub("", text[span.start : span.end].strip()) for span in spans)
    return " ".join(whole.split()) or None


def _article_id(page_id: str, body: str, taken: dict[str, int]) -> str:
    first = body[:60]
    plain = found = f"{page_id}-{sha256(first.encode()).hexdigest()[:8]}"
    while found in taken:  # the same words begin two articles of the page, or thousands
        taken[plain] += 1
        found = f"{page_id}-{sha256(f'{first}#{taken[plain]}'.encode()).hexdigest()[:8]}"
    taken[found] = 1
    return found
