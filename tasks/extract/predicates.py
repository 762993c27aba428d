"""What the words before an amount say of it: level, growth, change, share, gap, contribution or rank.

``read_predicate`` walks backwards from the amount through the words that may stand between it and
its verb (约, 达, 至 …), the verb (增长, 回落 …) and the verb's modifiers (同比, 比上月 …).  What is
left of the clause before them is where the name of the indicator stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tasks.extract.cues import by_kind, ending, mapping, union
from tasks.extract.periods import PeriodMention

_SKIP = re.compile(r"[\s：:“”‘’\"']+$")
_TURNED = re.compile(r"(?:转为|变为|转向|转)$")
_FROM = re.compile(r"(?:由|从)$")
_SHARE_OF = re.compile(r"占(?P<whole>[^，；。占]*?)的?(?:总)?(?:比重|比例|份额|比|百分比)?(?:为|达到?|至|到|的)?$")
_TIME_LIKE = re.compile(r"同期|上年|去年|新年|春节|节前|前年|上月|上季|上周|年初|上半年|前一|\d{4}年|往年|历史|一季度|月份?$|月末|年末|年底")
_HIGHER = r"(?:高出?|快|多出?|强|上升|提高|提升|增加|加快|扩大|增长|上涨|大)"
_LOWER = r"(?:低|慢|少|弱|小|回落|下降|降低|收窄|减少|放缓|下跌)"
_THAN = re.compile(
    rf"(?:比|较|与|同|跟|相比)(?P<ref>[^，；。比较]{{1,30}}?)(?:相比)?(?:则|要|还|更|分别|大幅|小幅|略)?(?:(?P<up>{_HIGHER})|(?P<down>{_LOWER}))(?:了|出|约|近|达)?$"
)
_OVER = re.compile(
    r"(?:(?P<up>高于|高出|快于|多于|超出|超过|领先于?|优于|大于|好于|超)|(?P<down>低于|慢于|少于|落后于?|低出|小于|不及))"
    r"(?P<ref>[^，；。]{1,30}?)(?:约|近|达|了)?$"
)
_CONTRIBUTION = re.compile(
    r"(?:(?P<down>下拉|拖累|拉低|负拉动|影响[^，；。]{0,20}?下[降跌]|拉动[^，；。]{0,20}?下[降跌]|影响[^，；。]{0,20}?回落)|(?P<up>拉动|带动|推动|推高|影响|贡献|拉升|撑起|支撑))"
)
_RATE_OF_CONTRIBUTION = re.compile(r"(?:贡献率|贡献度|贡献份额|贡献比重)(?:为|达到?|高达|超过?|近|约|分别|提高到|至|是)*$")
_MOVED_DOWN_TO = re.compile(r"(?:由|从)[^，；。]*$")


@dataclass(slots=True)
class Predicate:
    """How an amount is stated; ``name_end`` is where the words of its indicator end in the body."""

    measure: str
    name_end: int
    sign: int = 1
    basis: str | None = None
    base: PeriodMention | None = None
    earlier: PeriodMention | None = None
    reach: bool = False
    rate: int = 0
    shared: bool = False
    cue: str = ""
    stated: bool = False
    points: bool = False


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    kinds = by_kind("change_cues", "kind")
    return {kind: ending(words) for kind, words in kinds.items()} | {
        "basis": ending(mapping("basis_cues", "word", "basis")),
        "keep": re.compile("(?:新增|累计新增|净新增|增设|增资|提增|引进|可新增)$"),
        "verb": re.compile(f"(?:{union((*kinds['up'], *kinds['down']))})$"),
    }


_SINGLE = {"增", "升", "涨", "降", "减", "跌", "挫", "泻"}


class Backwards:
    """A cursor that walks from an amount towards the start of its clause."""

    __slots__ = ("base", "basis", "earlier", "end", "mentions", "start", "text")

    def __init__(self, text: str, start: int, end: int, mentions: list[PeriodMention]) -> None:
        self.text, self.start, self.end = text, start, end
        self.mentions = mentions
        self.basis: str | None = None
        self.base: PeriodMention | None = None
        self.earlier: PeriodMention | None = None

    def take(self, pattern: re.Pattern[str]) -> str:
        """The word of the pattern that ends at the cursor, which moves before it; "" if none does."""
        low = max(self.start, self.end - 24)
        match = pattern.search(self.text, low, self.end)
        if match is None:
            return ""
        self.end = match.start()
        return match.group()

    def fillers(self) -> bool:
        """Skips fillers; whether one right before the amount's verb says what was reached (增加到)."""
        patterns = _patterns()
        reach = False
        while True:
            if self.take(_SKIP):
                continue
            if self.take(patterns["reach"]):
                reach = True
                continue
            if self.take(patterns["fill"]):
                reach = False if not reach else reach
                continue
            return reach

    def modifiers(self) -> None:
        """Skips what stands before a verb of change: comparison bases, periods, adverbs."""
        patterns = _patterns()
        codes = mapping("basis_cues", "word", "basis")
        while self.end > self.start:
            if self.take(_SKIP):
                continue
            mention = self._mention()
            if mention is not None:
                continue
            word = self.take(patterns["basis"])
            if word:
                if word == "同" and self.end > self.start and self.text[self.end - 1] in "相共合不":
                    self.end += 1
                    return
                if self.basis is None or codes[word] == "avg":
                    self.basis = codes[word]
                continue
            if self.take(patterns["fill"]):
                continue
            if self.take(_ADVERBS):
                continue
            return

    def _mention(self) -> PeriodMention | None:
        for mention in reversed(self.mentions):
            if mention.end == self.end and mention.role in ("base", "earlier", "period") and mention.start >= self.start:
                if mention.role == "period":
                    # 比 + a period that the reader of periods left as a plain one.
                    if not (mention.start > self.start and self.text[mention.start - 1] in "比较"):
                        return None
                self.end = mention.start
                if mention.role == "earlier":
                    self.earlier = mention
                elif self.base is None:
                    self.base = mention
                if self.end > self.start and self.text[self.end - 1] in "比较同与":
                    self.end -= 1
                return mention
        return None


_ADVERBS = re.compile(r"(?:实际|名义|平均|累计|总体|整体|全线|双双|齐|逆势|逆市|快速|较快|稳步|平稳|恢复性|可比|当月|逐月|首次|反而|仍然|仍|亦|则|再次|连续|相比|相应|由|从|转为|转|变为|轻微|年|按可比价格|按可比口径|按可比价|按不变价格|按不变价|扣除价格因素|，剔除价格因素)$")


#: 增速连续两年居全省 before 第一: among whom the rank is, not what is ranked.
_PLACED = re.compile(
    r"(?:的)?(?:增速|增幅|增长率|总量|规模|速度)?(?:连续[^，。；]{1,4}年)?(?:继续|稳|跃|仍|分别|均|在)?"
    r"(?:位居|位列|名列|位于|排名|排位|跃居|稳居|[居列排])(?:在)?[^，；。]{0,16}$"
)
#: A comparison that the lists of bases don't know: 较发行价, 比平日, 较节前.
_COMPARED = re.compile(r"(?:较|(?<![占同环对之贷货])比(?![重例率值]))(?P<with>[^，；。：（）较比]{1,10}?)(?:相比)?(?:每[\u4e00-\u9fff]{1,2})?$")


def _uncompared(cursor: Backwards) -> None:
    """Takes an unlisted comparison off the words before a verb of change."""
    match = _COMPARED.search(cursor.text, cursor.start, cursor.end)
    if match and match.start() >= cursor.end - 14:
        cursor.end = match.start()
        if cursor.basis is None and cursor.base is None and re.search(r"日|周|月|前|价", match["with"]):
            cursor.basis = "pop"


def read_predicate(text: str, start: int, end: int, kind: str, mentions: list[PeriodMention]) -> Predicate:
    """What ``text[start:end]``, the clause up to an amount of ``kind``, says of the amount.

    ``mentions`` are the period mentions within the clause, in order.
    """
    patterns = _patterns()
    if kind == "rank":
        placed = _PLACED.search(text, start, end)
        return Predicate("rank", placed.start() if placed else end)
    cursor = Backwards(text, start, end, mentions)
    if kind in ("percent", "multiple", "pp", "bp"):
        found = _RATE_OF_CONTRIBUTION.search(text, start, end)
        if found:
            cursor.end = found.start()
            return Predicate("contribution", _before_target(text, start, found.start()), cue="贡献率")
    if kind in ("pp", "bp"):
        return _points(text, start, end, cursor)
    stated = _earlier_value(text, start, end, mentions)
    if stated is not None:
        return stated
    reach = cursor.fillers()
    after_fill = cursor.end
    if kind != "percent" and kind != "multiple" and cursor.take(patterns["keep"]):
        return Predicate("level", after_fill)
    if kind in ("percent", "multiple"):
        for share_kind in ("share",):
            word = cursor.take(patterns[share_kind])
            if word:
                found = _SHARE_OF.search(text, start, after_fill)
                name_end = found.start() if found else cursor.end
                if word == "占" and text[max(start, cursor.end - 1) : cursor.end] == "约":
                    word = "约占"
                return Predicate("share", name_end, cue=word, reach=reach)
        found = _SHARE_OF.search(text, start, end)
        if found and "占" in text[start:end] and not patterns["verb"].search(text, start, after_fill):
            return Predicate("share", found.start(), cue="约占" if text[max(start, found.start() - 1) : found.start()] == "约" else "占")
        if found and reach and re.search(r"比重|占比|比例|份额", text[found.start() : end]):
            return Predicate("share", found.start(), cue="占", reach=True)
    word = cursor.take(patterns["rate_up"])
    sign = 1
    if not word:
        word = cursor.take(patterns["rate_down"])
        sign = -1
    if word:
        if cursor.take(_MEAN):
            cursor.basis = "avg"
        cursor.modifiers()
        cursor.take(re.compile("的$"))
        return Predicate("growth" if kind in ("percent", "multiple") else "change", cursor.end, sign, cursor.basis, cursor.base, cursor.earlier, False, sign, cue=word)
    before = cursor.end
    word = _verb(cursor)
    if word:
        sign = -1 if word in by_kind("change_cues", "kind")["down"] else 1
        cursor.modifiers()
        _uncompared(cursor)
        if kind in ("percent", "multiple"):
            if reach and re.search(r"率$|占比$|比重$|份额$|比例$", text[start : cursor.end]):
                measure = "share" if re.search(r"占比$|比重$|份额$|比例$", text[start : cursor.end]) else "level"
                return Predicate(measure, cursor.end, 1, None, None, None, True, cue=word)
            if cursor.take(patterns["rate_down"]):
                return Predicate("growth", cursor.end, -1, cursor.basis, cursor.base, cursor.earlier, reach, -1, cue=word)
            if cursor.take(patterns["rate_up"]):
                return Predicate("growth", cursor.end, 1, cursor.basis, cursor.base, cursor.earlier, reach, 1, cue=word)
            if reach and not text[start : cursor.end].strip("，、 "):
                return Predicate("level", cursor.end, 1, None, None, cursor.earlier, True)
            return Predicate("growth", cursor.end, sign, cursor.basis, cursor.base, cursor.earlier, False, sign, cue=word)
        if reach:
            return Predicate("level", cursor.end, 1, None, None, cursor.earlier, True, cue=word)
        return Predicate("change", cursor.end, sign, cursor.basis, cursor.base, cursor.earlier, cue=word)
    cursor.end = before
    if kind not in ("percent", "multiple"):
        word = cursor.take(patterns["more"]) or cursor.take(patterns["less"])
        if word:
            cursor.modifiers()
            if cursor.basis or cursor.base or cursor.end <= start:
                return Predicate("change", cursor.end, -1 if word == "少" else 1, cursor.basis, cursor.base, cue=word)
        cursor.end = before
    if kind not in ("percent", "multiple"):
        than = _THAN.search(text, start, after_fill)
        over = None if than else re.search(r"(?:高出|低出|多出|高于|低于)(?P<ref>[^，；。]{1,20})$", text[start:after_fill])
        if than and than["ref"]:
            sign = -1 if than["down"] else 1
            measure = "change" if _TIME_LIKE.search(than["ref"]) else "gap"
            return Predicate(measure, than.start(), sign, _basis_of(than["ref"]) if measure == "change" else None, _mention_in(mentions, than.start(), than.end()))
        if over:
            return Predicate("gap", start + over.start(), -1 if over.group().startswith("低") else 1)
    cursor.modifiers()
    if kind in ("percent", "multiple"):
        word = cursor.take(patterns["rate_up"]) or cursor.take(patterns["rate_down"])
        if word:
            sign = -1 if word in by_kind("change_cues", "kind")["rate_down"] else 1
            cursor.modifiers()
            return Predicate("growth", cursor.end, sign, cursor.basis, cursor.base, cursor.earlier, reach, sign, cue=word)
        than = _THAN.search(text, max(start, after_fill - 40), after_fill)
        if than:
            base = _mention_in(mentions, than.start(), than.end())
            sign = -1 if than["down"] else 1
            if base is not None or _TIME_LIKE.search(than["ref"]):
                return Predicate("growth", than.start(), sign, _basis_of(than["ref"]), base, cue="较")
            return Predicate("gap", _strip_rate(text, start, than.start()), sign, cue="较")
        if _COMPLETED.search(text, start, end):
            return Predicate("share", start, cue="完成")
        if _AMONG.search(text, start, after_fill):
            return Predicate("share", after_fill)
    return Predicate("level", cursor.end, 1, cursor.basis, cursor.base, cursor.earlier, reach)


_MEAN = re.compile(r"(?:年)?(?:平均|均)$")
_COMPLETED = re.compile(r"(?:完成|占|达到?|为)?(?:全年|年度|年初|计划|预算|目标|任务)[^，；。]*的$")
_AMONG = re.compile(r"(?:当)?中$")
_OF_PERIOD = re.compile(r"(?:高于|低于|超过|多于|少于|快于|慢于|较|比|与|同|相比于?|由|从|于|超)$")


def _earlier_value(text: str, start: int, end: int, mentions: list[PeriodMention]) -> Predicate | None:
    """A value of an earlier period, stated for comparison: 高于上年同期的1107.8亿元, 由2015年的206天."""
    stop = end
    while stop > start and text[stop - 1] in "的约近不足 ":
        stop -= 1
    for mention in reversed(mentions):
        if mention.end == stop and mention.start >= start and text[stop : stop + 1] == "的":
            before = _OF_PERIOD.search(text, start, mention.start)
            if before is None:
                return None
            return Predicate("level", before.start(), earlier=mention, cue=before.group(), stated=True)
    return None


def _verb(cursor: Backwards) -> str:
    patterns = _patterns()
    mark = cursor.end
    word = cursor.take(patterns["verb"])
    if word in _SINGLE and cursor.end > cursor.start and cursor.text[cursor.end - 1] in "新激递公毫晋上提回起涨":
        cursor.end = mark
        return ""
    return word


def _points(text: str, start: int, end: int, cursor: Backwards) -> Predicate:
    """Percentage points: the change of a rate, a gap between two, or a contribution."""
    patterns = _patterns()
    low = max(start, end - 60)
    found = None
    for found in _CONTRIBUTION.finditer(text, low, end):
        break
    if found is not None and (found.group()[0] in "拉下拖" or not re.search(r"(?:涨幅|降幅|增速|增幅|跌幅)", text[found.end() : end])):
        sign = -1 if found["down"] else 1
        name_end = found.start()
        tail = text[found.start() : end]
        if re.match(r"影响(?:约|为|达|分别|大?约?为)*$", tail):
            name_end = found.end()
        return Predicate("contribution", name_end, sign, cue=found.group())
    cursor.fillers()
    after_fill = cursor.end
    word = _verb(cursor)
    if word:
        sign = -1 if word in by_kind("change_cues", "kind")["down"] else 1
        than = _THAN.search(text, low, after_fill)
        cursor.modifiers()
        if not than:
            _uncompared(cursor)
        rate = 0
        if cursor.take(patterns["rate_down"]):
            rate, sign = -1, -sign if word in _WIDTH else sign
        elif cursor.take(patterns["rate_up"]):
            rate = 1
        shared = bool(re.search(r"占[^，；。]*(?:比重|比例|份额)?$|占比$|比重$|份额$", text[low : cursor.end]))
        name_end = cursor.end
        if shared:
            of = _SHARE_OF.search(text, low, cursor.end)
            name_end = of.start() if of else cursor.end
        if than and cursor.base is None and cursor.basis is None and not _TIME_LIKE.search(than["ref"]):
            return Predicate("gap", _strip_rate(text, start, than.start()), sign, cue=word)
        return Predicate("change", name_end, sign, cursor.basis, cursor.base, cursor.earlier, False, rate, shared, word)
    year = re.search(r"(同比|环比)(?:[^，；。]{0,3})(高|低|多|少|快|慢)(?:出|了)?$", text[low:after_fill])
    if year:
        sign = -1 if year[2] in "低少慢" else 1
        return Predicate("change", low + year.start(), sign, "yoy" if year[1] == "同比" else "pop", cue=year[2])
    than = _THAN.search(text, low, after_fill) or _OVER.search(text, low, end)
    if than:
        sign = -1 if than["down"] else 1
        base = _mention_in(mentions=cursor.mentions, start=than.start(), end=than.end())
        timed = base is not None or _TIME_LIKE.search(than["ref"]) is not None
        name_end = _strip_rate(text, start, than.start())
        if timed and not re.search(r"全国|全省|全市|平均|预期|目标", than["ref"]):
            return Predicate("change", name_end, sign, _basis_of(than["ref"]), base)
        return Predicate("gap", name_end, sign)
    cursor.modifiers()
    return Predicate("change", cursor.end, 1, cursor.basis, cursor.base, cursor.earlier)


#: Verbs that widen or narrow a rate: with 降幅 they turn the sign round.
_WIDTH = {"扩大", "收窄", "缩小", "缩窄", "扩张", "回落", "加深", "放缓", "提高", "上升", "下降", "减缓", "减少", "增加", "缩减"}
_RATE_END = re.compile(r"(?:的)?(?:同比|累计|平均)?(?:增速|增幅|涨幅|降幅|跌幅|增长率|水平)?(?:分别|均|已|仍|也|还)?$")


def _strip_rate(text: str, start: int, end: int) -> int:
    match = _RATE_END.search(text, start, end)
    return match.start() if match else end


def _mention_in(mentions: list[PeriodMention], start: int, end: int) -> PeriodMention | None:
    for mention in mentions:
        if start <= mention.start and mention.end <= end:
            return mention
    return None


def _basis_of(reference: str) -> str | None:
    codes = mapping("basis_cues", "word", "basis")
    for lead in ("比", "较"):
        for cut in (reference, reference.rstrip("的")):
            if lead + cut in codes:
                return codes[lead + cut]
    if "去年同期" in reference or "上年同期" in reference:
        return "yoy"
    return None


def _before_target(text: str, start: int, end: int) -> int:
    """The start of 对…的 before 贡献率: what contributes stands before it."""
    found = re.search(r"对[^，；。]{1,30}$", text[start:end])
    return start + found.start() if found else end
