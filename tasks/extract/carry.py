"""What a clause leaves unsaid because the clauses before it said it: measure, direction, basis."""

from __future__ import annotations

import re

from tasks.extract import calendar
from tasks.extract.amounts import Amount
from tasks.extract.cues import any_of, by_kind, union
from tasks.extract.frame import Frame, Item
from tasks.extract.period_grammar import any_of as period_words
from tasks.extract.period_mention import PeriodMention
from tasks.extract.predicates import Predicate

_ALSO = re.compile(r"(?:或|、|即|，?(?:也就是|约合|折合))|[（(]")
_FALLING = re.compile(r"(?:跌幅|降幅|减幅)[，,]$")
_UP, _DOWN = (union(by_kind("change_cues", "kind")[f"rate_{way}"]) for way in ("up", "down"))
_FOLLOWED = re.compile(rf"[的之](?:[^，。；]{{0,4}}?)(?:(?P<up>增长|{_UP})|(?P<down>下降|下滑|{_DOWN}))(?!点|极)")
_SIGNED = re.compile(r"(?:[（(]|[同环]比|按[年月])[+＋\-－−–]\d?$")
#: 均有两成多|增长, after a verb of having.
_GROWN = re.compile(rf"(?:左右|以上)?(?:(?P<up>增长|{_UP})|(?P<down>下降|下跌|{_DOWN}))(?![点极率目态贡])")
_HAVING = re.compile(rf"(?:{any_of('having')})了?(?:约|近|逾)?$")
_RATE_BEFORE = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))[^，。；\d]{{1,4}}[，,]$")
_TURNED = re.compile(rf"(?:小幅|明显|大幅)?(?:{period_words('turn')})")
_ON_AVERAGE = re.compile(r"(?:年均|平均)(?:约|近|超)?$")
_COMPARED = re.compile(r"的?[^，。；\d]{0,6}?(?:相比|比较|相较|对比)")
_COMPARED_CLAUSE = re.compile(r"的?[^，。；\d]{0,6}?(?:相比|比较|相较|对比|比)?[，,]")
_NARROW = frozenset(by_kind("reading_words", "kind")["narrowing"])
#: Measures that are of one time against another.
COMPARED = frozenset(("growth", "change", "contribution"))
#: Nothing named since the amount before.
_NOTHING_NEW = re.compile(r"[，、；,\s会将则也又并且还再]*")
_OWN_RATE = re.compile(rf"(?:{any_of('own_rate')})(?:为|达到?|约|至)*$")
_MARKET = re.compile(rf"(?<!价格)(?:{any_of('market')})$|指数[（(]")
_SHORT = re.compile(r"周|日|昨|季|月")
#: A bare percentage goes on with the measure before it only when so few characters part them.
_NEAR = 16


def settle(predicate: Predicate, first: Amount, frame: Frame, body: str, start: int, low: int, end: int) -> None:
    """Fills in measure and direction from the amount before.

    ``start`` is where the sentence begins, ``low`` where the words of the amount do, ``end`` where its group ends.
    """
    if frame.rate == 0 and body[low - 1 : low] in ("，", ",") and _FALLING.search(body, max(start, low - 3), low):
        frame.rate = -1
    bare = predicate.cue == "" and predicate.basis is None
    following = _FOLLOWED.match(body, end)
    if following and predicate.measure == "level":
        predicate.measure = "growth"  # 实现11.7%的增长
        predicate.sign = predicate.rate = -1 if following["down"] else 1
        if predicate.basis is None and _ON_AVERAGE.search(body, start, first.start):
            predicate.basis = "avg"
        return
    percentage = first.kind in ("percent", "multiple")
    if percentage and predicate.measure == "level" and _SIGNED.search(body, max(start, first.start - 4), first.start + 1):
        predicate.measure, predicate.cue = "growth", "增"  # （-6.9%）, 同比+6.3%
        predicate.sign = predicate.rate = 1
        return
    if percentage and bare and predicate.measure == "level":
        rate = _rate_beside(body, max(start, frame.last_end), low, first.start, end)
        if rate is not None:
            predicate.measure, predicate.cue = "growth", rate.group()
            predicate.sign = predicate.rate = -1 if rate["down"] else 1
            return
    if predicate.basis is None and predicate.base is None and _TURNED.match(body, frame.last_end):
        predicate.basis = frame.basis  # 环比由下降0.3%转为上涨0.4%
    if bare and frame.items and frame.measure in ("change", "growth") and _ALSO.fullmatch(body[frame.last_end : first.start]):
        # 跌1175点或4.6%
        predicate.measure = "growth" if percentage else "change"
        predicate.sign, predicate.rate = frame.sign, frame.rate
        predicate.name_end = frame.last_end
    elif predicate.stated and percentage and frame.items and frame.measure in ("growth", "share") and predicate.measure == "level":
        predicate.measure = frame.measure  # 增长2.1%，低于2022年的3.1%
    elif bare and percentage and predicate.measure == "level":
        _settle_percentage(predicate, frame, body)
    elif (
        first.kind in ("pp", "bp")
        and predicate.measure == "change"
        and predicate.rate == 0
        and frame.rate < 0
        and predicate.cue in _NARROW
        and _NOTHING_NEW.fullmatch(body, max(low, frame.last_end), predicate.name_end)
    ):
        predicate.sign, predicate.rate = -predicate.sign, -1


def _rate_beside(body: str, opened: int, low: int, at: int, end: int) -> re.Match[str] | None:
    """The noun of a rate that an amount without a verb stands beside: 均有两成增长; 板块涨幅居前，均超过3%."""
    if found := _GROWN.match(body, end):
        return found if _HAVING.search(body, low, at) else None
    return _RATE_BEFORE.search(body, opened, low) if at - low <= 2 else None


def _settle_percentage(predicate: Predicate, frame: Frame, body: str) -> None:
    if predicate.reach and frame.measure == "change" and frame.shared:
        predicate.measure = "share"  # 提升2.2个百分点至34.2%
    elif predicate.reach and frame.measure == "change" and frame.rate:
        predicate.measure, predicate.sign = "growth", frame.rate
    elif predicate.reach and frame.measure in ("growth", "share") and predicate.name_end <= frame.last_end + 1:
        predicate.measure, predicate.sign = frame.measure, frame.rate or frame.sign
    elif not predicate.reach and frame.items and frame.measure in ("growth", "share"):
        if predicate.name_end - frame.last_end < _NEAR and not _OWN_RATE.search(body, frame.last_end, predicate.name_end):
            predicate.measure, predicate.sign = frame.measure, frame.sign


def comparison_basis(
    predicate: Predicate, item: Item, frame: Frame, *, points: bool, against_before: bool, span: str | None = None
) -> str | None:
    """The basis of an amount whose measure is one of ``COMPARED``.

    ``points``: the amount is in percentage points; ``against_before``: the article compares weeks or trading days, and
    the amount is of one; ``span``: the year that a span of years (十年来) began with.  A bare growth is against the year
    before by convention, a market's against the period before.
    """
    measure = predicate.measure
    if predicate.basis:
        return predicate.basis
    if predicate.base is not None:
        code = _against(predicate.base) or ("pop" if _SHORT.search(predicate.base.text) else None)
        frame.base_code = code if points else None
        return code
    if measure == "contribution":
        return None
    compared = frame.compared
    if compared is not None and compared.time_period and item.span is None and not predicate.stated:
        return _against(compared)
    if measure == "growth" and frame.topic_basis:
        return frame.topic_basis
    if measure == "change" and points and predicate.rate:
        return frame.base_code or "pop"
    if span:
        return span
    return "pop" if against_before or frame.market or _MARKET.search(item.name) else "yoy"


def compared_in(mentions: list[PeriodMention], body: str, end: int | None = None) -> PeriodMention | None:
    """The period that the words before an amount compare it with at length: 与上周价格相比下跌9%.

    ``end``: where those words end a clause (与上周价格相比，…).
    """
    for mention in reversed(mentions):
        if mention.role != "base":
            continue
        if _COMPARED.match(body, mention.end) if end is None else _COMPARED_CLAUSE.fullmatch(body, mention.end, end):
            return mention
    return None


def _against(base: PeriodMention) -> str | None:
    """The basis that a period compared with stands for: a code, else the period itself."""
    if base.comparison_basis_code or not base.time_period or not base.relative_to:
        return base.comparison_basis_code or base.time_period
    if calendar.shift(base.relative_to, -1) == base.time_period:
        return "yoy"
    before = base.form not in ("plan", "years") and calendar.previous(base.relative_to) == base.time_period
    return "pop" if before else base.time_period
