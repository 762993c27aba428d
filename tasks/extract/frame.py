"""What one clause hands on to the next: names, place, comparison basis."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.extract.amounts import Amount
from tasks.extract.cues import by_kind
from tasks.extract.period_mention import PeriodMention
from tasks.extract.predicates import Predicate

_BODIES = by_kind("reading_words", "kind")["counted_body"]


@dataclass(slots=True)
class Place:
    """Where a number belongs: area code, or a subject with no code of its own, and the partner in trade."""

    area: str | None = None
    subject: str | None = None
    partner: str | None = None
    span: tuple[int, int] | None = None

    def copy(self) -> Place:
        return Place(self.area, self.subject, self.partner, self.span)


@dataclass(slots=True)
class Item:
    """One thing measured: its name, where its words stand, and its own place."""

    name: str
    span: tuple[int, int] | None
    place: Place


@dataclass(slots=True)
class Frame:
    """What is carried over clauses until something else is stated."""

    place: Place
    #: The items of the group before.
    items: list[Item] = field(default_factory=list)
    #: The comparison that a sentence opened with (从环比看), and the last one stated for a rate.
    topic_basis: str | None = None
    base_code: str | None = None
    #: The basis of the amount before.
    basis: str | None = None
    #: Of the amount before: 1 or -1 after a rate of increase or decrease, measure, sign, unit (code and words), kind, whether a share.
    rate: int = 0
    measure: str | None = None
    sign: int = 1
    unit: str = ""
    unit_text: str = ""
    kind: str = ""
    shared: bool = False
    #: Whether that amount was a count of bodies (429户企业), and the last item that was no count.
    counted: bool = False
    plain: Item | None = None
    #: The levels that the sentence stated so far.
    levels: list[Item] = field(default_factory=list)
    #: The people whose parts 其中 opens, and the unit they were counted in.
    whole: str = ""
    whole_unit: str = ""
    #: The earlier period that the amount before was compared with.
    compared: PeriodMention | None = None
    #: Whether the sentence quotes prices on a market, and the aspect it speaks of (新能源方面).
    market: bool = False
    aspect: str = ""
    #: Where the words used so far end.
    last_end: int = -1

    def open_paragraph(self, area: str | None) -> None:
        """A paragraph begins with the article's own place and no comparison in force."""
        self.place = Place(area)
        self.topic_basis = self.base_code = None

    def open_sentence(self, start: int, aspect: str) -> None:
        """A sentence keeps the items before it and little else."""
        self.shared, self.rate, self.measure, self.last_end = False, 0, None, start
        self.levels, self.compared, self.market, self.plain, self.aspect, self.whole = [], None, False, None, aspect, ""

    def remember(self, first: Amount, items: list[Item], predicate: Predicate, quoted: bool, end: int) -> None:
        """What a group of amounts leaves for the next one."""
        self.items = items
        if predicate.measure == "level":
            self.levels.extend(items)
            self.unit, self.unit_text = first.unit_measure, first.unit_text
            self.market = self.market or quoted
        if first.kind != "count":
            self.plain = items[0]
        self.kind = first.kind
        self.counted = first.kind == "count" and items[0].name.endswith(_BODIES)
        self.compared = predicate.earlier if predicate.stated else predicate.base
        if predicate.measure in ("growth", "change") and predicate.rate:
            self.rate = predicate.rate
        self.measure, self.sign = predicate.measure, predicate.sign
        self.shared = predicate.shared or predicate.measure == "share"
        self.last_end = end
