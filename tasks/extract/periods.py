"""Expressions of time in an article's body, as SDMX time periods with the part that each plays.

``find_periods`` walks the matches of :mod:`tasks.extract.period_grammar` in order.  What later ones need (the year and
the period in force, the last month and day named) is kept in :class:`tasks.extract.period_said.Said`;
:mod:`tasks.extract.period_values` works out the period that each means, and :mod:`tasks.extract.period_roles` reads the
words around it.  :func:`tasks.extract.period_scope.governing` picks the one that holds for an amount.
"""

from __future__ import annotations

import re
from datetime import date

from tasks.extract import calendar, period_roles
from tasks.extract.period_grammar import number, scan
from tasks.extract.period_mention import PeriodMention
from tasks.extract.period_said import Said, year_text
from tasks.extract.period_values import value
from tasks.extract.period_years import LEAD

_DAY_FORMS = frozenset(("day", "rel_day", "bare_day", "weekday", "recent"))
_SPAN_OF_YEARS = re.compile(r"(?:近|最近|过去)的?(\d{1,2}|[一二三四五六七八九十两]{1,3})年(?:以来|来|间|里|内)?")
_LOOSE = frozenset(("recent", "now", "vague", "near", "ago", "since", "ytd", "loose_same", "present"))


def find_periods(text: str, anchor: date | None, dateline: date | None = None) -> list[PeriodMention]:
    """Expressions of time in a body, in order; ``anchor`` is the page's publication date, ``dateline`` the day it names."""
    return _Reader(text, anchor, dateline).read()


def _year_before(period: str) -> str | None:
    """The same period a year earlier; None before the first year of the calendar."""
    try:
        return calendar.shift(period, -1)
    except ValueError:
        return None


class _Reader(Said):
    """One pass over a body."""

    def read(self) -> list[PeriodMention]:
        matches = list(scan(self.text))
        found: list[PeriodMention] = []
        for i, match in enumerate(matches):
            start = match.start()
            if start < self.reached:
                continue
            self.sentence += self.text.count("。", self.reached, start) + self.text.count("\n", self.reached, start)
            until = matches[i + 1].start() if i + 1 < len(matches) else len(self.text)
            mention = self._mention(match, until)
            self.reached = match.end()
            if mention:
                found.append(mention)
                self.reached = max(self.reached, mention.end)
        return found

    # ---- one match -------------------------------------------------------------------------

    def _mention(self, match: re.Match[str], until: int) -> PeriodMention | None:
        text, kind = self.text, match.lastgroup or ""
        start, end = match.span()
        if kind in _LOOSE:
            try:
                return self._loose(match, kind)
            except (ValueError, KeyError, OverflowError):
                return None  # 二三十年前: no one number
        if period_roles.is_name(text, start, end):
            return None
        if kind == "whole" and period_roles.is_goal(text, end):
            self.future = True
            return PeriodMention(start, end, text[start:end], value(self, kind, match)[0], "goal", "year", self.current)
        if kind == "same" and not match["abs"] and not match["rel"] and period_roles.is_alongside(text, end):
            return None
        if kind == "bare_day" and period_roles.is_length(text, start):
            return None
        self.future = period_roles.is_future(text, start, end)
        relative_to, feast = self.current, self.feast
        try:
            period, form = value(self, kind, match)
        except (ValueError, KeyError, OverflowError):
            return None
        if match["upto"] and period:
            period, form = calendar.day(calendar.span(period)[1]), "end"
            if length := period_roles.length_before(text, end):
                end, months = length
                period, form = calendar.months_to(calendar.span(period)[1], months), "part"
        elif kind == "rel" and period and (reached := self._reached_day(start, period)):
            period, form = reached, "part"
        role = self._role(match, kind, form, period, until)
        if role is None:
            return None
        if role in ("base", "earlier"):
            self.feast = feast
        self.compared = role == "base"
        if role != "base" and period_roles.is_ratio(text, start, end):
            role, form = "base", "ratio"
        since = period_roles.since_end(text, end) if role == "period" and kind != "plan" else 0
        if since:
            if period_roles.only_ranks(text, since):
                return None
            form, period = self._since(kind, period, text[end:since])
            end = since
        compared = role == "base" or (role == "earlier" and period_roles.opened_by_comparison(text, start))
        code = self._basis(match, kind, period) if compared else None
        self._remember(match, kind, form, period, role)
        related = relative_to if kind in ("same", "whole", "rel_month", "rel_q", "ybound") or role in ("base", "earlier") else None
        return PeriodMention(start, end, text[start:end], period, role, form, related, code)

    def _reached_day(self, start: int, year: str) -> str | None:
        """The year so far, where the day that it has come to stands before 今年 (截至6月底，今年…)."""
        if self.text[self.reached : start] not in ("，", ",", "") or self.upto is None or calendar.day(self.upto)[:4] != year:
            return None
        m, d = self.upto.month, self.upto.day
        whole = self.upto == calendar.month_end(self.upto.year, m)
        return calendar.months(self.upto.year, 1, m) if whole else calendar.days(date(self.upto.year, 1, 1), date(self.upto.year, m, d))

    def _since(self, kind: str, period: str | None, tail: str) -> tuple[str, str | None]:
        """今年以来 is the year so far and 本月至今 the month; a start further back has no stated end."""
        if kind in ("rel", "abs") and period is not None and period == year_text(self.now) and len(tail) <= 3:
            return "ytd", period
        if kind == "rel_month" and tail == "至今":
            return "ytd", period
        if kind == "month" and self.anchor and period == calendar.month(self.anchor.year, self.anchor.month) and len(tail) <= 3:
            return "ytd", period
        return "since", None

    def _role(self, match: re.Match[str], kind: str, form: str, period: str | None, until: int) -> str | None:
        text, (start, end) = self.text, match.span()
        if role := period_roles.comparison(text, start, end):
            return role
        if self.compared and text[self.reached : start] in ("、", "和", "及", "与"):
            return "base"  # 比上月末和上年同期分别高…
        if period and self.current and period == _year_before(self.current) and period_roles.is_stated(text, end):
            return "earlier"  # 2021年5月为295亿元，2020年5月为268亿元
        if kind in ("same", "years") and text[end - 2 : end] == "同期" and len(match.group()) > 2 and kind == "same":
            return "earlier"
        if period and self._ahead(period, form) and period_roles.is_deadline(text, start, end, begun=self._begun(period, form)):
            return "deadline"
        if not match["upto"]:
            a_day = kind in _DAY_FORMS or (kind == "rel_month" and match["rd"])
            if a_day and period_roles.is_release(text, end, until):
                return "publication"
            if kind in ("month", "rel_month") and period_roles.is_release(text, end, until, near=True):
                return "publication"
        return "period"

    def _ahead(self, period: str, form: str) -> bool:
        """Whether a period lies ahead: begins after the publication, or closes a year or month that is still running."""
        if self.anchor is None:
            return self.now is None or calendar.start_year(period) > self.now or form == "end"
        first, last = calendar.span(period)
        return first > self.anchor or (form in ("end", "year") and last > self.anchor)

    def _begun(self, period: str, form: str) -> bool:
        """Whether a year or a part of it is running when the page is published."""
        return self.anchor is not None and form != "end" and calendar.span(period)[0] <= self.anchor

    def _basis(self, match: re.Match[str], kind: str, period: str | None) -> str | None:
        rel = match["rel"] or ""
        if kind == "ybound" and (match["ybound"][-1] == "初" or rel[:1] in ("上", "去")):
            return "ytd"
        if kind in ("rel_month", "rel_q") and not rel:
            return "pop" if match.group()[0] == "上" and not match["rd"] else None
        if self.current:
            a_year_before = _year_before(self.current)
        else:
            a_year_before = calendar.year(self.now - 1) if kind == "same" and self.now else None
        if period and period == a_year_before:
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
        self.upto = last if match["upto"] and form == "end" else None
        if form == "day" or form == "end":
            self.day, self.day_sentence = last, self.sentence
        if role == "publication":
            return
        if form != "years" and form != "plan":
            if form in ("part", "day", "end"):
                self.month, self.month_seen_from_now = (last.year, last.month), kind == "rel_month" and match["rm"][0] in "上本这下"
            self.named_year = first.year
            if form == "part":
                self.months_named[last.month] = (last.year, self.sentence)
        if not (self.current and calendar.contains(self.current, period) and period_roles.is_part(self.text, match.start())):
            self.current = period
        if match["abs"] or match["abs2"]:
            self.held = first.year
            if match.start() < LEAD and self.home is None:
                self.home = first.year
            self.held_loosely = kind == "abs"
            self.held_until = self.sentence + (1 if self.held_loosely else 10**9)
        elif match["rel"]:
            self.held = None if first.year == self.now else first.year
            self.held_until, self.held_loosely = self.sentence, False

    def _years_back(self, many: str) -> str | None:
        """The year that a span of ``many`` years up to now began with (十年来)."""
        if self.now is None or many in ("几", "数", "多", "若干"):
            return None
        count = int(many) if many.isascii() else number(many)
        return calendar.year(self.now - count) if 1 < count < 100 else None

    def _loose(self, match: re.Match[str], kind: str) -> PeriodMention | None:
        text, (start, end) = self.text, match.span()
        period, role, form, code = None, "period", "vague", None
        if kind == "recent":
            role = "publication"
        elif kind == "now" or kind == "present":
            form = "now"
        elif kind == "ytd":
            form, period = "ytd", year_text(self.now)
            self.current = period or self.current
        elif kind == "loose_same":
            role = period_roles.comparison(text, start, end) or "base"
        elif period_roles.is_length(text, start) or period_roles.only_ranks(text, end):
            return None
        elif kind == "ago":
            many = match["an"]
            if match["adir"] != "前":
                code = self._years_back(many)
            elif self.now and many not in ("几", "数", "多", "若干"):
                count = int(many) if many.isascii() else number(many)
                if not 0 < count < 200:
                    return None
                period, form = calendar.year(self.now - count), "year"
                role = "base" if period_roles.is_ratio(text, start, end) else period_roles.comparison(text, start, end) or "earlier"
        elif kind in ("vague", "near"):
            if text.startswith("累计", end) and kind == "vague":
                return None  # 历年累计: the sentence may say when
            role = period_roles.comparison(text, start, end) or "period"
            role = "base" if period_roles.is_ratio(text, start, end) else role
            span = _SPAN_OF_YEARS.fullmatch(match.group()) if role == "period" else None
            code = self._years_back(span[1]) if span else "pop" if role == "base" and text[start] == "上" else None
        elif kind == "since":
            floor = max(self.reached, start - 14)
            clause = max(text.rfind(mark, floor, start) for mark in "，。；：、“”（\n,")
            start = max(floor, clause + 1)
            form = "since"
        return PeriodMention(start, end, text[start:end], period, role, form, None, code)
