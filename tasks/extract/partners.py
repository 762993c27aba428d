"""Partners in trade and investment: 对韩国进出口, 来自欧盟的投资, 美国是第一大贸易伙伴, 中俄贸易额."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract import gazetteer as table
from tasks.extract.place_mentions import PlaceMention, gazetteer
from tasks.knowledge import rows

Partner = tuple[int, int, str | None, str]

_JOIN = re.compile(r"(?:、|和|与|及|以及|，)?")
#: The nth largest partner named by its role before its name: 对第一大贸易伙伴东盟.
_NTH = r"(?:第[一二三四五六七八九十]大)?(?:主要)?(?:贸易伙伴|出口市场|进口来源地|进口来源国|传统市场|新兴市场|伙伴)?(?:国家)?(?:的)?[“「\"]?$"
_TOWARDS = r"对|自|输往|销往|来自|出口至|出口到|进口自|输入自|原产于|产自"
_BEFORE = re.compile(rf"(?:{_TOWARDS}|与|同|和|从|向|跟|往|投资至|赴|，|。|；|^){_NTH}")
_STRONG_BEFORE = re.compile(rf"(?:{_TOWARDS}){_NTH}")
_ROLE = re.compile(
    r"[”」\"]?(?:等(?:国家|地区|国家和地区|市场|国|地)*)?(?:继续|仍|依然|保持)*(?:为|是|成为)[^，。；]{0,14}?"
    r"(?:贸易伙伴|出口市场|进口来源|投资来源|出口目的地|来源地)"
)


@cache
def _after() -> re.Pattern[str]:
    trade = table.any_of("trade")
    return re.compile(
        rf"[”」\"]?(?:等)?(?:国家和地区|国家|地区|经济体|市场|成员国|\d+国|[一二三四五六七八九十]+国|企业|之间|方面)*(?:的|在(?:华|[\u4e00-\u9fff]{{1,3}}))?"
        rf"(?:合计|分别|累计|实际|货物|跨境电商|农产品|机电产品|双边|新设|直接|总体|全年|当月|整体)*(?:[\u4e00-\u9fff]{{0,4}}?)(?:{trade})"
    )


@cache
def _press() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """Patterns for short forms (对美、日、韩出口; 中美贸易) and what each stands for."""
    short = {row["press"]: (row["code"], row["name"]) for row in rows("countries") if len(row["press"]) == 1}
    paired = {row["pair"]: (row["code"], row["name"]) for row in rows("countries") if row["pair"]} | short
    paired |= {"欧": ("EU", "欧盟")}
    short |= {"欧": ("EU", "欧盟"), "港": ("HK", "香港"), "台": ("TW", "台湾")}
    one = "".join(short)
    trade = table.any_of("trade")
    listed = re.compile(rf"(?<=[对自从向输与销往])[{one}](?:[、和及]?[{one}])*(?=(?:等[国地]|三国|两国|双边|货物|的)*(?:{trade}))")
    pair = re.compile(rf"中([{''.join(paired)}])(?=(?:双边|货物|双方|两国|经贸)*(?:{trade}))")
    return listed, pair, short, paired


def counterparts(clause: str) -> list[Partner]:
    """Partners that a clause names, in order: (start, end, ISO 3166-1 alpha-2 code or None, name).

    The code is None for groups of countries, but EU for the European Union; Hong Kong, Macao and Taiwan have
    their own.  Offsets are in ``clause``; countries that only happen to be named are left out.
    """
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


def _may_be_partner(place: PlaceMention) -> bool:
    if place.org in ("firm", "school", "site", "team", "body"):
        return False
    if place.kind == "area":
        return place.code in ("810000", "820000", "710000")
    return place.kind == "country" or place.kind == "group" and place.name in table.blocs()


def _joined(clause: str, one: PlaceMention, other: PlaceMention) -> bool:
    between = clause[one.end : other.start].strip("”“「」\"")
    if between in ("、", "和", "与", "及", "以及", ""):
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
    before = _BEFORE.search(clause, 0, start)
    strong = _STRONG_BEFORE.search(clause[:start])
    after = _after().match(clause, reach)
    role = _ROLE.match(clause, reach)
    if not ((before and after) or role or (strong and after) or (strong and reach >= len(clause))):
        return []
    return [(place.start, place.end, _code(place), place.name) for place in run]


def _code(place: PlaceMention) -> str | None:
    if place.kind == "area":
        return {"810000": "HK", "820000": "MO", "710000": "TW"}[place.code or ""]
    return place.code


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
