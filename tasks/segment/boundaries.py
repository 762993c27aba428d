"""Where one article of a page ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.segment.headlines import grams
from tasks.segment.paragraphs import Unit

#: A sum of evidence from which on a place between two paragraphs parts two articles.
ENOUGH = 3.0
#: From which on headlines without an article may part two articles there.
CANDIDATE = -1.0

_LEAD = re.compile(
    r"(?:(?:近日|日前|昨日|昨天|今日|今天|\d{1,2}月\d{1,2}日)[，,]?.{0,14}记者|记者.{0,6}日?从|记者(?:昨日|今日|近日|日前|\d{1,2}日))"
    r"|(?:近日|日前|昨日|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日)[，,]"
)


def evidence(before: Sequence[Unit], titles: Sequence[Unit], after: Sequence[Unit]) -> float:
    """How much speaks for a boundary after ``before`` (an article so far) and before ``after`` (what follows).

    ``titles`` stand between.  Datelines, bylines and signatures settle it; else the width of the
    column, headlines between, the form of a lead and the words on both sides count together.
    """
    if after[0].opening is not None or before[-1].closing is not None:
        return 10.0
    found = _width_change(before, after)
    if before[-1].soft and not titles:
        found -= 0.5
    for title in titles:
        found += _headline_like(title)
    if _LEAD.match(after[0].text):
        found += 1.0
    return found + _drift(before, after)


def _width_change(before: Sequence[Unit], after: Sequence[Unit]) -> float:
    last = [width for unit in before[-4:] for width in unit.full][-8:]
    first = [width for unit in after[:4] for width in unit.full][:8]
    if len(last) < 2 or len(first) < 2:
        return 0.0
    change = abs(_median(last) - _median(first))
    near = min(abs(one - other) for one in last[-3:] for other in first[:3])
    if change >= 1.2 and near >= 0.8:
        return 4.0
    if change >= 0.9 and near >= 0.4:
        return 2.0
    return 0.0 if change >= 0.6 else -1.0


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _headline_like(title: Unit) -> float:
    """What a title between two paragraphs weighs: a long one with numbers or a pause is hardly a crosshead."""
    length = len(title.text)
    found = 0.0
    if length >= 14:
        found += 1.0
    if length >= 20:
        found += 1.0
    if len(title.lines) > 1:
        found += 0.5
    if re.search(r"\d", title.text) or " " in title.text:
        found += 0.5
    return found


def _drift(before: Sequence[Unit], after: Sequence[Unit]) -> float:
    """How far the words after a place are from those before it: -1 (the same matter) to 2 (another)."""
    left = grams("".join(unit.text for unit in before[-5:])[-500:])
    right = grams("".join(unit.text for unit in after[:4])[:400])
    if len(left) < 40 or len(right) < 40:
        return 0.0
    shared = len(left & right) / min(len(left), len(right))
    return max(-1.0, min(2.0, (0.12 - shared) * 25))
