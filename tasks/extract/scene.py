"""A body with all that was found in it: amounts, periods, places, sentences and clauses."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date

from tasks.extract.amounts import Amount, find_amounts
from tasks.extract.cues import Ending, by_kind
from tasks.extract.period_mention import PeriodMention
from tasks.extract.periods import find_periods
from tasks.extract.places import Gazetteer, PlaceMention
from tasks.ingest import RejectedInput

SEPARATORS = "，；：。！？\n,;:"
_MARKS = frozenset(SEPARATORS + "（(）)")
_SENTENCE_END = re.compile(r"[。！？!?\n]")
#: Characters of a sentence; the longest that newspapers print are half as long.
LONGEST = 2_000
#: Amounts of an article: a page of the densest prices holds a tenth.
MOST = 15_000


_MOVED = Ending((*by_kind("change_cues", "kind")["up"], *by_kind("change_cues", "kind")["down"]))
_ORDINAL_LIST = re.compile(r"[、和][一二三四五六七八九十]")


def _settled(body: str, amounts: list[Amount]) -> list[Amount]:
    """Leaves out the doubtful amounts and tells 增加2.7万人至361.3万人 from a range."""
    kept: list[Amount] = []
    for i, amount in enumerate(amounts):
        large = amount.kind == "duration" and ("万" in amount.value_text or "亿" in amount.value_text)
        if (amount.weak and not large) or (amount.kind == "rank" and _ORDINAL_LIST.match(body, amount.end)):
            continue
        if amount.range_side == "low" and i + 1 < len(amounts) and _moved(body, amount, amounts[i + 1]):
            amount = amount._replace(range_side=None, qualifier="approx" if "约" in amount.value_text else "exact")
        elif amount.range_side == "high" and i and _moved(body, amounts[i - 1], amount):
            amount = amount._replace(range_side=None, qualifier="exact")
        kept.append(amount)
    return kept


def _moved(body: str, low: Amount, high: Amount) -> bool:
    """Whether a change is followed by the level it led to: far apart, and the change small beside the level."""
    if high.obs_value < 4 * low.obs_value:
        return False
    before = body[max(0, low.start - 8) : low.start].rstrip("约近超逾了")
    return _MOVED.ends(before)


class Scene:
    """The mentions in a body, each kind in order of position."""

    def __init__(self, body: str, published: date | None, dateline: date | None, area: str | None) -> None:
        self.body = body
        self.area = area
        amounts = find_amounts(body)
        if len(amounts) > MOST:
            raise RejectedInput("too_many_amounts", f"{len(amounts):,} amounts in one article")
        self.amounts = _settled(body, amounts)
        self.starts = [a.start for a in self.amounts]
        self.periods: list[PeriodMention] = []
        self.places: list[PlaceMention] = []
        if self.amounts:
            self.periods = find_periods(body, published, dateline)
            self.places = Gazetteer().find(body, area, until=self._read_until())
        self._period_starts = [p.start for p in self.periods]
        self._place_starts = [p.start for p in self.places]

    def periods_in(self, start: int, end: int) -> list[PeriodMention]:
        """Period mentions that begin in ``body[start:end]``."""
        return self.periods[bisect_left(self._period_starts, start) : bisect_left(self._period_starts, end)]

    def places_in(self, start: int, end: int) -> list[PlaceMention]:
        """Place mentions that begin in ``body[start:end]``."""
        return self.places[bisect_left(self._place_starts, start) : bisect_left(self._place_starts, end)]

    def places_before(self, at: int) -> list[PlaceMention]:
        """The last place mentions before ``at``, at most a hundred."""
        stop = bisect_left(self._place_starts, at)
        return self.places[max(0, stop - 100) : stop]

    def next_amount(self, at: int, end: int) -> int:
        """Where the next amount from ``at`` begins, or ``end``."""
        index = bisect_left(self.starts, at)
        return min(end, self.starts[index]) if index < len(self.starts) else end

    def start_before(self, at: int) -> int:
        """Where the last amount before ``at`` begins, or 0."""
        index = bisect_left(self.starts, at)
        return self.starts[index - 1] if index else 0

    def amounts_in(self, start: int, end: int) -> list[Amount]:
        """Amounts that begin in ``body[start:end]``."""
        return self.amounts[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def paragraphs(self) -> Iterator[tuple[int, int]]:
        """Half-open ranges of the paragraphs that state an amount, each up to the sentence of its last one."""
        index = 0
        while index < len(self.starts):
            start = self.body.rfind("\n", 0, self.starts[index]) + 1
            end = self.body.find("\n", self.starts[index]) + 1 or len(self.body)
            index = bisect_left(self.starts, end)
            last = _SENTENCE_END.search(self.body, self.starts[index - 1], end)
            yield start, last.end() if last else end

    def _read_until(self) -> int:
        """Where the sentence of the last amount ends."""
        end = _SENTENCE_END.search(self.body, self.starts[-1])
        return end.end() if end else len(self.body)

    def sentences(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Half-open ranges of the sentences of a paragraph."""
        at = start
        for match in _SENTENCE_END.finditer(self.body, start, end):
            stop = match.end()
            if stop - at > LONGEST:
                yield from self._bounded(at, stop)
            elif stop > at:
                yield at, stop
            at = stop
        if at < end:
            yield from self._bounded(at, end)

    def _bounded(self, at: int, end: int) -> Iterator[tuple[int, int]]:
        """A sentence in parts of at most about ``LONGEST`` characters, cut after a separator where there is one, never in an amount.

        What is read of an amount looks back to the sentence's start, and each row carries its sentence: without a
        bound, text without full stops costs the square of its length.
        """
        while end - at > LONGEST:
            cut = max(self.body.rfind(separator, at + LONGEST // 2, at + LONGEST) for separator in SEPARATORS) + 1 or at + LONGEST
            before = bisect_left(self.amounts, cut, key=lambda amount: amount.start) - 1
            if before >= 0:
                cut = max(cut, min(end, self.amounts[before].end))
            yield at, cut
            at = cut
        if at < end:
            yield at, end

    def clause_start(self, at: int, low: int) -> int:
        """Where the clause of position ``at`` begins, not before ``low``; separators in closed brackets don't count."""
        body = self.body
        depth = 0
        for i in range(at - 1, low - 1, -1):
            c = body[i]
            if c not in _MARKS:
                continue
            if c in "）)":
                depth += 1
            elif c in "（(":
                if depth == 0:
                    return i + 1
                depth -= 1
            elif depth == 0 and c in SEPARATORS and not (c in ",:：" and body[i + 1 : i + 2].isdigit() and body[i - 1 : i].isdigit()):
                return i + 1
        return low

    def clauses_before(self, at: int, low: int) -> Iterator[tuple[int, int]]:
        """The clauses that end at ``at`` and before it, nearest first, down to ``low``."""
        end = at
        while end > low:
            start = self.clause_start(end, low)
            if start < end:
                yield start, end
            end = start - 1
