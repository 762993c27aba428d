"""Is every newspaper there that should be, and as thick as it should be?  Learnt from its own last weeks; nothing is listed by hand.

A newspaper's weekdays differ: it may have no Sunday issue, or a thin Monday.  So a day is compared with the same weekdays
before it, and with their median, which one special issue or one bad day does not move.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from tasks.knowledge import rows

#: Newspaper → day of publication → articles published of it, for all days that have a page.
Issues = Mapping[str, Mapping[date, int]]

MISSING, THIN = "missing", "thin"
NOON = time(12)


def _setting(default: Any, description: str, **bounds: float) -> Any:
    return field(default=default, metadata={"description": description, **bounds})


@dataclass(frozen=True)
class Usual:
    """What is usual, and by when: all settings of these checks.  Raises ``ValueError`` for a time zone that does not exist."""

    due: time = _setting(NOON, "A day's pages stand in the tables by then.")  # noqa: RUF009 - a time is a constant
    zone: str = _setting("Asia/Shanghai", "Time zone of `due`.")
    weeks: int = _setting(8, "So many same weekdays before are looked at.", ge=1, le=52)
    issues: int = _setting(3, "At so many of them, and at half, the newspaper came: else nothing is expected of the weekday.", ge=1)
    thin: float = _setting(0.5, "Fewer articles than this part of their median are too few.", ge=0, le=1)
    holidays: bool = _setting(False, "Official holidays are expected to be as usual; else they are neither judged nor learnt from.")
    recent: int = _setting(7, "A run judges the days that it wrote, if they are not older than so many days.", ge=1)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (OSError, LookupError) as error:
            raise ValueError(f"no such time zone: {self.zone}") from error


@dataclass(frozen=True, slots=True)
class Finding:
    """A newspaper's day that is missing or thin.  ``usual``: median of articles on the same weekdays before."""

    kind: str
    newspaper: str
    day: date
    articles: int
    usual: float

    def __str__(self) -> str:
        if self.kind == MISSING:
            return f"{self.newspaper} {self.day}: no page, usually {self.usual:g} articles"
        return f"{self.newspaper} {self.day}: {self.articles} articles, usually {self.usual:g}"


def last_due(now: datetime, usual: Usual = Usual()) -> date:
    """The last day whose pages should all be there at an instant (with a time zone)."""
    there = now.astimezone(ZoneInfo(usual.zone))
    return there.date() if there.time() >= usual.due else there.date() - timedelta(1)


def first_needed(day: date, usual: Usual = Usual()) -> date:
    """The first day of the issues that judging a day needs."""
    return day - timedelta(7 * usual.weeks)


def judge(issues: Issues, day: date, usual: Usual = Usual()) -> list[Finding]:
    """Newspapers that are missing on a day, or thin, in the order of their names.  ``issues``: from `first_needed` on."""
    return [found for newspaper in sorted(issues) if (found := _judged(newspaper, issues[newspaper], day, usual))]


def judge_written(issues: Issues, written: Iterable[tuple[str, date]], due: date, usual: Usual = Usual()) -> list[Finding]:
    """Those of the newspapers' days that a run wrote that are thin; ``due``: the last day that may be judged."""
    days = sorted({(day, newspaper) for newspaper, day in written if is_recent(day, due, usual)})
    return [found for day, newspaper in days if (found := _judged(newspaper, issues.get(newspaper, {}), day, usual))]


def is_recent(day: date, due: date, usual: Usual = Usual()) -> bool:
    return due - timedelta(usual.recent) < day <= due


def _judged(newspaper: str, issues: Mapping[date, int], day: date, usual: Usual) -> Finding | None:
    before = [day - timedelta(7 * weeks) for weeks in range(1, usual.weeks + 1)]
    first = min(issues, default=day)
    before = [other for other in before if other >= first and (usual.holidays or other not in _holidays())]
    came = [issues[other] for other in before if other in issues]
    if len(came) < max(usual.issues, len(before) / 2) or (day in _holidays() and not usual.holidays):
        return None
    middle = median(came)
    if day not in issues:
        return Finding(MISSING, newspaper, day, 0, middle)
    return Finding(THIN, newspaper, day, issues[day], middle) if issues[day] < usual.thin * middle else None


@cache
def _holidays() -> frozenset[date]:
    """Days off by the yearly notices of the State Council; none where a year's notice is not known yet."""
    return frozenset(
        date.fromisoformat(row["start"]) + timedelta(number)
        for row in rows("holidays")
        if row["year"] != "usual"
        for number in range(int(row["days"]))
    )
