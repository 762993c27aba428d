"""The name of what is measured, cut out of the words around an amount.

The name is the shortest form that stands alone, in the text's own words: without region, period,
connectives and verbs of growth.  Which words go and which stay is kept in ``name_cues.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tasks.extract.cues import Ending, any_of, beginning, by_kind, starting, union
from tasks.extract.narrowing import narrowed
from tasks.extract.period_mention import PeriodMention
from tasks.extract.places import PlaceMention
from tasks.extract.segmenter import word_edges
from tasks.extract.subjects import opening_subject, site_end
from tasks.extract.tidying import CLOSERS, EDGE, FOR_WHOM, QUOTES, tidy

#: Places that stay in the name (内地旅客).
_WITHIN = by_kind("reading_words", "kind")["within"]
_NEEDS_TOPIC = re.compile(any_of("needs_topic"))
#: Characters of a name that lists whose quantity it is.
_LISTED = 36
ETC = re.compile(r"(?<![中高初同平优头均上下相劣])等(?![级候待于效值额])(?:[一二三四五六七八九十两\d]+[大类个项种])?")
CLASS_AFTER_ETC = re.compile(rf"^(?:{any_of('after_etc')})+(?:的)?")


class Name(NamedTuple):
    """A name and the range of the body that holds its words."""

    text: str
    start: int
    end: int
    whole: str = ""


@cache
def _leads() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is cut off the front of a name, and the words that begin like it but stay."""
    roles = by_kind("name_cues", "role")
    return beginning(roles["lead"]), beginning(roles["keep"])


@cache
def cutting() -> re.Pattern[str]:
    """Words up to which, and with which, everything before a name is dropped."""
    roles = by_kind("name_cues", "role")
    return re.compile(f"{starting(roles['cut'])}(?!{union(roles['keep'])})(?:{union(roles['cut'])})")


@cache
def _tail(rank: bool) -> Ending:
    """What is cut off the end of a name, more before a rank."""
    roles = by_kind("name_cues", "role")
    return Ending((*roles["tail"], *(roles["tail_rank"] if rank else ())))


@dataclass(slots=True)
class Cut:
    """What the words before an amount hold: a name, the places and the named body they open with."""

    name: Name | None
    opened: list[PlaceMention]
    subject: str | None = None


def cut_name(text: str, start: int, end: int, periods: list[PeriodMention], places: list[PlaceMention], rank: bool = False) -> Cut:
    """The name in ``text[start:end]``, with the places and the body that open it taken off.

    Period mentions inside are left out.
    """
    return _Cutter(text, start, end, periods, places).cut(rank)


def opening_body(text: str, start: int, end: int, periods: list[PeriodMention], places: list[PlaceMention]) -> str | None:
    """The named body that ``cut_name`` finds in front of the name in ``text[start:end]``."""
    cutter = _Cutter(text, start, end, periods, places)
    cutter.strip(rank=False)
    return cutter.subject


class _Cutter:
    """Cuts words down from both ends; ``kept[i]`` is where ``chars[i]`` stands in the text."""

    def __init__(self, text: str, start: int, end: int, periods: list[PeriodMention], places: list[PlaceMention]) -> None:
        self.parted = -1
        self.kept: Sequence[int] = range(start, end)
        self.chars = text[start:end]
        if periods:
            self._leave_out(text, start, end, periods)
        self.places = [p for p in places if start <= p.start < end]
        self.opened: list[PlaceMention] = []
        self.subject: str | None = None
        self.low, self.high = 0, len(self.chars)
        self._edges: frozenset[int] | None = None

    def _leave_out(self, text: str, start: int, end: int, periods: list[PeriodMention]) -> None:
        kept: list[int] = []
        at = start
        for low, high in sorted((m.start, m.end) for m in periods if m.start < end and m.end > start):
            kept.extend(range(at, max(at, low)))
            if self.parted < 0 and kept:
                self.parted = len(kept)
            at = max(at, high + (text[high : high + 1] == "度" and text[low] in "今本去上明"))  # 今年|度
        kept.extend(range(at, end))
        self.kept, self.chars = kept, "".join([text[i] for i in kept])

    def strip(self, rank: bool) -> None:
        """Takes off both ends what is no part of a name."""
        self._close(rank)
        for match in cutting().finditer(self.chars, 0, self.high):
            if match.end() < self.high and not _FOR_EACH.search(self.chars, 0, match.start()):
                until, self.high = self.high, match.start() + 1
                self._open()  # who says or plans it may be the body measured
                brought = _BROUGHT.fullmatch(self.chars, match.start(), until) is not None
                self.low, self.high = match.start() if brought else match.end(), until
        self._open()

    def cut(self, rank: bool) -> Cut:
        self.strip(rank)
        self._middle()
        whole = self.chars[self.low : self.high]
        name = narrowed(tidy(self._after_etc(whole)))
        if name == "投资" and self.chars[: self.low].endswith("完成"):
            name = "完成投资"
        if not name:
            return Cut(None, self.opened, self.subject)
        return Cut(Name(name, self.kept[min(self.low, len(self.kept) - 1)], self.kept[self.high - 1] + 1, whole), self.opened, self.subject)

    def _whole_word(self, start: int, end: int) -> bool:
        """Whether a cue of one character is a word by itself, not part of one (报 of 举报)."""
        if end - start > 1:
            return True
        if self._edges is None:
            self._edges = word_edges(self.chars)
        return start in self._edges and end in self._edges

    def _close(self, rank: bool) -> None:
        sold = self.places and _SOLD_TO.search(self.chars, self.low, self.high)
        ends = {p.end: p for p in self.places} if rank or sold else {}
        running = _RUNNING.search(self.chars, self.low, self.high)
        if running and running.start() > self.low:
            self.high = running.start()
        tail = _tail(rank)
        moved_by = _MOVED_BY.search(self.chars, self.low, self.high)
        if moved_by and moved_by.start() - self.low >= 2:
            self.high = moved_by.start()
        while self.high > self.low:
            if self.chars[self.high - 1] in EDGE or self.chars[self.high - 1] in QUOTES:
                self.high -= 1
                continue
            place = ends.get(self.kept[self.high - 1] + 1)
            if place is not None and self.high - (place.end - place.start) > self.low:
                self.high -= place.end - place.start  # 净增户数全省第三
                continue
            size = tail.size(self.chars, max(self.low, self.high - 8), self.high)
            if not size or not self._whole_word(self.high - size, self.high):
                return
            self.high -= size

    def _open(self) -> None:
        by_start = {p.start: p for p in self.places}
        lead, keep = _leads()
        numbering = _NUMBERING.match(self.chars, self.low, self.high)
        if numbering:
            self.low = numbering.end()
        chars = self.chars
        while self.low < self.high:
            if chars[self.low] in EDGE or chars[self.low] in CLOSERS:
                self.low += 1
                continue
            place = by_start.get(self.kept[self.low])
            if (
                place is not None
                and not place.in_name
                and not place.text.endswith("内")
                and place.text not in _WITHIN
                and not _VISITORS.match(chars, self.low + place.end - place.start)
                and place.end <= self.kept[self.high - 1] + 1
            ):
                self.opened.append(place)
                self.low += place.end - place.start
                end = site_end(chars, self.low, self.high, self.parted) if place.kind in ("area", "zone", "group") else self.low
                if end > self.low and self.subject is None:
                    self.subject = place.text + chars[self.low : end]
                    self.low = end
                continue
            whom = FOR_WHOM.match(chars, self.low, self.high) if chars[self.low] in "为向给" else None
            if whom:
                self.low = whom.end()
                continue
            match = lead.match(chars, self.low, self.high)
            if match and not keep.match(chars, self.low, self.high) and self._whole_word(self.low, match.end()):
                self.low = match.end()
                continue
            end = opening_subject(chars, self.low, self.high, self.parted)
            if end > self.low and self.subject is None:
                self.subject = _WAY_TO.sub("", chars[self.low : end])
                self.low = end
                continue
            return

    def _middle(self) -> None:
        """A place in the middle opens the name when nothing but a topic stands before it."""
        for place in self.places:
            if place.in_name or place.kind not in ("area", "deictic", "group") or place.start not in self.kept[self.low : self.high]:
                continue
            at, size = self.kept.index(place.start), place.end - place.start
            before = self.chars[self.low : at]
            if (
                not before
                or (before[-1] in QUOTES and before[-1] not in "（(")
                or (before[-1] == "（" and self.chars.endswith("）", 0, self.high))
                or (place.kind == "group" and before[-1] != "的")
                or place.text.endswith("内")
                or _VISITORS.match(self.chars, at + size)
            ):
                continue
            if before[-1] in "在于" and at + size < self.high:
                # 香港居民在深圳开户: the place after 在 is the one measured
                self.opened.append(place)
                self.chars = self.chars[: at - 1] + "\x00" * (size + 1) + self.chars[at + size :]
            elif before[-1] not in _BEFORE_OTHER_PLACES and size < self.high - at:
                self.opened.append(place)
                self.low = at + size

    def _after_etc(self, name: str) -> str:
        """甲集团、乙集团等外资项目 is about what stands after 等."""
        etc = ETC.search(name)
        if etc is None or etc.start() == 0 or len(name) - etc.end() < 2:
            return name
        rest = CLASS_AFTER_ETC.sub("", name[etc.end() :])
        if len(rest) < 2:
            return name
        if _NEEDS_TOPIC.fullmatch(rest) and len(rest) < len(name) - etc.end() and len(name) <= _LISTED:
            return name.rpartition("的")[2] if "的" in name[: etc.start()] else name  # 制鞋、箱包等行业利润
        self.low += len(name) - len(rest)
        return rest


#: 韩国旅客, 省外游客: where visitors come from is part of the name, not the place measured.
_VISITORS = re.compile(rf"(?:(?:访|赴|来)[\u4e00-\u9fff]{{0,2}})?(?:{any_of('visitor')}|居民(?=[在于赴来]))")
#: 需求|在消费反弹的带动下, 新接订单量|以载重吨计
_MOVED_BY = re.compile(
    rf"(?:在[^，。；]{{2,40}}(?:{any_of('moved_by')})|[以按][^，。；以按]{{1,8}}计算?|(?:剔除|扣除|还原)[^，。；]{{2,14}}(?:因素|影响)[后，]?"
    r"|由(?:政府|财政|国家|省|市|县|企业|个人)[^，。；]{0,8}"
    r"|[由从](?:原来|原有|原先|此前|过去|最初|目前|当前|现在|上世纪|[^，。；由从]{0,10}(?:初期|年代|之初))[^，。；]{0,3})$"
)
#: 海关监管经|珠海公路口岸, 到|乌镇景区: words before the name of a body.
_WAY_TO = re.compile(rf"^(?:.*(?:{any_of('way_to')})|到|赴)(?=..)")
#: 茶叶出口|新加坡、泰国
_SOLD_TO = re.compile(r"(?:出口|远销|销往|运往)(?:到|至)?[\u4e00-\u9fff、]{2,20}$")
#: （3）|文化企业营收
_NUMBERING = re.compile(r"[（(](?:\d{1,2}|[一二三四五六七八九十]{1,2})[）)]|\d{1,2}[.．、](?!\d)")
#: 规模|连续10年全球 before 第一
_RUNNING = re.compile(r"(?:已)?连续[^，。；]{1,4}[年月季](?:全国|全球|全省|世界|居|位居|位列)*$")
_BEFORE_OTHER_PLACES = "对与同自从向在占和、及比到往至是为驻赴访来"
#: 带动就业, 拉动消费: the verb stays with a quantity that it brings about.
_BROUGHT = re.compile(rf"(?:带动|拉动)(?:(?:{any_of('outcome')})(?:人数)?|消费|投资|销售额?)")
#: 每千人拥有商事主体: a rate for each is named whole.
_FOR_EACH = re.compile(r"[每均][^，。的]{0,4}$")
