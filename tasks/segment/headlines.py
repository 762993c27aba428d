"""What titles and texts are compared by: grams, and how telling one is."""

from __future__ import annotations

import math
import re
from operator import add

_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[A-Za-z]{2,}|\d+(?:\.\d+)?%?")


def grams(text: str) -> list[str]:
    """What a text is compared by: pairs of characters, Latin words and numbers, each once, in the order of the text."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0] >= "\u3400":
            found.extend(map(add, run, run[1:]))
        elif len(run) > 1:
            found.append(run)
    return list(dict.fromkeys(found))


def holds(text: str, gram: str) -> bool:
    """Whether ``gram`` is among the grams of ``text``."""
    if gram not in text:
        return False
    return not gram[0].isdigit() or re.search(rf"(?<![\d.]){re.escape(gram)}(?![\d%])", text) is not None


def rarity(count: int, texts: int) -> float:
    """How telling a gram is that ``count`` of so many texts hold: 1 for one of them, 0.1 for all, 0.8 for none."""
    if not count:
        return 0.8
    return max(0.1, 1.0 - math.log(count) / math.log(texts)) if texts > 1 else 1.0
