"""The words that set an article apart: frequent in it, rare elsewhere."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from tasks.extract.cues import union
from tasks.knowledge import rows, values
from tasks.segment.wording import words

_WORD = re.compile(r"[\u3400-\u9fffA-Za-z]{2,}")
_HOW_MANY = 10


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
    counts = {word: count for word, count in Counter(words(body)).items() if word >= "A" and len(word) > 1}
    for word in words(headline or ""):
        if word in counts:
            counts[word] += 2
    if len(counts) > 100:  # of so many words those said once are not among the first
        counts = {word: count for word, count in counts.items() if count > 1} or counts
    weights = {word: count * weight for word, count in counts.items() if (weight := _weight(word))}
    return sorted(weights, key=lambda word: (-weights[word], word))[:_HOW_MANY]


@lru_cache(maxsize=100_000)
def _weight(word: str) -> float:
    if word in _stops() or _amounts().fullmatch(word):
        return 0.0
    rare = _rarity().get(word, 8.0)
    return rare * (1 + 0.3 * math.log(len(word) - 1)) if rare > 5.0 and _WORD.fullmatch(word) else 0.0
