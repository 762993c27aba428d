"""How golden cases are judged: rows found by the extractor against the rows a case expects.

The comparison follows the guideline's tolerance: a value and its unit must be equal, a name may
differ in a few characters as long as it does not turn 出口 into 进口, and periods are compared by
the days they cover, so ``2022-S1`` equals ``2022-01-01/P6M``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import permutations
from typing import Any

Row = dict[str, Any]

#: Slots that a matched row must have right, with the value a case leaves out.
DEFAULTS: dict[str, str | None] = {
    "indicator": None,
    "ref_area": None,
    "time_period": None,
    "measure": "level",
    "comparison_basis": None,
    "qualifier": "exact",
    "stance": "actual",
    "subject": None,
    "counterpart_area": None,
}
#: Names that hold different ones of these words are different names, however alike their letters.
TELLING = (
    *("进出口", "进口", "出口", "货物", "服务", "一般", "专项", "城镇", "农村", "第一", "第二", "第三"),
    *("中央", "地方", "国有", "民营", "外商", "新增", "国内", "境外", "收入", "支出", "存款", "贷款", "新房", "二手"),
)
ALIKE = 0.75
_NOISE = re.compile(r"[\s“”\"'‘’「」《》()（）,，、。:：;；的]+")
_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|S(?P<half>[12])"
    r"|(?P<month>\d\d)(?:-(?P<day>\d\d)(?:/P(?P<count>\d+)(?P<step>[DWMY]))?)?))?"
)
# More rows of one value than this are paired greedily rather than by trying every order.
_TRY_ALL = 5


def choices(expected: Any) -> list[Any]:
    """What a slot of a case accepts: a list is a choice, anything else itself."""
    return list(expected) if isinstance(expected, list) else [expected]


def plain(name: str | None) -> str:
    """A name with width folded and brackets, quotes, commas and 的 left out."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", name or ""))


@cache
def telling_words(name: str) -> frozenset[str]:
    """The words of ``TELLING`` in a name, longest first so that 进出口 is not also 出口."""
    found = set()
    for word in TELLING:
        if word in name:
            found.add(word)
            name = name.replace(word, "#")
    return frozenset(found)


@cache
def common_length(one: str, other: str) -> int:
    """Length of the longest common subsequence."""
    best = [0] * (len(other) + 1)
    for a in one:
        corner = 0
        for place, b in enumerate(other, 1):
            corner, best[place] = best[place], corner + 1 if a == b else max(best[place], best[place - 1])
    return best[-1]


def same_name(expected: Any, found: str | None) -> bool:
    """Whether a name found is one of those expected, or alike enough to one of them."""
    have = plain(found)
    if not have:
        return None in choices(expected)
    for want in (plain(name) for name in choices(expected)):
        if want == have:
            return True
        same_words = want and telling_words(want) == telling_words(have)
        if same_words and 2 * common_length(want, have) >= ALIKE * (len(want) + len(have)):
            return True
    return False


@cache
def days(period: str | None) -> tuple[date, date] | str | None:
    """First day and day after the last of an SDMX period; anything else comes back as it is."""
    found = _PERIOD.fullmatch(period or "")
    if not found or period is None:
        return period or None
    part = found.groupdict()
    year, count, step = int(part["year"]), int(part["count"] or 1), part["step"]
    if part["quarter"]:
        month, length = int(part["quarter"]) * 3 - 2, 3
    elif part["half"]:
        month, length = int(part["half"]) * 6 - 5, 6
    else:
        month, length = int(part["month"] or 1), 1 if part["month"] else 12
    start = date(year, month, int(part["day"] or 1))
    if step in ("D", "W"):
        return start, start + timedelta(days=count * (7 if step == "W" else 1))
    if part["day"] and not step:
        return start, start + timedelta(days=1)
    if step:
        length = count * (12 if step == "Y" else 1)
    last = year * 12 + month - 1 + length
    return start, date(last // 12, last % 12 + 1, start.day)


def slot_right(slot: str, expected: Row, found: Row) -> bool:
    want, have = expected.get(slot, DEFAULTS[slot]), found.get(slot)
    if slot in ("indicator", "subject"):
        return same_name(want, have)
    if slot in ("time_period", "comparison_basis"):
        return days(have) in [days(one) for one in choices(want)]
    return (have or None) in choices(want)


def same_amount(expected: Row, found: Row) -> bool:
    """Whether value and unit agree (to one part in 10⁹, or a hundredth where a fraction was rounded)."""
    want, have = float(expected["obs_value"]), found.get("obs_value")
    if have is None or found.get("unit_measure") not in choices(expected["unit_measure"]):
        return False
    slack = 0.01 if re.search("[三六七九]分之", expected["value_text"]) else 1e-9 * max(1.0, abs(want))
    return abs(want - float(have)) <= slack


def wrong_slots(expected: Row, found: Row) -> list[str]:
    return [slot for slot in DEFAULTS if not slot_right(slot, expected, found)]


def pair(expected: Sequence[Row], found: Sequence[Row]) -> list[tuple[int, int]]:
    """Pairs (expected, found) of equal amounts, such that the fewest slots are wrong in all.

    Rows of one amount compete only with each other, so that every order of a small group can be tried.
    """
    left = set(range(len(found)))
    pairs: list[tuple[int, int]] = []
    seen: set[int] = set()
    for first, row in enumerate(expected):
        if first in seen:
            continue
        wants = [i for i in range(first, len(expected)) if i not in seen and _one_amount(row, expected[i])]
        seen.update(wants)
        haves = [j for j in sorted(left) if any(same_amount(expected[i], found[j]) for i in wants)]
        best = _best_pairs(expected, found, wants, haves)
        left.difference_update(j for _, j in best)
        pairs += best
    return pairs


def _one_amount(one: Row, other: Row) -> bool:
    return bool(one["obs_value"] == other["obs_value"])


def _cost(expected: Row, found: Row) -> float:
    if not same_amount(expected, found):
        return 1000.0
    wrong = len(wrong_slots(expected, found))
    # A required row has the first claim on what was found.
    return 20 + 0.1 * wrong if expected.get("optional") else wrong


def _best_pairs(expected: Sequence[Row], found: Sequence[Row], wants: list[int], haves: list[int]) -> list[tuple[int, int]]:
    if not wants or not haves:
        return []
    if max(len(wants), len(haves)) > _TRY_ALL:
        pairs: list[tuple[int, int]] = []
        free = list(haves)
        for i in wants:
            ranked = sorted(free, key=lambda j: _cost(expected[i], found[j]))
            if ranked and _cost(expected[i], found[ranked[0]]) < 1000:
                pairs.append((i, ranked[0]))
                free.remove(ranked[0])
        return pairs
    turned = len(wants) > len(haves)
    few, many = (haves, wants) if turned else (wants, haves)
    tried: Iterable[list[tuple[int, int]]] = (
        [(other, one) if turned else (one, other) for one, other in zip(few, order, strict=True)] for order in permutations(many, len(few))
    )
    best = min(tried, key=lambda pairs: sum(_cost(expected[i], found[j]) for i, j in pairs))
    return [(i, j) for i, j in best if same_amount(expected[i], found[j])]


def complaints(expected: Sequence[Row], found: Sequence[Row]) -> list[str]:
    """What is wrong with the rows found, one line a fault; none when the case passes.

    Required rows must be found with every slot right, and nothing may be found beside them.
    Optional rows cost nothing, missed, found, or found with slots wrong.
    """
    pairs = pair(expected, found)
    taken, got = {j for _, j in pairs}, {i for i, _ in pairs}
    faults = []
    for i, j in pairs:
        wrong = [] if expected[i].get("optional") else wrong_slots(expected[i], found[j])
        faults += [
            f"{expected[i]['value_text']}: {slot} is {found[j].get(slot)!r}, expected {expected[i].get(slot, DEFAULTS[slot])!r}"
            for slot in wrong
        ]
    for i, row in enumerate(expected):
        if i not in got and not row.get("optional"):
            faults.append(f"missed: {row['value_text']} ({choices(row['indicator'])[0]})")
    for j, row in enumerate(found):
        if j not in taken:
            faults.append(f"spurious: {row.get('value_text')} ({row.get('indicator')}) = {row.get('obs_value')} {row.get('unit_measure')}")
    return faults
