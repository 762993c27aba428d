"""A short name made whole by what was said before: 医保基金支出, 新能源汽车出口, 农村居民消费价格."""

from __future__ import annotations

import re

from tasks.extract.clause import Clause, cut_between, leading_between
from tasks.extract.cues import any_of, by_kind
from tasks.extract.frame import Frame
from tasks.extract.nouns import is_noun_phrase, names_something
from tasks.extract.quantities import CLASS_END, CLASS_NOUN, has_head, head_of, inner_head

_NEEDS_TOPIC = re.compile(f"(?:{any_of('needs_topic')})")
#: Words of a clause that says something, rather than naming a topic.
_STATEMENT = re.compile(r"[了着过\d]|连续")
_PREFIXED = by_kind("reading_words", "kind")["prefixed"]
_FUND = re.compile(any_of("fund"))
_PAIRED = re.compile(any_of("paired"))
#: Characters of a topic that a quantity may be named with.
LONGEST_TOPIC = 12


def with_topic(name: str, before: str) -> str:
    """A bare quantity with the topic of the one before: 医保基金支出 after 医保基金收入."""
    head = head_of(before)
    if not head or not before.endswith(head) or not _NEEDS_TOPIC.fullmatch(name):
        return name
    topic = before[: len(before) - len(head)]
    end = max((match.end() for pattern in (CLASS_NOUN, _FUND) for match in pattern.finditer(topic)), default=len(topic))
    return topic[:end] + name if end >= 2 and names_something(topic[:end]) else name


def with_head(name: str, clause: Clause, frame: Frame) -> str:
    """Adds the head of the total (…金额, …零售额) to a name that does not say by itself what is measured."""
    if has_head(name) or not frame.items or clause.predicate.measure not in ("growth", "level", "change"):
        return name
    before = frame.items[-1].name
    if clause.kind in ("physical", "money"):
        if clause.scene.body.startswith("、", frame.last_end) and (quantity := _quantity_before_thing(before)):
            return quantity + name  # 新增探明储量石油70亿吨、天然气…
        if clause.first.unit_measure != frame.unit:
            return name
        if before.startswith(_PREFIXED):
            return before[:2] + name
    elif clause.kind not in ("percent", "multiple"):
        return name
    if _PAIRED.fullmatch(name) and has_head(before):
        other = _PAIRED.match(before)
        return name + (before[other.end() :] if other else before)  # 城市, 农村 after 居民消费价格
    head = head_of(before)
    if clause.predicate.measure == "growth" and head.endswith("率"):
        return name  # 住客增加96.3% after 客房入住率
    return name + head if head and not name.endswith(head) else name


def _quantity_before_thing(name: str) -> str:
    """The quantity of a name that ends with the thing measured (新增探明储量石油); "" of any other."""
    if has_head(name):
        return ""
    end = max((match.end() for match in inner_head().finditer(name)), default=0)
    return name[:end] if 3 <= end < len(name) - 1 else ""


def topic_before(clause: Clause, frame: Frame) -> str:
    """What the clause right before speaks of, when it states no amount: a thing without a quantity of its own; "" if none."""
    before = clause.scene.clauses_before(clause.low - 1, _floor(clause, frame))
    begin, stop = next((b for b in before if not _only_time(clause, b)), (0, 0))
    if stop - begin < 3 or (begin == frame.last_end and not clause.fresh):
        return ""
    phrase = clause.scene.body[begin:stop].rpartition("的")[2]
    if CLASS_END.search(phrase) or (len(phrase) <= LONGEST_TOPIC and is_noun_phrase(phrase)):
        name = cut_between(clause.scene, begin, stop).name
        name = name and name._replace(text=name.text.rpartition("的")[2])
    else:
        name = leading_between(clause.scene, begin, stop)
    fits = name is not None and 2 <= len(name.text) <= LONGEST_TOPIC and not has_head(name.text) and not _STATEMENT.search(name.text)
    return name.text if name is not None and fits else ""


def quantity_before(clause: Clause, frame: Frame, short: str = "") -> str:
    """The quantity that the clause right before speaks of, where ``short`` repeats it in short; "" if it does not."""
    begin, stop = next(iter(clause.scene.clauses_before(clause.low - 1, _floor(clause, frame))), (0, 0))
    if stop - begin < 3 or short not in clause.scene.body[begin:stop]:
        return ""
    name = leading_between(clause.scene, begin, stop)
    return name.text if name is not None and short in name.text and len(name.text) <= LONGEST_TOPIC else ""


def _floor(clause: Clause, frame: Frame) -> int:
    return clause.start if clause.fresh else max(clause.start, frame.last_end)


def _only_time(clause: Clause, bounds: tuple[int, int]) -> bool:
    begin, stop = bounds
    return any(p.start <= begin and stop <= p.end for p in clause.scene.periods_in(begin, stop))
