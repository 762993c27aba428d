"""From the form of an expression of time to its SDMX period, with what the article has said before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from tasks.extract import calendar
from tasks.extract.period_grammar import number
from tasks.extract.period_years import reference_year
from tasks.knowledge import rows, values

_OFFSETS = {"今": 0, "本": 0, "去": -1, "昨": -1, "前": -2, "明": 1, "来": 1, "后": 2}
_DAY_OFFSETS = {"今": 0, "昨": -1, "前": -2, "明": 1}
_WEEKDAYS = "一二三四五六日"

#: Days before a holiday in which it is the coming one that is meant.
_SOON = 31
Value = tuple[str | None, str]


@cache
def _holidays() -> dict[tuple[str, int], tuple[date, int]]:
    """(holiday, year) → (first day, days); year 0 holds the usual month."""
    found: dict[tuple[str, int], tuple[date, int]] = {}
    for row in rows("holidays"):
        if row["year"] == "usual":
            found[row["holiday"], 0] = date(2000, int(row["start"]), 1), 0
        else:
            found[row["holiday"], int(row["year"])] = date.fromisoformat(row["start"]), int(row["days"])
    return found


@cache
def _holiday_names() -> dict[str, str]:
    """Every name of a holiday → the name its days are listed under."""
    return {name: row["holiday"] for row in rows("holidays") for name in (row["holiday"], *values(row.get("aliases", "")))}


@cache
def _plans() -> dict[str, tuple[int, int]]:
    return {row["plan"]: (int(row["first"]), int(row["last"])) for row in rows("five_year_plans")}


def _bare_quotes(text: str) -> str:
    return text.strip('“”"‘’「」『』')


def _calendar_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the year has no such day (29 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


class Values:
    """What an article has said so far, and the period that an expression means by it.

    ``value(kind, match)`` gives (time period or None, form); it raises ``ValueError`` for days and months that do
    not exist.
    """

    def __init__(self, text: str, anchor: date | None, dateline: date | None) -> None:
        self.text = text
        self.anchor = anchor
        self.today = dateline or anchor
        self.now = reference_year(text, anchor)
        self.current: str | None = None  # the period in force
        self.month: tuple[int, int] | None = None  # last month named
        self.day: date | None = None  # last day named
        self.feast: tuple[date, int] | None = None  # first day and length of the last holiday named
        self.day_sentence = -9
        self.held: int | None = None  # year in force for months named without one
        self.held_until = -1  # last sentence in which it is
        self.held_loosely = False  # named alone: months from January on are not of it in the next sentence
        self.sentence = 0
        self.reached = 0  # end of the last expression read
        self.named_year: int | None = None
        self.months_named: dict[int, tuple[int, int]] = {}  # month → (year, sentence) last said
        self.home: int | None = None  # the year that the article opens with
        self.future = False

    def value(self, kind: str, match: re.Match[str]) -> Value:
        return _FORMS[kind](self, match)

    # ---- years -----------------------------------------------------------------------------

    @staticmethod
    def year_text(y: int | None) -> str | None:
        return None if y is None else calendar.year(y)

    @staticmethod
    def try_shift(period: str, count: int) -> str | None:
        try:
            return calendar.shift(period, count)
        except ValueError:
            return None

    def _said_year(self, match: re.Match[str]) -> int | None:
        """The year that the match names, or None when it names none (or none can be known)."""
        if match["abs"]:
            return number(match["abs"])
        if match["abs2"]:
            return 2000 + int(match["abs2"]) if int(match["abs2"]) < 50 else 1900 + int(match["abs2"])
        rel = match["rel"]
        if not rel:
            return None
        if rel[0] in "当同次翌":
            y = self.named_year or self.now
            return None if y is None else y + (rel[0] in "次翌")
        if rel[0] == "上":
            y = calendar.start_year(self.current) if self.current else self.now
            return None if y is None else y - 1
        return None if self.now is None else self.now + _OFFSETS[rel[0]]

    def _year(self, match: re.Match[str], first: int, last: int) -> int | None:
        """The year of months ``first`` to ``last``, named or in force."""
        if match["rel"] or match["abs"] or match["abs2"]:
            return self._said_year(match)
        if self.held is not None and self.sentence <= self.held_until - (self.held_loosely and last > first == 1):
            return self.held
        if self.now is None or self.anchor is None or self.now != self.anchor.year:
            return self.now
        if self.future:
            return self.now + (last < self.anchor.month - 6 and self.text[match.end() : match.end() + 1] != "起")
        said = self.months_named.get(last) if first == last else None
        if said and self.sentence - said[1] <= 3:
            return said[0]
        return self.now - 1 if last > self.anchor.month and (first == 1 or first > self.anchor.month) else self.now

    def _whole_year(self, match: re.Match[str]) -> int | None:
        """The year of 全年, 年末: named, in force, the one that the article opens with, or the last that is over."""
        if match["rel"] or match["abs"] or match["abs2"]:
            return self._said_year(match)
        if self.held is not None and self.sentence <= self.held_until + 2:
            return self.held
        if self.home is not None and not self.future:
            return self.home
        if self.now is None or self.anchor is None or self.future or self.now != self.anchor.year:
            return self.now
        return self.now - 1 if self.anchor.month <= (9 if match.lastgroup == "ybound" else 4) else self.now

    # ---- forms ----------------------------------------------------------------------------

    def _plain_year(self, match: re.Match[str]) -> Value:
        return self.year_text(self._said_year(match)), "year"

    def _whole(self, match: re.Match[str]) -> Value:
        return self.year_text(self._whole_year(match)), "year"

    def _ybound(self, match: re.Match[str]) -> Value:
        mark = match["ybound"][-1]
        bare = not (match["rel"] or match["abs"] or match["abs2"])
        if bare and self.text[match.start() - 1 : match.start()] in ("到", "至") and self.anchor and self.anchor.month > 2:
            self.future = True
        y = self._whole_year(match)
        if y is None:
            return None, "end"
        if mark in "底末":
            return calendar.day(date(y, 12, 31)), "end"
        return (calendar.month(y, 1), "part") if mark == "初" else (calendar.year(y), "year")

    def _years(self, match: re.Match[str]) -> Value:
        first, last = number(match["ya"]), number(match["yz"])
        return calendar.years(first, last if last > 99 else first // 100 * 100 + last), "years"

    def _plan(self, match: re.Match[str]) -> Value:
        first, last = _plans()[match["plan_name"]]
        tail = match["plan_tail"]
        if tail[:1] == "前":
            return calendar.years(first, first + number(tail[1]) - 1), "years"
        if tail.startswith(("末", "期末", "收官")):
            return calendar.year(last), "year"
        if tail.startswith(("初", "开局", "首")):
            return calendar.year(first), "year"
        return calendar.years(first, last), "plan"

    def _months(self, match: re.Match[str], first: int, last: int, bound: str | None = None) -> Value:
        y = self._year(match, first, last)
        if y is None:
            return None, "part"
        if bound and bound[-1] in "底末":
            return calendar.day(calendar.month_end(y, last)), "end"
        return calendar.months(y, first, last), "part"

    def _month(self, match: re.Match[str]) -> Value:
        m = number(match["mo"])
        return self._months(match, m, m, match["mpart"])

    def _month_span(self, match: re.Match[str]) -> Value:
        first, last, later = number(match["ma"]), number(match["mb"]), match["yb"]
        if later is None and last < first:
            if match["mb"] and self.anchor and not match["abs"]:
                y = self._year(match, last, last)
                return (None if y is None else calendar.months(y - 1, first, last, y)), "part"
            raise ValueError("months run backwards")
        if later is None:
            return self._months(match, first, last, match["mbound"])
        y = self._year(match, first, first)
        end = self._second_year(later, y)
        return (None if y is None or end is None else calendar.months(y, first, last, end)), "part"

    def _second_year(self, word: str, first: int | None) -> int | None:
        if word[0] in "今明":
            return None if self.now is None else self.now + _OFFSETS[word[0]]
        return (None if first is None else first + 1) if word == "次" else number(word)

    def _first(self, match: re.Match[str]) -> Value:
        return self._months(match, 1, number(match["fm"]))

    def _first_quarters(self, match: re.Match[str]) -> Value:
        return self._months(match, 1, 3 * number(match["fq"]), match["fqbound"])

    def _quarters(self, match: re.Match[str]) -> Value:
        return self._months(match, 3 * number(match["qa"]) - 2, 3 * number(match["qb"]))

    def _quarter(self, match: re.Match[str]) -> Value:
        n = number(match["q1"] or match["q2"] or match["q3"] or match["q4"] or match["q5"])
        period, form = self._months(match, 3 * n - 2, 3 * n, match["qbound"])
        return (calendar.quarter(int(period[:4]), n) if period and form == "part" else period), form

    def _half(self, match: re.Match[str]) -> Value:
        second = match["h1"] == "下" or match["h2"] == "2"
        return self._months(match, 7 if second else 1, 12 if second else 6, match["hbound"])

    def _date(self, match: re.Match[str], m: int, d: int) -> date | None:
        y = self._year(match, m, m)
        if y is None:
            return None
        named = match["rel"] or match["abs"] or match["abs2"]
        if not named and self.anchor and y == self.anchor.year - 1:
            coming = _calendar_date(y + 1, m, d)
            if coming and (coming - self.anchor).days <= 31:
                return coming  # a day soon after the publication, rather than one of last year
        return date(y, m, d)

    def _day(self, match: re.Match[str]) -> Value:
        found = self._date(match, number(match["dm"]), number(match["dd"]))
        return (calendar.day(found) if found else None), "day"

    def _day_span(self, match: re.Match[str]) -> Value:
        m = number(match["m1"] or "1")  # from the beginning of the year
        first = self._date(match, m, number(match["d1"] or "1"))
        if first is None:
            return None, "day"
        later = number(match["m2"]) if match["m2"] else m
        y = self._second_year(match["y2"], first.year) if match["y2"] else first.year + (later < m)
        return (None if y is None else calendar.days(first, date(y, later, number(match["d2"])))), "days"

    def _rel_day(self, match: re.Match[str]) -> Value:
        word = match["rday"]
        if word[0] in "当同翌":
            found = self.day + timedelta(word[0] == "翌") if self.day else None
        else:
            found = self.today + timedelta(_DAY_OFFSETS[word[0]]) if self.today else None
        if match["pd"]:
            m = number(match["pm"]) if match["pm"] else found.month if found else 0
            d = number(match["pd"])
            if match["py"] or self.today is None or self.now != self.today.year:
                y = number(match["py"]) if match["py"] else self.now
                found = date(y, m, d) if y else None
            else:
                near = self.today
                around = (_calendar_date(near.year + n, m, d) for n in (-1, 0, 1))
                found = min((at for at in around if at), key=lambda at: abs((at - near).days))
        return (calendar.day(found) if found else None), "day"

    def _recent_date(self, d: int) -> date | None:
        """The last day of a month that is numbered ``d``, seen from the publication."""
        if self.day and self.sentence - self.day_sentence <= 1:
            return self.day.replace(day=d)
        if self.anchor is None:
            return None
        at = self.anchor if d <= self.anchor.day + 1 else self.anchor.replace(day=1) - timedelta(1)
        return at.replace(day=d)

    def _bare_day(self, match: re.Match[str]) -> Value:
        first = self._recent_date(int(match["bd"]))
        if first is None:
            return None, "day"
        if match["bd2"]:
            return calendar.days(first, first.replace(day=int(match["bd2"]))), "days"
        return calendar.day(first), "day"

    def _weekday(self, match: re.Match[str]) -> Value:
        if match["wday"]:
            d = number(match["wday"])
            found = self._date(match, number(match["wm"]), d) if match["wm"] else self._recent_date(d)
            return (calendar.day(found) if found else None), "day"
        if self.today is None:
            return None, "day"
        ahead = _WEEKDAYS.index(match["wd"].replace("天", "日")) - self.today.weekday()
        prefix = match["wprefix"]
        if prefix in ("上", "下"):
            ahead += -7 if prefix == "上" else 7
        elif prefix is None and ahead > 0 and not self.future:
            ahead -= 7
        return calendar.day(self.today + timedelta(ahead)), "day"

    def _rel_month(self, match: re.Match[str]) -> Value:
        word = match["rm"][0]
        published = (self.anchor.year, self.anchor.month) if self.anchor else None
        at = published if word in "本这下" else self.month or published
        if at is None:
            return None, "part"
        step = {"上": -1, "下": 1, "次": 1}.get(word, 0)
        index = at[0] * 12 + at[1] - 1 + step
        y, m = index // 12, index % 12 + 1
        if match["rd"]:
            return calendar.day(date(y, m, number(match["rd"]))), "day"
        if (match["rpart"] or " ")[-1] in "底末":
            return calendar.day(calendar.month_end(y, m)), "end"
        return calendar.month(y, m), "part"

    def _rel_quarter(self, match: re.Match[str]) -> Value:
        published = (self.anchor.year, self.anchor.month) if self.anchor else None
        at = self.month if match["rq"][0] in "当上" and self.month else published
        if at is None:
            return None, "part"
        index = at[0] * 4 + (at[1] - 1) // 3 + {"上": -1, "下": 1}.get(match["rq"][0], 0)
        return calendar.quarter(index // 4, index % 4 + 1), "part"

    def _holiday(self, match: re.Match[str]) -> Value:
        name = _holiday_names()[_bare_quotes(match["feast"] or match["feast2"] or match["feast3"])]
        usual = _holidays()[name, 0][0].month
        y = self._year(match, usual, usual)
        if y is None:
            return None, "holiday"
        first, many = _holidays().get((name, y), (date(y, usual, 1), 0))
        coming = _holidays().get((name, y + 1))
        if coming and self.anchor and not (match["rel"] or match["abs"]) and 0 <= (coming[0] - self.anchor).days <= _SOON:
            first, many = coming  # before the holiday, rather than a year after the last
        self.feast = (first, many)
        if match["feast_days"] and many:
            many = number(match["feast_days"])
        nth = 1 if match["feast_first"] else many if match["feast_last"] else number(match["feast_day"] or "0")
        if 0 < nth <= many:
            return calendar.day(first + timedelta(nth - 1)), "day"
        return (calendar.days(first, first + timedelta(many - 1)) if many else calendar.month(y, usual)), "holiday"

    def _same(self, match: re.Match[str]) -> Value:
        if not (match["rel"] or match["abs"] or match["abs2"]):
            return self.current, "same"
        y = self._said_year(match)
        if self.current is None or y is None:
            return self.year_text(y), "year"
        if match["rel"] and match["rel"][0] in "去昨上":
            y = calendar.start_year(self.current) - 1
        return calendar.same_period(self.current, y), "same"


_FORMS: dict[str, Callable[[Values, re.Match[str]], Value]] = {
    "abs": Values._plain_year,
    "abs2": Values._plain_year,
    "rel": Values._plain_year,
    "whole": Values._whole,
    "ybound": Values._ybound,
    "years": Values._years,
    "plan": Values._plan,
    "month": Values._month,
    "month_span": Values._month_span,
    "first": Values._first,
    "first_q": Values._first_quarters,
    "q_span": Values._quarters,
    "q": Values._quarter,
    "half": Values._half,
    "day": Values._day,
    "day_span": Values._day_span,
    "rel_day": Values._rel_day,
    "bare_day": Values._bare_day,
    "weekday": Values._weekday,
    "rel_month": Values._rel_month,
    "rel_q": Values._rel_quarter,
    "holiday": Values._holiday,
    "same": Values._same,
}
