"""What one clause hands on to the next: names, place, comparison basis."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tasks.extract.periods import PeriodMention


@dataclass(slots=True)
class Place:
    """Where a number belongs: area code, or a subject with no code of its own, and the partner in trade."""

    area: str | None = None
    subject: str | None = None
    partner: str | None = None
    span: tuple[int, int] | None = None

    def copy(self) -> Place:
        return replace(self)


@dataclass(slots=True)
class Item:
    """One thing measured: its name, where its words stand, and its own place."""

    name: str
    span: tuple[int, int] | None
    place: Place


@dataclass(slots=True)
class Frame:
    """What is carried over clauses until something else is stated.

    ``topic_basis`` is the comparison a sentence opened with (从环比看); ``rate`` is 1 or -1 after a word for a
    rate of increase or decrease; ``measure``, ``sign``, ``shared`` and ``unit`` tell of the amount before; ``levels`` are the
    levels that the sentence stated so far, ``compared`` the earlier period one was compared with, ``market`` whether
    it speaks of prices on a market, ``counted`` whether the amount before was a count of bodies; ``kind`` is the kind of that amount and ``plain`` the item of the
    last one that was no count; ``aspect`` is what 新能源方面 says is spoken of; ``last_end`` is
    where the words used so far end.
    """

    place: Place
    items: list[Item] = field(default_factory=list)
    topic_basis: str | None = None
    base_code: str | None = None
    rate: int = 0
    measure: str | None = None
    sign: int = 1
    shared: bool = False
    levels: list[Item] = field(default_factory=list)
    unit: str = ""
    compared: PeriodMention | None = None
    market: bool = False
    counted: bool = False
    kind: str = ""
    plain: Item | None = None
    aspect: str = ""
    last_end: int = -1
