"""The gazetteer's data: codes of areas, and one lexicon of every name that newspapers use for places.

Names come from ``areas.tsv`` (GB/T 2260), ``countries.tsv`` (ISO 3166-1), ``area_groups.tsv`` and
``area_context.tsv``.  Everything is loaded once, on first use.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from tasks.extract.lexicon import Lexicon
from tasks.knowledge import rows, values

COUNTRY = "100000"


class Entry(NamedTuple):
    """What a name stands for.

    ``use`` says when it may stand for it: ``free``, ``home``, ``near``, ``named``, ``word``, ``bare``, ``under`` (see the head of
    ``areas.tsv``), or ``noise`` for words that only look like places.  ``official`` marks names with their suffix.
    ``inner`` are lesser areas of the same name, meant only right behind their parent (北京朝阳).
    """

    kind: str
    use: str
    code: str | None
    name: str
    level: str | None
    candidates: tuple[str, ...] = ()
    official: bool = False
    inner: tuple[str, ...] = ()


class Area(NamedTuple):
    """One row of ``areas.tsv``: years are the first and last of a source that lists it, None when open."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: int | None
    valid_to: int | None
    successor: str | None


@cache
def areas() -> dict[str, Area]:
    """Areas by code, the current name where a code had several."""
    found: dict[str, Area] = {}
    for row in rows("areas"):
        area = Area(
            row["code"],
            row["name"],
            row["level"],
            row["parent"],
            int(row["valid_from"]) if row["valid_from"] else None,
            int(row["valid_to"]) if row["valid_to"] else None,
            row["successor"] or None,
        )
        known = found.get(area.code)
        if known is None or (known.valid_to is not None and area.valid_to is None):
            found[area.code] = area
    return found


def is_code(code: str | None) -> bool:
    """Whether ``code`` is or was a code of GB/T 2260 that the gazetteer knows."""
    return code in areas()


def parent(code: str) -> str | None:
    """Code of the area that contains ``code``; None for the country. ``KeyError`` for an unknown code."""
    return areas()[code].parent or None


def level(code: str) -> str:
    """``country``, ``province``, ``prefecture`` or ``county``. ``KeyError`` for an unknown code."""
    return areas()[code].level


def name(code: str) -> str:
    """The area's own name (``望城区``). ``KeyError`` for an unknown code."""
    return areas()[code].name


@cache
def full_name(code: str) -> str:
    """Name with all that contains it: ``湖南省长沙市望城区``. ``KeyError`` for an unknown code."""
    area = areas()[code]
    if area.level in ("country", "province"):
        return area.name
    return full_name(area.parent) + area.name


def within(code: str | None, container: str | None) -> bool:
    """Whether ``code`` lies in ``container`` or is it."""
    if not code or not container:
        return False
    if container == COUNTRY or code == container:
        return True
    known = areas()
    here = known.get(code)
    while here is not None and here.parent:
        if here.parent == container:
            return True
        here = known.get(here.parent)
    return False


def ancestor(code: str, wanted: str) -> str | None:
    """The area of level ``wanted`` that contains ``code`` (or is it); None when there is none."""
    known = areas()
    here = known.get(code)
    while here is not None:
        if here.level == wanted:
            return here.code
        here = known.get(here.parent)
    return None


@cache
def former() -> dict[str, tuple[str, ...]]:
    """Codes that each current code took over."""
    found: dict[str, list[str]] = defaultdict(list)
    for area in areas().values():
        if area.successor and area.successor != area.code:
            found[area.successor].append(area.code)
    return {code: tuple(old) for code, old in found.items()}


def _current(code: str) -> str:
    known = areas()
    for _ in range(4):
        area = known.get(code)
        if area is None or area.valid_to is None or not area.successor or area.successor == code:
            break
        code = area.successor
    return code


class _Names:
    """Collects what each name may stand for, then settles on one entry a name."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[str, str, str, str, bool]]] = defaultdict(list)
        self.plain: dict[str, Entry] = {}

    def area(self, text: str, use: str, code: str, official: bool) -> None:
        if text:
            self.found[text].append((use, code, areas()[code].name, areas()[code].level, official))

    def settle(self) -> dict[str, Entry]:
        order = {"country": 0, "province": 1, "prefecture": 2, "county": 3}
        entries = dict(self.plain)
        for text, both in self.found.items():
            meant = [one for one in both if one[0] != "full"]
            inner = tuple(one[1] for one in both if one[0] == "full")
            if not meant:
                continue
            # the higher level first; among equals the full name of a current area before a short one
            meant.sort(key=lambda one: (order[one[3]], not one[4], one[1]))
            codes = tuple(dict.fromkeys(one[1] for one in meant if one[3] == meant[0][3]))
            use, code, own, rank, official = meant[0]
            if len(codes) > 1 and use == "free" and not official:
                use = "near"
            entries.setdefault(text, Entry("area", use, code, own, rank, codes if len(codes) > 1 else (), official, inner))
        return entries


@cache
def entries() -> dict[str, Entry]:
    """Every name that is looked for."""
    names = _Names()
    for row in rows("area_context"):
        if row["kind"] == "noise":
            names.plain[row["word"]] = Entry("noise", "noise", None, "", None)
        elif row["kind"] == "deictic":
            names.plain[row["word"]] = Entry("deictic", "free", row["code"] or None, row["word"], row["level"] or None)
    for row in rows("area_groups"):
        if row["kind"] == "part":
            entry = Entry("zone", "free", row["code"], row["name"], None)
        else:
            entry = Entry("group", "free", row["code"] or None, row["name"], None)
        for text in [row["name"], *values(row["alias"])]:
            use = "near" if (row["use"] == "near" and len(text) == 2) or text.isascii() else "free"
            names.plain.setdefault(text, entry._replace(use=use))
    for row in rows("countries"):
        if areas_named().get(row["name"]):
            continue  # Hong Kong, Macao, Taiwan and China itself are areas
        entry = Entry("country", "free", row["code"], row["name"], "country", (), True)
        for text in [*values(row["full"]), *values(row["alias"])]:
            names.plain.setdefault(text, entry)
        names.plain.setdefault(row["name"], entry._replace(use=row["use"]))
    taken = {row["short"] for row in rows("areas") if not row["valid_to"]}
    official = {row["name"] for row in rows("areas") if not row["valid_to"]}
    for row in rows("areas"):
        code = _current(row["code"]) if row["valid_to"] else row["code"]
        use = row["use"] if row["use"] in ("bare", "under") else "free"
        if not row["valid_to"] or row["name"] not in official:
            names.area(row["name"], use, code, True)
            for text in values(row["alias"]):
                names.area(text, "free", code, True)
        if row["use"] in ("free", "home", "near", "named", "word", "full") and (not row["valid_to"] or row["short"] not in taken):
            names.area(row["short"], row["use"], code, False)
    return names.settle()


@cache
def areas_named() -> dict[str, str]:
    """Code of each province (and the country) by full and short name."""
    return {
        text: row["code"]
        for row in rows("areas")
        if row["level"] in ("country", "province")
        for text in (row["name"], row["short"], *values(row["alias"]))
        if text
    }


@cache
def lexicon() -> Lexicon[Entry]:
    """All names, to be found in one pass."""
    return Lexicon(entries())


@cache
def words(kind: str) -> tuple[str, ...]:
    """Words of one kind of ``area_context.tsv``, longest first."""
    return tuple(sorted((row["word"] for row in rows("area_context") if row["kind"] == kind), key=len, reverse=True))


@cache
def groups(kind: str) -> frozenset[str]:
    """Names of the groups of one kind: ``group``, ``region`` (of China), ``bloc`` (of countries)."""
    return frozenset(row["name"] for row in rows("area_groups") if row["kind"] == kind)


@cache
def hints() -> dict[str, str]:
    """Words that speak of a place without naming it, with its code."""
    return {row["word"]: row["code"] for row in rows("area_context") if row["kind"] == "hint"}


def any_of(kind: str) -> str:
    """A regular expression that matches any word of the kind, the longest first."""
    return "|".join(map(re.escape, words(kind)))
