"""How sure a row is: a calibrated chance that every slot of it is right.

A logistic score over what can be seen of an observation: how its name, period and place were found, and
whether the name goes with the unit.  The weights in ``confidence.tsv`` are fitted by ``benchmarks/calibration.py``,
which also prints how well the chances hold on pages that were not fitted on.
"""

from __future__ import annotations

import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from tasks.extract.catalogue import indicator_code
from tasks.extract.cues import Ending, beginning, union
from tasks.extract.quantities import has_head
from tasks.knowledge import rows, values

if TYPE_CHECKING:
    from tasks.extract.observations import Observation

#: No row is certain, nor hopeless; three digits say all that a few thousand judged rows can.
_LEAST, _MOST, _DIGITS = 0.01, 0.99, 3
_NUMERAL = re.compile(r"[\d%％]")
_MARK = re.compile(r"[^\w\u4e00-\u9fff·—-]")
_BASES = frozenset(("yoy", "pop", "ytd", "avg"))
_SAYS_ITSELF = frozenset(("money", "percent", "index", "count", "physical"))
_SIZES = ((0, "none"), (2, "1-2"), (4, "3-4"), (6, "5-6"), (10, "7-10"), (14, "11-14"), (20, "15-20"))


def confidence(observation: Observation) -> float:
    """Chance, 0 to 1, that every slot of the observation is right."""
    weight = _weights().get
    score = weight("always", 0.0)
    for feature in features(observation):
        score += weight(feature, 0.0)
    chance = 1.0 / (1.0 + math.exp(-score))
    return round(min(_MOST, max(_LEAST, chance)), _DIGITS)


def features(observation: Observation) -> list[str]:
    """What counts for or against an observation, as ``question=answer``; each question is answered once."""
    amount, name, place = observation.amount, observation.indicator, observation.place
    kind, measure = amount.kind, observation.measure
    found = _whence(observation)
    head = has_head(name)
    coded = indicator_code(name, observation.unit_measure, measure) is not None
    return [
        f"kind={kind}",
        f"measure={measure}",
        f"basis={_basis(observation.basis)}",
        f"name={found}",
        f"name of {kind}={found}",
        f"head={head}",
        f"head of {kind}={head}",
        f"code={coded}",
        f"unlike its unit={_mismatch(name, kind) if measure == 'level' else 'unknown'}",
        *_traits(name),
        f"gap={_gap(observation)}",
        f"opened={_cut(observation)}",
        f"period={_period(observation)}",
        f"area={_area(observation)}, subject={place.subject is not None}",
        f"partner={place.partner is not None}",
        f"stance={observation.stance}",
        f"qualifier={amount.qualifier}",
        f"range={amount.range_side is not None}",
        f"numeral={'digits' if amount.value_text[:1].isdigit() else 'words'}",
    ]


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


def _gap(observation: Observation) -> str:
    """Characters between the name and its amount: a long way leaves room for another name."""
    span = observation.indicator_span
    if span is None or span[1] > observation.amount.start:
        return "none"
    between = observation.amount.start - span[1]
    return "0" if not between else "1-3" if between <= 3 else "4-8" if between <= 8 else "9-16" if between <= 16 else "over 16"


def _cut(observation: Observation) -> str:
    """Whether the name is shorter or longer than its words in the body: shortened, a list's head added."""
    span = observation.indicator_span
    if span is None:
        return "none"
    more = span[1] - span[0] - len(observation.indicator)
    return "whole" if more == 0 else "shortened" if more > 0 else "lengthened"


def _period(observation: Observation) -> str:
    if observation.time_period is None:
        return "none"
    return "carried" if observation.period_span is None else "stated"


def _area(observation: Observation) -> str:
    area = observation.place.area
    level = "none" if area is None else "country" if area == "100000" else "province" if area.endswith("0000") else "below"
    return f"{level} {'carried' if observation.area_span is None else 'stated'}"


@lru_cache(4096)
def _mismatch(name: str, kind: str) -> str:
    """Whether a level stands in a unit that its name doesn't go with: 参展商数量 in 元."""
    if kind not in _SAYS_ITSELF:
        return "unknown"
    own = [unit for unit, pattern in _unit_heads() if pattern.search(name)]
    return "unknown" if not own else str(kind not in own)


@lru_cache(4096)
def _traits(name: str) -> tuple[str, ...]:
    """What the name itself looks like."""
    return (
        f"size={_size(len(name))}",
        f"bare={name in _bare()}",
        *(f"{trait}={pattern.search(name) is not None}" for trait, pattern in _patterns()),
    )


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
