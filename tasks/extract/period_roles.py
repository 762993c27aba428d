"""What part an expression of time plays in its clause: see ``PeriodMention.role`` in :mod:`tasks.extract.period_mention`."""

from __future__ import annotations

import re

from tasks.extract.period_grammar import any_of, number, words

_BASE = re.compile(rf"(?:{any_of('base')})(?:之|起|了)?$")
_BASE_LEVEL = re.compile(rf"(?:{any_of('base_level')})了?$")
_LEVEL = re.compile(rf"(?:的?(?:{any_of('level')}))")
_PAIR = re.compile(rf"(?:{any_of('base_pair')})$")
_PAIR_END = re.compile(any_of("pair_end"))
_FROM = re.compile(rf"(?:{any_of('from')})$")
_TURNED_ROUND = re.compile(rf"(?:{any_of('turned_round')})了?$")
_TURN = re.compile(any_of("turn"))
_REACHED = "".join(sorted({word[-2] for word in words("turn") if word[-1] in "至到"}))
#: Not 降至今年的0.7%: the state reached.
_UNTIL = re.compile(rf"(?<![{_REACHED}])(?:{any_of('until')})了?$")
_BEFORE = re.compile(r"(?:之|以)?前(?!后|期|列|景|往|来|去|夕|三|五|十|\d)")
_BUILT = re.compile(rf"(?:{any_of('built')})")
#: Not 预期指数, which is measured.
_FUTURE = re.compile(rf"(?:{any_of('future')})(?!指数)")
_RELEASE = re.compile(rf"(?!指出现)(?:{any_of('release')})")
_RELEASE_NOW = re.compile(rf"[^，。；,;\d]{{0,4}}?(?:{any_of('release')})")
_MOVE = re.compile(any_of("move"))
_NOT_AFTER = re.compile(any_of("not_after"))
#: 以来最大, 以来跌幅最大的一天.
_SUPERLATIVE = re.compile(rf"{any_of('superlative')}|[^，。；\d]{{1,4}}最[^，。；\d]{{1,2}}的一")
_DATELINE = re.compile(r"[电讯](?![力子网信器价量动视商话])")
_BEGINS = re.compile(r"[起开以来看]")
_SINCE = re.compile(r"(?:[^，。；：、！？\n\d是]{1,16}?以来|之后|以后|以来|起?至今(?!年)|(?<=年)来(?!看|说|自))")
_SINCE_BEGINS = tuple("之以起至来")
_ALONGSIDE = re.compile(any_of("alongside"))
_GOAL_LATER = re.compile(r"[^，。；]{1,16}?(?:目标|任务)")
_NUMERAL = r"(?:\d[\d.]*|[一二两三四五六七八九十百千零]{2,})"
_ANY_NUMERAL = re.compile(r"[\d一二两三四五六七八九十百半首]")
_STATED = re.compile(rf"[^\d]{{0,8}}?{_NUMERAL}(?:[万亿元]|[%％]的)")
_GOAL = re.compile(any_of("goal"))
_DURATION = re.compile(rf"(?:{any_of('duration')})了?$")
#: 截至6月30日|止六个月, |止年度: how long the period was that a day closes.
_LENGTH = re.compile(
    r"(?:为?止)?的?(?:(?P<months>[三六九369]|十二|12)个月|(?:止的?)?(?P<half>上半年|半年度?|中期)|止的?(?:财政|财务|会计|全)?(?P<year>年度|全年)|止的?(?P<quarter>季度?))"
)
_ITS_VALUE = re.compile(r"[仅只]?[为有是](?:约|近)?\d")
_AMONG = re.compile(rf"(?:{any_of('among')})[，的]?$")
_CLAUSE_END = re.compile(r"[，。；：！？、,;:!?（(）)\n]")
_SENTENCE_END = re.compile(r"[。；！？;!?\n]")
_STOP = re.compile(r"[\d。；！？;!?\n]")
_NUMBER = re.compile(r"[的为]?[^\d，。]{0,12}?\d")
_THAN = re.compile(r"(?<!相[比较对])[于过出及]$")
#: 恢复至2019年的近八成, 是去年同期的三倍: a part or a multiple of that period's value.
_RATIO = re.compile(
    r"的?(?:[^\d，。的]{0,4}的)?(?:约|近|超过?|逾|将近)?(?:\d[\d.]*(?:[%％倍成]|个百分之)|[一二两三四五六七八九十]+(?:[倍成]|点\d)|一半)"
)
_RATIO_OF = re.compile(rf"(?:{any_of('ratio_of')})了?$")
_OF_NUMBER = re.compile(rf"的[^\d，。]{{0,4}}?(?:\d|{_NUMERAL})")
_TITLE_OF_FIGURES = re.compile(r"报告|公报|年报|统计|月报|季报|白皮书|财报")

_LEADING = ("base", "base_level", "base_pair", "from", "until", "ratio_of", "duration")
#: What the words that tell a role end in, where they stand right before: a look at that character spares most searches.
_TELLING = frozenset("之起了").union(word[-1] for kind in _LEADING for word in words(kind))

#: How far to look around an expression, in characters: keeps the pass linear.
_BACK, _AHEAD = 6, 48


def clause_after(text: str, position: int, limit: int = _AHEAD) -> str:
    """The rest of the clause after a position, at most ``limit`` characters."""
    end = min(len(text), position + limit)
    stop = _CLAUSE_END.search(text, position, end)
    return text[position : stop.start() if stop else end]


def is_name(text: str, start: int, end: int) -> bool:
    """Whether the expression is part of a title or of the name of a metric (2021年的翘尾影响)."""
    if _NOT_AFTER.match(text, end):
        return True
    opened = text.rfind("《", max(0, start - 40), start)
    if opened < 0 or text.find("》", opened, start) >= 0:
        return False
    closed = text.find("》", end, end + 40)
    return closed >= 0 and not _TITLE_OF_FIGURES.search(text, end, closed)


def is_alongside(text: str, end: int) -> bool:
    """Whether 同期 only says that two things happen together (同期活动)."""
    return bool(_ALONGSIDE.match(text, end))


def is_goal(text: str, end: int) -> bool:
    """Whether 全年 belongs to the year's plan (全年任务): it dates what the plan asks, and nothing after."""
    return bool(_GOAL.match(text, end) or _GOAL_LATER.match(text, end))


def only_ranks(text: str, end: int) -> bool:
    """Whether the time before ``end`` only ranks a value (十年来最大, 2016年以来新高)."""
    return bool(_SUPERLATIVE.match(text, end))


def since_end(text: str, end: int) -> int:
    """End of the 以来 that closes a clause begun by the expression (1989年加入公约以来), or 0."""
    if text[end : end + 1] not in _SINCE_BEGINS and text.find("以来", end, end + 24) < 0:
        return 0
    found = _SINCE.match(text, end, end + 24)
    return found.end() if found else 0


def _told(text: str, start: int) -> bool:
    """Whether a word that tells a role may end before the expression."""
    return start > 0 and text[start - 1] in _TELLING


def opened_by_comparison(text: str, start: int) -> bool:
    """Whether 比, 较 or the like stands right before."""
    return bool(_BASE.search(text, max(0, start - _BACK), start))


def is_length(text: str, start: int) -> bool:
    """Whether the expression is a length of time (历时近三年)."""
    return _told(text, start) and bool(_DURATION.search(text, max(0, start - _BACK), start))


def length_before(text: str, end: int) -> tuple[int, int] | None:
    """How many months the period had that the day before ``end`` closes (截至6月30日止六个月), and where the words for it end."""
    found = _LENGTH.match(text, end)
    if found is None:
        return None
    months = 6 if found["half"] else 12 if found["year"] else 3 if found["quarter"] else number(found["months"])
    return found.end(), months


def is_future(text: str, start: int, end: int) -> bool:
    """Whether the clause speaks of what has not happened yet, or of an end set for it."""
    low, high = max(0, start - _BACK), min(len(text), end + 12)
    ahead = _FUTURE.search(text, end, high + len("指数"))
    if _FUTURE.search(text, low, start) or (ahead and ahead.end() <= high) or text[end : end + 1] == "起":
        return True
    until = _UNTIL.search(text, low, start) if _told(text, start) else None
    return bool((until and len(until.group()) > 1) or _BEFORE.match(text, end) or _is_built(text, end))


def _is_built(text: str, end: int) -> bool:
    return _BUILT.search(text, end, end + 8) is not None and _BUILT.search(clause_after(text, end, 8)) is not None


def comparison(text: str, start: int, end: int) -> str | None:
    """``base`` for a period compared with, ``earlier`` for an earlier one whose own value is stated, or ``None``."""
    if not _told(text, start):
        return None
    before = text[max(0, start - _BACK) : start]
    rest = clause_after(text, end)
    if _TURNED_ROUND.search(before):
        return "earlier"
    if found := _FROM.search(before):
        if _OF_NUMBER.match(rest):
            return "earlier"
        turn = _TURN.search(rest)
        if turn is None or _BEGINS.match(rest):
            return None
        return "earlier" if _ANY_NUMERAL.search(rest, 0, turn.start()) else "base"  # 由上月持平转为下降0.3%
    if found := _BASE.search(before):
        if _THAN.search(found.group()):
            return "earlier" if _OF_NUMBER.match(rest) else "base"
    elif _BASE_LEVEL.search(before):
        if text[end - 2 : end] not in ("同期", "全年") and not _LEVEL.match(rest):
            return None
        return "earlier" if _STATED.match(rest) else "base"
    elif _PAIR.search(before):
        close = _PAIR_END.search(rest)
        if not close:
            return None
        rest = rest[: close.start()]
    else:
        return None
    if _OF_NUMBER.match(rest):
        return "earlier"
    stated = _NUMBER.match(rest)
    return "earlier" if stated and not _MOVE.search(rest[: stated.end()]) else "base"


def is_stated(text: str, end: int) -> bool:
    """Whether a period's own value follows at once (2020年5月为268亿元)."""
    return _ITS_VALUE.match(text, end) is not None


def is_part(text: str, start: int) -> bool:
    """Whether the expression singles out a part of the period that its sentence speaks of (其中3月)."""
    return _AMONG.search(text, max(0, start - _BACK), start) is not None


def is_ratio(text: str, start: int, end: int) -> bool:
    """Whether a part or a multiple of the period's value is stated: 恢复至2019年的八成."""
    return _told(text, start) and bool(_RATIO_OF.search(text, max(0, start - _BACK), start) and _RATIO.match(clause_after(text, end)))


def is_deadline(text: str, start: int, end: int, *, begun: bool) -> bool:
    """Whether a time that is not over ends a plan: 到2025年, 2030年前; 2025年建成 where it has not ``begun``."""
    told = _told(text, start) and _UNTIL.search(text, max(0, start - _BACK), start)
    return bool(told or _BEFORE.match(text, end)) or (not begun and _is_built(text, end))


def is_release(text: str, end: int, until: int, *, near: bool = False) -> bool:
    """Whether a verb of publishing follows in the sentence, before any number and before ``until``.

    ``near``: only right after the expression (2017年10月披露).
    """
    until = min(len(text), until, end + _AHEAD)
    if near:
        return bool(_RELEASE_NOW.match(text, end, until))
    if _DATELINE.match(text, end):
        return True
    stop = _STOP.search(text, end, until)
    return bool(_RELEASE.search(text, end, stop.start() if stop else until))
