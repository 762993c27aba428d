"""Whether a number is fact, forecast, target or plan, by the cue words before it in its sentence."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract.cues import any_of, mapping, union
from tasks.extract.period_mention import PeriodMention
from tasks.extract.scene import SEPARATORS


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(f"(?!(?<=[虚模])拟)(?:{union(mapping('stance_cues', 'word', 'stance'))})")


#: 增长6%—7%的目标
_GOAL_AFTER = re.compile(r"(?:左右|以上|以内)?的?(?:增长|年度|预期|总体|工作)?目标")

_PART_OF_PLAN = re.compile(r"(?:任务|目标)?的(?:约|近|超过?|逾)?")
_BEYOND = re.compile(rf"(?:{any_of('beyond')})[^，。；\d]*$")


def stance_at(body: str, start: int, at: int, end: int, governed: PeriodMention | None) -> str:
    """The stance of the amount ``body[at:end]`` in the sentence that begins at ``start``.

    A cue of scope ``sentence`` holds for all that follows it in the sentence, one of scope ``clause`` up to the
    next comma; without a cue a period that is a deadline (到2025年) makes a target.
    """
    stances = mapping("stance_cues", "word", "stance")
    scopes = mapping("stance_cues", "word", "scope")
    if governed is not None and governed.role == "earlier":
        return "actual"
    stance = None
    for match in _pattern().finditer(body, start, at):
        word = match.group()
        if body[match.end() : match.end() + 1] in ("”", "》", "」", "』"):
            continue  # part of a title: “某某计划”
        part = body[end - 1] in "%％成倍" and _PART_OF_PLAN.fullmatch(body, match.end(), at)
        if part or _BEYOND.search(body, max(start, match.start() - 12), match.start()):
            stance = "actual"  # 完成年度计划的26.1%, 超过目标3万人
            continue
        if scopes[word] == "clause" and any(c in SEPARATORS for c in body[match.end() : at]):
            continue
        here = "将" not in word and not any(c in SEPARATORS for c in body[match.end() : at])  # 计划加开列车 after 预计
        if stance in ("forecast", "target") and stances[word] == "plan" and not here:
            continue
        stance = stances[word]
    if _GOAL_AFTER.match(body, end):
        return "target"
    if stance is None and governed is not None and governed.role == "deadline":
        return "target"
    return stance or "actual"
