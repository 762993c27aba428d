"""Amounts in an article's text: number, unit, kind and how exact, each with its span.

``find_amounts`` reads numbers with their units by one compiled pattern, lets numbers without a unit
take it from the next in a list or range (12、15和18亿元; 10万至12万吨), and drops what is no amount.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from decimal import Decimal
from functools import cache

from tasks.extract import exactness, fixed_amounts, not_amounts
from tasks.extract.amount import Amount
from tasks.extract.amount_numbers import LIST, RANGE, Found, from_arabic, from_chinese, share_units
from tasks.extract.amount_pattern import Unit, currency_prefixes, master, units
from tasks.extract.numerals import magnitude

__all__ = ["Amount", "find_amounts"]

_FIXED = {"word": fixed_amounts.word, "part": fixed_amounts.part, "order": fixed_amounts.rank, "top": fixed_amounts.top}
_MINUS = "-－−–"
_NO_UNIT = Unit("", "1", Decimal(1), "bare")
_YUAN = Unit("", "CNY", Decimal(1), "money")
_INDEX = Unit("", "index", Decimal(1), "index")
_MAGNITUDES = frozenset("百千万亿")
#: Numerals that stand for very many.
_FIGURES = frozenset(("亿万", "千百", "百千", "万千", "千万亿"))


@cache
def _currency_before() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(re.escape(p) for p in sorted(currency_prefixes(), key=len, reverse=True)) + r")[ ]?$")


@cache
def _clause_ends() -> tuple[str, ...]:
    """Words after which a number without a unit still stands at the end of its phrase."""
    return ("中，", *exactness.qualifiers("after"))


@cache
def _prefix_ends() -> frozenset[str]:
    return frozenset(prefix[-1] for prefix in currency_prefixes()) | {" "}


@cache
def _after_bare() -> frozenset[str]:
    """What may follow a number without a unit that is an amount or takes its neighbour's unit."""
    joints = {joint[0] for joint in (*RANGE, *LIST)}
    return frozenset((*not_amounts.BARE_END, *joints, *(word[0] for word in not_amounts.cues("moved"))))


def find_amounts(text: str) -> list[Amount]:
    """The amounts stated in ``text`` (a normalised body), in reading order.  Linear in its length; raises nothing."""
    found: list[Found] = []
    fixed: list[Amount] = []
    after_bare, number = _after_bare(), master().groupindex["number"]
    for match in master().finditer(text):
        group = match.lastgroup or ""
        if group == "arabic":
            end = match.end()
            if match.end(number) == end and end < len(text) and text[end] not in after_bare:
                continue  # no unit, and none to come: most numbers of a page are of this kind
            if item := from_arabic(match):
                found.append(item)
        elif group == "chinese":
            found.extend(from_chinese(match))
        elif group == "split":
            fixed.extend(fixed_amounts.split(text, match))
        elif (read := _FIXED.get(group)) and (amount := read(text, match)):
            fixed.append(amount)
    share_units(text, found)
    finish = _Finisher(text)
    amounts = [amount for item in found if (amount := finish.amount(item)) is not None]
    if fixed:
        amounts = sorted(amounts + fixed, key=lambda amount: (amount.start, amount.end))
    return amounts


class _Finisher:
    """Turns numbers with units into amounts, with the checks that need the text around them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.titles = not_amounts.titles(text)
        self.quotes = not_amounts.short_quotes(text)
        self.last_money_end = -100
        self.last_span_of_time = (-100, "")

    def amount(self, item: Found) -> Amount | None:
        text, start, end = self.text, item.start, item.end
        unit = item.unit
        if unit is None or unit.kind in _TWO_READINGS or unit.word == "位":
            unit = self._settled(item)
        if unit is None or self._refused(item, unit) or _within(self.titles, start):
            return None
        kind = unit.kind
        qualifier, begin, prefix = exactness.before(text, start, kind)
        if kind == "money" or unit is _NO_UNIT:
            unit, at = self._currency(begin, unit)
            kind = unit.kind
            if at != begin and not qualifier:
                qualifier, at, prefix = exactness.before(text, at, kind)
            begin = at
        code = unit.code
        if item.per is not None or kind == "money" or kind == "physical":
            code, at = self._per(item, unit, begin)
            if at != begin and not qualifier:
                qualifier, at, prefix = exactness.before(text, at, kind)
            begin = at
        if kind in _BOUNDING and not_amounts.is_threshold(text, begin, end, kind, unit.word, prefix):
            return None
        negative = begin == start > 0 and self._negative(start, kind)
        tail, stop = exactness.after(text, end, kind)
        if item.side:
            qualifier = "at_least" if item.side == "low" else "at_most"
        elif item.inside and item.inside != "半":
            qualifier = "approx" if item.inside == "来" else "at_least"
        if kind == "money":
            self.last_money_end = end
        if negative:
            begin -= 2 if text[start - 1] == "下" else 1
        return Amount(
            begin, stop, text[begin:stop], float(item.value * magnitude(item.magnitude) * unit.scale), code,
            item.magnitude + unit.word, kind, qualifier or tail or "exact", item.side, self._weak(item, unit, stop, qualifier),
            start, item.number_end, negative,
        )  # fmt: skip

    def _settled(self, item: Found) -> Unit | None:
        """The unit, settled where it has two readings (度, 位, 点) or none is written."""
        text, start, unit = self.text, item.start, item.unit
        if unit is None:
            if item.shared or item.side:
                return None
            if item.magnitude or item.inside:
                return self._unwritten(item)
            meaning = not_amounts.bare_means(text, start, item.end)
            return _INDEX if meaning == "index" else _NO_UNIT if meaning else None
        if unit.kind == "degree":
            if item.magnitude or not_amounts.has_cue(not_amounts.before(text, start), "electricity_cue"):
                return unit
            if item.numeral == "一":
                return None
            return _CELSIUS if not_amounts.has_cue(not_amounts.before(text, start), "temperature_cue") else None
        if unit.kind == "age":
            return _YEARS if not_amounts.has_cue(not_amounts.before(text, start), "age_cue") else None
        if unit.word == "位" and text[max(0, start - 3) : start].strip("了至近").endswith(not_amounts.cues("rank_move")):
            return _RANK
        return unit

    def _unwritten(self, item: Found) -> Unit | None:
        """2万亿, 突破5000万: money where the clause speaks of it, a count otherwise."""
        text, end = self.text, item.end
        if item.numeral or (not item.magnitude and item.inside != "余" and item.inside != "多"):
            return None
        if end < len(text) and text[end] not in _CLAUSE_END and not text.startswith(_clause_ends(), end):
            if not "\u4e00" <= text[end] <= "\u9fff" or text[end] in "年月日岁级届后期版号路线":
                return None
            return _YUAN if not_amounts.buys(text, end) else _NO_UNIT
        window = not_amounts.before(text, item.start, 24)
        if not_amounts.has_cue(window, "count_thing"):
            return _NO_UNIT
        beside_money = item.start - self.last_money_end < 60 and "\n" not in text[self.last_money_end : item.start]
        return _YUAN if beside_money or not_amounts.has_cue(window, "money_cue") else _NO_UNIT

    def _refused(self, item: Found, unit: Unit) -> bool:
        """Whether what stands right beside the number makes it no amount."""
        text, start, end, kind = self.text, item.start, item.end, unit.kind
        before = text[start - 1] if start else "\n"
        if before in "每隔逢第" and not item.shared:
            return True
        if before == "前" and not not_amounts.is_other_word(text, start):
            return True
        if before.isascii() and before not in "\n \"'(),:;!?" and not_amounts.is_code(text, start, kind, item.magnitude, unit.word):
            return True
        if before in "×·" or (before in ":：∶" and start > 1 and text[start - 2].isdigit()):
            return True
        if item.numeral and (not unit.chinese or item.numeral in _FIGURES) and not item.magnitude:
            return True
        after = text[end] if end < len(text) else "\n"
        if after in "级×" or (after == "强" and kind == "bare"):
            return True
        if kind == "count":
            if unit.word == "分":
                return not not_amounts.has_cue(not_amounts.before(text, start), "score_cue")
            if item.numeral == "一" and not item.inside and (not unit.counts_one or text.startswith((unit.word, "一"), end)):
                return True
            if item.numeral and text[start - len(unit.word) - 1 : start] == item.numeral + unit.word:
                return True
            if unit.word in _ROOMS and (before in _ROOMS or text[end : end + 1].isdigit()):
                return True
        elif kind == "index":
            return not_amounts.is_clock(text, start, end, item.value)
        elif kind == "physical":
            if unit.code == "kcal" and not_amounts.is_noun_next(text, end):
                return True  # 5500大卡动力煤
            return unit.word in ("米", "公里") and not_amounts.is_sport(text, end)
        elif kind == "duration":
            if not_amounts.places_in_time(text, start, end):
                return True
            return bool(item.numeral) and not not_amounts.is_quantity_of_time(text, start, end)
        elif kind == "money":
            if item.numeral and set(item.numeral) <= _MAGNITUDES and text.startswith(not_amounts.cues("per_output"), end):
                return True  # 万元地区生产总值能耗
            if item.value != 1 or item.magnitude:
                return False
            return before in "兑换" or text.startswith(("兑", "对", "折合", "等于", "约合", "可兑"), end)
        elif item.numeral and kind in ("pp", "bp") and unit.word == "点":
            return True
        return False

    def _currency(self, begin: int, unit: Unit) -> tuple[Unit, int]:
        """人民币100亿元, US$5亿: the currency before the number."""
        text = self.text
        if begin and text[begin - 1] in _prefix_ends() and (match := _currency_before().search(text, max(0, begin - 8), begin)):
            code = currency_prefixes()[match.group().rstrip()]
            if unit.code in ("CNY", "1") or unit.code == code:
                return Unit(unit.word, code, unit.scale, "money"), match.start()
        return unit, begin

    def _per(self, item: Found, unit: Unit, begin: int) -> tuple[str, int]:
        """元/股, 每亩389.7公斤: the code of a rate, and where a 每… before the number begins."""
        divisor = item.per
        if divisor is None and unit.kind in ("money", "physical") and begin:
            at = self.text.rfind("每", max(0, begin - 5), begin - 1)
            if at >= 0:
                divisor = units().get(self.text[at + 1 : begin])
                timed = divisor is not None and divisor.kind == "duration" and not (unit.kind == "physical" and divisor.word in _FAST)
                if divisor is None or timed or divisor.kind in ("money", "percent"):
                    divisor = None
                else:
                    begin = at
        if divisor is None:
            return unit.code, begin
        if divisor.kind == "money" or divisor.kind == "count" or divisor.code in ("1", "{桶}"):
            return f"{unit.code}/{{{divisor.word}}}", begin
        return f"{unit.code}/{divisor.code}", begin

    def _negative(self, start: int, kind: str) -> bool:
        text = self.text
        if text[start - 1] == "负":
            return True
        if text[start - 1] == "下" and text[start - 2 : start] == "零下":
            return kind == "physical"
        if text[start - 1] not in _MINUS or kind not in ("percent", "pp", "bp", "money", "physical"):
            return False
        char = text[start - 2] if start > 1 else "\n"
        return not ((char.isascii() and char.isalnum()) or char in "%％元月日年点成—-")

    def _weak(self, item: Found, unit: Unit, stop: int, qualifier: str | None) -> bool:
        text, start, kind, value = self.text, item.start, unit.kind, item.value
        if kind in ("count", "bare") and (unit.word == "大" or _within(self.quotes, start) or not_amounts.in_policy_phrase(text, item.end)):
            return True
        if unit.word == "口":
            return True
        if kind == "duration":
            end, code = self.last_span_of_time
            measured = not_amounts.is_quantity_of_time(text, start, item.end)
            measured = measured or (code == unit.code and start - end < 16 and not_amounts.moves_on(text, end, start))
            if measured:
                self.last_span_of_time = (item.end, unit.code)
            return not measured
        if item.numeral:
            if item.inside in ("余", "多"):
                return False
            if set(item.numeral) <= _MAGNITUDES:
                return kind not in ("percent", "pp")
            if item.inside not in ("", "半") or (item.side and kind == "count"):
                return True
            if item.numeral == "一" and kind == "count":
                return True
            if kind in ("count", "physical") and value < 10 and not item.magnitude:
                if unit.word == "宗" or (unit.counts_one and not_amounts.closes_clause(text, start, item.end)):
                    return False
                enumerated = text[max(0, start - 2) : start].endswith(not_amounts.cues("count_cue")) and unit.word != "部门"
                return not qualifier and not enumerated
            return False
        return kind == "physical" and not item.inside and not_amounts.names_capacity(text, stop) and unit.code in _CAPACITY


_TWO_READINGS = frozenset(("degree", "age"))
_CAPACITY = frozenset(("t", "kW", "MW", "GW", "kV", "V", "kV.A", "m3", "m", "nm", "L", "kW.h", "MW.h", "km"))
_ROOMS = frozenset("号栋楼幢座层间室")
_FAST = frozenset(("小时", "秒", "分钟"))
_BOUNDING = frozenset(("money", "physical", "count", "percent", "bare"))
_CELSIUS = Unit("度", "Cel", Decimal(1), "physical")
_YEARS = Unit("岁", "a", Decimal(1), "physical")
_RANK = Unit("位", "rank", Decimal(1), "rank")
_CLAUSE_END = frozenset("，。；、：！？\n）)”」 的,;以大关")


def _within(spans: list[tuple[int, int]], at: int) -> bool:
    if not spans:
        return False
    place = bisect_right(spans, (at, 1 << 60)) - 1
    return place >= 0 and spans[place][0] <= at < spans[place][1]
