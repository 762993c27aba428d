"""One group of amounts with the words that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasks.extract.amounts import Amount
from tasks.extract.naming import Cut, Name, cut_name, opening_body
from tasks.extract.predicates import Predicate
from tasks.extract.scene import Scene
from tasks.extract.topics import leading_name


@dataclass(slots=True)
class Clause:
    """A group of amounts that one coordination holds, and where its words stand in the body.

    ``count`` is the number of places in the coordination (the two ends of a range share one); ``start`` and ``end``
    bound the sentence, ``low`` is where the words of the group begin; ``fresh``: the first group of its sentence.
    """

    scene: Scene
    group: list[Amount]
    count: int
    predicate: Predicate
    start: int
    low: int
    end: int
    fresh: bool

    first: Amount = field(init=False)
    last: Amount = field(init=False)
    kind: str = field(init=False)
    #: Where the words of the name end.
    name_end: int = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.last = self.group[0], self.group[-1]
        self.kind = self.first.kind
        self.name_end = max(self.low, self.predicate.name_end)

    def cut(self) -> Cut:
        """The name before the amount, with the places and the body it opens with."""
        return cut_between(self.scene, self.low, self.name_end, rank=self.predicate.measure == "rank")


def cut_between(scene: Scene, start: int, end: int, *, rank: bool = False) -> Cut:
    """``cut_name`` with the mentions of the scene."""
    return cut_name(scene.body, start, end, scene.periods_in(start, end), scene.places_in(start, end), rank)


def body_between(scene: Scene, start: int, end: int) -> str | None:
    """``opening_body`` with the mentions of the scene."""
    return opening_body(scene.body, start, end, scene.periods_in(start, end), scene.places_in(start, end))


def leading_between(scene: Scene, start: int, end: int) -> Name | None:
    """``leading_name`` with the mentions of the scene."""
    return leading_name(scene.body, start, end, scene.periods_in(start, end), scene.places_in(start, end))
