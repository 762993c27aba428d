"""Place names in Chinese text, told apart from words that only look like them.

One pass of an automaton finds every name (longest match); short names of counties, ambiguous names and names
that are also words are then kept only where the text makes places of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tasks.extract import gazetteer as table
from tasks.extract.gazetteer import COUNTRY, Entry, areas, is_code, level, within
from tasks.knowledge import rows

__all__ = ["Gazetteer", "PlaceMention", "at_year", "find_zones", "gazetteer", "yardstick"]


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place named in a text, ``text[start:end]``.

    ``kind``: ``area`` (code of GB/T 2260), ``country`` (ISO 3166-1 alpha-2), ``group`` (several places; no code, or
    EU), ``zone`` (part of a place, code of the place that holds it), ``deictic`` (全市, 该县: no code, but 本港).
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
_PREPOSITIONS = "在于到从自由是与和及对向往至赴的了为"
_ASIDE_BEFORE = frozenset("、和与对从自由到至往向比较及于受")
_ASIDE_AFTER = frozenset("、和与及等")
#: How many characters may stand between a place and the ending of a name that begins with it.
_GAP = {"firm": 14, "school": 10, "body": 8, "site": 6, "team": 5}


@cache
def _name_after() -> re.Pattern[str]:
    """Matches, right behind a place, the rest of an organisation's or a site's name."""
    ends = "|".join(f"(?P<{kind}>{_endings(kind)})" for kind in _GAP)
    here = rf"(?P<site_here>{table.any_of('site_here')})|(?P<body_here>{table.any_of('body_here')})(?![托任培外])"
    return re.compile(rf"{here}|(?:(?!{table.any_of('name_stop')})[\u4e00-\u9fffA-Za-z]){{0,14}}?(?:{ends})")


def _endings(kind: str) -> str:
    words = table.words(f"{kind}_end")
    long = [re.escape(word) for word in words if len(word) > 1]
    # one character alone is an ending only near the place and not inside a common word (道路, 网站)
    short = [re.escape(word) for word in words if len(word) == 1]
    if short:
        long.append(f"(?<![道公铁线出思网军部])(?:{'|'.join(short)})(?![道伍])")
    if kind == "firm":
        # or a listed company's short name with its stock code: 长春高新(000661)
        return f"(?:{'|'.join(long)})(?![业间存贷卡化])|(?<=[\u4e00-\u9fff]{{2}})[（(]\\d{{5,6}}\\b"
    return "|".join(long)


@cache
def _zone_after() -> re.Pattern[str]:
    """Matches, right behind a place, the rest of a development zone's name (黄花综合保税区)."""
    ends = table.any_of("zone_end")
    return re.compile(rf"(?:(?!{table.any_of('name_stop')})[\u4e00-\u9fff]){{0,6}}?(?:{ends})(?:(?:{ends})|[\u4e00-\u9fff]{{2}}新?片区)?")


@cache
def _zone_here() -> re.Pattern[str]:
    return re.compile(table.any_of("zone_end"))


@cache
def _risky_tails() -> frozenset[str]:
    return frozenset(table.words("risky_tail"))


@cache
def _town_after() -> re.Pattern[str]:
    """Matches, right behind a county, the name of a town or a street of it."""
    return re.compile(rf"(?:(?!{table.any_of('name_stop')})[\u4e00-\u9fff]){{2,4}}?(?:街道|镇|乡)(?![村镇街级风亲])")


@cache
def _yardsticks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before = re.compile(rf"(?:{table.any_of('yard_before')})$")
    after = re.compile(rf"[\u4e00-\u9fff]{{0,6}}?(?:{table.any_of('rank')}|第\d)|{table.any_of('yard_after')}|的\d")
    return before, after


def yardstick(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` (全国, 全省) is what something is held against: 较全国高, 全省第一."""
    before, after = _yardsticks()
    return bool(before.search(text, max(0, start - 2), start) or after.match(text, end))


@cache
def _refused_after() -> dict[str, str]:
    """For the first character of a deictic, the characters before it that make another word of it (基|本市)."""
    return {row["word"]: row["level"] for row in rows("area_context") if row["kind"] == "not_after"}


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
    ) -> list[PlaceMention]:
        """Places of ``text`` in order, not overlapping.

        ``home``: code of the area the article (or its newspaper) belongs to, which short and ambiguous names are
        read by.  ``year``: codes are given as they were in that year where the gazetteer knows them.  ``known``:
        codes of areas already named nearby (in the headline), whose short names count.
        """
        found: list[Found] = []
        for last, (length, entry) in table.automaton().iter_long(text):
            if entry.kind != "noise":
                found.append((last + 1 - length, last + 1, entry))
        return _Reading(text, found, home, year, known).mentions()


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

    def mentions(self) -> list[PlaceMention]:
        kept: list[Found] = []
        for index, (start, end, entry) in enumerate(self.found):
            if entry.kind == "area":
                ready = self._area(index, start, end, entry, kept[-1] if kept else None)
                if ready is None:
                    kept.extend(self._inside(index, start, end))
                    continue
                start, end, entry = ready
                if kept and kept[-1][1] == start and kept[-1][2].kind == "area" and within(entry.code, kept[-1][2].code):
                    start = kept.pop()[0]
            elif entry.kind == "deictic":
                if start and self.text[start - 1] in _refused_after().get(self.text[start], ""):
                    continue
            elif entry.use == "near" and not self._stands_free(start, end, _PREPOSITIONS):
                continue
            kept.append((start, end, entry))
        return [self._mention(one) for one in kept]

    def _area(self, index: int, start: int, end: int, entry: Entry, before: Found | None) -> Found | None:
        """The find with its code settled, or None when the letters are no place here."""
        codes = entry.candidates or (entry.code or "",)
        if entry.official and end < len(self.text) and self.text[end] in "场值域间块位" and self.text[end - 1] in "市区":
            # 长沙|市场, 江南|区位: the suffix belongs to the next word
            entry_short = table.entries().get(self.text[start : end - 1])
            if entry_short is None or entry_short.kind != "area":
                return None
            return self._area(index, start, end - 1, entry_short, before)
        code: str | None = None
        if before is not None and before[1] == start and before[2].kind == "area" and entry.use != "word":
            code = next((one for one in codes if within(one, before[2].code)), None)
        if code is None:
            if entry.use == "under":
                return None
            if entry.use == "bare" and not (self._stands_free(start, end) and self._county_ends(end)):
                return None
            risky = entry.official and entry.level == "county" and self.text[end - 2 : end] in _risky_tails()
            if risky and not self._stands_free(start, end):
                return None
            if entry.use in ("home", "near", "word"):
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
            entry = entry._replace(code=code, name=table.name(code))
        return start, end, entry

    def _short(self, index: int, start: int, end: int, entry: Entry, codes: tuple[str, ...], before: Found | None) -> str | None:
        """The code that a short name means here, None when nothing makes a place of it."""
        for code in codes:
            if code in self.known and entry.use != "word":
                return code
        if _zone_here().match(self.text, end) and self._stands_free(start, end, _PREPOSITIONS):
            return self._likeliest(codes) if entry.use != "word" or self._nearby(codes) else None
        if entry.use == "word":
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
        if self.home is not None and self.home != COUNTRY and self._stands_free(start, end):
            digits = 2 if entry.use == "home" or level(self.home) == "province" and len(entry.name) > 3 else 4
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
        return any(other and (other[:4] == code[:4] or other[2:] == "0000" and other[:2] == code[:2]) for code in codes for other in around)

    def _stands_free(self, start: int, end: int, openers: str = _PREPOSITIONS + "省市州") -> bool:
        """Whether no other word runs into the name (Latin ones: from either side)."""
        before = self.text[start - 1] if start else " "
        if self.text[start].isascii():
            after = self.text[end] if end < len(self.text) else " "
            return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())
        return not _is_han(before) or before in openers

    def _county_ends(self, end: int) -> bool:
        return end >= len(self.text) or self.text[end] not in "长城域级委乡区"

    def _inside(self, index: int, start: int, end: int) -> list[Found]:
        """Names that a refused one hides (建德|国 hides 德国)."""
        limit = self.found[index + 1][0] if index + 1 < len(self.found) else len(self.text)
        window = self.text[start + 1 : min(limit, end + 8)]
        hidden = []
        for last, (length, entry) in table.automaton().iter_long(window):
            at = start + 2 + last - length
            if at >= end:
                break
            if entry.use == "free" and entry.kind in ("area", "country", "group"):
                hidden.append((at, at + length, entry))
        return hidden

    def _mention(self, one: Found) -> PlaceMention:
        start, end, entry = one
        if entry.kind == "area" and entry.code != COUNTRY:
            more = self._zone(end, entry)
            if more:
                text = self.text[start:more]
                return PlaceMention(start, more, text, "zone", entry.code, text, None, (), self._org(more), self._aside(start, more))
        text, kind, code, name, rank = self.text[start:end], entry.kind, entry.code, entry.name, entry.level
        org, aside = "", self._aside(start, end)
        if kind == "deictic":
            aside = aside or text[-1] == "内" or yardstick(self.text, start, end)
        elif kind in ("area", "country"):
            org = self._org(end)
            if org in ("firm", "team") and not entry.official:
                self.named[self.text[start : end + 2]] = org
            elif not org and self.text[end + 2 : end + 3] not in ("业", "产"):
                org = self.named.get(self.text[start : end + 2], "")  # 湖南某某(公司), told once in full
        return PlaceMention(start, end, text, kind, code, name, rank, entry.candidates, org, aside)

    def _aside(self, start: int, end: int) -> bool:
        return (start > 0 and self.text[start - 1] in _ASIDE_BEFORE) or (end < len(self.text) and self.text[end] in _ASIDE_AFTER)

    def _zone(self, end: int, entry: Entry) -> int:
        """Where a zone's name that begins with the place ends; 0 when none does."""
        match = _zone_after().match(self.text, end)
        if match is None:
            match = _town_after().match(self.text, end) if entry.level == "county" else None
            return match.end() if match else 0
        if entry.official and match.end() - end <= 4 and self.text[end - 1] in "省市" and match[0].endswith("园区"):
            return 0  # 上饶市|工业园区: the parks of the city, not one of that name
        return match.end()

    def _org(self, end: int) -> str:
        """What kind of name the place opens, empty when none."""
        if self.text[end : end + 1] in ("镇", "村", "乡", "巷") and self.text[end + 1 : end + 2] not in ("村", "镇", "庄", "民", "级"):
            return "site"  # 三河|镇: a village of that name, wherever it is
        match = _name_after().match(self.text, end)
        if match is None:
            return ""
        org = (match.lastgroup or "").removesuffix("_here")
        if org != match.lastgroup:
            return org
        ending = match.end() - match.start(org)
        return "" if match.start(org) - end > (_GAP[org] if ending > 1 else 3) else org


def _is_han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"


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
