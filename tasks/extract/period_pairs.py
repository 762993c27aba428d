"""Amounts whose times are paired or listed: 由下降0.8%转为上涨1.4%; 2021年、2022年分别为…、…."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.extract import calendar
from tasks.extract.period_grammar import any_of
from tasks.extract.period_mention import PeriodMention

_SENTENCE = re.compile(r"[。！？!?\n]")
_TURN = re.compile(any_of("turn"))
_AND = re.compile(r"[、和及与]")
_YEARS = re.compile(r"(?P<first>\d{4})-01-01/P(?P<n>\d)Y")
#: Not 由原来的…, which says no time.
_FROM_HERE = re.compile(r"[由从](?!原)[^，。；,;\n\d]{0,14}$")
_LIST = 160
#: How far back a sentence's beginning is looked for: longer ones are cut.
_SENTENCES = 2_000


def opens_change(text: str, position: int) -> bool:
    """Whether the amount at ``position`` is the first of 由下降…转为上涨…, 由…增至…: what was before."""
    return bool(_FROM_HERE.search(text, max(0, position - 18), position) and _TURN.search(text, position, position + 14))


def earlier_state(before: Sequence[PeriodMention], position: int, text: str) -> PeriodMention | None:
    """The earlier period last named, for an amount of ``opens_change`` that has no time of its own."""
    opened = _FROM_HERE.search(text, max(0, position - 18), position)
    if not opened or (before and before[-1].start >= opened.start()):
        return None
    current = next((m for m in reversed(before) if m.role == "period" and m.time_period), None)
    if current is None or current.time_period is None:
        return None
    until = calendar.span(current.time_period)[1]
    sentence = max(text.rfind(mark, max(0, position - _SENTENCES), position) for mark in "。！？\n") + 1
    for mention in reversed(before[-4:]):
        if mention.start < min(sentence, current.start):
            return None  # another time has been named since
        if mention.start >= sentence and mention.role == "period" and mention.end + 1 == current.start and text[mention.end] in "、和与及":
            return mention  # 2021年、2022年…，占比由…升至…
        if mention.form == "ratio" or mention.role not in ("earlier", "base") or not mention.time_period:
            continue
        if calendar.span(mention.time_period)[1] < until:
            return mention
    return None


def respective(before: Sequence[PeriodMention], position: int, text: str) -> PeriodMention | None:
    """For an amount of 2021年、2022年分别为…、…: the expression of the same rank."""
    listed = [before[-1]] if before else []
    if not listed or position - listed[0].end > _LIST:
        return None
    for other in reversed(before[:-1]):
        if other.role != "period" or text[other.end : listed[0].start] not in ("、", "和", "及", "与", "，", ",") or len(listed) > 9:
            break
        listed.insert(0, other)
    opened = text.rfind("分别", listed[-1].end, position)
    if opened < 0 or _SENTENCE.search(text, listed[-1].end, position):
        return None
    if "，" in text[opened:position]:
        return None  # 分别为1亿元、2亿元，两年累计3亿元
    rank = len(_AND.findall(text, opened, position))
    if len(listed) == 1 and listed[0].form == "years":
        return _year_of(listed[0], rank)
    return listed[rank] if 1 < len(listed) and rank < len(listed) else None


def _year_of(span: PeriodMention, rank: int) -> PeriodMention | None:
    """The year of a rank in a span of years (2022年至2024年分别为…、…和…)."""
    found = _YEARS.fullmatch(span.time_period or "")
    if not found or rank >= int(found["n"]):
        return None
    return span._replace(time_period=str(int(found["first"]) + rank), form="year")
