"""Observations of an article: every stated amount with what it measures, where, when and how.

The body is read once, left to right: sentence by sentence, and in a sentence one group of amounts
after another (a group is one amount, or several of a coordination: ``9.1%、7.5%``).  For each group
the words before it say how it is stated (``predicates``), what is measured (``measured``) and where
(``where``); what they leave out is carried over from the clauses before (``frame``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tasks.extract import calendar
from tasks.extract.amounts import Amount
from tasks.extract.cues import any_of, by_kind
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.measured import Measured
from tasks.extract.periods import PeriodMention, governing
from tasks.extract.predicates import Predicate, read_predicate
from tasks.extract.scene import Scene
from tasks.extract.stance import stance_at
from tasks.extract.where import topic

_JOINED = re.compile(r"^(?:[、和及与或]|以及)?(?:约|近|超|逾|超过|达)?$")
_BASIS_TOPIC = re.compile(r"(?:从|按|分)?(同比|环比|按年|按月)(?:看|来看|情况看|计算)")
_ALSO = re.compile(r"(?:或|、|即|，?(?:也就是|约合|折合))|[（(]")
_FALLING = re.compile(r"(?:跌幅|降幅|减幅)[，,]$")
_NARROW = {"扩大", "收窄", "缩小", "缩窄", "扩张", "回落", "放缓", "加深", "提高"}
_MARKET = re.compile(rf"(?<!价格)(?:{any_of('market')})$|指数[（(]")
_ASPECT = re.compile(r"(?:其中，|此外，)?([\u4e00-\u9fff]{2,8})方面，")
_WEEKLY = re.compile(r"按周|[较比]上周|周环比")
_OWN_RATE = re.compile(r"(?:率|比例|比重|占比|指数|系数|浓度)(?:为|达到?|约|至)*$")
_QUOTED = re.compile(any_of("quoted"))
_SHORT_BASE = re.compile(r"周|日|昨|季|月")


@dataclass(slots=True)
class Observation:
    """One row of ``indicators`` before identifiers are given; spans are in the body."""

    amount: Amount
    value: float
    unit_measure: str
    indicator: str
    measure: str
    basis: str | None
    qualifier: str
    stance: str
    place: Place
    time_period: str | None
    sentence: tuple[int, int]
    indicator_span: tuple[int, int] | None
    period_span: tuple[int, int] | None
    area_span: tuple[int, int] | None
    marks: set[str] = field(default_factory=set)


def read_observations(body: str, published: date | None, dateline: date | None, area: str | None) -> list[Observation]:
    """The observations of an article's body, in the order of their amounts.

    ``published`` is the day of publication, ``dateline`` the day in the dateline, ``area`` the GB/T 2260
    code of the article's main place; each may be None.
    """
    scene = Scene(body, published, dateline, area)
    return list(_Reader(scene).read()) if scene.amounts else []


class _Reader:
    """One pass over a scene, with the frame carried along."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.frame = Frame(Place(scene.area))
        self.measured = Measured(scene, self.frame)
        self.weekly = _WEEKLY.search(scene.body) is not None

    def read(self) -> Iterator[Observation]:
        scene, frame = self.scene, self.frame
        index = 0
        for start, end in scene.sentences():
            if start == 0 or scene.body[start - 1] == "\n":
                frame.place = Place(scene.area)
                frame.topic_basis = frame.base_code = None
            first = index
            while index < len(scene.amounts) and scene.amounts[index].start < end:
                index += 1
            if index > first:
                yield from self._sentence(start, end, scene.amounts[first:index])
            else:
                frame.place = topic(scene, frame, start, end) or frame.place
                self._basis_topic(start, end)

    def _basis_topic(self, start: int, end: int) -> None:
        match = _BASIS_TOPIC.search(self.scene.body, start, end)
        if match:
            self.frame.topic_basis = "pop" if match.group(1) in ("环比", "按月") else "yoy"

    def _sentence(self, start: int, end: int, amounts: list[Amount]) -> Iterator[Observation]:
        frame = self.frame
        self._basis_topic(start, amounts[0].start)
        frame.shared, frame.rate, frame.measure, frame.last_end = False, 0, None, start
        frame.levels, frame.compared, frame.market, frame.plain = [], None, False, None
        aspect = _ASPECT.match(self.scene.body, start, end)
        frame.aspect = aspect[1] if aspect else ""
        fresh = True
        for group in _groups(self.scene.body, amounts):
            clause = self.scene.clause_start(group[0].start, max(start, frame.last_end))
            yield from self._group(group, start, clause, end, fresh)
            fresh = False

    def _group(self, group: list[Amount], start: int, clause: int, end: int, fresh: bool) -> Iterator[Observation]:
        scene, frame, body = self.scene, self.frame, self.scene.body
        first, last = group[0], group[-1]
        slots = _slots(group)
        kind = last.kind if last.kind == "pp" else first.kind
        predicate = read_predicate(body, clause, first.start, kind, scene.periods_in(clause, first.start))
        self._settle(predicate, first, start, clause)
        items = self.measured.items(group, slots[-1] + 1, predicate, start, clause, end, fresh)
        governed = governing(scene.periods, first.start, body)
        for position, amount in enumerate(group):
            slot = slots[position]
            item = items[slot] if len(items) == slots[-1] + 1 else items[0]
            if position and "、" in body[group[position - 1].end : amount.start] + "、":
                sign = _sign_before(body, group[position - 1].end, amount.start)
                predicate = replace(predicate, sign=sign) if sign else predicate
            yield self._row(amount, predicate, item, (start, end), governed)
        frame.items = items
        if predicate.measure == "level":
            frame.levels.extend(items)
            frame.unit = first.unit_measure
            frame.market = frame.market or _QUOTED.search(body, clause, first.start) is not None
        frame.kind = first.kind
        if first.kind not in ("count", "rank"):
            frame.plain = items[0]
        frame.counted = first.kind == "count" and items[0].name.endswith(("企业", "项目", "园区", "合作社", "单位"))
        frame.compared = predicate.earlier if predicate.stated else predicate.base
        frame.last_end = max(last.end, self.measured.consumed)
        if predicate.measure in ("growth", "change") and predicate.rate:
            frame.rate = predicate.rate
        frame.measure, frame.sign = predicate.measure, predicate.sign
        frame.shared = predicate.shared or predicate.measure == "share"

    def _settle(self, predicate: Predicate, first: Amount, start: int, clause: int) -> None:
        """Fills in what the clause leaves to the clauses before it."""
        frame = self.frame
        if frame.rate == 0 and _FALLING.search(self.scene.body, start, clause):
            frame.rate = -1
        bare = predicate.cue == "" and predicate.basis is None
        if (
            bare
            and frame.measure in ("change", "growth")
            and frame.items
            and _ALSO.fullmatch(self.scene.body[frame.last_end : first.start])
        ):
            predicate.measure = "growth" if first.kind in ("percent", "multiple") else "change"
            predicate.sign, predicate.rate = frame.sign, frame.rate
            predicate.name_end = frame.last_end
        elif first.kind in ("percent", "multiple") and predicate.measure == "level" and bare:
            if predicate.reach and frame.measure == "change" and frame.shared:
                predicate.measure = "share"
            elif predicate.reach and frame.measure == "change" and frame.rate:
                predicate.measure, predicate.sign = "growth", frame.rate
            elif predicate.reach and frame.measure in ("growth", "share") and predicate.name_end <= frame.last_end + 1:
                predicate.measure, predicate.sign = frame.measure, frame.rate or frame.sign
            elif frame.measure in ("growth", "share") and frame.items and predicate.name_end - frame.last_end < 16 and not predicate.reach:
                if not _OWN_RATE.search(self.scene.body, frame.last_end, predicate.name_end):
                    predicate.measure, predicate.sign = frame.measure, frame.sign
        elif (
            first.kind in ("pp", "bp")
            and predicate.measure == "change"
            and predicate.rate == 0
            and frame.rate == -1
            and predicate.cue in _NARROW
        ):
            predicate.sign, predicate.rate = -predicate.sign, -1

    def _row(
        self, amount: Amount, predicate: Predicate, item: Item, sentence: tuple[int, int], governed: PeriodMention | None
    ) -> Observation:
        measure = predicate.measure
        value, unit = amount.obs_value, amount.unit_measure
        if amount.kind == "multiple":
            if measure == "growth":
                value, unit = value * 100, "%"
            else:
                unit = "1"
        period = predicate.earlier or governed
        time_period = period.time_period if period else None
        basis = self._basis(measure, predicate, item, amount.unit_measure in ("pp", "bp"), time_period is None)
        if measure in ("growth", "change", "contribution", "gap"):
            value = predicate.sign * value
        if amount.value_text.startswith(("负", "-")):
            value = -abs(value)
        here = period is not None and sentence[0] <= period.start < sentence[1]
        spot = item.place.span
        return Observation(
            amount=amount,
            value=value,
            unit_measure=unit,
            indicator=item.name,
            measure=measure,
            basis=basis,
            qualifier="approx" if predicate.cue.startswith("约") and amount.qualifier == "exact" else amount.qualifier,
            stance=stance_at(self.scene.body, sentence[0], amount.start, amount.end, governed),
            place=item.place,
            time_period=time_period,
            sentence=sentence,
            indicator_span=item.span,
            period_span=(period.start, period.end) if period and here else None,
            area_span=spot if spot and sentence[0] <= spot[0] < sentence[1] else None,
        )

    def _basis(self, measure: str, predicate: Predicate, item: Item, unit_is_points: bool, timeless: bool) -> str | None:
        if measure not in ("growth", "change", "contribution"):
            return None
        if predicate.basis:
            return predicate.basis
        base = predicate.base
        if base is not None:
            code = base.comparison_basis_code or base.time_period or ("pop" if _SHORT_BASE.search(base.text) else None)
            self.frame.base_code = code if unit_is_points else None
            return code
        if measure == "contribution":
            return None
        compared = self.frame.compared
        if compared is not None and item.span is None and compared.time_period and not predicate.stated:
            return compared.comparison_basis_code or self._base_code(compared)
        if measure == "growth" and self.frame.topic_basis:
            return self.frame.topic_basis
        if measure == "change" and unit_is_points and predicate.rate:
            return self.frame.base_code or "pop"
        if timeless and self.weekly:
            return "pop"  # a bare growth of no calendar period, where the article compares weeks
        return "pop" if self.frame.market or _MARKET.search(item.name) else "yoy"

    @staticmethod
    def _base_code(base: PeriodMention) -> str | None:
        if base.time_period and base.relative_to and calendar.shift(base.relative_to, -1) == base.time_period:
            return "yoy"
        return base.time_period


def _groups(body: str, amounts: list[Amount]) -> Iterator[list[Amount]]:
    """Amounts that one coordination holds together."""
    group: list[Amount] = []
    for amount in amounts:
        if group:
            before = group[-1]
            kinds = {amount.kind, before.kind}
            ranged = amount.range_side == "high" and before.range_side == "low"
            same = len(kinds) == 1 or kinds <= {"percent", "multiple"} or kinds <= {"money", "physical", "count"}
            between = body[before.end : amount.start]
            if amount.start <= before.start or ranged or (same and (_JOINED.match(between) or _signed(body, group[0], between))):
                group.append(amount)
                continue
            yield group
        group = [amount]
    if group:
        yield group


def _signed(body: str, first: Amount, between: str) -> bool:
    """Whether a list goes on with a verb of its own: 分别下降3.2%、增长14.5%和下降6.1%."""
    return (
        between[:1] in "、和及" and _sign_before(between, 0, len(between)) != 0 and "分别" in body[max(0, first.start - 12) : first.start]
    )


def _sign_before(text: str, start: int, end: int) -> int:
    """1 or -1 by the verb of change that fills the words between two amounts of a list, 0 without one."""
    words = text[start:end].lstrip("、和及与或").rstrip("约近超逾了")
    kinds = by_kind("change_cues", "kind")
    return 1 if words in kinds["up"] else -1 if words in kinds["down"] else 0


def _slots(group: list[Amount]) -> list[int]:
    """The place of each amount in its coordination; the two ends of a range share one."""
    slots: list[int] = []
    for i, amount in enumerate(group):
        if i and amount.range_side == "high" and group[i - 1].range_side == "low":
            slots.append(slots[-1])
        else:
            slots.append(slots[-1] + 1 if slots else 0)
    return slots
