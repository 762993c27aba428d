"""Whether a number is fact, forecast, target or plan, by the cue words before it in its sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tasks.extract.cues import any_of, mapping
from tasks.extract.period_mention import PeriodMention
from tasks.extract.period_pairs import opens_change
from tasks.extract.scene import SEPARATORS


@cache
def _pattern() -> re.Pattern[str]:
    """Any cue, the longest first; 虚拟 and 模拟 are words of their own.

    Each alternative begins with a character of its cue, which lets a search skip to where one may stand.
    """
    words = sorted(mapping("stance_cues", "word", "stance"), key=lambda word: (-len(word), word))
    return re.compile("|".join(f"拟(?<![虚模]拟){re.escape(word[1:])}" if word[0] == "拟" else re.escape(word) for word in words))


_SEPARATOR = re.compile(f"[{re.escape(SEPARATORS)}]")
#: 增长6%—7%的目标
_GOAL_BEGINS = tuple("左以的增年预总工目—–~～至到-")
_GOAL_AFTER = re.compile(r"(?:[—–~～至到-]\d[\d.]*[%％])?(?:左右|以上|以内)?的?(?:增长|年度|预期|总体|工作)?目标")

#: 完成年度计划的26.1%: a fact, and no plan of what follows.
_PART_OF_PLAN = re.compile(r"(?:任务|目标)?的(?:约|近|超过?|逾)?[\d.]+(?:[%％成倍]|个百分)")
#: 将由41%降至36%: the first is what it is now.
_FROM_NOW = frozenset(("将由", "将从"))
_BEYOND = re.compile(rf"(?:{any_of('beyond')})[^，。；\d]*$")


@dataclass(slots=True)
class _Cue:
    """A cue in the body; ``parted`` is where the first separator after it stands, ``beyond`` whether it was passed (超过目标)."""

    start: int
    end: int
    word: str
    stance: str
    whole: bool
    parted: int
    beyond: bool


class Stances:
    """The cues of stance in the sentence ``body[start:stop]``, found once for all its amounts.

    A cue of scope ``sentence`` holds for all that follows it in the sentence, one of scope ``clause`` up to the
    next comma; without a cue a period that is a deadline (到2025年) makes a target.
    """

    __slots__ = ("_body", "_cues", "_start")

    def __init__(self, body: str, start: int, stop: int) -> None:
        self._body, self._start = body, start
        self._cues = [self._cue(match, stop) for match in _pattern().finditer(body, start, stop)]

    def _cue(self, match: re.Match[str], stop: int) -> _Cue:
        body, (begin, end), word = self._body, match.span(), match.group()
        separator = _SEPARATOR.search(body, end, stop)
        beyond = _BEYOND.search(body, max(self._start, begin - 12), begin) is not None
        return _Cue(
            begin, end, word, mapping("stance_cues", "word", "stance")[word], mapping("stance_cues", "word", "scope")[word] != "clause",
            separator.start() if separator else stop, beyond,
        )  # fmt: skip

    def at(self, at: int, end: int, governed: PeriodMention | None) -> str:
        """The stance of the amount ``body[at:end]``, which ``governed`` dates."""
        if governed is not None and governed.role == "earlier":
            return "actual"
        stance = self._said(at, end) if self._cues else None
        if self._body[end : end + 1] in _GOAL_BEGINS and _GOAL_AFTER.match(self._body, end):
            return "target"
        if stance is None and governed is not None and governed.role == "deadline":
            return "target"
        return stance or "actual"

    def _said(self, at: int, end: int) -> str | None:
        """What the cues before the amount say."""
        body, stance, built, said = self._body, None, False, self._start
        for cue in self._cues:
            if cue.end > at:
                if cue.start >= at:
                    break
                shorter = _pattern().search(body, cue.start, at)  # 将|超过5亿元: the rest of the cue belongs to the amount
                if shorter is None:
                    break
                cue = self._cue(shorter, at)
            if body[cue.end : cue.end + 1] in ("”", "》", "」", "』"):
                continue  # part of a title: “某某计划”
            if cue.beyond or _PART_OF_PLAN.match(body, cue.end):
                stance = "actual"  # 完成年度计划的26.1%, 超过目标3万人
                continue
            if not cue.whole and cue.parted < at:
                continue
            here = "将" not in cue.word and cue.parted >= at  # 计划加开列车 after 预计
            if stance in ("forecast", "target") and cue.stance == "plan" and not here and "；" not in body[said : cue.start]:
                continue
            if stance == "plan" and built and cue.stance == "forecast" and cue.word[0] == "将":
                continue  # 建成后，将惠及…: what the plan is for
            built, said = cue.word.endswith("后"), cue.end
            before = cue.word in _FROM_NOW and opens_change(body, at)
            stance = "actual" if before else cue.stance
        return stance
