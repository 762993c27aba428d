"""What the words before an amount say of it: level, growth, change, share, gap, contribution or rank.

``read_predicate`` walks backwards from the amount through the words that may stand between it and
its verb (约, 达, 至 …), the verb (增长, 回落 …) and the verb's modifiers (同比, 比上月 …).  What is
left of the clause before them is where the name of the indicator stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from tasks.extract.backwards import Backwards, patterns, sign_of
from tasks.extract.comparison import basis_of, before_rate, compared, is_yardstick, reached_in, skip_unlisted, value_of_period
from tasks.extract.cues import Ending, any_of
from tasks.extract.period_mention import PeriodMention

_SHARE_OF = re.compile(r"占(?P<whole>[^，；。占]*?)的?(?:总)?(?:比重|比例|份额|比|百分比)?(?:为|达到?|至|到|的)?$")
_SHARE_NAMED = re.compile(r"比重|占比|比例|份额")
_SHARE_END = re.compile(r"(?:占比|比重|份额|比例)$")
_RECOVERED = re.compile(rf"(?:{any_of('recovered')})[^，。；]{{0,14}}的(?:约|近)?$")
#: 销量达到总销量的46%, 约为平日的1.9倍: a part or a multiple of another value.
_PART_OF = re.compile(rf"(?:约|仅|已|分别|大约)*(?:{any_of('part_of')})[^，。；、\d]{{2,14}}的(?:约|近|超过?)?$")
_OTHER_SERIES = re.compile(rf"[较比][^，。；较比]{{0,12}}(?:{any_of('other_series')})[^，。；较比]{{0,14}}$")
_GROWTH = re.compile("增长(?:将|会|预计)?$")
_MEAN = Ending(("年平均", "平均", "年均", "均"))
_OF = Ending(("的",))
#: What ends the words for another value (恢复至…的约, 达到…的).
_OF_ANOTHER = frozenset("的约近超过")
_COMPLETED = re.compile(
    r"(?:完成了?(?:[省市县区]?(?:政府|委|定|里|级)?(?:下达|考核|工作|既定|预定|绩效)?的?)|占|达到?|为)?"
    r"(?:全年|年度|年初|计划|预算|目标|任务)[^，；。]*的$"
)
_NOTHING = re.compile("[，、 有只仅]*")
_AMONG = Ending(("中",))
_CONTRIBUTION_RATE = re.compile(rf"(?:{any_of('contribution_rate')})(?:为|达到?了?|高达|超过?|近|约|分别|提高到|至|是|均)*$")
_CONTRIBUTED_TO = re.compile(r"对[^，；。]{1,30}$")
_CONTRIBUTION = re.compile(rf"(?P<down>{any_of('dragging')}|(?:影响|拉动)[^，；。]{{0,20}}?(?:下[降跌]|回落))|(?P<up>{any_of('lifting')})")
#: 贡献了全市外贸增量的89.4%
_CONTRIBUTED = re.compile(r"贡献了?[^，。；]{2,20}的$")
_INFLUENCE = re.compile(r"影响(?:约|为|达|分别)*$")
_RATE = re.compile(r"涨幅|降幅|增速|增幅|跌幅")
_MOVED_SHARE = re.compile(r"占[^，；。]*(?:比重|比例|份额)?$|占比$|比重$|份额$")
_AGAINST = re.compile(r"(?P<basis>同比|环比)(?:[^，；。]{0,3})(?P<way>高|低|多|少|快|慢)(?:出|了)?$")
#: 增速连续两年居全省 before 第一: among whom the rank is, not what is ranked.
_PLACED = re.compile(
    r"(?:的)?(?:增速|增幅|增长率)?(?:连续[^，。；]{1,4}年)?(?:继续|稳|跃|仍|分别|均|在)?"
    rf"(?:{any_of('placed')}|居(?![民住])|列(?!车)|排(?![放名]))(?:在)?[^，；。]{{0,16}}$"
)
#: How far back a contribution is looked for.
_WINDOW = 60


@dataclass(slots=True)
class Predicate:
    """How an amount is stated.

    ``name_end`` is where the words of its indicator end in the body; ``sign`` turns the amount negative; ``base`` is
    the period compared with, ``earlier`` the one the amount belongs to when it is stated for comparison (then
    ``stated``); ``reach``: a level reached by a change (增至); ``rate``: 1 or -1 when a rate of increase or decrease
    is spoken of; ``shared``: a share is; ``cue``: the word that told.
    """

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


def read_predicate(text: str, start: int, end: int, kind: str, mentions: list[PeriodMention]) -> Predicate:
    """What ``text[start:end]``, the clause up to an amount of ``kind``, says of the amount.

    ``mentions`` are the period mentions within the clause, in order.
    """
    if kind == "rank":
        placed = _PLACED.search(text, start, end)
        return Predicate("rank", placed.start() if placed else end)
    if kind in ("percent", "multiple", "pp", "bp"):
        found = _CONTRIBUTION_RATE.search(text, start, end)
        if found:
            target = _CONTRIBUTED_TO.search(text, start, found.start())
            return Predicate("contribution", target.start() if target else found.start(), cue=found.group())
    if kind in ("pp", "bp"):
        return _points(text, start, end, mentions)
    of_another = kind in ("percent", "multiple") and end > start and text[end - 1] in _OF_ANOTHER
    recovered = _RECOVERED.search(text, start, end) if of_another else None
    if recovered:
        return Predicate("share", recovered.start(), cue="恢复至")
    compared_to = _PART_OF.search(text, start, end) if of_another else None
    if compared_to and not patterns()["verb"].size(text, start, compared_to.start()):
        return Predicate("share" if kind == "percent" else "level", compared_to.start(), cue=compared_to.group())
    end = reached_in(text, start, end, mentions)
    stated = value_of_period(text, start, end, mentions)
    if stated is not None:
        back = Backwards(text, start, stated[1], mentions)
        rate = (back.rate() or _grows(back)) if kind in ("percent", "multiple") else 0
        whole = _SHARE_OF.search(text, start, back.end) if kind == "percent" and not rate else None
        measure = "growth" if rate else "share" if whole else "level"
        at = whole.start() if whole else back.end
        return Predicate(measure, at, rate or 1, earlier=stated[0], rate=rate, cue="的", stated=True)
    cursor = Backwards(text, start, end, mentions)
    if kind in ("percent", "multiple"):
        return _rate(cursor)
    return _quantity(cursor)


def _grows(back: Backwards) -> int:
    """1 when the name before an earlier value ends with 增长: 经济增长将从2022年的3%降至…."""
    return 1 if _GROWTH.search(back.text, back.start, back.end) else 0


def _moved(measure: str, cursor: Backwards, sign: int, word: str, rate: int = 0) -> Predicate:
    return Predicate(measure, cursor.end, sign, cursor.basis, cursor.base, cursor.earlier, rate=rate, cue=word)


def _noun_of_rate(cursor: Backwards, measure: str, cue: str) -> Predicate | None:
    """年均增速8%, 降幅3%, 增幅为2万元: a noun that says the movement, right before the amount."""
    rate = cursor.rate()
    if not rate:
        return None
    if cursor.take(_MEAN):
        cursor.basis = "avg"
    cursor.modifiers()
    cursor.take(_OF)
    return _moved(measure, cursor, rate, cue, rate)


def _rate(cursor: Backwards) -> Predicate:
    """A percentage or a multiple: growth, share, a level of its own, or a gap."""
    text, start, end = cursor.text, cursor.start, cursor.end
    if text.startswith("翻", end):
        cursor.modifiers()
        return _moved("growth", cursor, 1, "翻", 1)
    reach = cursor.fillers()
    filled = cursor.end
    share = _share(cursor, reach, end)
    if share is not None:
        return share
    stated = _noun_of_rate(cursor, "growth", "增速")
    if stated:
        return stated
    word = cursor.verb()
    if word:
        about = text[max(start, cursor.end - 1) : cursor.end] == "约"
        moved = _moved_rate(cursor, word, reach)
        moved.cue = f"约{moved.cue}" if about else moved.cue  # 比上年约增长3%
        return moved
    more = cursor.take(patterns()["more"]) or cursor.take(patterns()["less"])
    cursor.modifiers()
    if more and (cursor.basis or cursor.base):
        return _moved("growth", cursor, sign_of(more), more)  # 按年多10%
    if more:
        cursor.end = filled
        cursor.modifiers()
    rate = cursor.rate()
    if rate:
        cursor.modifiers()
        return _moved("growth", cursor, rate, "增速", rate)
    than = compared(text, start, filled, cursor.mentions, over=False)
    if than:
        if than.timed:
            return Predicate("growth", than.start, than.sign, basis_of(than.ref), than.base, cue="较")
        return Predicate("gap", before_rate(text, start, than.start), than.sign, cue="较")
    of_whole = text[end - 1 : end] == "的"
    contributed = _CONTRIBUTED.search(text, start, end) if of_whole else None
    if contributed:
        return Predicate("contribution", contributed.start(), cue="贡献")
    completed = _COMPLETED.search(text, start, end) if of_whole else None
    if completed:
        return Predicate("share", completed.start(), cue="完成")
    if _AMONG.size(text, start, filled) or (text[start - 2 : start] == "中，" and _NOTHING.fullmatch(text, start, filled)):
        return Predicate("share", filled)
    return Predicate("level", cursor.end, 1, cursor.basis, cursor.base, cursor.earlier, reach)


def _share(cursor: Backwards, reach: bool, end: int) -> Predicate | None:
    """A share of a whole: 占…的, 占比."""
    text, start, filled = cursor.text, cursor.start, cursor.end
    word = cursor.take(patterns()["share"])
    whole = _SHARE_OF.search(text, start, filled if word else end)
    if word:
        at = whole.start() if whole else cursor.end
    elif whole and not patterns()["verb"].size(text, start, filled):
        at = whole.start()
    elif whole and reach and _SHARE_NAMED.search(text, whole.start(), end):
        at = whole.start()
    else:
        return None
    if word.endswith(("率", "份额")):
        at = filled  # 国内市场占有率 is the name itself
    about = text[max(start, at - 1) : at] == "约"
    return Predicate("share", at, cue="约占" if about else word or "占", reach=reach)


def _moved_rate(cursor: Backwards, word: str, reach: bool) -> Predicate:
    """A percentage after a verb of change: growth, or a rate or share that reached it."""
    cursor.modifiers()
    other = _OTHER_SERIES.search(cursor.text, cursor.start, cursor.end) if cursor.basis is None and cursor.base is None else None
    if other:
        return Predicate("gap", other.start(), sign_of(word), cue=word)  # 较普通列车压缩30%
    skip_unlisted(cursor)
    rest = cursor.rest
    if reach and rest.endswith(("率", "占比", "比重", "份额", "比例", "指数")):
        measure = "share" if _SHARE_END.search(rest) else "level"
        return Predicate(measure, cursor.end, reach=True, cue=word)
    rate = cursor.rate()
    if rate:
        found = _moved("growth", cursor, rate, word, rate)
        found.reach = reach
        return found
    if reach and not rest.strip("，、 "):
        return Predicate("level", cursor.end, earlier=cursor.earlier, reach=True)
    sign = sign_of(word)
    return _moved("growth", cursor, sign, word, sign)


@cache
def _moving() -> frozenset[str]:
    """What the words that ``_moved_quantity`` looks for end in."""
    known = patterns()
    return frozenset().union(*(known[kind].lasts for kind in ("new", "rate_up", "rate_down", "verb", "more", "less")))


def _quantity(cursor: Backwards) -> Predicate:
    """Money, a count, a physical quantity or an index: a level, an absolute change, or a gap."""
    text, start = cursor.text, cursor.start
    reach = cursor.fillers()
    filled = cursor.end
    moved = _moved_quantity(cursor, reach) if cursor.last() in _moving() else None
    if moved:
        return moved
    than = compared(text, start, filled, cursor.mentions, above=True)
    if than and than.timed:
        return Predicate("change", than.start, than.sign, basis_of(than.ref), than.base)
    if than:
        return Predicate("gap", than.start, than.sign)
    cursor.modifiers()
    return Predicate("level", cursor.end, 1, cursor.basis, cursor.base, cursor.earlier, reach)


def _moved_quantity(cursor: Backwards, reach: bool) -> Predicate | None:
    """A quantity right behind a word for a movement (增长5万元, 增幅为2万元, 多出3亿元) or for what is new."""
    filled = cursor.end
    if cursor.take(patterns()["new"]):
        return Predicate("level", filled)
    stated = _noun_of_rate(cursor, "change", "增幅")
    if stated:
        return stated
    word = cursor.verb()
    if word:
        cursor.modifiers()
        skip_unlisted(cursor)
        if reach:
            return Predicate("level", cursor.end, earlier=cursor.earlier, reach=True, cue=word)
        return _moved("change", cursor, sign_of(word), word)
    word = cursor.take(patterns()["more"]) or cursor.take(patterns()["less"])
    if word:
        cursor.modifiers()
        if cursor.basis or cursor.base or cursor.end <= cursor.start:
            return _moved("change", cursor, sign_of(word), word)
        cursor.end = filled
    return None


def _points(text: str, start: int, end: int, mentions: list[PeriodMention]) -> Predicate:
    """Percentage points: the change of a rate, a gap between two, or a contribution."""
    low = max(start, end - _WINDOW)
    lift = _CONTRIBUTION.search(text, low, end)
    if lift and (lift.group()[0] in "拉下拖" or not _RATE.search(text, lift.end(), end)):
        at = lift.end() if _INFLUENCE.match(text, lift.start(), end) else lift.start()
        return Predicate("contribution", at, -1 if lift["down"] else 1, cue=lift.group())
    cursor = Backwards(text, start, end, mentions)
    cursor.fillers()
    filled = cursor.end
    word = cursor.verb()
    if word:
        return _moved_points(cursor, word, filled)
    against = _AGAINST.search(text, low, filled)
    if against:
        return Predicate(
            "change", against.start(), -1 if against["way"] in "低少慢" else 1, "yoy" if against["basis"] == "同比" else "pop", cue="高"
        )
    than = compared(text, start, filled, mentions) or compared(text, start, end, mentions)
    if than:
        at = before_rate(text, start, than.start)
        if than.timed and not is_yardstick(than.ref):
            return Predicate("change", at, than.sign, basis_of(than.ref), than.base)
        return Predicate("gap", at, than.sign)
    cursor.modifiers()
    return Predicate("change", cursor.end, 1, cursor.basis, cursor.base, cursor.earlier)


def _moved_points(cursor: Backwards, word: str, filled: int) -> Predicate:
    """Points by which a rate moved: 降幅收窄0.5个百分点 is a rise, 涨幅回落 a fall."""
    text, start = cursor.text, cursor.start
    than = compared(text, start, filled, cursor.mentions, over=False)
    cursor.modifiers()
    if not than:
        skip_unlisted(cursor)
    rate, sign = cursor.rate(), sign_of(word)
    if rate < 0:
        sign = -sign
    at, shared = cursor.end, bool(_MOVED_SHARE.search(text, max(start, cursor.end - _WINDOW), cursor.end))
    if shared:
        whole = _SHARE_OF.search(text, start, cursor.end)
        at = whole.start() if whole else at
    if than and not than.timed and cursor.base is None and cursor.basis is None:
        return Predicate("gap", before_rate(text, start, than.start), sign, cue=word)
    return Predicate("change", at, sign, cursor.basis, cursor.base, cursor.earlier, rate=rate, shared=shared, cue=word)
