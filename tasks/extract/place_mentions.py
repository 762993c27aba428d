"""Place names in Chinese text, told apart from words that only look like them.

One pass of a lexicon finds every name (longest match); short names of counties, ambiguous names and names
that are also words are then kept only where the text makes places of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from tasks.extract import gazetteer as table
from tasks.extract import place_context as context
from tasks.extract.gazetteer import COUNTRY, Entry, areas, is_code, level, within

__all__ = ["Gazetteer", "PlaceMention", "at_year", "find_zones", "gazetteer"]


class PlaceMention(NamedTuple):
    """A place named in a text, ``text[start:end]``.

    ``kind``: ``area`` (code of GB/T 2260), ``country`` (ISO 3166-1 alpha-2), ``group`` (several places; no
    code), ``zone`` (part of a place, code of the place that holds it), ``deictic`` (全市, 该县: no code, but 本港).
    ``name`` is the canonical name.  ``candidates`` are all codes an ambiguous name may mean.  ``org`` says what the
    name is part of (``firm``, ``school``, ``body``, ``site``, ``team``), empty when it stands for the place itself.
    ``aside``: named but hardly what is spoken of: in a list, behind a preposition, as a yardstick (高于全省, 全省第三);
    it may say where its own number belongs, but not where those that follow do.
    """

    start: int
    end: int
    text: str
    kind: str
    code: str | None
    name: str
    level: str | None = None
    candidates: tuple[str, ...] = ()
    org: str = ""
    aside: bool = False

    @property
    def in_name(self) -> bool:
        """Whether the mention is part of the name of an organisation or a site."""
        return bool(self.org)


Found = tuple[int, int, Entry]

_MUNICIPALITIES = ("11", "12", "31", "50")
_LIST = frozenset("、和及与或")


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer."""
    return Gazetteer()


class Gazetteer:
    """Finds places; cheap to make, all state is shared and built on first use (about 0.1 s)."""

    def find(
        self,
        text: str,
        home: str | None = None,
        year: int | None = None,
        known: Iterable[str] = (),
        until: int | None = None,
    ) -> list[PlaceMention]:
        """Places of ``text`` in order, not overlapping.

        ``home``: code of the area the article (or its newspaper) belongs to, which short and ambiguous names are
        read by.  ``year``: codes are given as they were in that year where the gazetteer knows them.  ``known``:
        codes of areas already named nearby (in the headline), whose short names count.  ``until``: no more is made of
        names from this offset on than that they are named.
        """
        found = [one for one in table.lexicon().scan(text) if one[2].kind != "noise"]
        return _Reading(text, found, home, year, known).mentions(len(text) if until is None else until)


class _Reading:
    """One text's raw finds, sifted."""

    def __init__(self, text: str, found: list[Found], home: str | None, year: int | None, known: Iterable[str]) -> None:
        self.text = text
        self.found = found
        self.home = home if is_code(home) else None
        self.year = year
        self.known = set(known)
        self.named: dict[str, str] = {}
        for _, _, entry in found:
            if entry.kind == "area" and entry.use == "free" and not entry.candidates and entry.code:
                self.known.add(entry.code)

    def mentions(self, until: int) -> list[PlaceMention]:
        kept: list[Found] = []
        for index, (start, end, entry) in enumerate(self.found):
            if start >= until:
                break
            if entry.kind == "area":
                ready = self._area(index, start, end, entry, kept[-1] if kept else None)
                if ready is None:
                    kept.extend(self._inside(index, start, end))
                    continue
                start, end, entry = ready
                if kept and kept[-1][1] == start and _holds(kept[-1][2], entry):
                    start = kept.pop()[0]
            elif entry.kind == "deictic":
                if start and self.text[start - 1] in context.refused_after().get(self.text[start], ""):
                    continue
            elif entry.use == "near" and not context.stands_free(self.text, start, end, context.PREPOSITIONS):
                continue
            kept.append((start, end, entry))
        mentions: list[PlaceMention] = []
        for one in kept:
            if not mentions or one[0] >= mentions[-1].end:  # else the name of a zone holds it
                mentions.append(self._mention(one))
        return mentions

    def _area(self, index: int, start: int, end: int, entry: Entry, before: Found | None) -> Found | None:
        """The find with its code settled, or None when the letters are no place here."""
        codes = entry.candidates or (entry.code or "",)
        if entry.official and end < len(self.text) and self.text[end] in "场值域间块位" and self.text[end - 1] in "市区":
            # 长沙|市场, 江南|区位: the suffix belongs to the next word
            entry_short = table.entries().get(self.text[start : end - 1])
            if entry_short is None or entry_short.kind != "area":
                return None
            return self._area(index, start, end - 1, entry_short, before)
        if entry.code == COUNTRY and context.ends_share(self.text, start, end):
            return None
        code: str | None = None
        if before is not None and before[1] == start and before[2].kind == "area" and entry.use != "word":
            code = next((one for one in (*codes, *entry.inner) if within(one, before[2].code)), None)
        if code is None:
            if entry.use == "under":
                return None
            if entry.use == "bare" and not (context.stands_free(self.text, start, end) and self._county_ends(end)):
                return None
            risky = entry.official and entry.level == "county" and self.text[end - 2 : end] in context.risky_tails()
            if risky and not context.stands_free(self.text, start, end):
                return None
            if entry.use in ("home", "near", "named", "word"):
                code = self._short(index, start, end, entry, codes, before)
                if code is None:
                    return None
            elif len(codes) > 1:
                code = self._likeliest(codes)
            else:
                code = codes[0]
        if self.year is not None:
            code = at_year(code, self.year)
        self.known.add(code)
        if code != entry.code:
            entry = entry._replace(code=code, name=table.name(code), level=level(code))
        return start, end, entry

    def _short(self, index: int, start: int, end: int, entry: Entry, codes: tuple[str, ...], before: Found | None) -> str | None:
        """The code that a short name means here, None when nothing makes a place of it."""
        for code in codes:
            if code in self.known and entry.use != "word":
                return code
        if context.opens_zone(self.text, end) and context.stands_free(self.text, start, end, context.PREPOSITIONS):
            return self._likeliest(codes) if entry.use != "word" or self._nearby(codes) else None
        if entry.use in ("named", "word"):
            return None
        beside: list[Entry] = []
        if before is not None and before[1] + 1 == start and self.text[before[1]] in _LIST and before[2].kind == "area":
            beside.append(before[2])
        if index + 1 < len(self.found):
            after = self.found[index + 1]
            if after[0] == end + 1 and self.text[end] in _LIST and after[2].kind == "area" and after[2].use == "free":
                beside.append(after[2])
        for other in beside:
            for code in codes:
                if other.code and code[:2] == other.code[:2] and level(code) == other.level:
                    return code
                if level(code) == other.level == "prefecture":
                    return code
        if self.home is not None and self.home != COUNTRY and context.stands_free(self.text, start, end):
            digits = 2 if entry.use == "home" or (level(self.home) == "province" and len(entry.name) > 3) else 4
            narrow = self.home[2:4] != "00" or self.home[:2] in _MUNICIPALITIES
            for code in codes:
                if code[:digits] == self.home[:digits] and (digits == 2 or narrow):
                    return code
        return None

    def _likeliest(self, codes: tuple[str, ...]) -> str:
        """Of the areas with one name, the one whose surroundings the text or the article's home speaks of."""

        def score(code: str) -> int:
            points = 0
            for weight, digits in ((2, 4), (1, 2)):
                points += weight * any(other[:digits] == code[:digits] for other in self.known if other != COUNTRY)
                points += weight * (self.home is not None and self.home[:digits] == code[:digits])
            return points

        return max(codes, key=score)

    def _nearby(self, codes: tuple[str, ...]) -> bool:
        """Whether the text or the article's home is in the same prefecture, or their province."""
        around = {*self.known, self.home} - {None, COUNTRY}
        return any(
            other and (other[:4] == code[:4] or (other[2:] == "0000" and other[:2] == code[:2])) for code in codes for other in around
        )

    def _county_ends(self, end: int) -> bool:
        return end >= len(self.text) or self.text[end] not in "长城域级委乡区"

    def _inside(self, index: int, start: int, end: int) -> list[Found]:
        """Names that a refused one hides (建德|国 hides 德国)."""
        limit = self.found[index + 1][0] if index + 1 < len(self.found) else len(self.text)
        return [
            (at, until, entry)
            for at, until, entry in table.lexicon().scan(self.text, start + 1, min(limit, end + 8))
            if at < end and entry.use == "free" and entry.kind in ("area", "country", "group")
        ]

    def _mention(self, one: Found) -> PlaceMention:
        start, end, entry = one
        if entry.kind == "area" and entry.code != COUNTRY:
            more = context.zone_end(self.text, end, entry.level, entry.official)
            if more:
                text = self.text[start:more]
                return PlaceMention(
                    start,
                    more,
                    text,
                    "zone",
                    entry.code,
                    text,
                    None,
                    (),
                    context.name_kind(self.text, more),
                    context.aside(self.text, start, more),
                )
        text, kind, code, name, rank = self.text[start:end], entry.kind, entry.code, entry.name, entry.level
        org, aside = "", context.aside(self.text, start, end)
        if kind == "deictic":
            aside = aside or text[-1] == "内" or context.yardstick(self.text, start, end)
        elif kind == "group":
            aside = aside or (name in table.groups("region") and not text.endswith("地区"))
        elif kind in ("area", "country"):
            org = context.name_kind(self.text, end)
            if org in ("firm", "team") and not entry.official:
                self.named[self.text[start : end + 2]] = org
            elif not org and self.text[end + 2 : end + 3] not in ("业", "产"):
                org = self.named.get(self.text[start : end + 2], "")  # 湖南某某(公司), told once in full
        return PlaceMention(start, end, text, kind, code, name, rank, entry.candidates, org, aside)


def _holds(outer: Entry, inner: Entry) -> bool:
    return outer.kind == "area" and outer.code != inner.code and within(inner.code, outer.code)


@cache
def at_year(code: str, year: int) -> str:
    """The code that stood for the area in ``year``; ``code`` itself when the gazetteer knows no other."""
    area = areas()[code]
    if area.valid_from is None or area.valid_from <= year:
        return code
    for old in table.former().get(code, ()):
        before = areas()[old]
        if (before.valid_from is None or before.valid_from <= year) and before.valid_to is not None and before.level == area.level:
            return old
    return code


def find_zones(text: str, home: str | None = None) -> list[PlaceMention]:
    """Development zones and towns named in ``text``: ``name`` is the zone's, ``code`` of the place that holds it."""
    return [place for place in gazetteer().find(text, home) if place.kind == "zone"]
