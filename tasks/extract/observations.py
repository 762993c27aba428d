"""Observations of an article: every stated amount with what it measures, where, when and how.

The body is read once, left to right: sentence by sentence, and in a sentence one group of amounts
after another (a group is one amount, or several of a coordination: ``9.1%、7.5%``).  For each group
the words before it say how it is stated (``predicates``), what is measured (``naming``) and where;
what they leave out is carried over from the clauses before (``frame``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from tasks.extract import calendar
from tasks.extract.amounts import Amount, find_amounts
from tasks.extract.cues import mapping, union
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.naming import Name, cut_name, has_head, head_of, split_names, tidy
from tasks.extract.nouns import noun_after
from tasks.extract.periods import PeriodMention, find_periods, governing
from tasks.extract.places import Gazetteer, PlaceMention, counterparts, resolve_deictic
from tasks.extract.predicates import Predicate, read_predicate

_SENTENCE = re.compile(r"[。！？!?\n]|(?<![\d０-９])；|；(?=其中)")
_JOINED = re.compile(r"^(?:[、和及与或]|以及)?(?:约|近|超|逾|超过|达)?$")
_SEPARATOR = "，；：。！？\n,;:"


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
    amounts = find_amounts(body)
    if not amounts:
        return []
    return list(_Reader(body, amounts, published, dateline, area).read())


class _Reader:
    """One pass over a body; holds the mentions found in it and the frame carried along."""

    def __init__(self, body: str, amounts: list[Amount], published: date | None, dateline: date | None, area: str | None) -> None:
        self.body = body
        self.amounts = amounts
        self.article_area = area
        self.periods = find_periods(body, published, dateline)
        self.period_starts = [p.start for p in self.periods]
        self.places = Gazetteer().find(body, area)
        self.place_starts = [p.start for p in self.places]
        self.frame = Frame(Place(area))
        self.topic_basis: str | None = None
        self.consumed = -1

    # -- mentions within a range ---------------------------------------------------------------

    def periods_in(self, start: int, end: int) -> list[PeriodMention]:
        return self.periods[bisect_left(self.period_starts, start) : bisect_left(self.period_starts, end)]

    def places_in(self, start: int, end: int) -> list[PlaceMention]:
        return self.places[bisect_left(self.place_starts, start) : bisect_left(self.place_starts, end)]

    # -- the walk ------------------------------------------------------------------------------

    def read(self) -> Iterator[Observation]:
        at, index = 0, 0
        for start, end in _sentences(self.body):
            if start == 0 or self.body[start - 1] == "\n":
                self.frame.place = Place(self.article_area)
                self.topic_basis = None
            first = index
            while index < len(self.amounts) and self.amounts[index].start < end:
                index += 1
            if index == first:
                self._settle(start, end)
                continue
            yield from self._sentence(start, end, self.amounts[first:index])
            at = end
        del at

    def _settle(self, start: int, end: int) -> None:
        """A sentence with no amount may still name the place or the basis of what follows."""
        topic = self._topic(start, end)
        if topic is not None:
            self.frame.place = topic
        self._basis_topic(self.body[start:end])

    def _basis_topic(self, text: str) -> None:
        match = _BASIS_TOPIC.search(text)
        if match:
            self.topic_basis = "pop" if match.group(1) in ("环比", "按月") else "yoy"

    def _topic(self, start: int, end: int) -> Place | None:
        """The place that stands as the subject of a clause, if one does."""
        found = None
        for place in self.places_in(start, end):
            if place.in_name or place.kind == "country":
                continue
            before = self.body[max(start, place.start - 1) : place.start]
            timed = any(p.end == place.start for p in self.periods_in(max(0, place.start - 20), place.start))
            if place.start == start or before in _SEPARATOR or timed or before in "“":
                made = self._place(place)
                if made is not None:
                    found = made
        return found

    def _place(self, mention: PlaceMention) -> Place | None:
        span = (mention.start, mention.end)
        if mention.kind == "area":
            return Place(mention.code, None, None, span)
        if mention.kind == "deictic":
            code = resolve_deictic(mention.level, self.places_in(0, mention.start), self.article_area)
            return Place(code, None, None, span) if code else None
        if mention.kind == "group":
            return Place(None, mention.name, None, span)
        if mention.kind == "zone":
            return Place(mention.code or self.frame.place.area, mention.text, None, span)
        if mention.kind == "country":
            return Place(None, mention.name, None, span)
        return None

    def _sentence(self, start: int, end: int, amounts: list[Amount]) -> Iterator[Observation]:
        body = self.body
        frame = self.frame
        self._basis_topic(body[start : amounts[0].start])
        frame.shared = False
        frame.rate = 0
        frame.measure = None
        frame.last_end = start
        fresh = True
        for group in _groups(body, amounts):
            clause = self._clause_start(group[0].start, max(start, frame.last_end))
            yield from self._group(group, start, clause, end, fresh)
            fresh = False

    def _clause_start(self, at: int, low: int) -> int:
        """Where the clause of the amount at ``at`` begins: after the last separator outside brackets without amounts."""
        body = self.body
        i, depth = at - 1, 0
        while i >= low:
            c = body[i]
            if c in "）)":
                depth += 1
            elif c in "（(":
                if depth == 0:
                    return i + 1
                depth -= 1
            elif depth == 0 and c in _SEPARATOR and not (c in ",:：" and i + 1 < len(body) and body[i + 1].isdigit() and body[i - 1].isdigit()):
                return i + 1
            i -= 1
        return low

    def _group(self, group: list[Amount], start: int, clause: int, end: int, fresh: bool) -> Iterator[Observation]:
        body, frame = self.body, self.frame
        first, last = group[0], group[-1]
        slots = _slots(group)
        mentions = self.periods_in(clause, first.start)
        predicate = read_predicate(body, clause, first.start, last.kind if last.kind == "pp" else first.kind, mentions)
        self._settle_predicate(predicate, first)
        items = self._items(group, slots, predicate, start, clause, end, fresh)
        turned = bool(_TURN_AFTER.match(body, last.end, min(len(body), last.end + 3)))
        governed = governing(self.periods, first.start, body)
        for position, amount in enumerate(group):
            slot = slots[position]
            item = items[slot] if len(items) == slots[-1] + 1 else items[0]
            yield self._row(amount, predicate, item, (start, end), governed, turned)
        frame.items = items
        frame.last_end = max(last.end, self.consumed)
        if predicate.measure in ("growth", "change") and predicate.rate:
            frame.rate = predicate.rate
        frame.measure, frame.sign = predicate.measure, predicate.sign
        frame.shared = predicate.shared or predicate.measure == "share"
        if predicate.measure == "level":
            head = head_of(items[0].name)
            if head:
                frame.money_head = head

    def _settle_predicate(self, predicate: Predicate, first: Amount) -> None:
        """Fills in what the clause leaves to the clauses before it."""
        frame = self.frame
        bare = predicate.cue == "" and predicate.basis is None
        if first.kind in ("percent", "multiple") and predicate.measure == "level" and bare:
            if predicate.reach and frame.measure == "change" and frame.shared:
                predicate.measure = "share"
            elif predicate.reach and frame.measure == "change" and frame.rate:
                predicate.measure, predicate.sign = "growth", frame.rate
            elif frame.measure in ("growth", "share") and frame.items and predicate.name_end - frame.last_end < 16 and not predicate.reach:
                predicate.measure, predicate.sign = frame.measure, frame.sign
        if first.kind in ("pp", "bp") and predicate.measure == "change" and predicate.rate == 0 and frame.rate == -1 and predicate.cue in _NARROW:
            predicate.sign = -predicate.sign
            predicate.rate = -1

    # -- what is measured ----------------------------------------------------------------------

    def _items(self, group: list[Amount], slots: list[int], predicate: Predicate, start: int, clause: int, end: int, fresh: bool) -> list[Item]:
        body, frame = self.body, self.frame
        count = slots[-1] + 1
        first, last = group[0], group[-1]
        low = clause
        name_end = max(low, predicate.name_end)
        partners = [p for p in counterparts(body[low : first.start])] if frame is not None else []
        places = self.places_in(low, name_end)
        if partners:
            made = self._partner_items(partners, low, name_end, places)
            if made:
                return made
        name, opened = cut_name(body, low, name_end, self.periods_in(low, name_end), places)
        place = self._opened(opened, low, start, fresh)
        listed = self._listed_places(opened, count)
        if first.kind == "count" or (first.kind == "physical" and name is None) or (first.kind in ("money", "physical") and body[last.end : last.end + 1] == "的"):
            noun = noun_after(body, last.end, self._noun_limit(last.end, end))
            if noun is not None and self._prefers_noun(name, noun, first):
                self.consumed = noun.end
                return [Item(noun.text, (noun.start, noun.end), place)]
        if predicate.measure == "rank" and frame.items and not fresh:
            return [Item(i.name, None, place if opened else i.place) for i in frame.items[:1]]
        if name is None:
            if listed and len(listed) == count and frame.items:
                return [Item(frame.items[0].name, None, p) for p in listed]
            return self._carried(place, opened, start, clause, fresh, count)
        if predicate.measure == "rank":
            return [Item(name.text, (name.start, name.end), place)]
        names: list[str] | None = split_names(name, count) if count > 1 else None
        if names is None:
            names = [name.text]
        names = [self._with_head(n, first, predicate) for n in names]
        span = (name.start, name.end)
        if listed and len(listed) == count and len(names) == 1:
            return [Item(names[0], span, p) for p in listed]
        return [Item(n, span, place) for n in names]

    def _noun_limit(self, at: int, end: int) -> int:
        index = bisect_right([a.start for a in self.amounts], at - 1)
        if index < len(self.amounts) and self.amounts[index].start < end:
            return self.amounts[index].start
        return end

    def _prefers_noun(self, name: Name | None, noun: Name, first: Amount) -> bool:
        if name is None:
            return True
        if has_head(name.text) and not name.text.startswith(("出口", "进口")) and first.kind != "count":
            return False
        return not _COUNTED.search(name.text)

    def _with_head(self, name: str, first: Amount, predicate: Predicate) -> str:
        """Adds the head of the total (…金额, …零售额) to a name that does not say by itself what is measured."""
        frame = self.frame
        if has_head(name) or not frame.items or frame.last_end < 0:
            return name
        if predicate.measure not in ("growth", "level", "share", "change") or first.kind in ("count", "physical", "index", "rank", "pp"):
            return name
        if predicate.measure == "share":
            return name
        head = head_of(frame.items[-1].name)
        return name + head if head and not name.endswith(head) else name

    def _carried(self, place: Place, opened: list[PlaceMention], start: int, clause: int, fresh: bool, count: int) -> list[Item]:
        frame = self.frame
        if fresh and clause > start:
            at = clause - 1
            back = self._clause_start(at, start)
            name, more = cut_name(self.body, back, at, self.periods_in(back, at), self.places_in(back, at))
            if name is not None and (has_head(name.text) or not frame.items):
                where = self._opened(more, back, start, fresh) if more and not opened else place
                return [Item(name.text, (name.start, name.end), where)]
        if frame.items:
            if len(frame.items) == count:
                return [Item(i.name, None, place if opened else i.place.copy()) for i in frame.items]
            item = frame.items[0] if len(frame.items) == 1 else frame.items[-1]
            return [Item(item.name, None, place if opened else item.place.copy())]
        return [Item("", None, place)]

    # -- where -----------------------------------------------------------------------------------

    def _opened(self, opened: list[PlaceMention], low: int, start: int, fresh: bool) -> Place:
        """The place that the clause opens with, or the one in force."""
        place = None
        if opened:
            place = self._place(opened[-1])
            if place is not None and opened[-1].kind in ("group", "country") and len(opened) > 1:
                place.area = None
        if place is None and fresh:
            place = self._topic(start, low)
        if place is None:
            return self.frame.place.copy()
        self.frame.place = place
        return place.copy()

    def _listed_places(self, opened: list[PlaceMention], count: int) -> list[Place]:
        if count < 2 or len(opened) < count:
            return []
        return [p for p in (self._place(m) for m in opened[-count:]) if p is not None]

    def _partner_items(self, partners: list[tuple[int, int, str | None, str]], low: int, name_end: int, places: list[PlaceMention]) -> list[Item]:
        """Trade or investment with partners: 对韩国进出口, 对东盟、欧盟分别进出口."""
        body, frame = self.body, self.frame
        first, last = partners[0], partners[-1]
        head_start = low + last[1]
        if head_start >= name_end:
            return []
        lead = low + first[0]
        opened = [p for p in places if p.end <= lead and not p.in_name and p.kind in ("area", "deictic", "group")]
        place = self._opened(opened, low, low, False)
        text = re.sub(r"^(?:等[^进出贸投实F]{0,10}|地区|国家|在[\u4e00-\u9fff]{1,4}?(?=[FDI实投进出]))", "", body[head_start:name_end])
        head = tidy(re.sub(r"^(?:的|货物|合计|分别|均|都|等)+", "", text))
        if not head or not re.search(r"进出口|进口|出口|贸易|投资|FDI|外资|到资|合同|旅客|游客|销售|顺差|逆差", head):
            return []
        prefix = body[lead - 1 : lead] if lead > 0 and body[lead - 1] in "对自从与向" else ""
        items = []
        for begin, end, code, name in partners:
            where = place.copy()
            where.partner = code
            where.span = place.span
            if code is None:
                where.subject = name
            label = head if code else f"{prefix or '对'}{body[low + begin : low + end]}{head}"
            items.append(Item(label, (low + begin, name_end), where))
        frame.place = place
        return items

    # -- one row ---------------------------------------------------------------------------------

    def _row(self, amount: Amount, predicate: Predicate, item: Item, sentence: tuple[int, int], governed: PeriodMention | None, turned: bool) -> Observation:
        body = self.body
        measure, sign = predicate.measure, predicate.sign
        value, unit = amount.obs_value, amount.unit_measure
        if amount.kind == "multiple":
            if measure in ("growth", "level") and (measure == "growth" or predicate.cue):
                value, unit, measure = value * 100, "%", "growth"
            elif predicate.reach or predicate.cue == "":
                unit = "1"
        if amount.kind == "rank":
            measure = "rank"
        period = predicate.earlier or governed
        time_period = period.time_period if period else None
        basis = self._basis(measure, predicate, item, time_period)
        if turned and predicate.earlier is None and time_period:
            time_period = calendar.shift(time_period, -1) if basis == "yoy" and False else calendar.previous(time_period)
        stance = self._stance(sentence[0], amount.start, governed)
        value = sign * value if measure in ("growth", "change", "contribution", "gap") else value
        in_sentence = period is not None and sentence[0] <= period.start < sentence[1]
        area_span = item.place.span
        return Observation(
            amount=amount,
            value=value,
            unit_measure=unit,
            indicator=item.name,
            measure=measure,
            basis=basis,
            qualifier=amount.qualifier,
            stance=stance,
            place=item.place,
            time_period=time_period,
            sentence=sentence,
            indicator_span=item.span,
            period_span=(period.start, period.end) if period and in_sentence else None,
            area_span=area_span if area_span and sentence[0] <= area_span[0] < sentence[1] else None,
        )

    def _basis(self, measure: str, predicate: Predicate, item: Item, time_period: str | None) -> str | None:
        if measure not in ("growth", "change", "contribution"):
            return None
        if predicate.basis:
            return predicate.basis
        base = predicate.base
        if base is not None:
            return base.comparison_basis_code or base.time_period
        if measure == "contribution":
            return None
        if measure == "growth" and self.topic_basis:
            return self.topic_basis
        if _MARKET.search(item.name):
            return "pop"
        return "yoy"

    def _stance(self, start: int, at: int, governed: PeriodMention | None) -> str:
        stance = None
        stances = mapping("stance_cues", "word", "stance")
        scopes = mapping("stance_cues", "word", "scope")
        for match in _stance_pattern().finditer(self.body, start, at):
            word = match.group()
            if scopes[word] == "clause" and any(c in _SEPARATOR for c in self.body[match.end() : at]):
                continue
            if stance in ("forecast", "target") and stances[word] == "plan":
                continue
            stance = stances[word]
        if stance is None and governed is not None and governed.role == "deadline":
            return "target"
        return stance or "actual"


_BASIS_TOPIC = re.compile(r"(?:从|按|分)?(同比|环比|按年|按月)(?:看|来看|情况看|计算)")
_TURN_AFTER = re.compile(r"转为|转|变为")
_NARROW = {"扩大", "收窄", "缩小", "缩窄", "扩张", "回落", "放缓", "加深", "提高"}
_MARKET = re.compile(r"(?:指数|成指|综指|恒指|道指|股价|收盘价|汇率|期货|期指|金价|油价|股指|沪指|深指|标普|纳指)$")
_COUNTED = re.compile(r"(?:企业|项目|单位|人员|人数|户数|数量|总数|案件|家庭|学生|农户|车辆|个数|家数|量|数|额|机构|园区|工程|合作社|人|产品|平台|基地|学校|医院)$")


@cache
def _stance_pattern() -> re.Pattern[str]:
    return re.compile(union(mapping("stance_cues", "word", "stance")))


def _sentences(body: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in re.finditer(r"[。！？!?\n]", body):
        if match.end() > at:
            yield at, match.end()
        at = match.end()
    if at < len(body):
        yield at, len(body)


def _groups(body: str, amounts: list[Amount]) -> Iterator[list[Amount]]:
    """Amounts that one coordination holds together."""
    group: list[Amount] = []
    for amount in amounts:
        if group:
            before = group[-1]
            between = body[before.end : amount.start]
            same = amount.kind == before.kind or {amount.kind, before.kind} <= {"percent", "multiple"} or {amount.kind, before.kind} <= {"money", "physical", "count"}
            if amount.start <= before.start or (same and _JOINED.match(between)):
                group.append(amount)
                continue
            yield group
        group = [amount]
    if group:
        yield group


def _slots(group: list[Amount]) -> list[int]:
    """The place of each amount in its coordination; the two ends of a range share one."""
    slots: list[int] = []
    for i, amount in enumerate(group):
        if i and amount.range_side == "high" and group[i - 1].range_side == "low":
            slots.append(slots[-1])
        else:
            slots.append(slots[-1] + 1 if slots else 0)
    return slots
