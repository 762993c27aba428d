"""A page of several articles as plain text → what it holds, read from the lengths and words of its lines."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.segment.assignment import Article, assign_titles
from tasks.segment.boundaries import ENOUGH, evidence
from tasks.segment.lines import Line, furniture_kind, read_lines
from tasks.segment.masthead import read_masthead
from tasks.segment.paragraphs import Unit, merge_split_lines, read_units
from tasks.segment.reading import Leftover, Piece, Reading, Span


def read_text(text: str, offsets: Sequence[int] | None = None) -> Reading:
    """The articles on a page of normalised ``text``, and what is left over.

    Every character that is no white space is in a piece or in a leftover.  Linear in the length of
    the text but for the matching of headlines, cubic in their number.  ``offsets`` are those of
    ``NormalText``: they tell which lines were letter-spaced.
    """
    lines = read_lines(text, offsets)
    leftovers: list[Leftover] = []
    kept = _without_furniture(lines, leftovers)
    kept = merge_split_lines(merge_vertical(kept))
    units = read_units(kept)
    articles, titles = _articles(units)
    loose = assign_titles(articles, titles)
    leftovers.extend(Leftover(line.span, "headline_alone") for line in loose)
    pieces = [_piece(article) for article in articles]
    return Reading(pieces, sorted(leftovers))


def _without_furniture(lines: list[Line], leftovers: list[Leftover]) -> list[Line]:
    masthead = set(read_masthead(lines).lines)
    kept: list[Line] = []
    for index, line in enumerate(lines):
        kind = "masthead" if index in masthead else furniture_kind(line.text)
        if kind is None:
            kept.append(line)
        else:
            leftovers.append(Leftover(line.span, kind))
    return kept


def merge_vertical(lines: list[Line]) -> list[Line]:
    """Lines of one character each, three or more in a row (a vertical headline), as one line."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and len(lines[stop].text) == 1 and not lines[stop].text.isascii():
            stop += 1
        if stop - at >= 3:
            run = lines[at:stop]
            found.append(Line(run[0].start, run[-1].end, "".join(line.text for line in run), float(len(run)), run[0].apart))
            at = stop
        else:
            found.append(lines[at])
            at += 1
    return found


def _articles(units: Sequence[Unit]) -> tuple[list[Article], list[tuple[int, Unit]]]:
    """Units parted into articles; titles that stand inside none, each with the number of articles before it."""
    articles: list[Article] = []
    outside: list[tuple[int, Unit]] = []
    waiting: list[Unit] = []
    for index, unit in enumerate(units):
        if unit.title:
            waiting.append(unit)
            continue
        if unit.byline and articles and not waiting and _ends_article(units, index):
            articles[-1].units.append(unit)
            unit.closing, unit.opening = unit.opening, None
            continue
        after = [other for other in units[index : index + 8] if not other.title]
        if articles:
            before = [other for other in articles[-1].units if not other.title]
            if evidence(before, waiting, after) < ENOUGH:
                articles[-1].units += [*waiting, unit]
                waiting = []
                continue
        outside += [(len(articles), title) for title in waiting]
        waiting = []
        articles.append(Article([unit]))
    outside += [(len(articles), title) for title in waiting]
    return articles, outside


def _ends_article(units: Sequence[Unit], index: int) -> bool:
    """Whether a byline on a line of its own signs what stands before it rather than heads what follows."""
    following = units[index + 1] if index + 1 < len(units) else None
    return following is None or following.title or following.opening is not None


def _piece(article: Article) -> Piece:
    paragraphs: list[list[Span]] = []
    joins = False
    for unit in article.units:
        spans = [span for line in unit.lines for span in [line.span]]
        if joins and not unit.title:
            paragraphs[-1] += spans
        else:
            paragraphs.append(spans)
        joins = unit.soft and not unit.title
    return Piece(
        paragraphs,
        headline=[line.span for line in article.headline],
        subheadline=[line.span for line in article.subheadline],
        kicker=[line.span for line in article.kicker],
    )


def read_article(text: str, headline: str | None = None, byline: str | None = None) -> Reading:
    """A document that is one article: its lines are paragraphs, its first line the headline when ``headline`` says so."""
    lines = read_lines(text)
    leftovers: list[Leftover] = []
    title: list[Span] = []
    wanted = "".join((headline or "").split())
    while lines and wanted and not title and "".join(lines[0].text.split()) == wanted:
        title.append(lines.pop(0).span)
    return Reading([Piece([[line.span] for line in lines], headline=title)] if lines else [], leftovers)
