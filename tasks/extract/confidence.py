"""How sure a row is: a calibrated chance that every slot of it is right.

A logistic score over what can be seen of an observation: how its name, period and place were found, and
whether the name goes with the unit.  The weights in ``confidence.tsv`` are fitted by ``benchmarks/calibration.py``,
which also prints how well the chances hold on pages that were not fitted on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from tasks.extract.cues import Ending, beginning, union
from tasks.extract.quantities import has_head
from tasks.knowledge import rows, values

if TYPE_CHECKING:
    from tasks.extract.observations import Observation

#: No row is certain, nor hopeless; three digits say all that a few thousand judged rows can.
_LEAST, _MOST, _DIGITS = 0.01, 0.99, 3
Answer = Callable[..., tuple[str, ...]]
Asked = tuple[Any, ...]
_NUMERAL = re.compile(r"[\d%％]")
_MARK = re.compile(r"[^\w\u4e00-\u9fff·—-]")
_BASES = frozenset(("yoy", "pop", "ytd", "avg"))
_SAYS_ITSELF = frozenset(("money", "percent", "index", "count", "physical"))
_SIZES = ((0, "none"), (2, "1-2"), (4, "3-4"), (6, "5-6"), (10, "7-10"), (14, "11-14"), (20, "15-20"))


def confidence(observation: Observation) -> float:
    """Chance, 0 to 1, that every slot of the observation is right."""
    score = _weights().get("always", 0.0) + _weighed_traits(observation.indicator)
    for answer, asked in _asked(observation):
        score += _weighed(answer, asked)
    chance = 1.0 / (1.0 + math.exp(-score))
    return round(min(_MOST, max(_LEAST, chance)), _DIGITS)


def features(observation: Observation) -> list[str]:
    """What counts for or against an observation, as ``question=answer``; each question is answered once."""
    return [*(feature for answer, asked in _asked(observation) for feature in answer(*asked)), *_traits(observation.indicator)]


def _asked(observation: Observation) -> tuple[tuple[Answer, Asked], ...]:
    """The questions in groups, with what the answers of each depend on: few values, so that groups are weighed once."""
    amount, place = observation.amount, observation.place
    kind, measure, found = amount.kind, observation.measure, _whence(observation)
    stated = (kind, measure, _basis(observation.basis), observation.stance, amount.qualifier)
    written = (amount.range_side is not None, amount.value_text[:1].isdigit(), place.partner is not None)
    words = (found, kind, *_nearness(observation), _period(observation), _area(observation), place.subject is not None)
    name = observation.indicator
    unlike = _mismatch(name, kind) if measure == "level" else "unknown"
    return (
        (_of_statement, (*stated, *written)),
        (_of_words, words),
        (_of_unit, (kind, has_head(name), observation.indicator_code is not None, unlike)),
    )


def _of_statement(
    kind: str, measure: str, basis: str, stance: str, qualifier: str, ranged: bool, digits: bool, partner: bool
) -> tuple[str, ...]:
    return (
        f"kind={kind}",
        f"measure={measure}",
        f"basis={basis}",
        f"partner={partner}",
        f"stance={stance}",
        f"qualifier={qualifier}",
        f"range={ranged}",
        f"numeral={'digits' if digits else 'words'}",
    )


def _of_words(found: str, kind: str, gap: str, cut: str, period: str, area: str, subject: bool) -> tuple[str, ...]:
    return (
        f"name={found}",
        f"name of {kind}={found}",
        f"gap={gap}",
        f"opened={cut}",
        f"period={period}",
        f"area={area}, subject={subject}",
    )


def _of_unit(kind: str, head: bool, coded: bool, unlike: str) -> tuple[str, ...]:
    return f"head={head}", f"head of {kind}={head}", f"code={coded}", f"unlike its unit={unlike}"


@lru_cache(8192)
def _weighed(answer: Answer, asked: Asked) -> float:
    """The weights of one group's answers together."""
    weights = _weights()
    return sum((weights.get(feature, 0.0) for feature in answer(*asked)), 0.0)


@lru_cache(8192)
def _weighed_traits(name: str) -> float:
    """The weights of ``_traits``: names are many, and each pattern's two are kept ready."""
    sizes, bare, traits = _trait_weights()
    total = sizes[min(len(name), len(sizes) - 1)] + bare[name in _bare()]
    for pattern, weights in traits:
        total += weights[pattern.search(name) is not None]
    return total


def _whence(observation: Observation) -> str:
    """Where the name comes from: the words before the amount, those after it, or carried over."""
    if not observation.indicator:
        return "none"
    if observation.indicator_span is None:
        return "carried"
    return "after" if observation.indicator_span[0] >= observation.amount.start else "before"


def _basis(basis: str | None) -> str:
    return basis if basis in _BASES else "none" if basis is None else "period"


def _size(length: int) -> str:
    return next((label for limit, label in _SIZES if length <= limit), "over 20")


_GAPS = ("0", *("1-3",) * 3, *("4-8",) * 5, *("9-16",) * 8, "over 16")


def _nearness(observation: Observation) -> tuple[str, str]:
    """Characters between the name and its amount, and whether the name is shorter or longer than its words in the body.

    A long way leaves room for another name; a name is shortened, or a list's head is added.
    """
    span, start = observation.indicator_span, observation.amount.start
    if span is None:
        return "none", "none"
    more = span[1] - span[0] - len(observation.indicator)
    gap = "none" if span[1] > start else _GAPS[min(start - span[1], len(_GAPS) - 1)]
    return gap, "whole" if more == 0 else "shortened" if more > 0 else "lengthened"


def _period(observation: Observation) -> str:
    if observation.time_period is None:
        return "none"
    return "carried" if observation.period_span is None else "stated"


def _area(observation: Observation) -> str:
    area = observation.place.area
    level = "none" if area is None else "country" if area == "100000" else "province" if area.endswith("0000") else "below"
    return f"{level} {'carried' if observation.area_span is None else 'stated'}"


def _mismatch(name: str, kind: str) -> str:
    """Whether a level stands in a unit that its name doesn't go with: 参展商数量 in 元."""
    if kind not in _SAYS_ITSELF:
        return "unknown"
    own = [unit for unit, words in _unit_heads() if words.ends(name)]
    return "unknown" if not own else str(kind not in own)


def _traits(name: str) -> tuple[str, ...]:
    """What the name itself looks like."""
    return (
        f"size={_size(len(name))}",
        f"bare={name in _bare()}",
        *(f"{trait}={pattern.search(name) is not None}" for trait, pattern in _patterns()),
    )


Pair = tuple[float, float]


@cache
def _trait_weights() -> tuple[tuple[float, ...], Pair, tuple[tuple[re.Pattern[str], Pair], ...]]:
    """Weights of a name by its length, of whether it is bare, and of each pattern's not standing and standing in it."""

    def pair(trait: str) -> Pair:
        return _weights().get(f"{trait}={False}", 0.0), _weights().get(f"{trait}={True}", 0.0)

    longest = _SIZES[-1][0] + 1
    sizes = tuple(_weights().get(f"size={_size(length)}", 0.0) for length in range(longest + 1))
    return sizes, pair("bare"), tuple((pattern, pair(trait)) for trait, pattern in _patterns())


@cache
def _weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in rows("confidence")}


@cache
def _words() -> dict[str, list[str]]:
    return {row["kind"]: values(row["words"]) for row in rows("confidence_words")}


@cache
def _bare() -> frozenset[str]:
    return frozenset(_words()["bare"])


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    words = _words()
    return (
        ("stray word", re.compile(union(words["stray"]))),
        ("stray opening", re.compile(f"^(?:{beginning(words['open']).pattern})")),
        ("numeral in name", _NUMERAL),
        ("mark in name", _MARK),
        ("list in name", re.compile("[、和及与]")),
        ("的 in name", re.compile("的")),
    )


@cache
def _unit_heads() -> tuple[tuple[str, Ending], ...]:
    words = _words()
    return tuple((unit, Ending(words[unit])) for unit in ("money", "percent", "index", "count", "physical"))
