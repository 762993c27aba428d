"""The word segmenter, loaded on first use."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def segmenter() -> Any:
    """rjieba: the same words as jieba, many times faster, with tags."""
    import rjieba

    return rjieba


def word_edges(text: str) -> frozenset[int]:
    """Offsets in ``text`` where a word begins or ends."""
    edges, at = [0], 0
    for word in segmenter().cut(text):
        at += len(word)
        edges.append(at)
    return frozenset(edges)
