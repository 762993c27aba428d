"""The name of what is measured, cut out of the words around an amount.

The name is the shortest form that stands alone, in the text's own words: without region, period,
connectives and verbs of growth.  Which words go and which stay is kept in ``name_cues.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from tasks.extract.cues import Ending, any_of, beginning, by_kind, starting, union
from tasks.extract.period_mention import PeriodMention
from tasks.extract.places import PlaceMention
from tasks.extract.segmenter import word_edges
from tasks.extract.subjects import opening_subject, site_end

_NEEDS_TOPIC = re.compile(any_of("needs_topic"))
#: Characters of a name that lists whose quantity it is.
_LISTED = 36
_QUOTES = {"“": "”", "‘": "’", "《": "》", "「": "」", "（": "）", "(": ")", "『": "』", "【": "】"}
_CLOSERS = {close: open_ for open_, close in _QUOTES.items()}
_EDGE = " \t\u3000,，、。；;：:·—-–…!！?？/|.」』】"
ETC = re.compile(r"等(?![级候待于效值额])(?:[一二三四五六七八九十两\d]+[大类个项种])?")
CLASS_AFTER_ETC = re.compile(rf"^(?:{any_of('after_etc')})+(?:的)?")


class Name(NamedTuple):
    """A name and the range of the body that holds its words."""

    text: str
    start: int
    end: int
    whole: str = ""


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    roles = by_kind("name_cues", "role")
    return {
        "lead": beginning(roles["lead"]),
        "keep": beginning(roles["keep"]),
        "cut": re.compile(f"{starting(roles['cut'])}(?!{union(roles['keep'])})(?:{union(roles['cut'])})"),
        "drop": re.compile(union(roles["drop"])),
    }


@cache
def _tail(rank: bool) -> Ending:
    """What is cut off the end of a name, more before a rank."""
    roles = by_kind("name_cues", "role")
    return Ending((*roles["tail"], *(roles["tail_rank"] if rank else ())))


@cache
def _heads() -> tuple[Ending, re.Pattern[str]]:
    places = by_kind("metric_heads", "place")
    return Ending(places["end"]), beginning(places["start"])


@lru_cache(8192)
def has_head(name: str) -> bool:
    """Whether a name says by itself what quantity is meant (…额, …率, 出口…)."""
    end, start = _heads()
    bare = _LAST_BRACKET.sub("", name) if name.endswith(("）", ")")) else name
    return bool(end.search(bare) or start.match(bare))


@lru_cache(8192)
def head_of(name: str) -> str:
    """The words at the end of a name that say the quantity: 外资金额 of 服务业外资金额; "" if none do."""
    bare = _BRACKET.sub("", name)
    if not has_head(bare):
        return ""
    common = _COMMON_HEAD.search(bare)
    if common:
        return common.group()
    for match in reversed(list(CLASS_NOUN.finditer(bare))):
        rest = bare[match.end() :]
        if len(rest) >= 2 and has_head(rest):
            return rest.rpartition("的")[2]
    return ""


_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_LAST_BRACKET = re.compile(r"[（(][^（）()]*[）)]$")
#: Nouns that name whose quantity it is: what follows the last of them is the quantity itself.
CLASS_NOUN = re.compile(rf"(?!(?<=[失就创毕开停营作事])业)(?:{any_of('class_noun')})")
_COMMON_HEAD = re.compile(rf"(?:{any_of('common_head')})$")


def leading_name(text: str, start: int, end: int, periods: list[PeriodMention], places: list[PlaceMention]) -> Name | None:
    """The quantity that a clause opens with, as its topic (澳门博彩收入 in 澳门博彩收入跌势持续); None when it opens otherwise."""
    head = start
    while head < end and (text[head] in _EDGE or any(p.start <= head < p.end for p in periods)):
        head += 1
    quoted = _QUOTED_END.search(text, head, end)
    if quoted:
        return Name(quoted[1], quoted.start(1), quoted.end(1))
    for match in _cues()["cut"].finditer(text, head, end):
        head = start = match.end()
    if _CIRCUMSTANCE.match(text, head, end):
        return None
    until = _last_head(text, head, min(end, head + 60))
    if until:
        name = cut_name(text, start, until, periods, places).name
        if name is not None and len(name.text) >= 2 and has_head(name.text):
            return name
    said = _SAID_OF.search(text, head, min(end, head + 20))
    if said and said.start() - head >= 2:
        return cut_name(text, start, said.start(), periods, places).name
    moved = _MOVING.search(text, head, min(end, head + 60))
    if moved and moved.start() - head >= 2 and (CLASS_END.search(text, head, moved.start()) or _SO.match(text, moved.end())):
        return cut_name(text, start, moved.start(), periods, places).name  # 电子行业增长迅猛，增速达…
    return None


_SO = re.compile(any_of("so"))


def _last_head(text: str, start: int, end: int) -> int:
    """Where the quantity ends that a topic is: the last head before a verb, or the first where no verb follows; 0 without one."""
    heads = [match.end() for match in _inner_head().finditer(text, start, end)]
    if not heads:
        return 0
    verb = _MOVING.search(text, heads[0], end)
    return next((at for at in reversed(heads) if verb and at <= verb.start()), heads[0])


#: What a topic is said to do: 回升, 表现, 有所….
_KINDS = by_kind("change_cues", "kind")
_MOVED = union((*_KINDS["up"], *_KINDS["down"], *_KINDS["rate_up"], *_KINDS["rate_down"]))
_MOVING = re.compile(f"{any_of('said_of')}|{any_of('moving')}|{_MOVED}")
CLASS_END = re.compile(f"(?:{any_of('class_noun')}|{any_of('closing')})$")
_QUOTED_END = re.compile(r"[「“《]([^「」“”《》]{6,30})[」”》]$")
#: Verbs that say something of a topic: what stands before them is the topic (海洋原油成为重要增长极).
_SAID_OF = re.compile(any_of("said_of"))
_CIRCUMSTANCE = re.compile(any_of("circumstance"))


@cache
def _inner_head() -> re.Pattern[str]:
    return re.compile(f"(?:{union(by_kind('metric_heads', 'place')['end'])})(?![据字码])")


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
            at = max(at, high)
        kept.extend(range(at, end))
        self.kept, self.chars = kept, "".join([text[i] for i in kept])

    def cut(self, rank: bool) -> Cut:
        self._close(rank)
        for match in _cues()["cut"].finditer(self.chars, 0, self.high):
            if match.end() < self.high:
                until, self.high = self.high, match.start() + 1
                self._open()  # who says or plans it may be the body measured
                self.low, self.high = match.end(), until
        self._open()
        self._middle()
        whole = self.chars[self.low : self.high]
        name = _narrowed(tidy(self._after_etc(whole)))
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
        ends = {p.end: p for p in self.places} if rank else {}
        tail = _tail(rank)
        moved_by = _MOVED_BY.search(self.chars, self.low, self.high)
        if moved_by and moved_by.start() - self.low >= 2:
            self.high = moved_by.start()
        while self.high > self.low:
            if self.chars[self.high - 1] in _EDGE or self.chars[self.high - 1] in _QUOTES:
                self.high -= 1
                continue
            place = ends.get(self.kept[self.high - 1] + 1)
            if place is not None and self.high - (place.end - place.start) > self.low:
                self.high -= place.end - place.start  # 净增户数全省第三
                continue
            match = tail.search(self.chars, max(self.low, self.high - 8), self.high)
            if match is None or not self._whole_word(match.start(), self.high):
                return
            self.high = match.start()

    def _open(self) -> None:
        by_start = {p.start: p for p in self.places}
        lead, keep = _cues()["lead"], _cues()["keep"]
        chars = self.chars
        while self.low < self.high:
            if chars[self.low] in _EDGE or chars[self.low] in _CLOSERS:
                self.low += 1
                continue
            place = by_start.get(self.kept[self.low])
            if (
                place is not None
                and not place.in_name
                and not place.text.endswith("内")
                and place.text != "内地"
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
            match = None if keep.match(chars, self.low, self.high) else lead.match(chars, self.low, self.high)
            if match and self._whole_word(self.low, match.end()):
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
        if etc is None or etc.start() == 0 or len(name) - etc.end() < 2 or name[: etc.start()].endswith("高"):
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
#: 需求|在消费反弹的带动下
_MOVED_BY = re.compile(rf"在[^，。；]{{2,40}}(?:{any_of('moved_by')})$")
#: 海关监管经|珠海公路口岸, 到|乌镇景区: words before the name of a body.
_WAY_TO = re.compile(rf"^(?:.*(?:{any_of('way_to')})|到|赴)(?=..)")
_BEFORE_OTHER_PLACES = "对与同自从向在占和、及比到往至是为驻赴访来"


_DOING = re.compile(rf"(?:{any_of('doing')})$")


def _narrowed(name: str) -> str:
    """The quantity itself: 薪酬总额 of 高管领取的薪酬总额, 投资收益 of 营业收入中投资收益."""
    before, of, rest = name.rpartition("的")
    if of and len(rest) >= 2 and has_head(rest) and _DOING.search(before):
        name = rest
    before, of, rest = name.rpartition("中")
    if of and len(rest) >= 2 and rest[0] not in "的位" and has_head(rest) and _heads()[0].search(before):
        name = rest
    return name


@lru_cache(8192)
def tidy(name: str) -> str:
    """A name without unpaired quotes, long brackets and leftover verbs."""
    if _UNTIDY.search(name):
        name = _BLANK.sub("", name)
        name = _ASIDE.sub("", name)
        name = _FOR_WHOM.sub("", name)
        name = _PER.sub("", name)
        name = _paired(name)
    short = _cues()["drop"].sub("", name) if len(name) > 3 else name
    if short == "投资":
        short = "完成投资" if "完成" in name else short
    return short.strip(_EDGE + "的")


def _paired(name: str) -> str:
    """The part of a name that no unpaired quote cuts off."""
    opens = [i for i, c in enumerate(name) if c in _QUOTES and _QUOTES[c] not in name[i:]]
    closes = [i for i, c in enumerate(name) if c in _CLOSERS and _CLOSERS[c] not in name[:i]]
    if closes:
        return name[max(closes) + 1 :] if max(closes) < len(name) - 1 else name[: closes[0]]
    return name[opens[-1] + 1 :] if opens else name


_BLANK = re.compile(r"[\s\x00]+")
#: Characters without which a name has nothing to tidy but leftover verbs.
_UNTIDY = re.compile(r"[\s\x00为向给每" + re.escape("".join((*_QUOTES, *_CLOSERS))) + "]")
#: Brackets that only explain: long ones, and those that say what is counted in.
_ASIDE = re.compile(r"[（(](?:[^（）()]{9,}|(?:不?含|包括|按|以|即|下同)[^（）()]*)[）)]|[（(][^（）()]*\+[^（）()]*[）)]")
#: 为住户提供食品 is about what is provided.
_FOR_WHOM = re.compile(rf"^.*?(?:为|向|给)[^，。]{{2,16}}?(?={any_of('giving')})")
_PER = re.compile(r"每\d*(?:克|公斤|斤|吨|桶|盎司|亩|股|平方米|千克|升|辆|人|户|天|年)?(?:卖|售)?$")
