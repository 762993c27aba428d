"""Observations of an article: every stated amount with what it measures, where, when and how.

The body is read once, left to right: sentence by sentence, and in a sentence one group of amounts
after another (a group is one amount, or several of a coordination: ``9.1%、7.5%``).  For each group
the words before it say how it is stated (``predicates``), what is measured (``measured``) and where
(``where``); what they leave out is carried over from the clauses before (``frame``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from tasks.extract.amounts import Amount
from tasks.extract.carry import COMPARED, compared_in, comparison_basis, settle
from tasks.extract.catalogue import indicator_code
from tasks.extract.clause import Clause
from tasks.extract.cues import any_of
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.groups import grouped, sign_between, slots_of
from tasks.extract.measured import Measured
from tasks.extract.period_mention import PeriodMention
from tasks.extract.period_scope import Scope
from tasks.extract.predicates import Predicate, read_predicate
from tasks.extract.quantities import has_head
from tasks.extract.scene import Scene
from tasks.extract.share_prices import SHARE_PRICE
from tasks.extract.stance import Stances
from tasks.extract.where import topic

_BASIS_TOPIC = re.compile(r"(?:从|按|分)?(同比|环比|按年|按月)(?:看|来看|情况看|计算)")
_BASIS_SAID = re.compile(r"(?:同比|环比|按年|按月)(?:看|来看|情况看|计算)")
_ASPECT = re.compile(r"(?:其中，|此外，)?在?([\u4e00-\u9fff]{2,8})方面，")
_WEEKLY = re.compile(r"按周|[较比](?:上|前一)周|周环比|上周(?:共|累计)?(?:成交|签约|销售|认购)")
_DEALING = re.compile(any_of("dealing"))
#: 收跌1.83%: of a day of dealing, whatever else is said.
_CLOSED = re.compile(r"收[跌涨升]\d")
_PRICE_MOVE = re.compile(any_of("price_move"))
_QUOTED = re.compile(any_of("quoted"))
#: 分别不低于1亿元、2亿元: each of them.
_EACH = re.compile(r"分别[^，。；\d]{0,6}$")
#: What comes between a level and how it moved.
_MORE_THAN_COMMA = re.compile(r"[，,].*[，,]|[；;]")
_SIGNED = ("growth", "change", "contribution", "gap")


@dataclass(slots=True)
class Observation:
    """One row of ``indicators`` before identifiers are given; spans are in the body."""

    amount: Amount
    value: float
    unit_measure: str
    indicator: str
    indicator_code: str | None
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


def read_observations(scene: Scene) -> list[Observation]:
    """The observations of an article's body, in the order of their amounts."""
    return _Reader(scene).read() if scene.amounts else []


class _Reader:
    """One pass over a scene, with the frame carried along."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.frame = Frame(Place(scene.area))
        self.scope = Scope(scene.body, scene.periods)
        self.measured = Measured(self.frame)
        self.stances = Stances(scene.body, 0, 0)
        self.found: list[Observation] = []
        self.topical = _BASIS_SAID.search(scene.body) is not None
        self.aspects = "方面，" in scene.body
        self._weekly: bool | None = None
        self._dealing: bool | None = None

    def weekly(self) -> bool:
        """Whether the article compares weeks."""
        if self._weekly is None:
            self._weekly = _WEEKLY.search(self.scene.body) is not None
        return self._weekly

    def dealing(self) -> bool:
        """Whether the article reports on a day of dealing in shares."""
        if self._dealing is None:
            self._dealing = len(_DEALING.findall(self.scene.body)) > 1 or _CLOSED.search(self.scene.body) is not None
        return self._dealing

    def read(self) -> list[Observation]:
        scene, frame = self.scene, self.frame
        for begin, stop in scene.paragraphs():
            frame.open_paragraph(scene.area)
            for start, end in scene.sentences(begin, stop):
                amounts = scene.amounts_in(start, end)
                if amounts:
                    self._sentence(start, end, amounts)
                else:
                    frame.place = topic(scene, frame, start, end) or frame.place
                    self._basis_topic(start, end)
        return self.found

    def _basis_topic(self, start: int, end: int) -> None:
        if not self.topical:
            return
        match = _BASIS_TOPIC.search(self.scene.body, start, end)
        if match:
            self.frame.topic_basis = "pop" if match[1] in ("环比", "按月") else "yoy"

    def _sentence(self, start: int, end: int, amounts: list[Amount]) -> None:
        scene, frame = self.scene, self.frame
        self._basis_topic(start, amounts[0].start)
        aspect = _ASPECT.match(scene.body, start, end) if self.aspects else None
        frame.open_sentence(start, aspect[1] if aspect else "")
        self.stances = Stances(scene.body, start, amounts[-1].start)
        fresh = True
        for group in grouped(scene.body, amounts):
            low = scene.clause_start(group[0].start, max(start, frame.last_end))
            self._group(group, start, low, end, fresh)
            fresh = False

    def _group(self, group: list[Amount], start: int, low: int, end: int, fresh: bool) -> None:
        scene, frame, body = self.scene, self.frame, self.scene.body
        first, last, slots = group[0], group[-1], slots_of(group)
        kind = last.kind if last.kind == "pp" else first.kind
        within = scene.periods_in(low, first.start)
        predicate = read_predicate(body, low, first.start, kind, within)
        if predicate.base is None and predicate.basis in (None, "avg"):
            opened = max(start, frame.last_end)
            predicate.base = compared_in(scene.periods_in(opened, low), body, low)
            if predicate.base is None and within and (base := compared_in(within, body)):
                predicate.base, predicate.basis = base, None
        if any(mention.role == "period" for mention in scene.periods_in(max(start, frame.last_end), first.start)):
            frame.compared = None  # 1至6月累计下降12.8% after 比5月份加快
        settle(predicate, first, frame, body, start, low, last.end)
        items = self.measured.items(Clause(scene, group, slots[-1] + 1, predicate, start, low, end, fresh))
        governed = self.scope.governing(first.start)
        said = predicate
        bases = [mention for mention in within if mention.role == "base"]
        each = not first.value_text[0].isdigit() and _EACH.search(body, low, first.start) is not None
        for position, amount in enumerate(group):
            item = items[slots[position]] if len(items) == slots[-1] + 1 else items[0]
            if position and len(items) == 1 and "分别" in body[low : first.start]:
                governed = self.scope.governing(amount.start)
            sign = sign_between(body[group[position - 1].end : amount.start]) if position else 0
            said = replace(said, sign=sign) if sign else said
            if len(bases) == slots[-1] + 1 > 1:
                said = replace(said, base=bases[slots[position]], basis=None)
            if position and each and amount.qualifier == "exact":
                amount = amount._replace(qualifier=first.qualifier)
            self.found.append(self._row(amount, said, item, (start, end), governed))
        quoted = said.measure == "level" and _QUOTED.search(body, low, first.start) is not None
        frame.remember(first, items, said, quoted, max(last.end, self.measured.consumed))

    def _moves_as_price(self, predicate: Predicate, item: Item, amount: Amount) -> bool:
        """Whether a share or an index moved in a day of dealing, rather than a quantity with a name of its own (盈利跌5%)."""
        if predicate.measure != "growth" or not self.dealing() or (item.name != SHARE_PRICE and has_head(item.name)):
            return False
        moved = _PRICE_MOVE.search(self.scene.body, max(0, predicate.name_end), amount.start)
        return moved is not None or _PRICE_MOVE.search(predicate.cue) is not None

    def _stance(self, amount: Amount, item: Item, measure: str, sentence: tuple[int, int], governed: PeriodMention | None) -> str:
        """The stance of an amount; how far a level that is forecast will have moved is forecast too (将达到9万吨，比上年增长6%)."""
        stance = self.stances.at(amount.start, amount.end, governed)
        before = self.found[-1] if self.found else None
        if stance != "actual" or before is None or measure not in ("growth", "change") or before.sentence != sentence:
            return stance
        follows = before.measure == "level" and before.indicator == item.name
        aside = _MORE_THAN_COMMA.search(self.scene.body, before.amount.end, amount.start)
        return before.stance if follows and before.stance == "forecast" and aside is None else stance

    def _row(
        self, amount: Amount, predicate: Predicate, item: Item, sentence: tuple[int, int], governed: PeriodMention | None
    ) -> Observation:
        value, unit, measure = amount.obs_value, amount.unit_measure, predicate.measure
        if amount.kind == "multiple":
            value, unit = (float(Decimal(repr(value)) * 100), "%") if measure in ("growth", "gap") else (value, "1")
        if measure in _SIGNED:
            value = predicate.sign * value
        if amount.negative:
            value = -abs(value)
        period = predicate.earlier or governed
        time_period = period.time_period if period else None
        basis = None
        if measure in COMPARED:
            basis = comparison_basis(
                predicate,
                item,
                self.frame,
                points=amount.unit_measure in ("pp", "bp"),
                against_before=(time_period is None and self.weekly()) or self._moves_as_price(predicate, item, amount),
                span=period.comparison_basis_code if period and period.form == "vague" else None,
            )
        self.frame.basis = basis
        start, end = sentence
        spot = item.place.span
        return Observation(
            amount=amount,
            value=value,
            unit_measure=unit,
            indicator=item.name,
            indicator_code=indicator_code(item.name, unit, measure),
            measure=measure,
            basis=basis,
            qualifier="approx" if amount.qualifier == "exact" and predicate.cue[:1] == "约" else amount.qualifier,
            stance=self._stance(amount, item, measure, sentence, governed),
            place=item.place,
            time_period=time_period,
            sentence=sentence,
            indicator_span=item.span,
            period_span=(period.start, period.end) if period and start <= period.start < end else None,
            area_span=spot if spot and start <= spot[0] < end else None,
        )
