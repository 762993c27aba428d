"""segment: a normalised page → its articles, and what is left over.

``segment_page`` is the stage; its parts are ``read_text``, ``read_layout`` and ``read_article``
(what a page holds), ``masthead`` and ``dating`` (which day it is of) and ``compose`` (the rows).
``segment_batch`` takes its steps one after the other over many pages.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tasks.normalise import NormalText
from tasks.normalise.traditional import Script, simplified
from tasks.segment.compose import Draft, PageIdentity, compose, drafts_of
from tasks.segment.dating import infer_publication
from tasks.segment.keywords import keywords
from tasks.segment.lines import read_lines
from tasks.segment.masthead import read_masthead
from tasks.segment.reading import Reading
from tasks.segment.text_page import read_article, read_text

__all__ = ["ReadPage", "SegmentedPage", "add_keywords", "finished", "place_articles", "read_page", "segment_page"]


class SegmentedPage(NamedTuple):
    """Rows of ``ARTICLE_DRAFTS`` and the fields of ``PAGES`` that segmenting finds."""

    articles: list[dict[str, Any]]
    page: dict[str, Any]


class ReadPage(NamedTuple):
    """A page whose articles do not say yet what they are about; ``headlines`` are theirs as printed.

    ``written`` is set where the page writes traditional characters: its text, and how to give its words back.
    """

    articles: list[dict[str, Any]]
    page: dict[str, Any]
    headlines: list[str | None]
    written: tuple[NormalText, Script] | None = None


def segment_page(row: Mapping[str, Any]) -> SegmentedPage:
    """Articles of one row of ``NORMALISED_PAGES``; leftovers are spans of the raw page."""
    return finished(add_keywords(place_articles(read_page(row))))


def read_page(row: Mapping[str, Any]) -> ReadPage:
    """The first step of ``segment_page``: the articles of a page."""
    text: str = row["normal_text"] or ""
    normal = NormalText(text, row["offsets"] if isinstance(row["offsets"], array) else array("i", row["offsets"] or ()))
    plain = simplified(text)
    if plain is text:
        return _composed(row, normal)
    from tasks.segment.traditional import converted

    shadow, script = converted(row, text, plain)
    found = _composed(shadow, NormalText(plain, normal.offsets))
    name = found.page["newspaper"]
    found.page["newspaper"] = row.get("newspaper") or (script.written(name) if name else None)
    return found._replace(written=(normal, script))


def place_articles(page: ReadPage) -> ReadPage:
    """The second step: the places that the articles are about."""
    from tasks.extract.places import article_area

    for article, headline in zip(page.articles, page.headlines, strict=True):
        article["ref_area"], article["ref_area_name"] = article_area(
            headline, article["subheadline"], article["kicker"], article["body"], article["dateline_place"], article["newspaper"]
        )
    return page


def add_keywords(page: ReadPage) -> ReadPage:
    """The third step: the words that set the articles apart."""
    for article, headline in zip(page.articles, page.headlines, strict=True):
        article["keywords"] = keywords(article["body"], headline)
    return page


def finished(page: ReadPage) -> SegmentedPage:
    """The last step: words of pages in traditional characters as written."""
    if page.written is not None:
        from tasks.segment.traditional import as_written

        as_written(page.articles, page.page["newspaper"], *page.written)
    return SegmentedPage(page.articles, page.page)


def _composed(row: Mapping[str, Any], normal: NormalText) -> ReadPage:
    reading = _read(row, normal)
    drafts = drafts_of(normal.text, reading)
    page = _identity(row, normal.text, reading, drafts)
    articles = compose(normal, drafts, page)
    return ReadPage(
        [article for article, _ in articles],
        {
            "newspaper": page.newspaper,
            "publication_date": page.publication_date,
            "publication_date_source": page.publication_date_source,
            "page_no": page.page_no,
            "interleaved": reading.interleaved,
            "leftovers": _raw_leftovers(reading, normal),
        },
        [headline for _, headline in articles],
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
