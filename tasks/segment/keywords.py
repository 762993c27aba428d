"""The words that set an article apart: frequent in it, rare elsewhere."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tasks.extract.cues import union
from tasks.knowledge import rows, values
from tasks.segment.wording import words

_WORD = re.compile(r"[\u3400-\u9fffA-Za-z]{2,}")
_HOW_MANY = 10
#: An article of more different words than this is judged by those that it says more than once.
_MANY = 100
#: What words weigh, of so many words at most.
_REMEMBERED = 100_000
_weights: dict[str, float] = {}


@cache
def _rarity() -> dict[str, float]:
    """How rare a word is in general text: inverse document frequencies that jieba ships (MIT)."""
    spec = find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        return {}
    table = Path(spec.submodule_search_locations[0], "analyse", "idf.txt")
    return {word: float(idf) for word, _, idf in (line.partition(" ") for line in table.read_text(encoding="utf-8").splitlines()) if idf}


@cache
def _amounts() -> re.Pattern[str]:
    """Units, also behind 万 or 亿; behind these also currencies and measure words, which alone may be what an article is about."""
    units = [row["word"] for row in rows("units")]
    others = [row["word"] for row in rows("measure_words")] + [word for row in rows("currencies") for word in values(row["words"])]
    return re.compile(f"[十百千万亿多余]*(?:{union(units)})|[十百千万亿多余]+(?:{union(others)})")


@cache
def _stops() -> frozenset[str]:
    """Words that stand in reports of figures whatever they are about."""
    return frozenset(row["word"] for table in ("keyword_stops", "basis_cues", "change_cues", "period_words") for row in rows(table))


def keywords(body: str, headline: str | None) -> list[str]:
    """Up to ten words that set the article apart, best first; those of the headline count more."""
    counts: dict[str, int] = Counter([word for word in words(body) if len(word) > 1])
    for word in words(headline or ""):
        if word in counts:
            counts[word] += 2
    said = [(word, count) for word, count in counts.items() if word >= "A"]
    if len(said) > _MANY:  # of so many words those said once are not among the first
        said = [pair for pair in said if pair[1] > 1] or said
    known = _weights
    if len(known) > _REMEMBERED:
        known.clear()
    found: list[tuple[float, str]] = []
    for word, count in said:
        weight = known.get(word)
        if weight is None:
            weight = known[word] = _weight(word)
        if weight:
            found.append((-count * weight, word))
    if len(found) > _HOW_MANY:
        least = sorted([weight for weight, _ in found])[_HOW_MANY - 1]
        found = [pair for pair in found if pair[0] <= least]
    return [word for _, word in sorted(found)[:_HOW_MANY]]


def _weight(word: str) -> float:
    """How much a word tells; 0 for what sets nothing apart."""
    if word in _stops() or _amounts().fullmatch(word):
        return 0.0
    rare = _rarity().get(word, 8.0)
    return rare * (1 + 0.3 * math.log(len(word) - 1)) if rare > 5.0 and _WORD.fullmatch(word) else 0.0
