"""Partners in trade and investment: 对韩国进出口, 来自欧盟的投资, 美国是第一大贸易伙伴, 中俄贸易额."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tasks.extract import gazetteer as table
from tasks.extract.lexicon import Lexicon
from tasks.extract.place_mentions import PlaceMention, gazetteer
from tasks.knowledge import rows

Partner = tuple[int, int, str | None, str]
Coded = tuple[str | None, str]  #: code, name

#: Parts of China that are partners in trade with codes of their own.
_OWN_CUSTOMS = {"810000": ("HK", "香港"), "820000": ("MO", "澳门"), "710000": ("TW", "台湾")}
_JOINTS = frozenset(("、", "和", "与", "及", "以及", ""))


class _Patterns(NamedTuple):
    """What stands before and behind a partner (or a list of them) to make it one."""

    before: re.Pattern[str]
    near: re.Pattern[str]
    strong: re.Pattern[str]
    after: re.Pattern[str]
    role: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    towards, role, trade = table.any_of("towards"), table.any_of("partner_role"), table.any_of("trade")
    # named by its role first: 对第一大贸易伙伴东盟
    named = rf"(?:第[一二三四五六七八九十]大)?(?:主要)?(?:{role})?的?[“「\"]?$"
    kinds = rf"(?:{table.any_of('partner_class')}|\d+国|[一二三四五六七八九十]+国)*"
    return _Patterns(
        re.compile(rf"(?:{towards}|{table.any_of('beside')}|，|。|；|^){named}"),
        re.compile(rf"(?:{towards}|{table.any_of('beside')}){named}"),
        re.compile(rf"(?:{towards}){named}"),
        re.compile(
            rf"[”」\"]?等?{kinds}(?:的|在(?:华|[\u4e00-\u9fff]{{1,3}}))?"
            rf"(?:{table.any_of('trade_fill')})*[\u4e00-\u9fff]{{0,4}}?(?:{trade})"
        ),
        re.compile(rf"[”」\"]?等?{kinds}[\u4e00-\u9fff]{{0,4}}?(?:为|是)[^，。；]{{0,14}}?(?:{role})"),
    )


@cache
def _press() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Coded], dict[str, Coded]]:
    """Patterns for short forms (对美、日、韩出口; 中美贸易) and what each stands for."""
    short: dict[str, Coded] = {row["press"]: (row["code"], row["name"]) for row in rows("countries") if len(row["press"]) == 1}
    paired = {row["pair"]: (row["code"], row["name"]) for row in rows("countries") if row["pair"]} | short
    paired |= {"欧": (None, "欧盟")}
    short |= {"欧": (None, "欧盟"), "港": ("HK", "香港"), "台": ("TW", "台湾")}
    one = "".join(short)
    trade = f"(?:{table.any_of('partner_class')}|{table.any_of('trade_fill')}|等[国地]|的)*(?:{table.any_of('trade')})"
    listed = re.compile(rf"[{one}](?<=[对自从向输与销往].)(?:[、和及]?[{one}])*(?={trade})")
    pair = re.compile(rf"中([{''.join(paired)}])(?={trade})")
    return listed, pair, short, paired


def counterparts(clause: str) -> list[Partner]:
    """Partners that a clause names, in order: (start, end, ISO 3166-1 alpha-2 code or None, name).

    The code is None for groups of countries (东盟, 欧盟); Hong Kong, Macao and Taiwan have their own.
    Offsets are in ``clause``; countries that only happen to be named are left out.
    """
    listed, pair, _, _ = _press()
    if not (_names().scan(clause) or listed.search(clause) or pair.search(clause)):
        return []
    found: list[Partner] = []
    run: list[PlaceMention] = []
    for place in gazetteer().find(clause):
        if not _may_be_partner(place):
            continue
        if run and not _joined(clause, run[-1], place):
            found.extend(_settle(clause, run))
            run = []
        run.append(place)
    found.extend(_settle(clause, run))
    found.extend(_short_forms(clause, found))
    return sorted(found)


def own_customs(area: str | None) -> str | None:
    """The code that a part of China with customs of its own has as a partner; None for other areas."""
    return _OWN_CUSTOMS[area][0] if area in _OWN_CUSTOMS else None


@cache
def _names() -> Lexicon[bool]:
    return Lexicon({text: True for text, entry in table.entries().items() if _is_partners(entry)})


def _is_partners(entry: table.Entry) -> bool:
    if entry.kind == "area":
        return not _OWN_CUSTOMS.keys().isdisjoint((entry.code, *entry.candidates, *entry.inner))
    return entry.kind in ("country", "group")


def _may_be_partner(place: PlaceMention) -> bool:
    if place.org in ("firm", "school", "site", "team", "body"):
        return False
    if place.kind == "area":
        return place.code in _OWN_CUSTOMS
    return place.kind == "country" or (place.kind == "group" and place.name in table.groups("bloc"))


def _joined(clause: str, one: PlaceMention, other: PlaceMention) -> bool:
    between = clause[one.end : other.start].strip('”“「」"')
    if between in _JOINTS:
        return True
    # 美国、日、韩和德国: short forms stand between
    return bool(re.fullmatch(rf"[、和及与{''.join(_press()[2])}]{{1,9}}", between))


def _settle(clause: str, run: list[PlaceMention]) -> list[Partner]:
    """A run of listed places as partners, when the words before and behind make partners of them."""
    if not run:
        return []
    start, end = run[0].start, run[-1].end
    tail = re.match(rf"(?:[、和及][{''.join(_press()[2])}](?![\u4e00-\u9fff]{{2,}}国))*", clause[end:])
    reach = end + (tail.end() if tail else 0)
    patterns = _patterns()
    lead = clause[max(0, start - 16) : start]
    by_trade = patterns.before.search(lead) and patterns.after.match(clause, reach)
    if by_trade and not patterns.near.search(lead) and clause.startswith(("进口", "出口"), reach):
        by_trade = None  # 美国进口大豆: what that country does itself
    at_end = reach >= len(clause) and patterns.strong.search(lead)
    if not (by_trade or at_end or patterns.role.match(clause, reach)):
        return []
    return [_partner(place) for place in run]


def _partner(place: PlaceMention) -> Partner:
    code, name = place.code, place.name
    if place.kind == "area":
        code, name = _OWN_CUSTOMS[code or ""]
    return place.start, place.end, code, name


def _short_forms(clause: str, found: list[Partner]) -> list[Partner]:
    listed, pair, short, paired = _press()
    taken = [(start, end) for start, end, _, _ in found]
    more: list[Partner] = []
    for match in listed.finditer(clause):
        for at in range(match.start(), match.end()):
            if clause[at] in short and not any(low <= at < high for low, high in taken):
                more.append((at, at + 1, *short[clause[at]]))
    for match in pair.finditer(clause):
        more.append((match.start(1), match.end(1), *paired[match[1]]))
    return more
