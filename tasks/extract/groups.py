"""Groups of amounts that one coordination holds together: 9.1%、7.5%; 15至25%."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.extract.amounts import Amount
from tasks.extract.cues import by_kind

_JOINED = re.compile(r"^(?:[、和及与或]|以及)?(?:约|近|超|逾|超过|达)?$")
#: What may stand right behind an amount that another follows.
_JOINS = frozenset("、和及与或以约近超逾达")
_ALIKE = (frozenset(("percent", "multiple")), frozenset(("money", "physical", "count")))


def grouped(body: str, amounts: list[Amount]) -> Iterator[list[Amount]]:
    """The amounts of a sentence, group by group."""
    group: list[Amount] = []
    for amount in amounts:
        if group and _belongs(body, group, amount):
            group.append(amount)
            continue
        if group:
            yield group
        group = [amount]
    if group:
        yield group


def _belongs(body: str, group: list[Amount], amount: Amount) -> bool:
    before = group[-1]
    if amount.start <= before.start or (amount.range_side == "high" and before.range_side == "low"):
        return True
    between = body[before.end : amount.start]
    if between and between[0] not in _JOINS:
        return False
    if amount.kind != before.kind and not any(amount.kind in alike and before.kind in alike for alike in _ALIKE):
        return False
    return bool(_JOINED.match(between)) or _goes_on_with_verb(body, group[0], between)


def _goes_on_with_verb(body: str, first: Amount, between: str) -> bool:
    """Whether a list goes on with a verb of its own: 分别下降3.2%、增长14.5%和下降6.1%."""
    return between[:1] in "、和及" and sign_between(between) != 0 and "分别" in body[max(0, first.start - 12) : first.start]


def sign_between(words: str) -> int:
    """1 or -1 by the verb of change that fills the words between two amounts of a list, 0 without one."""
    verb = words.lstrip("、和及与或").rstrip("约近超逾了")
    kinds = by_kind("change_cues", "kind")
    return 1 if verb in kinds["up"] else -1 if verb in kinds["down"] else 0


def slots_of(group: list[Amount]) -> list[int]:
    """The place of each amount in its coordination; the two ends of a range share one."""
    if len(group) == 1:
        return [0]
    slots: list[int] = []
    for i, amount in enumerate(group):
        if i and amount.range_side == "high" and group[i - 1].range_side == "low":
            slots.append(slots[-1])
        else:
            slots.append(slots[-1] + 1 if slots else 0)
    return slots
