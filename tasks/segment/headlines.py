"""Titles of a page → the headlines of its articles, as one best matching over the page."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from operator import add

_RUN = re.compile(r"[\u3400-\u9fff]{2,}|[A-Za-z]{2,}|\d+(?:\.\d+)?%?")


def grams(text: str) -> set[str]:
    """What a text is compared by: pairs of characters, Latin words and numbers."""
    found: set[str] = set()
    for run in _RUN.findall(text):
        if run[0] >= "\u3400":
            found.update(map(add, run, run[1:]))
        elif len(run) > 1:
            found.add(run)
    return found


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


def best_matching(gain: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that gives the greatest sum, each column once, None where nothing is gained.

    The Hungarian method over ``gain`` (rows × columns; entries of 0 or less are never taken), O(n³).
    """
    if not gain or not gain[0]:
        return [None] * len(gain)
    wishes = [max(range(len(row)), key=row.__getitem__) if max(row) > 0 else None for row in gain]
    wished = [column for column in wishes if column is not None]
    if len(set(wished)) == len(wished):  # no two rows want the same column
        return wishes
    rows, columns = len(gain), len(gain[0])
    size = columns + rows  # one column of gain 0 for each row: to stay alone
    cost = [[-max(0.0, value) for value in row] + [0.0] * rows for row in gain]
    above = [0.0] * (rows + 1)
    left = [0.0] * (size + 1)
    match = [0] * (size + 1)
    way = [0] * (size + 1)
    for row in range(1, rows + 1):
        match[0] = row
        column = 0
        slack = [math.inf] * (size + 1)
        used = [False] * (size + 1)
        while True:
            used[column] = True
            current, delta, following = match[column], math.inf, 0
            for other in range(1, size + 1):
                if used[other]:
                    continue
                value = cost[current - 1][other - 1] - above[current] - left[other]
                if value < slack[other]:
                    slack[other], way[other] = value, column
                if slack[other] < delta:
                    delta, following = slack[other], other
            for other in range(size + 1):
                if used[other]:
                    above[match[other]] += delta
                    left[other] -= delta
                else:
                    slack[other] -= delta
            column = following
            if match[column] == 0:
                break
        while column:
            match[column] = match[way[column]]
            column = way[column]
    found: list[int | None] = [None] * rows
    for column in range(1, columns + 1):
        row = match[column]
        if row and gain[row - 1][column - 1] > 0:
            found[row - 1] = column - 1
    return found
