"""From an indicator's name in the text's own words to the code of the canonical indicator.

The catalogue is ``tasks/knowledge/indicators.tsv``.  A name is looked up as it is, then without
what does not change the thing measured: a place or a partner before it (they have columns of their
own), 实现 or 全市, a gloss in brackets, 增速 after it.
Nothing is guessed beyond that: 民营企业进出口 is not 进出口, so a name with a word too many has no code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from tasks.extract.cues import union
from tasks.knowledge import rows, values

_NOISE = re.compile(r"[\s“”\"'‘’「」《》,，、。:：;；的]+")
_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】]*[)）\]】]")
_BRACKET = re.compile(r"[()（）\[\]【】]+")
#: What folding may change: all but Han characters, and of these 的.
_UNFOLDED = re.compile(r"[^\u4e00-\u9fff]|的")
_CURRENCY = re.compile(r"[A-Z]{3}")
#: Measures that may be stated in any unit, since they speak of the indicator rather than state its level.
_RELATIVE = {"growth": ("%",), "share": ("%",), "contribution": ("%", "pp"), "rank": ("rank",)}
#: Longer names than this are no name of the catalogue; they are not looked into.
_LONGEST = 60
_SHORTEST = 2
_LONGEST_AREA = 12


@lru_cache(maxsize=8192)
def indicator_code(indicator: str, unit_measure: str, measure: str) -> str | None:
    """The catalogue's code for an indicator's name, or None where no entry surely fits.

    ``unit_measure`` is the row's unit code; a level must be in a unit of the entry (any currency
    where the entry is in money), a change or gap in one or in points.  ``measure`` is one of ``tasks.schema.MEASURES``.
    """
    if len(indicator) > _LONGEST:
        return None
    for name in _readings(indicator, measure):
        code = _names().get(name)
        if code:
            return code if _fits(code, unit_measure, measure) else None
    return None


def _readings(indicator: str, measure: str) -> Iterator[str]:
    """The forms to look up, nearest to the text first."""
    names = [_folded(indicator)]
    if _BRACKET.search(indicator):
        names.append(_folded(_BRACKETED.sub(_without_gloss, indicator)))
    for name in names:
        if measure == "share":
            name = _without_share(name)
        for core in _without_leads(name):
            yield core
            yield from _without_tails(core)


def _without_gloss(bracketed: re.Match[str]) -> str:
    """Nothing for (CPI) or （不含农户）; what tells one thing from another, （大型单位）, stays."""
    inside = bracketed[0][1:-1]
    return "" if inside.isascii() or inside in _words("gloss") else bracketed[0]


def _folded(text: str) -> str:
    """Width and case folded, quotes and commas dropped, the catalogue's spelling of common shortenings."""
    if _UNFOLDED.search(text):
        text = _BRACKET.sub("", _NOISE.sub("", unicodedata.normalize("NFKC", text))).upper()
    if _swapped().search(text):
        for word, instead in _swaps():
            text = text.replace(word, instead)
    return text


def _without_leads(name: str) -> Iterator[str]:
    """The name, and the name without the place and the verbs before it, longest first."""
    yield name
    left = name
    while len(left) > _SHORTEST:
        cut = _cut_lead(left)
        if cut == left:
            return
        left = cut
        yield left


def _cut_lead(name: str) -> str:
    if name.startswith(_words("lead")):
        for word in _words("lead"):
            if name.startswith(word) and len(name) >= len(word) + _SHORTEST:
                return name[len(word) :]
    start, known = (1, _partners()) if name[:1] in _words("towards") else (0, _places())
    for end in range(min(_LONGEST_AREA, len(name) - _SHORTEST), start + 1, -1):
        if name[start:end] in known:
            return name[end:]
    return name


def _without_tails(name: str) -> Iterator[str]:
    """The name without one ending after another."""
    left = name
    while left.endswith(_words("tail")):
        tail = next((word for word in _words("tail") if left.endswith(word) and len(left) >= len(word) + _SHORTEST), None)
        if tail is None:
            return
        left = left[: -len(tail)]
        yield left


def _without_share(name: str) -> str:
    """From 民间投资占固定资产投资的比重 what has the share: 民间投资."""
    head = name.split("占", 1)[0]
    if len(head) >= _SHORTEST:
        name = head
    tail = next((word for word in _words("share_tail") if name.endswith(word) and len(name) >= len(word) + _SHORTEST), "")
    return name[: len(name) - len(tail)]


def _fits(code: str, unit: str, measure: str) -> bool:
    units = _units()[code]
    if measure in _RELATIVE:
        return unit in _RELATIVE[measure]
    if unit in units:
        return True
    if _CURRENCY.fullmatch(unit) and any(_CURRENCY.fullmatch(own) for own in units):
        return True
    return measure != "level" and unit in ("pp", "bp", "%")


@cache
def _names() -> dict[str, str]:
    """Every name and alias, folded, with its code; raises ``ValueError`` when two entries share one."""
    found: dict[str, str] = {}
    for row in rows("indicators"):
        for name in (row["name_zh"], *values(row["aliases"])):
            key = _folded(name)
            if found.setdefault(key, row["code"]) != row["code"]:
                raise ValueError(f"indicators.tsv: {name} is a name of {found[key]} and of {row['code']}")
    return found


@cache
def _units() -> dict[str, frozenset[str]]:
    return {row["code"]: frozenset(values(row["units"])) for row in rows("indicators")}


@cache
def _words(kind: str) -> tuple[str, ...]:
    return tuple(sorted((row["word"].upper() for row in rows("indicator_words") if row["kind"] == kind), key=len, reverse=True))


@cache
def _swaps() -> tuple[tuple[str, str], ...]:
    found = [(row["word"], row["instead"]) for row in rows("indicator_words") if row["kind"] == "swap"]
    return tuple(sorted(found, key=lambda swap: -len(swap[0])))


@cache
def _swapped() -> re.Pattern[str]:
    return re.compile(union(word for word, _ in _swaps()))


@cache
def _partners() -> frozenset[str]:
    """Names that may stand after 对, 自 or 与: countries, and groups of countries, folded."""
    found: set[str] = set()
    for row in rows("countries"):
        found.update((row["name"], row["full"], *values(row["alias"])))
    for row in rows("area_groups"):
        found.update((row["name"], *values(row["alias"])))
    return frozenset(_folded(name) for name in found if name)


@cache
def _places() -> frozenset[str]:
    """Names that may stand before an indicator: provinces and prefectures, short too, and counties in full."""
    found: set[str] = set()
    for row in rows("areas"):
        found.add(row["name"])
        if row["short"] and row["level"] != "county":
            found.add(row["short"])
    return frozenset(found)
