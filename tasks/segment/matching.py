"""Rows and columns paired so that what the pairs gain is greatest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

#: Above so many steps (the smaller side squared, times both sides) rows and columns are paired greedily.
_STEPS = 4_000_000
#: Up to so many it does not pay to look for parts that can be matched apart.
_FEW_STEPS = 1_000


class Priced(NamedTuple):
    """A best matching, and prices (0 and above) that prove it: no entry is above its row's and its column's price together.

    All prices sum up to the matching's worth, unless many rows and columns were paired greedily.
    """

    columns: list[int | None]
    of_rows: list[float]
    of_columns: list[float]


def best_matching(gain: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column that gives the greatest sum, each column once, None where nothing is gained.

    Entries of 0 or less are never taken, so rows and columns that no entry joins are matched apart.
    """
    return priced_matching(gain).columns


def priced_matching(gain: Sequence[Sequence[float]]) -> Priced:
    """``best_matching`` with its prices."""
    if not gain or not gain[0]:
        return Priced([None] * len(gain), [0.0] * len(gain), [])
    most = [max(row) for row in gain]
    wishes = [row.index(best) if best > 0 else None for row, best in zip(gain, most, strict=True)]
    row_prices = [max(0.0, best) for best in most]
    column_prices = [0.0] * len(gain[0])
    wished = [column for column in wishes if column is not None]
    if len(set(wished)) == len(wished):  # no two rows want the same column
        return Priced(wishes, row_prices, column_prices)
    found: list[int | None] = [None] * len(gain)
    if min(len(gain), len(gain[0])) ** 2 * (len(gain) + len(gain[0])) <= _FEW_STEPS:
        return _solved(gain)
    for rows, columns in _joined(gain):
        small = min(len(rows), len(columns))
        if small * small * (len(rows) + len(columns)) > _STEPS:
            for row, column in _greedy(gain, rows, columns):
                found[row] = column
            continue
        solved = _solved([[gain[row][column] for column in columns] for row in rows])
        for row, to, price in zip(rows, solved.columns, solved.of_rows, strict=True):
            found[row], row_prices[row] = None if to is None else columns[to], price
        for column, price in zip(columns, solved.of_columns, strict=True):
            column_prices[column] = price
    return Priced(found, row_prices, column_prices)


def _solved(gain: Sequence[Sequence[float]]) -> Priced:
    """The best matching by the Hungarian method, worked out from the shorter side."""
    if len(gain) == 1:
        best = max(gain[0])
        return Priced([gain[0].index(best) if best > 0 else None], [max(0.0, best)], [0.0] * len(gain[0]))
    if len(gain[0]) == 1:
        values = [row[0] for row in gain]
        best = max(values)
        first = values.index(best)
        return Priced([0 if row == first and best > 0 else None for row in range(len(gain))], [0.0] * len(gain), [max(0.0, best)])
    if len(gain) <= len(gain[0]):
        return _hungarian(gain)
    turned = _hungarian(list(zip(*gain, strict=True)))
    found: list[int | None] = [None] * len(gain)
    for column, row in enumerate(turned.columns):
        if row is not None:
            found[row] = column
    return Priced(found, turned.of_columns, turned.of_rows)


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


def _hungarian(gain: Sequence[Sequence[float]]) -> Priced:
    """The best matching by the Hungarian method: O(rows² · (rows + columns))."""
    rows, columns = len(gain), len(gain[0])
    size = columns + rows  # one column of gain 0 for each row: to stay alone
    above = [0.0] * (rows + 1)
    left = [0.0] * (size + 1)
    match = [0] * (size + 1)
    settled = 0
    for row, gains in enumerate(gain, 1):  # the first rows, as long as each wants another column
        best = max(gains)
        wish = gains.index(best) + 1 if best > 0 else columns + row
        if match[wish]:
            break
        match[wish], above[row], settled = row, -max(0.0, best), row
    if settled < rows:
        _augment([[-max(0.0, value) for value in row] + [0.0] * rows for row in gain], settled, above, left, match)
    found: list[int | None] = [None] * rows
    for column in range(1, columns + 1):
        row = match[column]
        if row and gain[row - 1][column - 1] > 0:
            found[row - 1] = column - 1
    return Priced(found, [-price for price in above[1:]], [-price for price in left[1 : columns + 1]])


def _augment(cost: list[list[float]], settled: int, above: list[float], left: list[float], match: list[int]) -> None:
    """Give the rows behind the ``settled`` ones their columns, one by one, and others theirs anew where that costs least.

    Rows and columns count from 1; ``above`` and ``left`` are their prices, ``match`` the row of each column (0: none).
    """
    size = len(left) - 1
    way = [0] * (size + 1)
    for row in range(settled + 1, len(above)):
        match[0] = row
        column = 0
        slack = [math.inf] * (size + 1)
        used = [False] * (size + 1)
        while True:
            used[column] = True
            current, delta, following = match[column], math.inf, 0
            costs, price = cost[current - 1], above[current]
            for other in range(1, size + 1):
                if used[other]:
                    continue
                value = costs[other - 1] - price - left[other]
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
