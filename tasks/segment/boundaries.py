"""Where one article of a page ends and the next begins."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from tasks.segment.headlines import grams
from tasks.segment.paragraphs import Unit
from tasks.segment.wording import cue_pattern

#: A sum of evidence from which on a place between two paragraphs parts two articles.
ENOUGH = 2.4
#: From which on headlines without an article may part two articles there.
CANDIDATE = -0.5

_LEAD = re.compile(rf"(?:{cue_pattern('lead_time')}|(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日)[，,]")
_REPORTED_LEAD = re.compile(rf"[^。；]{{0,24}}记者[^。；]{{0,24}}{cue_pattern('lead_verb')}|据[^。；]{{2,24}}消息，")
_BULLET = re.compile(r"[丨|■●◆▲★○□◎※·]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、]|[（(][一二三四五六七八九十\d]{1,2}[）)]")


class Words:
    """The grams of a page's units and how rare each is among them."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.of = [set() if unit.title else grams(unit.text) for unit in units]
        counts = Counter(gram for words in self.of for gram in words)
        bodies = sum(not unit.title for unit in units)
        logs = [math.log((bodies + 1) / max(count, 1)) for count in range(bodies + 2)]
        self.rare = {gram: logs[count] for gram, count in counts.items()}

    def shared(self, left: Sequence[int], right: Sequence[int]) -> float | None:
        """What two groups of units have in common, 0 (nothing) to 1; None when they are too short to say."""
        one, two = set().union(*(self.of[index] for index in left)), set().union(*(self.of[index] for index in right))
        if len(one) < 20 or len(two) < 20:
            return None
        rare = self.rare.__getitem__
        return sum(map(rare, one & two)) / math.sqrt(sum(map(rare, one)) * sum(map(rare, two)))


def evidence(units: Sequence[Unit], behind: Sequence[int], titles: Sequence[Unit], ahead: Sequence[int], words: Words) -> float:
    """How much speaks for a boundary between the paragraphs ``behind`` (an article so far) and those ``ahead``.

    ``titles`` stand between.  Datelines, bylines and signatures settle it; else the width of the
    column, headlines between, the form of a lead and the words on both sides count together.
    """
    before, after = [units[index] for index in behind[-5:]], [units[index] for index in ahead]
    if after[0].opening is not None or before[-1].closing is not None:
        return 10.0
    found = _width_change(before, after)
    if before[-1].soft and not titles:
        found -= 0.5
    for title in titles:
        found += _headline_like(title)
    if titles:
        found += _names(titles[-1], before, after)
    if _REPORTED_LEAD.match(after[0].text):
        found += 2.0
    elif _LEAD.match(after[0].text):
        found += 1.0
    shared = words.shared(behind[-3:], ahead[:3])
    if shared is not None:  # measured on pages: 0.00 to 0.03 where the matter changes, mostly above 0.05 where it does not
        found += max(-1.0, min(2.0, (0.045 - shared) * 50))
    return found


def _width_change(before: Sequence[Unit], after: Sequence[Unit]) -> float:
    last = [width for unit in before[-4:] for width in unit.full][-8:]
    first = [width for unit in after[:4] for width in unit.full][:8]
    if len(last) < 2 or len(first) < 2 or not after[0].full:
        return -0.5
    change = abs(_column(last) - _column(first))
    near = abs(max(last[-2:]) - max(after[0].full[:2]))  # text beside a picture is narrower, on both sides of a paragraph's end
    if change >= 1.3 and near >= 1.2:
        return 4.0 if len(last) > 2 and len(first) > 2 else 2.0
    if change >= 1.0 and near >= 0.8:
        return 1.0
    return 0.0 if change >= 0.7 else -1.0


def _column(widths: list[float]) -> float:
    """Lines fall short of the column more often than they exceed it: the upper quartile."""
    return sorted(widths)[(3 * len(widths)) // 4]


def _names(title: Unit, before: Sequence[Unit], after: Sequence[Unit]) -> float:
    """How much better a title fits what follows than what stands before: 0 to 1.5."""
    words = grams(title.text)
    if len(title.text) < 9 or not words:
        return 0.0
    behind = len(words & grams("".join(unit.text for unit in before[-4:])))
    ahead = len(words & grams("".join(unit.text for unit in after[:3])))
    return max(0.0, min(1.5, 3.0 * (ahead - behind) / len(words)))


def _headline_like(title: Unit) -> float:
    """What a title between two paragraphs weighs: a long one with numbers or a pause is hardly a crosshead."""
    length = len(title.text)
    found = 0.0
    if _BULLET.match(title.text):
        return found
    if length >= 14:
        found += 1.0
    if length >= 20:
        found += 1.0
    if len(title.lines) > 1:
        found += 0.5
    if re.search(r"\d", title.text) or " " in title.text:
        found += 0.5
    return found
