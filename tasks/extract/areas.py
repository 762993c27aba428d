"""Which place an article is about, and what 全市 or 该县 means in it.

Places are weighed by where they stand: the headline, the label over a column, the subject of the first
sentences, then the rest of the body.  Parts speak for the whole that holds them, bodies of the whole
country for the country, groups and foreign countries for no code at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from tasks.extract import gazetteer as table
from tasks.extract.gazetteer import COUNTRY, full_name, is_code, level
from tasks.extract.lexicon import Lexicon
from tasks.extract.place_context import yardstick
from tasks.extract.place_mentions import PlaceMention, gazetteer
from tasks.knowledge import rows

#: What a deictic's last character may stand for: the endings of areas' own names.
_ENDINGS = {
    "省": ("省", "自治区"),
    "区": ("区",),
    "市": ("市",),
    "州": ("州",),
    "盟": ("盟",),
    "县": ("县",),
    "旗": ("旗",),
    "内": ("省", "自治区"),
    "域": ("市", "县"),
}
_RANK = {"country": 0, "province": 1, "prefecture": 2, "county": 3}
#: How far into the body evidence is looked for: named places, and words that only hint at one.
_READ, _HINTED = 1500, 500
#: Nothing (no code): companies, groups, foreign countries.
NOWHERE = ""

_SENTENCE_END = re.compile(r"[。！？；\n]")


@cache
def _local_body() -> re.Pattern[str]:
    """市统计局 with no place before it: a body of the paper's own city."""
    return re.compile(
        r"(?<![\u4e00-\u9fff])(?:[\u4e00-\u9fff]{2}|\d+日)?，?(?:记者)?[从据]?(市|县|区|省|州)"
        rf"(?![场民值区级内价盈域间块直])[\u4e00-\u9fff]{{1,8}}?(?:{table.any_of('local_end')})"
    )


def resolve_deictic(
    mention: PlaceMention | str | None,
    context: Sequence[PlaceMention],
    article_area: str | None,
) -> str | None:
    """Code that a deictic stands for, None when nothing at its level is known.

    ``mention`` is the deictic (or only a level); ``context`` the places before it, in order.
    我X and 本X are the article's own; 全X and 该X the one last named (but not aside: 比上海, 与长沙), first the
    article's own.
    """
    if isinstance(mention, PlaceMention):
        if mention.code:
            return mention.code
        word, wanted = mention.text, mention.level
    else:
        word, wanted = "", mention
    if wanted == "country" or word in ("国内", "全国", "我国"):
        return COUNTRY
    if wanted is None:
        return None
    own = _own(word, wanted, article_area)
    if own is not None and word[:1] in "我本":
        return own
    for place in reversed(context):
        if place.kind not in ("area", "zone") or not place.code or (place.org and place.org != "body"):
            continue
        code = place.code if place.kind == "area" else _own(word, wanted, place.code)
        if code is None or not is_code(code):
            continue
        if not _fits(word, wanted, code):
            if own is not None and word[:1] == "全" and level(code) == "county" and _own(word, wanted, code) == own:
                return own  # 阆中市…，仪陇县…，全市: the whole of both
            continue
        if own is not None and code != own and place.aside:
            continue
        return code
    if own is None and wanted in ("prefecture", "province", "county"):
        for place in reversed(context):
            if place.kind == "area" and place.code and not place.org and place.level != "country":
                above = _own(word, wanted, place.code)
                if above is not None:
                    return above
    return own


def _own(word: str, wanted: str, code: str | None) -> str | None:
    """The area at a deictic's level that is or holds ``code``."""
    here = code if is_code(code) else None
    while here is not None and here != COUNTRY:
        if _fits(word, wanted, here):
            return here
        here = table.parent(here)
    return None


def _fits(word: str, wanted: str, code: str) -> bool:
    rank = level(code)
    if rank == "country":
        return False
    endings = _ENDINGS.get(word[-1:])
    if endings is None:
        return rank == wanted
    return table.name(code).endswith(endings) and (wanted != "province" or rank == "province")


@cache
def home_of(newspaper: str | None) -> str | None:
    """Code of the place a newspaper serves, by its name; None for national papers."""
    if not newspaper:
        return None
    for row in rows("paper_areas"):
        if row["paper"] in newspaper:
            return row["code"]
    for place in gazetteer().find(newspaper):
        if place.kind == "area" and place.code != COUNTRY:
            return place.code
    return None


def article_area(
    headline: str | None,
    subheadline: str | None,
    kicker: str | None,
    body: str,
    dateline_place: str | None = None,
    newspaper: str | None = None,
) -> tuple[str | None, str | None]:
    """The main place of an article: (code, full name), or (None, None) when it is about no place with a code."""
    home = home_of(newspaper)
    code = _Weighing(home).weigh(headline, subheadline, kicker, body, dateline_place)
    return (code, full_name(code)) if code else (None, None)


class _Weighing:
    """Adds up what speaks for each place."""

    def __init__(self, home: str | None) -> None:
        self.home = home
        self.points: dict[str, float] = defaultdict(float)
        self.headed: set[str] = set()

    def weigh(self, headline: str | None, subheadline: str | None, kicker: str | None, body: str, stands: str | None) -> str | None:
        lead = _lead(body)
        heads = [(headline, 6.0), (kicker, 5.0), (subheadline, 2.5)]
        joined = "\n".join([*(text or "" for text, _ in heads), body[:_READ]])
        places = gazetteer().find(joined, self.home)
        hints = _hints(joined[: len(joined) - len(body[:_READ]) + _HINTED])
        offset = at = hinted = 0
        ends: list[tuple[int, float]] = []
        for text, weight in heads:
            offset += len(text or "") + 1
            ends.append((offset, weight))
        start = offset
        ends += [(start + lead, 3.0), (len(joined), 1.0)]
        for end, weight in ends:
            first, first_hint = at, hinted
            while at < len(places) and places[at].start < end:
                at += 1
            while hinted < len(hints) and hints[hinted][0] < end:
                hinted += 1
            if at > first or hinted > first_hint:
                self._add(joined, places[first:at], hints[first_hint:hinted], weight, end <= start)
        self._deictics(joined, places, stands, start)
        return self._best()

    def _add(self, text: str, places: list[PlaceMention], hints: list[tuple[int, str]], weight: float, head: bool) -> None:
        seen: dict[str, int] = defaultdict(int)
        for place in places:
            code, points = self._value(text, place, weight, head)
            if code is None or not points:
                continue
            seen[code] += 1
            if head:
                self.headed.add(code)
            if seen[code] < 8:
                self.points[code] += points if seen[code] == 1 else points * (0.3 if weight > 1 else 0.6)
        for _, code in hints:
            seen["hint" + code] += 1
            if seen["hint" + code] <= 4:
                self.points[code] += weight * 0.5 / seen["hint" + code]

    def _value(self, text: str, place: PlaceMention, weight: float, head: bool) -> tuple[str | None, float]:
        """Code (or ``NOWHERE``) that a mention speaks for, and how much."""
        if place.kind == "deictic":
            if place.level == "country" and not yardstick(text, place.start, place.end):
                return COUNTRY, weight * (0.8 if head else 0.5)
            return place.code, weight * 0.8
        if place.org in ("firm", "team", "school"):
            return place.code if place.kind == "area" else None, weight * 0.1
        factor = 1.0
        if place.aside:
            factor = 0.3
        if place.kind in ("group", "country"):
            if place.kind == "group" and (head or weight > 1) and not _partner_like(text, place):
                return NOWHERE, weight * 0.9 * factor
            if place.kind == "country" and (head or weight > 1) and not _partner_like(text, place):
                return NOWHERE, weight * 0.4 * factor
            return None, 0.0
        if place.org == "site":
            factor *= 0.5
        if place.code == COUNTRY:
            return COUNTRY, weight * 0.4 * factor
        return place.code, weight * factor

    def _deictics(self, text: str, places: list[PlaceMention], stands: str | None, start: int) -> None:
        """全市, 我县 and 市统计局 speak for the place at their level: of the text, else of the paper, else where the reporter stands."""
        named = [p for p in places if p.kind == "area" and p.code and p.code != COUNTRY]
        here = self.home
        if here is None and stands:
            here = next((p.code for p in gazetteer().find(stands) if p.kind == "area" and p.code != COUNTRY), None)
        if not self.points and not named and here is None:
            return
        counted: dict[str, int] = defaultdict(int)
        for place in places:
            if place.kind != "deictic" or place.code or place.level in (None, "country") or yardstick(text, place.start, place.end):
                continue
            context = [p for p in named if p.end <= place.start or place.start < start]
            code = resolve_deictic(place, context, here if here and level(here) != "province" else None)
            if code is None and here is not None:
                code = resolve_deictic(place, [], here)
            if code is not None:
                counted[code] += 1
                if counted[code] <= 5:
                    self.points[code] += (4.0 if place.start < start else 1.2) / counted[code] ** 0.5
        if here is not None and level(here) != "province":
            for match in _local_body().finditer(text, start, start + 400):
                code = _own(match[1], {"市": "prefecture", "州": "prefecture", "省": "province"}.get(match[1], "county"), here)
                if code is not None and code == here:
                    self.points[code] += 1.5
                    break

    def _best(self) -> str | None:
        """The place most is said of; a whole gathers what is said of its parts, weakly."""
        if not self.points:
            return None
        nation = self.points.get(COUNTRY, 0.0)
        nowhere = self.points.get(NOWHERE, 0.0)
        local = {code: points for code, points in self.points.items() if code not in (COUNTRY, NOWHERE)}
        total: dict[str, float] = defaultdict(float)
        parts: dict[str, float] = defaultdict(float)
        for code, points in local.items():
            total[code] += points
            above = table.parent(code)
            share = 0.25
            while above is not None and above != COUNTRY:
                parts[above] += points * share
                share *= 0.5
                above = table.parent(above)
        for code, points in parts.items():
            if code in local:
                total[code] += points
        best = max(total, key=lambda code: (total[code], -_RANK[level(code)]), default=None)
        strength = total[best] if best is not None else 0.0
        if strength < 1.0 and nation < 1.0 and nowhere < 1.0:
            return None
        if nowhere > max(strength, nation):
            return None
        if nation >= strength or self._scattered(best, strength, local):
            return COUNTRY
        return best

    def _scattered(self, best: str | None, strength: float, local: dict[str, float]) -> bool:
        """Whether an article headed by no place tells of many places up and down the country."""
        if best is None or self.headed - {COUNTRY, NOWHERE}:
            return False
        provinces = {code[:2] for code, points in local.items() if points >= 0.3}
        same = sum(points for code, points in local.items() if code[:2] == best[:2])
        return len(provinces) >= 3 and same < 0.6 * sum(local.values())


def _lead(body: str) -> int:
    """Length of the first sentence or two: at least 60 characters, at most 160."""
    for match in _SENTENCE_END.finditer(body):
        if match.end() >= 60:
            return min(match.end(), 160)
    return min(len(body), 160)


def _partner_like(text: str, place: PlaceMention) -> bool:
    return text[place.start - 1 : place.start] in tuple("对与自从向同往和、") if place.start else False


@cache
def _hint_words() -> Lexicon[str]:
    return Lexicon({**table.hints(), **dict.fromkeys(table.words("national"), COUNTRY)})


def _hints(text: str) -> list[tuple[int, str]]:
    return [(start, code) for start, _, code in _hint_words().scan(text)]
