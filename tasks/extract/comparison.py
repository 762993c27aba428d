"""Comparisons with another time, place or series: 比上年多, 高于全省平均水平, 较发行价."""

from __future__ import annotations

import re
from typing import NamedTuple

from tasks.extract.backwards import Backwards, patterns
from tasks.extract.cues import Ending, any_of, by_kind, mapping
from tasks.extract.period_mention import PeriodMention

_THAN = re.compile(
    rf"(?:比(?![重例率值])|较|与|同|跟|相比)(?P<ref>[^，；。比较]{{1,30}}?)(?:相比)?(?:则|要|还|更|分别|大幅|小幅|略)?"
    rf"(?:(?P<up>{any_of('higher')})|(?P<down>{any_of('lower')}))(?:了|出|约|近|达)?$"
)
#: What the words of such a comparison end in.
_KINDS = by_kind("reading_words", "kind")
_THAN_ENDS = frozenset("了出约近达") | Ending((*_KINDS["higher"], *_KINDS["lower"])).lasts
_OVER = re.compile(rf"(?:(?P<up>{any_of('over')})|(?P<down>{any_of('under')}))(?P<ref>[^，；。]{{1,30}}?)(?:约|近|达|了)?$")
_ABOVE = re.compile(r"(?:(?P<up>高出|多出|高于)|(?P<down>低出|低于))(?P<ref>[^，；。]{1,20})$")
_TIME_LIKE = re.compile(rf"{any_of('time_like')}|\d{{4}}年|月份?$")
_YARDSTICK = re.compile(any_of("yardstick"))
_RATE_END = re.compile(r"(?:的)?(?:同比|累计|平均)?(?:增速|增幅|涨幅|降幅|跌幅|增长率|水平)?(?:分别|均|已|仍|也|还)?$")
#: A comparison that the lists of bases don't know: 较发行价, 比平日, 较节前.
_UNLISTED = re.compile(
    r"(?:较|(?<![占同环对之贷货])比(?![重例率值]))(?P<with>[^，；。：（）较比]{1,10}?)(?:相比)?(?:每[\u4e00-\u9fff]{1,2})?$"
)
_RECENT = re.compile(r"日|周|月|前|价")
_OF_PERIOD = re.compile(rf"(?:{any_of('over')}|{any_of('under')}|较|比|与|同|相比于?|由|从|于)$")
_WINDOW = 60


class Comparison(NamedTuple):
    """``start`` is where it begins, ``ref`` the words compared with, ``timed`` whether they are a time."""

    start: int
    sign: int
    ref: str
    timed: bool
    base: PeriodMention | None


def compared(
    text: str, start: int, end: int, mentions: list[PeriodMention], *, over: bool = True, above: bool = False
) -> Comparison | None:
    """The comparison that ends at ``end``: 比X高; with ``over`` also 高于X, with ``above`` only 高出X of those."""
    low = max(start, end - _WINDOW)
    match = _THAN.search(text, low, end) if end > low and text[end - 1] in _THAN_ENDS else None
    if match is None and over:
        match = (_ABOVE if above else _OVER).search(text, low, end)
    if match is None:
        return None
    base = next((m for m in mentions if match.start() <= m.start and m.end <= match.end()), None)
    if base is not None and base.text in ("同期", "的同期") and before_rate(text, base.end, match.end("ref")) > base.end:
        return Comparison(match.start(), -1 if match["down"] else 1, match["ref"], False, None)  # 较同期全国增速: another series
    timed = base is not None or _TIME_LIKE.search(match["ref"]) is not None
    return Comparison(match.start(), -1 if match["down"] else 1, match["ref"], timed, base)


def is_yardstick(words: str) -> bool:
    """Whether the words compared with are another place's or an expected value: the distance to it is a gap."""
    return _YARDSTICK.search(words) is not None


def basis_of(words: str) -> str | None:
    """The code of the basis that words compared with stand for, if they are listed."""
    codes = mapping("basis_cues", "word", "basis")
    for lead in ("比", "较"):
        code = codes.get(lead + words) or codes.get(lead + words.rstrip("的"))
        if code:
            return code
    return "yoy" if "去年同期" in words or "上年同期" in words else None


def before_rate(text: str, start: int, end: int) -> int:
    """Where the words before 增速, 涨幅 … end."""
    match = _RATE_END.search(text, start, end)
    return match.start() if match else end


def skip_unlisted(cursor: Backwards) -> None:
    """Takes a comparison with what no list knows off the words before a verb of change."""
    match = _UNLISTED.search(cursor.text, max(cursor.start, cursor.end - 14), cursor.end)
    if match:
        cursor.end = match.start()
        if cursor.basis is None and cursor.base is None and _RECENT.search(match["with"]):
            cursor.basis = "pop"


def reached_in(text: str, start: int, end: int, mentions: list[PeriodMention]) -> int:
    """Where the later period of 由2004年的9.2%提升至2023年的15.4% begins, whose value ends the clause; ``end`` when there is none."""
    if text[end - 1 : end] != "的":
        return end
    for mention in reversed(mentions):
        if mention.end == end - 1 and text[mention.start - 1 : mention.start] in ("至", "到") and mention.start - 1 > start:
            return mention.start if patterns()["verb"].size(text, start, mention.start - 1) else end
    return end


def value_of_period(text: str, start: int, end: int, mentions: list[PeriodMention]) -> tuple[PeriodMention, int] | None:
    """The earlier period whose own value ends the clause, and where the comparison begins: 高于上年同期的1107.8亿元."""
    stop = end
    while stop > start and text[stop - 1] in "的约近不足 ":
        stop -= 1
    if text[stop : stop + 1] != "的":
        return None
    for mention in reversed(mentions):
        if mention.end == stop and mention.start >= start:
            before = _OF_PERIOD.search(text, start, mention.start)
            return (mention, before.start()) if before else None
    return None
