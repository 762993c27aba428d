"""What is different from the last run: articles and indicators a day, and shares of rows that are placed, newspaper by newspaper.

"Largest" is what chance explains least, so that ten articles that became five stand behind a hundred that became fifty, and
a share of two rows behind a share of a thousand.  Rows of one article stand or fall together: articles are what is counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tasks.runs.measures import SHARES

MOST = 10
#: Places of a day's rows in ``by_day``.
COUNTED = {"articles": 1, "indicators": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of a newspaper, before and now.  ``day``: of that day; empty: a day, on average, or a share of all rows.

    ``size``: in standard deviations of what chance makes; negative where it fell.
    """

    newspaper: str
    day: str
    what: str
    before: float
    now: float
    size: float


def changes(now: Mapping[str, Any], before: Mapping[str, Any], most: int = MOST) -> list[Change]:
    """The largest changes, largest first.  Both arguments: `tasks.runs.measures.by_newspaper` of a run.

    A day that both runs wrote is compared with itself; else the days of one run, on average, with those of the other.
    """
    found: list[Change] = []
    for newspaper in sorted(now.keys() & before.keys()):
        new, old = now[newspaper], before[newspaper]
        a_row = max(1.0, (new["indicators"] + old["indicators"]) / max(1, new["articles"] + old["articles"]))
        spread = {"articles": 1.0, "indicators": a_row}
        same = sorted(new["by_day"].keys() & old["by_day"].keys())
        for what, place in COUNTED.items():
            for day in same:
                pair = (old["by_day"][day][place], new["by_day"][day][place])
                found.append(Change(newspaper, day, what, *pair, _of_counts(*pair, 2 * spread[what])))
            if new["by_day"].keys() != old["by_day"].keys():
                pair = (old[what] / old["days"], new[what] / new["days"])
                found.append(Change(newspaper, "", what, *pair, _of_counts(*pair, spread[what] * (1 / old["days"] + 1 / new["days"]))))
        for what in SHARES:
            if new["indicators"] and old["indicators"]:
                pair = (old[what] / old["indicators"], new[what] / new["indicators"])
                found.append(Change(newspaper, "", what, *pair, _of_shares(*pair, _articles(old), _articles(new))))
    different = [change for change in found if change.before != change.now]
    return sorted(different, key=lambda change: (-abs(change.size), change.newspaper, change.day, change.what))[:most]


def _of_counts(before: float, now: float, variance: float) -> float:
    """Counts have a variance of their own size; their square roots all have a quarter."""
    return 2 * (math.sqrt(now) - math.sqrt(before)) / math.sqrt(variance)


def _of_shares(before: float, now: float, of_before: int, of_now: int) -> float:
    return 2 * (math.asin(math.sqrt(now)) - math.asin(math.sqrt(before))) / math.sqrt(1 / of_before + 1 / of_now)


def _articles(side: Mapping[str, Any]) -> int:
    return max(1, min(int(side["articles"]), int(side["indicators"])))
