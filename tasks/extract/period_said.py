"""What an article has said of time up to an expression, and the year that follows from it."""

from __future__ import annotations

import re
from datetime import date

from tasks.extract import calendar
from tasks.extract.period_grammar import number
from tasks.extract.period_years import reference_year

#: An SDMX period (None: a time that can't be placed) and the form of the expression that says it.
Value = tuple[str | None, str]

#: Years from this one, by the first character of the word.
OFFSETS = {"今": 0, "本": 0, "去": -1, "昨": -1, "前": -2, "明": 1, "来": 1, "后": 2}


def year_text(y: int | None) -> str | None:
    """A year as a period, None for no year."""
    return None if y is None else calendar.year(y)


def calendar_date(year: int, month: int, day: int) -> date | None:
    """The date, or None where the year has no such day (29 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


class Said:
    """What an article has said so far; ``anchor`` is its day of publication, ``dateline`` the day that it names.

    Methods that make dates raise ``ValueError`` for days that do not exist.
    """

    def __init__(self, text: str, anchor: date | None, dateline: date | None) -> None:
        self.text = text
        self.anchor = anchor
        self.today = dateline or anchor
        self.now = reference_year(text, anchor)
        self.current: str | None = None  # the period in force
        self.month: tuple[int, int] | None = None  # last month named
        self.month_seen_from_now = False  # whether it was 上月, 本月
        self.day: date | None = None  # last day named
        self.feast: tuple[date, int] | None = None  # first day and length of the last holiday named
        self.day_sentence = -9
        self.compared = False  # whether the expression before is compared with
        self.upto: date | None = None  # the day that the expression before closes (截至6月30日)
        self.held: int | None = None  # year in force for months named without one
        self.held_until = -1  # last sentence in which it is
        self.held_loosely = False  # named alone: months from January on are not of it in the next sentence
        self.sentence = 0
        self.reached = 0  # end of the last expression read
        self.named_year: int | None = None
        self.months_named: dict[int, tuple[int, int]] = {}  # month → (year, sentence) last said
        self.home: int | None = None  # the year that the article opens with
        self.future = False

    def named_year_of(self, match: re.Match[str]) -> int | None:
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
        return None if self.now is None else self.now + OFFSETS[rel[0]]

    def year_is_said(self, match: re.Match[str]) -> bool:
        """Whether the match names a year, or one named before is in force."""
        return bool(match["rel"] or match["abs"] or match["abs2"]) or (self.held is not None and self.sentence <= self.held_until)

    def year_of(self, match: re.Match[str], first: int, last: int) -> int | None:
        """The year of months ``first`` to ``last``, named or in force."""
        if match["rel"] or match["abs"] or match["abs2"]:
            return self.named_year_of(match)
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

    def whole_year(self, match: re.Match[str]) -> int | None:
        """The year of 全年, 年末: named, in force, the one that the article opens with, or the last that is over."""
        if match["rel"] or match["abs"] or match["abs2"]:
            return self.named_year_of(match)
        if self.held is not None and self.sentence <= self.held_until + 2:
            return self.held
        if self.home is not None and not self.future:
            return self.home
        if self.now is None or self.anchor is None or self.future or self.now != self.anchor.year:
            return self.now
        return self.now - 1 if self.anchor.month <= (9 if match.lastgroup == "ybound" else 4) else self.now

    def second_year(self, word: str, first: int | None) -> int | None:
        """The year of the end of a range that names one (至次年3月) and begins in the year ``first``."""
        if word[0] in "今明":
            return None if self.now is None else self.now + OFFSETS[word[0]]
        return (None if first is None else first + 1) if word == "次" else number(word)

    def date_of(self, match: re.Match[str], m: int, d: int) -> date | None:
        """Month ``m``, day ``d`` in the year named or in force."""
        y = self.year_of(match, m, m)
        if y is None:
            return None
        named = match["rel"] or match["abs"] or match["abs2"]
        if not named and self.anchor and y == self.anchor.year - 1:
            coming = calendar_date(y + 1, m, d)
            if coming and (coming - self.anchor).days <= 31:
                return coming  # a day soon after the publication, rather than one of last year
        return date(y, m, d)
