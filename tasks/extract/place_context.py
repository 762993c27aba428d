"""What stands around a place name: the rest of an organisation's, a site's or a zone's name, lists, yardsticks."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract import gazetteer as table
from tasks.extract.cues import one_of, starting
from tasks.knowledge import rows

#: After these a name may begin in the middle of a run of Han characters.
PREPOSITIONS = "在于到从自由是与和及对向往至赴的了为"
_ASIDE_BEFORE = frozenset("、和与对从自由到至往向比较及于受")
#: 京津冀|及周边地区: no list begins.
_AROUND = ("及周边", "和周边", "及其周边")
_ASIDE_AFTER = frozenset("、和与及等")
#: How many characters may stand between a place and the ending of a name that begins with it.
_GAP = {"firm": 14, "school": 10, "body": 8, "site": 6, "team": 5}


@cache
def _name_after() -> re.Pattern[str]:
    """Matches, right behind a place, the rest of an organisation's or a site's name."""
    ends = "|".join(f"(?P<{kind}>{_endings(kind)})" for kind in _GAP)
    may_end = starting(("（", "(", *(word for kind in _GAP for word in table.words(f"{kind}_end"))))
    here = rf"(?P<site_here>{table.any_of('site_here')})|(?P<body_here>{table.any_of('body_here')})(?![托任培外])"
    return re.compile(rf"{here}|(?:(?!{one_of(table.words('name_stop'))})[\u4e00-\u9fffA-Za-z]){{0,14}}?{may_end}(?:{ends})")


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
    ends = one_of(table.words("zone_end"))
    return re.compile(rf"(?:(?!{one_of(table.words('name_stop'))})[\u4e00-\u9fff]){{0,6}}?{ends}(?:{ends}|[\u4e00-\u9fff]{{2}}新?片区)?")


@cache
def _zone_here() -> re.Pattern[str]:
    return re.compile(one_of(table.words("zone_end")))


@cache
def risky_tails() -> frozenset[str]:
    return frozenset(table.words("risky_tail"))


@cache
def _town_after() -> re.Pattern[str]:
    """Matches, right behind a county, the name of a town or a street of it."""
    return re.compile(rf"(?:(?!{one_of(table.words('name_stop'))})[\u4e00-\u9fff]){{2,4}}?(?:街道|镇|乡)(?![村镇街级风亲])")


@cache
def _yardsticks() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    before = re.compile(rf"(?:{table.any_of('yard_before')})$")
    after = re.compile(rf"[\u4e00-\u9fff]{{0,6}}?(?:{table.any_of('rank')}|第\d)|{table.any_of('yard_after')}|的\d")
    return before, after, re.compile(table.any_of("yard_nation"))


def yardstick(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` (全国, 全省) is what something is held against: 较全国高, 全省第一."""
    if text[start] == "该":
        return False
    before, after, nation = _yardsticks()
    if before.search(text, max(0, start - 2), start) or after.match(text, end):
        return True
    return text[end - 1] == "国" and nation.match(text, end) is not None


@cache
def refused_after() -> dict[str, str]:
    """For the first character of a deictic, the characters before it that make another word of it (基|本市)."""
    return {row["word"]: row["level"] for row in rows("area_context") if row["kind"] == "not_after"}


def opens_zone(text: str, end: int) -> bool:
    """Whether a zone's ending stands right behind the place (广丰|经济开发区)."""
    return _zone_here().match(text, end) is not None


def zone_end(text: str, end: int, level: str | None, official: bool) -> int:
    """Where the name of a zone, town or street that begins with the place ends; 0 when none does."""
    match = _zone_after().match(text, end)
    if match is None:
        match = _town_after().match(text, end) if level == "county" else None
        return match.end() if match else 0
    if official and match.end() - end <= 4 and text[end - 1] in "省市" and match[0].endswith("园区"):
        return 0  # 上饶市|工业园区: the parks of the city, not one of that name
    return match.end()


def name_kind(text: str, end: int) -> str:
    """What kind of name the place that ends at ``end`` opens (``firm``, ``body`` …), empty when none."""
    if text[end : end + 1] in ("镇", "村", "乡", "巷") and text[end + 1 : end + 2] not in ("村", "镇", "庄", "民", "级"):
        return "site"  # 三河|镇: a village of that name, wherever it is
    match = _name_after().match(text, end)
    if match is None or match.lastgroup is None:
        return ""
    kind = match.lastgroup.removesuffix("_here")
    if kind != match.lastgroup:
        return kind
    ending = match.end() - match.start(kind)
    return "" if match.start(kind) - end > (_GAP[kind] if ending > 1 else 3) else kind


def aside(text: str, start: int, end: int) -> bool:
    """Whether a place stands in a list or behind a preposition."""
    before, after = text[max(0, start - 2) : start], text[end : end + 1]
    if text.startswith(_AROUND, end):
        after = ""
    return after in _ASIDE_AFTER or (before[-1:] in _ASIDE_BEFORE and before != "位于")


def ends_share(text: str, start: int, end: int) -> bool:
    """Whether a name ends that of a share whose price moves: 金沙|中国升逾半成."""
    moves = end < len(text) and text[end] in "升跌涨挫逆（("
    return moves and start > 1 and "\u4e00" <= text[start - 1] <= "\u9fff" and text[start - 1] not in PREPOSITIONS


def stands_free(text: str, start: int, end: int, openers: str = PREPOSITIONS + "省市州") -> bool:
    """Whether no other word runs into the name (Latin ones: from either side)."""
    before = text[start - 1] if start else " "
    if text[start].isascii():
        after = text[end] if end < len(text) else " "
        return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())
    return not "\u4e00" <= before <= "\u9fff" or before in openers
