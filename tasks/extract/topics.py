"""What a clause speaks of, without an amount of its own: the topic of the clauses after it."""

from __future__ import annotations

import re

from tasks.extract.cues import any_of, by_kind, union
from tasks.extract.naming import Name, cut_name, cutting
from tasks.extract.period_mention import PeriodMention
from tasks.extract.places import PlaceMention
from tasks.extract.quantities import CLASS_END, has_head, inner_head
from tasks.extract.tidying import EDGE

#: What a topic is said to do: 回升, 表现, 有所….
_KINDS = by_kind("change_cues", "kind")
_MOVED = union((*_KINDS["up"], *_KINDS["down"], *_KINDS["rate_up"], *_KINDS["rate_down"]))
_MOVING = re.compile(f"{any_of('said_of')}|{any_of('moving')}|{_MOVED}")
_QUOTED_END = re.compile(r"[「“《]([^「」“”《》]{6,30})[」”》]$")
#: Verbs that say something of a topic: what stands before them is the topic (海洋原油成为重要增长极).
_SAID_OF = re.compile(any_of("said_of"))
_CIRCUMSTANCE = re.compile(any_of("circumstance"))
_SO = re.compile(any_of("so"))


def leading_name(text: str, start: int, end: int, periods: list[PeriodMention], places: list[PlaceMention]) -> Name | None:
    """The quantity that a clause opens with, as its topic (澳门博彩收入 in 澳门博彩收入跌势持续); None when it opens otherwise."""
    head = start
    while head < end and (text[head] in EDGE or any(p.start <= head < p.end for p in periods)):
        head += 1
    quoted = _QUOTED_END.search(text, head, end)
    if quoted:
        return Name(quoted[1], quoted.start(1), quoted.end(1))
    for match in cutting().finditer(text, head, end):
        head = start = match.end()
    if _CIRCUMSTANCE.match(text, head, end):
        return None
    until = _last_head(text, head, min(end, head + 60))
    if until:
        name = cut_name(text, start, until, periods, places).name
        if name is not None and len(name.text) >= 2 and has_head(name.text):
            return name
    said = _SAID_OF.search(text, head, min(end, head + 20))
    if said and said.start() - head >= 2:
        return cut_name(text, start, said.start(), periods, places).name
    moved = _MOVING.search(text, head, min(end, head + 60))
    if moved and moved.start() - head >= 2 and (CLASS_END.search(text, head, moved.start()) or _SO.match(text, moved.end())):
        return cut_name(text, start, moved.start(), periods, places).name  # 电子行业增长迅猛，增速达…
    return None


def _last_head(text: str, start: int, end: int) -> int:
    """Where the quantity ends that a topic is: the last head before a verb, or the first where no verb follows; 0 without one."""
    heads = [match.end() for match in inner_head().finditer(text, start, end)]
    if not heads:
        return 0
    verb = _MOVING.search(text, heads[0], end)
    return next((at for at in reversed(heads) if verb and at <= verb.start()), heads[0])
