"""Days, by what the article has said before: 9月17日, 昨日, 17日, 周三, 当日."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from tasks.extract import calendar
from tasks.extract.period_grammar import number
from tasks.extract.period_said import Said, Value, calendar_date

_DAY_OFFSETS = {"今": 0, "昨": -1, "前": -2, "明": 1}
_WEEKDAYS = "一二三四五六日"


def _day(said: Said, match: re.Match[str]) -> Value:
    found = said.date_of(match, number(match["dm"]), number(match["dd"]))
    return (calendar.day(found) if found else None), "day"


def _day_span(said: Said, match: re.Match[str]) -> Value:
    m = number(match["m1"] or "1")  # from the beginning of the year
    first = said.date_of(match, m, number(match["d1"] or "1"))
    if first is None:
        return None, "day"
    later = number(match["m2"]) if match["m2"] else m
    y = said.second_year(match["y2"], first.year) if match["y2"] else first.year + (later < m)
    return (None if y is None else calendar.days(first, date(y, later, number(match["d2"])))), "days"


def _rel_day(said: Said, match: re.Match[str]) -> Value:
    word = match["rday"]
    if word[0] in "当同翌":
        found = said.day + timedelta(word[0] == "翌") if said.day else None
    else:
        found = said.today + timedelta(_DAY_OFFSETS[word[0]]) if said.today else None
    if match["pd"]:
        m = number(match["pm"]) if match["pm"] else found.month if found else 0
        d = number(match["pd"])
        if match["py"] or said.today is None or said.now != said.today.year:
            y = number(match["py"]) if match["py"] else said.now
            found = date(y, m, d) if y else None
        else:
            near = said.today
            around = (calendar_date(near.year + n, m, d) for n in (-1, 0, 1))
            found = min((at for at in around if at), key=lambda at: abs((at - near).days))
    return (calendar.day(found) if found else None), "day"


def _recent_date(said: Said, d: int) -> date | None:
    """The last day of a month that is numbered ``d``, seen from the publication."""
    if said.day and said.sentence - said.day_sentence <= 1:
        return said.day.replace(day=d)
    if said.anchor is None:
        return None
    at = said.anchor if d <= said.anchor.day + 1 else said.anchor.replace(day=1) - timedelta(1)
    return at.replace(day=d)


def _bare_day(said: Said, match: re.Match[str]) -> Value:
    first = _recent_date(said, int(match["bd"]))
    if first is None:
        return None, "day"
    if match["bd2"]:
        return calendar.days(first, first.replace(day=int(match["bd2"]))), "days"
    return calendar.day(first), "day"


def _weekday(said: Said, match: re.Match[str]) -> Value:
    if match["wday"]:
        d = number(match["wday"])
        found = said.date_of(match, number(match["wm"]), d) if match["wm"] else _recent_date(said, d)
        return (calendar.day(found) if found else None), "day"
    if said.today is None:
        return None, "day"
    ahead = _WEEKDAYS.index(match["wd"].replace("天", "日")) - said.today.weekday()
    prefix = match["wprefix"]
    if prefix in ("上", "下"):
        ahead += -7 if prefix == "上" else 7
    elif prefix is None and ahead > 0 and not said.future:
        ahead -= 7
    return calendar.day(said.today + timedelta(ahead)), "day"


FORMS: dict[str, Callable[[Said, re.Match[str]], Value]] = {
    "day": _day,
    "day_span": _day_span,
    "rel_day": _rel_day,
    "bare_day": _bare_day,
    "weekday": _weekday,
}
