"""Which expression of time governs an amount: how far each kind of expression reaches."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tasks.extract.period_grammar import any_of

if TYPE_CHECKING:
    from tasks.extract.periods import PeriodMention

_CLAUSE = re.compile(r"[，。；！？,;!?\n]")
_SENTENCE = re.compile(r"[。！？!?\n]")
_TURN = re.compile(any_of("turn"))
_LOCAL = frozenset(("now", "vague", "since", "end", "day", "days"))


def governing(mentions: Sequence[PeriodMention], position: int, text: str) -> PeriodMention | None:
    """The expression whose period holds for the amount at ``position``, or None when none does.

    ``mentions`` are those of ``find_periods`` on the same text.  At most 40 expressions back are looked at.
    """
    first = bisect_left(mentions, position, key=lambda mention: mention.start)
    for mention in reversed(mentions[max(0, first - 40) : first]):
        if mention.end > position or mention.role in ("publication", "base"):
            continue
        between = text[mention.end : min(position, mention.end + 400)]
        if len(between) < position - mention.end or _left_parenthesis(between):
            if mention.form in _LOCAL or mention.role != "period":
                continue
        if mention.role == "earlier":
            if not _CLAUSE.search(between) and not _TURN.search(between):
                return mention
            continue
        if mention.role == "deadline" or mention.form in _LOCAL:
            if not _SENTENCE.search(between):
                return mention
            continue
        return mention
    return None


def _left_parenthesis(between: str) -> bool:
    """Whether a parenthesis that was open before ``between`` closes in it."""
    depth = 0
    for mark in re.findall(r"[（()）]", between):
        depth += 1 if mark in "（(" else -1
        if depth < 0:
            return True
    return False
