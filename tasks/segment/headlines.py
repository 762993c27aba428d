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


#: Above so many steps (the smaller side squared, times both sides) rows and columns are paired greedily.
_STEPS = 4_000_000


def best_matching(gain: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that gives the greatest sum, each column once, None where nothing is gained.

    Entries of 0 or less are never taken, so rows and columns that no entry joins are matched apart.
    """
    if not gain or not gain[0]:
        return [None] * len(gain)
    wishes = [max(range(len(row)), key=row.__getitem__) if max(row) > 0 else None for row in gain]
    wished = [column for column in wishes if column is not None]
    if len(set(wished)) == len(wished):  # no two rows want the same column
        return wishes
    found: list[int | None] = [None] * len(gain)
    for rows, columns in _joined(gain):
        small = min(len(rows), len(columns))
        if small * small * (len(rows) + len(columns)) > _STEPS:
            pairs = _greedy(gain, rows, columns)
        elif len(rows) <= len(columns):
            part = [[gain[row][column] for column in columns] for row in rows]
            pairs = [(rows[at], columns[to]) for at, to in enumerate(_hungarian(part)) if to is not None]
        else:
            part = [[gain[row][column] for row in rows] for column in columns]
            pairs = [(rows[to], columns[at]) for at, to in enumerate(_hungarian(part)) if to is not None]
        for row, column in pairs:
            found[row] = column
    return found


def _joined(gain: Sequence[Sequence[float]]) -> list[tuple[list[int], list[int]]]:
    """Rows and columns that entries above 0 join, directly or by way of others."""
    ahead = [[column for column, value in enumerate(row) if value > 0] for row in gain]
    back: dict[int, list[int]] = {}
    for row, columns in enumerate(ahead):
        for column in columns:
            back.setdefault(column, []).append(row)
    found: list[tuple[list[int], list[int]]] = []
    seen: set[int] = set()
    for first, columns in enumerate(ahead):
        if first in seen or not columns:
            continue
        seen.add(first)
        rows, reached = [first], set(columns)
        queue = list(columns)
        while queue:
            for row in back[queue.pop()]:
                if row not in seen:
                    seen.add(row)
                    rows.append(row)
                    queue += [column for column in ahead[row] if column not in reached]
                    reached.update(ahead[row])
        found.append((sorted(rows), sorted(reached)))
    return found


def _greedy(gain: Sequence[Sequence[float]], rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of a row and a column, those of the greatest gain first."""
    free_rows, free_columns = set(rows), set(columns)
    found: list[tuple[int, int]] = []
    for _, row, column in sorted((-gain[row][column], row, column) for row in rows for column in columns if gain[row][column] > 0):
        if row in free_rows and column in free_columns:
            free_rows.discard(row)
            free_columns.discard(column)
            found.append((row, column))
    return found


def _hungarian(gain: Sequence[Sequence[float]]) -> list[int | None]:
    """The best matching by the Hungarian method: O(rows² · (rows + columns))."""
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
