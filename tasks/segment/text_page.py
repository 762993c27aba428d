"""A page of several articles as plain text → what it holds, read from the lengths and words of its lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import NamedTuple

from tasks.normalise import normalise
from tasks.segment.assignment import Matching, TitleLine, Titles
from tasks.segment.boundaries import CANDIDATE, DRIFT, ENOUGH, Words, evidence
from tasks.segment.columns import is_mixed, unmixed
from tasks.segment.entitling import entitle
from tasks.segment.grid import read_grid
from tasks.segment.lines import Line, furniture, notice_lines, read_lines
from tasks.segment.masthead import read_masthead
from tasks.segment.paragraphs import Unit, is_first_point, merge_split_lines, read_units
from tasks.segment.reading import Leftover, Masthead, Piece, Reading, Span
from tasks.segment.title_words import is_label, is_signature, phrases

#: At most so many doubtful places are tried for headlines without an article.
_TRIALS = 6
#: What it counts against a further article without a dateline or byline where all others of the page have one.
_UNSIGNED = 2.0


def read_text(text: str, offsets: Sequence[int] | None = None) -> Reading:
    """The articles on a page of normalised ``text``, and what is left over.

    Every character that is no white space is in a piece or in a leftover.  Linear in the length of
    the text but for the matching of headlines.  ``offsets`` are those of
    ``NormalText``: they tell which lines were letter-spaced.
    """
    lines = read_lines(text, offsets)
    grid = read_grid(text, offsets, lines) if offsets is not None else None
    if grid is not None:
        lines = grid.lines
    masthead = read_masthead(lines)
    leftovers: list[Leftover] = []
    kept = _without_furniture(text, lines, masthead, leftovers)
    mixed = False
    if grid is not None:
        kept = grid.by_columns(kept)
    else:
        kept = merge_split_lines(merge_vertical(kept))
        mixed = is_mixed(kept)
        if mixed:
            kept = unmixed(kept)
    page = _Page(read_units(kept))
    pieces = page.read(leftovers)
    return Reading(pieces, sorted(leftovers), interleaved=mixed, masthead=masthead)


def _without_furniture(text: str, lines: list[Line], masthead: Masthead, leftovers: list[Leftover]) -> list[Line]:
    kinds = furniture(text, lines)
    kinds.update(dict.fromkeys(notice_lines(lines), "advertisement"))
    kinds.update(dict.fromkeys(masthead.lines, "masthead"))
    leftovers += [Leftover(lines[index].span, kind) for index, kind in kinds.items()]
    return [line for index, line in enumerate(lines) if index not in kinds]


def merge_vertical(lines: list[Line]) -> list[Line]:
    """Lines of one character each, three or more in a row (a vertical headline), as one line."""
    if sum([len(line.text) == 1 for line in lines]) < 3:
        return lines
    found: list[Line] = []
    at = 0
    while at < len(lines):
        stop = at
        while stop < len(lines) and len(lines[stop].text) == 1 and not lines[stop].text.isascii():
            stop += 1
        if stop - at >= 3:
            run = lines[at:stop]
            words, places = "".join(line.text for line in run), tuple(line.start for line in run)
            found.append(Line(run[0].start, run[-1].end, words, float(len(run)), run[0].apart, vertical=places))
            at = stop
        else:
            found.append(lines[at])
            at += 1
    return found


class _Doubt(NamedTuple):
    """A place that may part two articles: the evidence, the unit after it, and the units to compare if that is still to do."""

    found: float
    unit: int
    before: list[int]
    after: list[int]


class _Page:
    """The units of a page, and where its articles begin (indexes of units)."""

    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.words = Words(units)
        lines = [line for unit in units for line in unit.lines]
        self.spaced = sum(line.apart for line in lines) * 2 > len(lines)
        self.labels = {index for index, unit in enumerate(units) if unit.title and len(unit.lines) == 1 and is_label(unit.text)}
        #: Titles that may be headlines; for each unit the next that is none.
        self.titles = [index for index, unit in enumerate(units) if unit.title and index not in self.labels]
        self.following = [len(units)] * (len(units) + 1)
        for index in range(len(units) - 1, -1, -1):
            self.following[index] = self.following[index + 1] if units[index].title else index
        self.begins: list[int] = []
        self.doubtful: list[_Doubt] = []
        self._part()

    def _part(self) -> None:
        """Begin an article wherever the evidence is enough; note the places where it nearly is."""
        before: list[int] = []
        titles: list[Unit] = []
        for index, unit in enumerate(self.units):
            if unit.title:
                titles.append(unit)
                continue
            if before and not titles and unit.closing is not None and not unit.closing.start:
                before.append(index)  # a signature on a line of its own
                continue
            if unit.byline and before and not titles and self._signs(index):
                unit.closing, unit.opening = unit.opening, None
                before.append(index)
                continue
            if before and (unit.opening is not None or self.units[before[-1]].closing is not None):
                pass  # datelines, bylines and signatures settle it
            elif before:
                after = self._following(index)
                found = evidence(self.units, before, titles, after, self.words)
                if ENOUGH - DRIFT <= found < ENOUGH + 1.0:
                    found += self.words.drift(before[-3:], after[:3])
                elif found < ENOUGH and not titles:
                    self.doubtful.append(_Doubt(found, index, before[-3:], after[:3]))
                if found < ENOUGH:
                    if found >= ENOUGH - DRIFT - 1.0 and not titles:
                        self.doubtful.append(_Doubt(found, index, [], []))
                    before.append(index)
                    titles = []
                    continue
            self.begins.append(index - 1 if titles and self._is_first_part(index - 1) else index)
            before, titles = [index], []

    def _is_first_part(self, index: int) -> bool:
        """Whether a title numbers the first part of a text that numbers a second one: a crosshead of the article it begins."""
        return is_first_point(self.units[index].text) and any(
            unit.title and re.match(r"二、|[（(]二[）)]", unit.text) for unit in self.units[index + 1 : index + 40]
        )

    def _following(self, index: int) -> list[int]:
        """The next paragraphs from ``index`` on, to the end of what is surely one article."""
        found = []
        for other in range(index, min(index + 8, len(self.units))):
            unit = self.units[other]
            if other > index and unit.opening is not None:
                break
            if not unit.title:
                found.append(other)
            if unit.closing is not None:
                break
        return found

    def _signs(self, index: int) -> bool:
        """Whether a byline on a line of its own signs what stands before it rather than heads what follows."""
        following = self.units[index + 1] if index + 1 < len(self.units) else None
        return following is None or following.title or following.opening is not None

    def _bodies(self, begins: Sequence[int]) -> list[tuple[int, int]]:
        """For each article the range of its units, without the titles behind its last paragraph."""
        found = []
        for number, begin in enumerate(begins):
            end = begins[number + 1] if number + 1 < len(begins) else len(self.units)
            while self.units[end - 1].title:
                end -= 1
            found.append((begin, end))
        return found

    def _matching(self, begins: Sequence[int]) -> Matching:
        bodies = self._bodies(begins)
        lines: list[TitleLine] = []
        after = -1
        for index in self.titles:
            while after + 1 < len(begins) and begins[after + 1] <= index:
                after += 1
            if after >= 0 and index < bodies[after][1]:
                continue
            unit = self.units[index]
            before = after + 1 if after + 1 < len(begins) and self.following[index] >= begins[after + 1] else -1
            first, last = unit.lines[0], unit.lines[-1]
            adjoins = index == bodies[after][1] if after >= 0 else False
            lines_of = unit.lines[1:] if adjoins and self._is_signed(index) else unit.lines
            ends_here = before >= 0 and not self._title_follows(index, begins)
            for printed in lines_of:
                for line in phrases(printed):
                    lines.append(
                        TitleLine(
                            line,
                            printed,
                            self.following[index],
                            before if ends_here and line.end == last.end else -1,
                            after if adjoins and line.start == first.start else -1,
                            heads=before >= 0,
                        )
                    )
        article_of = [bisect_right(begins, index) - 1 for index in self.words.paragraphs]
        holders = self.words.texts.where

        def where(gram: str) -> Collection[int]:
            found = holders(gram)
            if not found:
                return ()
            if article_of[found[0]] == article_of[found[-1]]:
                return (article_of[found[0]],)
            return tuple(dict.fromkeys([article_of[place] for place in found]))

        return Titles(lines, len(begins), where, self.spaced).match()

    def _is_signed(self, index: int) -> bool:
        """Whether an office's name on the first line of a title signs what stands before."""
        return is_signature(self.units[index].lines[0].text)

    def _title_follows(self, index: int, begins: Sequence[int]) -> bool:
        """Whether the next unit is a title too, and not a crosshead that an article begins with."""
        return index + 1 < len(self.units) and self.units[index + 1].title and index + 1 not in begins

    def _weighed(self) -> list[tuple[float, int]]:
        """The places most likely to part two articles, best first, with their evidence."""
        found = []
        for doubt in self.doubtful:
            weight = doubt.found + (self.words.drift(doubt.before, doubt.after) if doubt.after else 0.0)
            if weight >= CANDIDATE:
                found.append((weight, doubt.unit))
        return sorted(found, reverse=True)[:_TRIALS]

    def _settle(self) -> Matching:
        """Begin further articles at doubtful places where headlines without an article ask for them."""
        best = self._matching(self.begins)
        doubtful: list[tuple[float, int]] | None = None
        signed = len(self.begins) > 1 and all(self.units[begin].opening is not None for begin in self.begins)
        while self.doubtful and any(number is None or group.weakest < 1 for group, number in zip(best.groups, best.articles, strict=True)):
            if doubtful is None:
                doubtful = self._weighed()
            options = []
            for found, index in doubtful:
                begins = sorted([*self.begins, index])
                trial = self._matching(begins)
                worth = trial.worth + found - ENOUGH - (_UNSIGNED if signed else 0.0)
                if worth > best.worth and trial.named > best.named:
                    options.append((worth, index, begins, trial))
            if not options:
                break
            _, index, begins, trial = max(options, key=lambda option: (option[0], -option[1]))
            self.begins, best = begins, trial
            doubtful = [(found, other) for found, other in doubtful if other != index]
        return best

    def read(self, leftovers: list[Leftover]) -> list[Piece]:
        if not self.begins:
            leftovers += [Leftover(span, "headline_alone") for unit in self.units for line in unit.lines for span in spans_of(line)]
            return []
        matching = self._settle()
        pieces = [_piece(self.units[begin:end]) for begin, end in self._bodies(self.begins)]
        for group, number in zip(matching.groups, matching.articles, strict=True):
            lines = [title.line for title in group.lines]
            if number is None:
                leftovers += [Leftover(span, "headline_alone") for line in lines for span in spans_of(line)]
                continue
            parts = [_spans(part) for part in entitle(group.lines, self.words.where)]
            pieces[number].kicker, pieces[number].headline, pieces[number].subheadline = parts
        for begin, end in self._bodies(self.begins):
            if begin < end < len(self.units) and self.units[end].title and end not in self.labels and self._is_signed(end):
                leftovers += [Leftover(span, "signature") for span in spans_of(self.units[end].lines[0])]
        for index in sorted(self.labels):
            self._label(index, pieces, leftovers)
        return pieces

    def _label(self, index: int, pieces: list[Piece], leftovers: list[Leftover]) -> None:
        """A place's name alone over a column is the kicker of the article below; inside an article a crosshead."""
        spans = spans_of(self.units[index].lines[0])
        number = bisect_right(self.begins, index) - 1
        if number >= 0 and index < self._bodies(self.begins)[number][1]:
            return
        if number + 1 < len(pieces):
            pieces[number + 1].kicker = spans + pieces[number + 1].kicker
        else:
            leftovers += [Leftover(span, "headline_alone") for span in spans]


def _spans(lines: Sequence[Line]) -> list[Span]:
    """The spans of a title's lines; parts of one printed line make one span, the blank between them kept."""
    found: list[Span] = []
    for line in lines:
        if line.phrase and found:
            found[-1] = Span(found[-1].start, line.end)
        else:
            found += spans_of(line)
    return found


def spans_of(line: Line) -> list[Span]:
    """The span of a line; of a vertical headline one span for each of its characters."""
    if not line.vertical:
        return [line.span]
    return [Span(place, place + 1) for place in line.vertical]


def _piece(units: Sequence[Unit]) -> Piece:
    paragraphs: list[list[Span]] = []
    joins = False
    for unit in units:
        spans: list[Span] = []
        for line in unit.lines:
            if line.vertical:
                spans += spans_of(line)
            else:
                spans.append(line.span)
        if joins and not unit.title:
            paragraphs[-1] += spans
        else:
            paragraphs.append(spans)
        joins = unit.soft and not unit.title
    return Piece(paragraphs)


def read_article(text: str, headline: str | None = None, byline: str | None = None) -> Reading:
    """A document that is one article: its lines are paragraphs, its first line the headline when ``headline`` says so."""
    lines = read_lines(text)
    title: list[Span] = []
    wanted = "".join(normalise(headline or "").text.split())
    while lines and wanted and not title and "".join(lines[0].text.split()) == wanted:
        title.append(lines.pop(0).span)
    return Reading([Piece([[line.span] for line in lines], headline=title)] if lines else [], [])
