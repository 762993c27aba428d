"""segment: a normalised page → its articles, and what is left over.

``segment_page`` is the stage; its parts are ``read_text``, ``read_layout`` and ``read_article``
(what a page holds), ``masthead`` and ``dating`` (which day it is of) and ``compose`` (the rows).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tasks.normalise import NormalText
from tasks.normalise.traditional import simplified
from tasks.segment.compose import Draft, PageIdentity, compose, drafts_of
from tasks.segment.dating import infer_publication
from tasks.segment.lines import read_lines
from tasks.segment.masthead import read_masthead
from tasks.segment.reading import Reading
from tasks.segment.text_page import read_article, read_text

__all__ = ["SegmentedPage", "segment_page"]


class SegmentedPage(NamedTuple):
    """Rows of ``ARTICLE_DRAFTS`` and the fields of ``PAGES`` that segmenting finds."""

    articles: list[dict[str, Any]]
    page: dict[str, Any]


def segment_page(row: Mapping[str, Any]) -> SegmentedPage:
    """Articles of one row of ``NORMALISED_PAGES``; leftovers are spans of the raw page."""
    text: str = row["normal_text"] or ""
    normal = NormalText(text, row["offsets"] if isinstance(row["offsets"], array) else array("i", row["offsets"] or ()))
    plain = simplified(text)
    if plain is text:
        return _segmented(row, normal)
    from tasks.segment.traditional import as_written, converted

    shadow, script = converted(row, text, plain)
    found = _segmented(shadow, NormalText(plain, normal.offsets))
    name = found.page["newspaper"]
    found.page["newspaper"] = row.get("newspaper") or (script.written(name) if name else None)
    as_written(found.articles, found.page["newspaper"], normal, script)
    return found


def _segmented(row: Mapping[str, Any], normal: NormalText) -> SegmentedPage:
    reading = _read(row, normal)
    drafts = drafts_of(normal.text, reading)
    page = _identity(row, normal.text, reading, drafts)
    articles = compose(normal, drafts, page)
    return SegmentedPage(
        articles,
        {
            "newspaper": page.newspaper,
            "publication_date": page.publication_date,
            "publication_date_source": page.publication_date_source,
            "page_no": page.page_no,
            "interleaved": reading.interleaved,
            "leftovers": _raw_leftovers(reading, normal),
        },
    )


def _read(row: Mapping[str, Any], normal: NormalText) -> Reading:
    if row.get("single_article"):
        return read_article(normal.text, row.get("headline"), row.get("byline"))
    layout = row.get("layout")
    if layout:
        from tasks.segment.layout_page import read_layout

        return read_layout(normal.text, _on_normal(layout, normal.offsets))
    return read_text(normal.text, normal.offsets)


def _on_normal(layout: Sequence[Mapping[str, Any]], offsets: Sequence[int]) -> list[dict[str, Any]]:
    """Printed lines whose spans are places in the raw text, moved onto the normalised text."""
    return [{**line, "start": bisect_left(offsets, line["start"]), "end": bisect_left(offsets, line["end"])} for line in layout]


def _identity(row: Mapping[str, Any], text: str, reading: Reading, drafts: Sequence[Draft]) -> PageIdentity:
    newspaper, day, source, number = (
        row.get("newspaper"),
        row.get("publication_date"),
        row.get("publication_date_source"),
        row.get("page_no"),
    )
    if not row.get("single_article"):
        head = reading.masthead or read_masthead(read_lines(text if len(text) < 2400 else text[:1600] + "\n" + text[-800:]))
        newspaper, number = newspaper or head.newspaper, number or head.page_no
        if day is None and head.day is not None:
            day, source = head.day, "masthead"
    if day is None:
        days = [(said.year, said.month, said.day) for draft in drafts if (said := draft.opening).day is not None]
        day = infer_publication(text, [(year, month, number) for year, month, number in days if number is not None])
        source = "inferred" if day else None
    headline = row.get("headline") if row.get("single_article") else None
    return PageIdentity(row["page_id"], row["source_uri"], newspaper, day, source, number, headline, row.get("byline"))


def _raw_leftovers(reading: Reading, normal: NormalText) -> list[dict[str, Any]]:
    return [
        {"start": normal.offsets[left.span.start], "end": normal.offsets[left.span.end - 1] + 1, "reason": left.reason}
        for left in reading.leftovers
        if left.span.end > left.span.start
    ]
