"""Which expression of time governs an amount: how far each kind of expression reaches.

A part of a year (1至8月, 上半年) holds until another is stated, over sentences and paragraphs.  A year named alone
holds for its paragraph, and further only where the article speaks of no other time.  Days, ends of months and vague
times hold for their sentence; a day holds further in a report of one day's trading.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from tasks.extract import calendar
from tasks.extract.period_grammar import any_of
from tasks.extract.period_mention import PeriodMention
from tasks.extract.period_pairs import earlier_state, opens_change, respective
from tasks.extract.period_roles import is_future, is_part

_CLAUSE = re.compile(r"[，。；！？,;!?\n]")
_SENTENCE = re.compile(r"[。！？!?\n]")
#: An end of a sentence that parts two statements; 其中 goes on with the one before it.
_APART = re.compile(r"[。！？!?\n](?!\n?其中)")
_BRACKETS = re.compile(r"[（()）]")
_GLOSS = re.compile(r"[（(]即自?$")
#: 今年第二季度首场: which of its kind, not when.
_ORDINAL = re.compile(r"首[场次批宗单个例]")
#: 二期明年开工，全部建成后可加工…: some time after.
_BUILT = rf"(?:{any_of('built')}|{any_of('done')})(?:以|之)?后(?=[，,年可将已])"
_ONCE_BUILT = re.compile(rf"[，；,;][^，；,;]*{_BUILT}")
#: 全长24公里: what a thing is, whenever.
_UNDATED = re.compile(rf"{any_of('attribute')}|占地(?!区|方)|{_BUILT}")
#: 完成全年120亿元目标的47.5%: a part of what the plan asks.
_OF_GOAL = re.compile(rf"(?:{any_of('goal')})[^，。；]{{0,4}}的")
_TURN = re.compile(any_of("turn"))
_THEN_CHANGE = re.compile(rf"\d[^，。]*?(?:{any_of('move')})")
_STOCK = re.compile(any_of("stock"))
_MARKET = re.compile(f"{any_of('market')}|{any_of('auction')}")
_FUTURE = re.compile(any_of("future"))
_YEARLY_WORD = re.compile(any_of("yearly"))
_YEARLY = re.compile(rf"(?<![\d今去前全当本上明年度])(?:{_YEARLY_WORD.pattern})")
_LOCAL = frozenset(("now", "vague", "since", "end", "days"))
_LASTING = frozenset(("part", "holiday", "ytd", "same", "plan", "years"))
#: How many days from the beginning of the year are as good as a part of it.
_LONG_SPAN = 28
#: 有合作社90家: what there is, not what a year brought.
_STANDING = re.compile(r"[有设辖][^，。；！？\n]*$")
#: 报告期内 in the sentence of an amount, with no other time since.
_REPORTED = re.compile(r"(?:报告)?期内[^。！？\n]*$")
_REPORT = re.compile(r"[^，。；]{0,6}?(?:年报|年度报告|中期|半年报|季报|业绩|财报|财务报表)")
_FAR = 2000
_LEAD = 60
_MENTIONS_BACK = 40
_CLAUSES = 120


def governing(mentions: Sequence[PeriodMention], position: int, text: str) -> PeriodMention | None:
    """The expression whose period holds for the amount at ``position``, or None when none does.

    ``mentions`` are those of ``find_periods`` on the same text.
    """
    return Scope(text, mentions).governing(position)


class Scope:
    """The expressions of time of a text, to be asked which of them governs an amount."""

    def __init__(self, text: str, mentions: Sequence[PeriodMention]) -> None:
        self.text = text
        self.mentions = mentions
        self._starts = [mention.start for mention in mentions]
        self._yearly = _YEARLY_WORD.search(text) is not None
        self._reported = "期内" in text
        self._respective = "分别" in text
        self._futures: dict[int, bool] = {}
        self._only_years: dict[int, bool] = {}
        self._reports: list[PeriodMention] | None = None
        self._brackets: tuple[list[int], list[int]] | None = None

    def governing(self, position: int) -> PeriodMention | None:
        """The expression whose period holds for the amount at ``position``, or None when none does."""
        text = self.text
        first = bisect_left(self._starts, position)
        if not first:
            return None
        before = self.mentions[max(0, first - _MENTIONS_BACK) : first]
        earlier = opens_change(text, position)
        stated = earlier_state(before, position, text) if earlier else None
        if stated is None and self._respective:
            stated = respective(before, position, text)
        if stated is not None:
            return stated
        yearly = self._yearly and _YEARLY.search(text, max(0, position - 16), position)
        reported = self._reported and _REPORTED.search(text, max(0, position - 60), position) is not None
        undated: bool | None = None  # whether no period of another sentence can hold: an attribute, a state before
        interrupted = False  # a year or a 目前 named since ends what was said of a part of a year
        for mention in reversed(before):
            if mention.end > position or mention.role in ("publication", "base"):
                continue
            start, stop = mention.end, min(position, mention.end + _FAR)
            if mention.role == "earlier":
                start += text[start:stop][:1] in ("，", ",")
                if not (_CLAUSE.search(text, start, stop) or _TURN.search(text, start, stop) or _THEN_CHANGE.search(text, start, stop)):
                    return mention
                continue
            if mention.role == "goal":
                if not (_CLAUSE.search(text, start, stop) or _OF_GOAL.search(text, start, stop)):
                    return mention
                continue
            if reported and mention.role != "deadline" and (report := self._report()) is not None and report.start < position:
                return report
            same_sentence = not _APART.search(text, start, stop)
            if yearly and not (same_sentence and (mention.role == "deadline" or not _CLAUSE.search(text, start, stop))):
                continue
            if self._closes_bracket(start, stop) and not _GLOSS.search(text, max(0, mention.start - 4), mention.start):
                continue
            if same_sentence and _ONCE_BUILT.search(text, start, stop):
                return None
            ordinal = mention.form == "part" and _ORDINAL.match(text, mention.end) is not None
            if same_sentence:
                return (_day_before(before, mention, text) if ordinal else None) or mention
            if undated is None:
                undated = earlier or self._undated(position)
            if undated:
                return None
            if ordinal or is_part(text, mention.start):
                continue
            if mention.form == "now":
                interrupted = True
            if mention.form == "end" and not interrupted and (self._of_stock(stop, mention) or self._is_only_time(mention, before)):
                return mention
            if mention.form == "year" and self._foretold(mention, position):
                return mention
            lasting = mention.form in _LASTING or _is_long(mention)
            if mention.role == "deadline" or (mention.form in _LOCAL and not lasting) or self._is_future(mention):
                continue
            if lasting:
                return None if interrupted else mention
            if mention.form == "day" and _MARKET.search(text, start, stop):
                return None if self._expected(position) else mention
            if mention.form == "year" and (
                (not interrupted and mention.text[:1] != "今" and "\n" not in text[start:stop] and not self._standing(position))
                or self._is_only_year(mention)
            ):
                return mention
            interrupted = interrupted or mention.form == "year"
        report = None if yearly else self._report()
        return report if report is not None and report.start < position else None

    def _of_stock(self, position: int, mention: PeriodMention) -> bool:
        """Whether the sentence of an amount speaks of a stock (贷款余额), which the end of a month named in the paragraph dates."""
        text = self.text
        if mention.role != "period" or "\n" in text[mention.end : position]:
            return False
        start = max(text.rfind(mark, mention.end, position) for mark in "。；")
        return _STOCK.search(text, max(mention.end, start), position) is not None

    def _undated(self, position: int) -> bool:
        """Whether the sentence of an amount tells what a thing is (全长, 占地), or will be (建成后), which no period before it dates."""
        start = max(self.text.rfind(mark, max(0, position - _CLAUSES), position) for mark in "。；\n") + 1
        return _UNDATED.search(self.text, max(start, position - _CLAUSES), position) is not None

    def _expected(self, position: int) -> bool:
        """Whether the sentence of an amount speaks of what is to come."""
        start = max(self.text.rfind(mark, max(0, position - _CLAUSES), position) for mark in "。；\n") + 1
        return _FUTURE.search(self.text, start, position) is not None

    def _is_only_time(self, mention: PeriodMention, before: Sequence[PeriodMention]) -> bool:
        """Whether a bulletin that opens with 截至8月13日 has named no other time since."""
        if not mention.text.startswith("截") or mention.start > _LEAD or mention.role != "period":
            return False
        return all(m is mention or m.role not in ("period", "deadline", "goal") for m in before)

    def _foretold(self, mention: PeriodMention, position: int) -> bool:
        """Whether a forecast for a year goes on: 预计全年用电9.8万亿千瓦时。最高负荷将达到14.5亿千瓦."""
        return "\n" not in self.text[mention.end : position] and self._is_future(mention) and self._expected(position)

    def _report(self) -> PeriodMention | None:
        """The period that a company's report is of (2021年年报, 截至6月底止中期业绩): what 报告期内 means."""
        if self._reports is None:
            self._reports = [m for m in self.mentions[:_MENTIONS_BACK] if m.time_period and _REPORT.match(self.text, m.end)][:1]
        return self._reports[0] if self._reports else None

    def _bracketed(self) -> tuple[list[int], list[int]]:
        """Where the brackets of the text stand, and how deep each leaves the text (below 0: closed without an opening)."""
        places: list[int] = []
        depths: list[int] = []
        depth = 0
        for mark in _BRACKETS.finditer(self.text):
            depth += 1 if mark.group() in "（(" else -1
            places.append(mark.start())
            depths.append(depth)
        return places, depths

    def _closes_bracket(self, start: int, stop: int) -> bool:
        """Whether a bracket that was open before ``text[start:stop]`` closes in it."""
        if self._brackets is None:
            self._brackets = self._bracketed()
        places, depths = self._brackets
        if not places:
            return False
        first, last = bisect_left(places, start), bisect_left(places, stop)
        return first < last and min(depths[first:last]) < (depths[first - 1] if first else 0)

    def _is_future(self, mention: PeriodMention) -> bool:
        known = self._futures.get(mention.start)
        if known is None:
            known = self._futures[mention.start] = is_future(self.text, mention.start, mention.end)
        return known

    def _standing(self, position: int) -> bool:
        return _STANDING.search(self.text, max(0, position - 14), position) is not None

    def _is_only_year(self, mention: PeriodMention) -> bool:
        """Whether the article speaks of this year only, or opens with it and comes back to it (a yearly report)."""
        known = self._only_years.get(mention.start)
        if known is None:
            at = bisect_left(self._starts, mention.start)
            near = self.mentions[max(0, at - 5 * _MENTIONS_BACK) : at + 5 * _MENTIONS_BACK]
            known = self._only_years[mention.start] = _keeps_to_year(mention, near, self.text)
        return known


def _day_before(before: Sequence[PeriodMention], mention: PeriodMention, text: str) -> PeriodMention | None:
    """The day that the mention's sentence opened with."""
    return next(
        (
            m
            for m in before
            if m.form == "day" and m.role == "period" and m.end <= mention.start and not _SENTENCE.search(text, m.end, mention.start)
        ),
        None,
    )


def _is_long(mention: PeriodMention) -> bool:
    """Whether days run from the beginning of the year for a month or more (年初至9月20日)."""
    if mention.form != "days" or mention.time_period is None:
        return False
    first, last = calendar.span(mention.time_period)
    return (first.month, first.day) == (1, 1) and (last - first).days >= _LONG_SPAN


def _keeps_to_year(mention: PeriodMention, near: Sequence[PeriodMention], text: str) -> bool:
    """Whether the periods around a year are of that year, or most are and the text opens with it."""
    periods = [m for m in near if m.role == "period" and m.time_period and m.form != "end"]
    same = sum(m.time_period == mention.time_period for m in periods)
    if same == len(periods):
        return True
    first = periods[0]
    return first.time_period == mention.time_period and first.start < _LEAD and text[first.start].isdigit() and same * 3 >= len(periods) * 2
