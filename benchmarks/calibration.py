"""How far confidence can be trusted, and the fitting of its weights.

    python -m benchmarks.calibration --gold DIR --tables DIR      published tables against gold pages
    python -m benchmarks.calibration --measure DIR                pages read now; DIR holds pages/ and gold/
    python -m benchmarks.calibration --fit DIR [DIR …] --cases    fit on these pages and the golden cases,
                                                                  write tasks/knowledge/confidence.tsv

``--fit`` and ``--measure`` in one run measure with the weights just fitted.  Measure on pages that were not fitted on.
Without arguments the golden cases are measured, and ``../shared`` where it is at hand.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.judged import Judged, from_cases, from_pages, from_tables
from tasks.extract import confidence

WEIGHTS = Path(confidence.__file__).parent.parent / "knowledge" / "confidence.tsv"
HEAD = """\
# Weights of the logistic score of tasks/extract/confidence.py: for each answer to a question, what it adds to the log odds.
# Written by `python -m benchmarks.calibration --fit`; not edited by hand.  Source: {source}.
"""
SHARED = Path("../shared")
SURE = 0.9
EDGES = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
#: An answer given less often than this says nothing by itself.
SEEN = 10
STRENGTH = 25.0
FOLDS = 10

Array = npt.NDArray[np.float64]


def design(judged: Sequence[Judged], names: Sequence[str]) -> Array:
    """One row a judged row, one column a feature, the last column ones."""
    column = {name: i for i, name in enumerate(names)}
    matrix = np.zeros((len(judged), len(names) + 1))
    matrix[:, -1] = 1.0
    for i, row in enumerate(judged):
        for feature in row.features:
            if feature in column:
                matrix[i, column[feature]] = 1.0
    return matrix


def vocabulary(judged: Sequence[Judged]) -> list[str]:
    counts = Counter(feature for row in judged for feature in row.features)
    return sorted(name for name, count in counts.items() if SEEN <= count)


def logistic(matrix: Array, right: Array, strength: float = STRENGTH) -> Array:
    """Weights of a logistic regression with a quadratic penalty on all but the last column, by Newton's method."""
    weights = np.zeros(matrix.shape[1])
    penalty = np.eye(matrix.shape[1]) * strength
    penalty[-1, -1] = 1e-6
    for _ in range(50):
        chance = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (right - chance) - penalty @ weights
        step = np.linalg.solve((matrix * (chance * (1 - chance))[:, None]).T @ matrix + penalty, slope)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def fit(judged: Sequence[Judged]) -> dict[str, float]:
    names = vocabulary(judged)
    weights = logistic(design(judged, names), np.array([row.right for row in judged], dtype=float))
    return dict(zip([*names, "always"], weights.tolist(), strict=True))


def chances(judged: Sequence[Judged], weights: dict[str, float]) -> Array:
    names = [name for name in weights if name != "always"]
    score = design(judged, names) @ np.array([*(weights[name] for name in names), weights["always"]])
    return np.asarray(1 / (1 + np.exp(-score)))


def crossed(judged: Sequence[Judged]) -> Array:
    """The chance of each row by weights fitted without its page."""
    pages = sorted({row.page for row in judged})
    fold = {page: i % FOLDS for i, page in enumerate(pages)}
    of_row = np.array([fold[row.page] for row in judged])
    found = np.zeros(len(judged))
    for number in range(FOLDS):
        inside = [row for row, one in zip(judged, of_row, strict=True) if one != number]
        outside = [row for row, one in zip(judged, of_row, strict=True) if one == number]
        if inside and outside:
            found[of_row == number] = chances(outside, fit(inside))
    return found


def report(title: str, right: Array, chance: Array) -> None:
    """Prints the reliability table and what it comes to."""
    if not len(right):
        print(f"\n{title}: no rows")
        return
    print(f"\n{title}: {len(right)} rows, {right.mean():.3f} right")
    print("  confidence      rows  said   right")
    error = 0.0
    for low, high in pairwise(EDGES):
        inside = (chance > low) & (chance <= high)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - chance[inside].mean())
            print(f"  {low:.2f} – {high:.2f}  {inside.sum():6d}  {chance[inside].mean():.3f}  {right[inside].mean():.3f}")
    sure = chance > SURE
    above = f"{right[sure].mean():.3f} right" if sure.any() else "none"
    below = f"{right[~sure].mean():.3f} right" if not sure.all() else "none"
    print(f"  above {SURE}: {sure.mean():.0%} of the rows, {above}; the rest: {below}")
    print(
        f"  Brier {np.mean((chance - right) ** 2):.4f} (always the mean: {right.var():.4f}), ECE {error:.3f}, AUC {area(right, chance):.3f}"
    )


def area(right: Array, chance: Array) -> float:
    """Chance that a right row has a higher confidence than a wrong one."""
    good, bad = np.sort(chance[right == 1]), chance[right == 0]
    if not len(good) or not len(bad):
        return float("nan")
    over = len(good) - np.searchsorted(good, bad, "right")
    level = np.searchsorted(good, bad, "right") - np.searchsorted(good, bad, "left")
    return float((over + level / 2).mean() / len(good))


def rights(judged: Sequence[Judged]) -> Array:
    return np.array([row.right for row in judged], dtype=float)


def write(weights: dict[str, float], source: str) -> None:
    lines = [f"{name}\t{weight:.3f}" for name, weight in sorted(weights.items()) if f"{weight:.3f}".strip("-0.")]
    WEIGHTS.write_text(HEAD.format(source=source) + "\n".join(["feature\tweight", *lines, ""]), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--fit", type=Path, nargs="+", default=[], metavar="DIR", help="folders with pages/ and gold/ to fit the weights on"
    )
    parser.add_argument("--cases", action="store_true", help="fit on the golden cases too")
    parser.add_argument("--measure", type=Path, nargs="+", default=[], metavar="DIR", help="folders with pages/ and gold/ to measure on")
    parser.add_argument("--tables", type=Path, help="published tables to measure")
    parser.add_argument("--gold", type=Path, help="gold pages of the tables")
    parser.add_argument("--suffix", default=".txt", help="kind of input to measure (.txt, .pdf)")
    parser.add_argument("--dry", action="store_true", help="fit, but write nothing")
    given = parser.parse_args()
    if not (given.fit or given.cases or given.measure or given.tables):
        report("golden cases", *_shipped(from_cases()))
        given.measure = [SHARED] if (SHARED / "gold").exists() else []
    weights: dict[str, float] | None = None
    if given.fit or given.cases:
        groups = {folder.name: from_pages(folder) for folder in given.fit}
        if given.cases:
            groups["golden cases"] = from_cases()
        judged = [row for group in groups.values() for row in group]
        weights, crosswise = fit(judged), crossed(judged)
        at = 0
        for name, group in groups.items():
            report(f"{name}, fitted without the page", rights(group), crosswise[at : at + len(group)])
            at += len(group)
        report("all, fitted without the page", rights(judged), crosswise)
        if not given.dry:
            write(weights, f"{len(judged)} judged rows of annotated pages{' and golden cases' if given.cases else ''}")
    for folder in given.measure:
        judged = from_pages(folder, given.suffix)
        right, shipped = _shipped(judged)
        report(f"{folder.name}, {given.suffix} pages", right, chances(judged, weights) if weights else shipped)
    if given.tables and given.gold:
        report("published tables", *_shipped(from_tables(given.tables, given.gold, given.suffix)))


def _shipped(judged: Sequence[Judged]) -> tuple[Array, Array]:
    return rights(judged), np.array([row.confidence for row in judged])


if __name__ == "__main__":
    main()
