"""Expressions of time in an article's body, as SDMX time periods with the part that each plays.

``find_periods`` walks the matches of :mod:`tasks.extract.period_grammar` in order and keeps what later
ones need: the year in force, the period in force (同期), the last month (当月) and day (当天) named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from tasks.extract import calendar, period_roles
from tasks.extract.period_grammar import number, scan
from tasks.extract.period_scope import governing as governing
from tasks.knowledge import rows, values

_OFFSETS = {"今": 0, "本": 0, "去": -1, "昨": -1, "前": -2, "明": 1, "来": 1, "后": 2}
_DAY_OFFSETS = {"今": 0, "昨": -1, "前": -2, "明": 1}
_WEEKDAYS = "一二三四五六日"
_DAY_FORMS = frozenset(("day", "rel_day", "bare_day", "weekday", "recent"))
_TAIL = re.compile(r"以来|至今|开始以来|起至今|(?<=年)来(?!看|说|自)")
_RELEASED = re.compile(r"发布|公布|公报|统计|通报|获悉|显示")
_NAMED_YEAR = re.compile(r"(?:(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})(?=年)")
_THIS_YEAR_PART = re.compile(r"今年(?:前|首|1[-—–至到])?(\d{1,2})个?月")


@dataclass(frozen=True, slots=True)
class PeriodMention:
    """An expression of time: ``text[start:end]``.

    ``time_period`` is SDMX, or None for a time with no stated bounds (近五年, 目前).  ``role``: ``period``
    (the time of what follows), ``base`` (compared with), ``earlier`` (an earlier period that states a value of
    its own), ``publication`` (dates the release only), ``deadline`` (end of a plan or forecast).
    ``form`` is the kind of expression: year, part (of a year), day, end (a day that closes a month or year),
    holiday, years, plan, vague, now, since, ytd, same.  ``relative_to`` is the period that a 同期, 当月, 全年 was
    resolved against.  ``comparison_basis_code`` (yoy, pop, ytd) is set on a base, and on an ``earlier`` opened by
    比 or 较; where it is None the ``time_period`` itself is the basis.
    """

    start: int
    end: int
    text: str
    time_period: str | None
    role: str
    form: str
    relative_to: str | None = None
    comparison_basis_code: str | None = None


def find_periods(text: str, anchor: date | None, dateline: date | None = None) -> list[PeriodMention]:
    """Expressions of time in a body, in order; ``anchor`` is the page's publication date, ``dateline`` the day it names."""
    return _Reader(text, anchor, dateline).read()


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
    return text.strip("“”\"‘’「」『』")


def _reference_year(text: str, anchor: date | None) -> int | None:
    """The year that 今年 means: the publication's, unless the article shows that it was written about an earlier one.

    It does when 今年 names months that lie after the publication, or when its first sentences release the figures
    of a year that ended long before.
    """
    named = _NAMED_YEAR.search(text, 0, 240)
    lead = number(named.group()) if named else None
    if anchor is None:
        return lead
    if lead is None or lead >= anchor.year or text[max(0, named.start() - 1) : named.start()] in tuple("比较与到至"):  # type: ignore[union-attr]
        return anchor.year
    if any(int(m.group(1)) > anchor.month for m in _THIS_YEAR_PART.finditer(text)):
        return lead
    stale = anchor.year - lead > 1 or anchor.month >= 9
    if stale and "去年" not in text and _RELEASED.search(text, 0, named.start()) and not _THIS_YEAR_PART.search(text):  # type: ignore[union-attr]
        return lead
    return anchor.year


class _Reader:
    """State of one pass over a body."""

    def __init__(self, text: str, anchor: date | None, dateline: date | None) -> None:
        self.text = text
        self.anchor = anchor
        self.today = dateline or anchor
        self.now = _reference_year(text, anchor)
        self.current: str | None = None  # the period in force
        self.month: tuple[int, int] | None = None  # last month named
        self.day: date | None = None  # last day named
        self.day_sentence = -9
        self.held: int | None = None  # year in force for months named without one
        self.held_until = -1  # last sentence in which it is
        self.sentence = 0
        self.named_year: int | None = None
        self.future = False

    def read(self) -> list[PeriodMention]:
        matches = list(scan(self.text))
        found: list[PeriodMention] = []
        reached = 0
        for i, match in enumerate(matches):
            start = match.start()
            if start < reached:
                continue
            self.sentence += self.text.count("。", reached, start) + self.text.count("\n", reached, start)
            until = matches[i + 1].start() if i + 1 < len(matches) else len(self.text)
            mention = self._mention(match, until)
            reached = max(reached, match.end())
            if mention:
                found.append(mention)
                reached = max(reached, mention.end)
        return found

    # ---- one match -------------------------------------------------------------------------

    def _mention(self, match: re.Match[str], until: int) -> PeriodMention | None:
        text, kind = self.text, match.lastgroup or ""
        start, end = match.span()
        if kind in ("recent", "now", "vague", "near", "ago", "since", "ytd", "loose_same", "present"):
            return self._loose(match, kind)
        if period_roles.is_name(text, start, end) or (kind == "whole" and period_roles.is_goal(text, end)):
            return None
        self.future = period_roles.is_future(text, start, end)
        relative_to = self.current
        try:
            period, form = _FORMS[kind](self, match)
        except (ValueError, KeyError, OverflowError):
            return None
        if match["upto"] and period:
            period, form = calendar.day(calendar.span(period)[1]), "end"
        role = self._role(match, kind, form, period, until)
        if role is None:
            return None
        tail = _TAIL.match(text, end) if role == "period" else None
        if tail and kind != "plan":
            end = tail.end()
            if period_roles.only_ranks(text, end):
                return None
            this_year = period is not None and period == self._year_text(self.now) and kind == "rel"
            form, period = ("ytd", period) if this_year else ("ytd" if tail.group() == "至今" and kind == "rel_month" else "since", period if kind == "rel_month" else None)
        code = self._basis(match, kind, period) if role in ("base", "earlier") else None
        self._remember(match, kind, form, period, role)
        related = relative_to if kind in ("same", "whole", "rel_month", "rel_q", "ybound") or role in ("base", "earlier") else None
        return PeriodMention(start, end, text[start:end], period, role, form, related, code)

    def _role(self, match: re.Match[str], kind: str, form: str, period: str | None, until: int) -> str | None:
        text, (start, end) = self.text, match.span()
        if role := period_roles.comparison(text, start, end):
            return role
        if kind in ("same", "years") and text[end - 2 : end] == "同期" and len(match.group()) > 2 and kind == "same":
            return "earlier"
        if period and period_roles.is_deadline(text, start, end, future=self._ahead(period, form)):
            return "deadline"
        if not match["upto"] and (
            (kind in _DAY_FORMS or (kind == "rel_month" and match["rd"])) and period_roles.is_release(text, end, until)
            or kind in ("month", "rel_month") and period_roles.is_release(text, end, until, near=True)
        ):
            return "publication"
        return "period"

    def _ahead(self, period: str, form: str) -> bool:
        """Whether a period lies ahead: begins after the publication, or closes a year or month that is still running."""
        if self.anchor is None:
            return self.now is None or calendar.start_year(period) > self.now or form == "end"
        first, last = calendar.span(period)
        return first > self.anchor or (form in ("end", "year") and last > self.anchor)

    def _basis(self, match: re.Match[str], kind: str, period: str | None) -> str | None:
        rel = match["rel"] or ""
        if kind == "ybound":
            return "ytd" if match["ybound"][-1] == "初" or rel[:1] in ("上", "去") else None
        if kind in ("rel_month", "rel_q"):
            return "pop" if match.group()[0] == "上" and not match["rd"] else None
        if period and self.current and period == self._try_shift(self.current, -1):
            return "yoy"
        if rel[:1] in ("上", "去", "昨") and kind in ("rel", "same", "whole"):
            return "yoy"
        if rel[:1] in ("上", "去", "昨") and kind == "holiday":
            return "yoy"
        return None

    def _remember(self, match: re.Match[str], kind: str, form: str, period: str | None, role: str) -> None:
        if role in ("base", "earlier", "deadline") or period is None:
            return
        first, last = calendar.span(period)
        if form == "day" or form == "end":
            self.day, self.day_sentence = last, self.sentence
        if role == "publication":
            return
        if form != "years" and form != "plan":
            self.month = (last.year, last.month) if form in ("part", "day", "end") else self.month
            self.named_year = first.year
        self.current = period
        if match["abs"] or match["abs2"]:
            self.held = first.year
            self.held_until = self.sentence + (1 if kind == "abs" else 10**9)
        elif match["rel"]:
            self.held = None if first.year == self.now else first.year
            self.held_until = self.sentence

    def _loose(self, match: re.Match[str], kind: str) -> PeriodMention | None:
        text, (start, end) = self.text, match.span()
        period, role, form = None, "period", "vague"
        if kind == "recent":
            role = "publication"
        elif kind == "now" or kind == "present":
            form = "now"
        elif kind == "ytd":
            form, period = "ytd", self._year_text(self.now)
            self.current = period or self.current
        elif kind == "loose_same":
            role = period_roles.comparison(text, start, end) or "base"
        elif period_roles.is_length(text, start) or period_roles.only_ranks(text, end):
            return None
        elif kind == "ago":
            many = match["an"]
            if match["adir"] == "前" and self.now and many not in ("几", "数", "多", "若干"):
                count = int(many) if many.isascii() else number(many)
                if not 0 < count < 200:
                    return None
                period, role, form = calendar.year(self.now - count), "earlier", "year"
        elif kind == "since":
            floor = max(0, start - 14)
            clause = max(text.rfind(mark, floor, start) for mark in "，。；：、“”（\n,")
            start = max(floor, clause + 1)
            form = "since"
        return PeriodMention(start, end, text[start:end], period, role, form)

    # ---- years -----------------------------------------------------------------------------

    @staticmethod
    def _year_text(y: int | None) -> str | None:
        return None if y is None else calendar.year(y)

    @staticmethod
    def _try_shift(period: str, count: int) -> str | None:
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
        if self.held is not None and self.sentence <= self.held_until:
            return self.held
        if self.now is None or self.anchor is None or self.now != self.anchor.year or self.future:
            return self.now
        return self.now - 1 if last > self.anchor.month and (first == 1 or first > self.anchor.month) else self.now

    def _whole_year(self, match: re.Match[str]) -> int | None:
        """The year of 全年, 年末: named, in force, or the last that is over."""
        if match["rel"] or match["abs"] or match["abs2"]:
            return self._said_year(match)
        if self.named_year is not None:
            return self.named_year
        if self.now is None or self.anchor is None:
            return self.now
        return self.now - 1 if self.anchor.month <= 4 and not self.future and self.now == self.anchor.year else self.now

    # ---- forms: each returns (time period or None, form) ----------------------------------------

    def _plain_year(self, match: re.Match[str]) -> tuple[str | None, str]:
        return self._year_text(self._said_year(match)), "year"

    def _whole(self, match: re.Match[str]) -> tuple[str | None, str]:
        return self._year_text(self._whole_year(match)), "year"

    def _ybound(self, match: re.Match[str]) -> tuple[str | None, str]:
        y, mark = self._whole_year(match), match["ybound"][-1]
        if y is None:
            return None, "end"
        if mark in "底末":
            return calendar.day(date(y, 12, 31)), "end"
        return (calendar.month(y, 1), "part") if mark == "初" else (calendar.year(y), "year")

    def _years(self, match: re.Match[str]) -> tuple[str | None, str]:
        first, last = number(match["ya"]), number(match["yz"])
        return calendar.years(first, last if last > 99 else first // 100 * 100 + last), "years"

    def _plan(self, match: re.Match[str]) -> tuple[str | None, str]:
        first, last = _plans()[match["plan_name"]]
        tail = match["plan_tail"]
        if tail[0] == "前":
            return calendar.years(first, first + number(tail[1]) - 1), "years"
        if tail.startswith(("末", "期末", "收官")):
            return calendar.year(last), "year"
        if tail.startswith(("初", "开局", "首")):
            return calendar.year(first), "year"
        return calendar.years(first, last), "plan"

    def _months(self, match: re.Match[str], first: int, last: int, bound: str | None = None) -> tuple[str | None, str]:
        y = self._year(match, first, last)
        if y is None:
            return None, "part"
        if bound and bound[-1] in "底末":
            return calendar.day(calendar.month_end(y, last)), "end"
        return calendar.months(y, first, last), "part"

    def _month(self, match: re.Match[str]) -> tuple[str | None, str]:
        m = number(match["mo"])
        return self._months(match, m, m, match["mpart"])

    def _month_span(self, match: re.Match[str]) -> tuple[str | None, str]:
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

    def _first(self, match: re.Match[str]) -> tuple[str | None, str]:
        return self._months(match, 1, number(match["fm"]))

    def _first_quarters(self, match: re.Match[str]) -> tuple[str | None, str]:
        return self._months(match, 1, 3 * number(match["fq"]), match["fqbound"])

    def _quarters(self, match: re.Match[str]) -> tuple[str | None, str]:
        return self._months(match, 3 * number(match["qa"]) - 2, 3 * number(match["qb"]))

    def _quarter(self, match: re.Match[str]) -> tuple[str | None, str]:
        n = number(match["q1"] or match["q2"] or match["q3"] or match["q4"] or match["q5"])
        period, form = self._months(match, 3 * n - 2, 3 * n, match["qbound"])
        return (calendar.quarter(int(period[:4]), n) if period and form == "part" else period), form

    def _half(self, match: re.Match[str]) -> tuple[str | None, str]:
        second = match["h1"] == "下" or match["h2"] == "2"
        return self._months(match, 7 if second else 1, 12 if second else 6, match["hbound"])

    def _date(self, match: re.Match[str], m: int, d: int) -> date | None:
        y = self._year(match, m, m)
        if y is None:
            return None
        named = match["rel"] or match["abs"] or match["abs2"]
        if not named and self.anchor and y == self.anchor.year - 1 and (date(y + 1, m, d) - self.anchor).days <= 31:
            y += 1  # a day soon after the publication, rather than one of last year
        return date(y, m, d)

    def _day(self, match: re.Match[str]) -> tuple[str | None, str]:
        found = self._date(match, number(match["dm"]), number(match["dd"]))
        return (calendar.day(found) if found else None), "day"

    def _day_span(self, match: re.Match[str]) -> tuple[str | None, str]:
        m = number(match["m1"])
        first = self._date(match, m, number(match["d1"]))
        if first is None:
            return None, "day"
        later = number(match["m2"]) if match["m2"] else m
        y = self._second_year(match["y2"], first.year) if match["y2"] else first.year + (later < m)
        return (None if y is None else calendar.days(first, date(y, later, number(match["d2"])))), "days"

    def _rel_day(self, match: re.Match[str]) -> tuple[str | None, str]:
        word = match["rday"]
        if word[0] in "当同翌":
            found = self.day + timedelta(word[0] == "翌") if self.day else None
        else:
            found = self.today + timedelta(_DAY_OFFSETS[word[0]]) if self.today else None
        if match["pd"]:
            m = number(match["pm"]) if match["pm"] else found.month if found else 0
            y = number(match["py"]) if match["py"] else self._year(match, m, m)
            found = date(y, m, number(match["pd"])) if y else None
        return (calendar.day(found) if found else None), "day"

    def _recent_date(self, d: int) -> date | None:
        """The last day of a month that is numbered ``d``, seen from the publication."""
        if self.day and self.sentence - self.day_sentence <= 1:
            return self.day.replace(day=d)
        if self.anchor is None:
            return None
        at = self.anchor if d <= self.anchor.day + 1 else self.anchor.replace(day=1) - timedelta(1)
        return at.replace(day=d)

    def _bare_day(self, match: re.Match[str]) -> tuple[str | None, str]:
        first = self._recent_date(int(match["bd"]))
        if first is None:
            return None, "day"
        if match["bd2"]:
            return calendar.days(first, first.replace(day=int(match["bd2"]))), "days"
        return calendar.day(first), "day"

    def _weekday(self, match: re.Match[str]) -> tuple[str | None, str]:
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

    def _rel_month(self, match: re.Match[str]) -> tuple[str | None, str]:
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

    def _rel_quarter(self, match: re.Match[str]) -> tuple[str | None, str]:
        published = (self.anchor.year, self.anchor.month) if self.anchor else None
        at = self.month if match["rq"][0] in "当上" and self.month else published
        if at is None:
            return None, "part"
        index = at[0] * 4 + (at[1] - 1) // 3 + {"上": -1, "下": 1}.get(match["rq"][0], 0)
        return calendar.quarter(index // 4, index % 4 + 1), "part"

    def _holiday(self, match: re.Match[str]) -> tuple[str | None, str]:
        name = _holiday_names()[_bare_quotes(match["feast"] or match["feast2"] or match["feast3"])]
        usual = _holidays()[name, 0][0].month
        y = self._year(match, usual, usual)
        if y is None:
            return None, "holiday"
        first, many = _holidays().get((name, y), (date(y, usual, 1), 0))
        if match["feast_days"] and many:
            many = number(match["feast_days"])
        return (calendar.days(first, first + timedelta(many - 1)) if many else calendar.month(y, usual)), "holiday"

    def _same(self, match: re.Match[str]) -> tuple[str | None, str]:
        if not (match["rel"] or match["abs"] or match["abs2"]):
            return self.current, "same"
        y = self._said_year(match)
        if self.current is None or y is None:
            return self._year_text(y), "year"
        if match["rel"] and match["rel"][0] in "去昨上":
            y = calendar.start_year(self.current) - 1
        return calendar.same_period(self.current, y), "same"


_FORMS = {
    "abs": _Reader._plain_year,
    "abs2": _Reader._plain_year,
    "rel": _Reader._plain_year,
    "whole": _Reader._whole,
    "ybound": _Reader._ybound,
    "years": _Reader._years,
    "plan": _Reader._plan,
    "month": _Reader._month,
    "month_span": _Reader._month_span,
    "first": _Reader._first,
    "first_q": _Reader._first_quarters,
    "q_span": _Reader._quarters,
    "q": _Reader._quarter,
    "half": _Reader._half,
    "day": _Reader._day,
    "day_span": _Reader._day_span,
    "rel_day": _Reader._rel_day,
    "bare_day": _Reader._bare_day,
    "weekday": _Reader._weekday,
    "rel_month": _Reader._rel_month,
    "rel_q": _Reader._rel_quarter,
    "holiday": _Reader._holiday,
    "same": _Reader._same,
}
