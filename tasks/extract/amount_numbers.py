"""Numbers on their way to amounts: read from the pattern's matches, units shared along lists and ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tasks.extract.amount_pattern import Unit, master, units
from tasks.extract.not_amounts import moves_to
from tasks.extract.numerals import arabic, chinese, magnitude, neighbours

RANGE = {"至", "到", "-", "—", "–", "−", "―", "~", "～", "——", "--", "～～"}
LIST = {"、", "和", "与", "及", "或", "以及"}


#: What makes another word of a Chinese numeral after it (每一, 数十); 总数, 人数 are words of their own.
_OTHER_WORD = frozenset("第每同另某这那哪唯统逐任数几之分星周专万单")
_COUNTS = frozenset("总人户次件指基家个台辆艘")


@dataclass(slots=True)
class Found:
    """A number on its way to an amount; ``unit`` None until its own or its neighbour's is known."""

    start: int
    end: int
    number_end: int
    value: Decimal
    magnitude: str
    unit: Unit | None
    per: Unit | None
    inside: str
    numeral: str  # the Chinese numeral as written, "" for Arabic digits
    side: str | None = None
    shared: bool = False


@cache
def _parts_of_arabic() -> tuple[int, ...]:
    """The groups of the pattern by number, which are read faster than by name."""
    names = ("number", "upper", "lower", "a_more", "a_mag", "a_more2", "a_mag2", "a_half", "a_unit", "a_per")
    return tuple(master().groupindex[name] for name in names)


@cache
def _parts_of_chinese() -> tuple[int, ...]:
    names = ("low", "numeral", "c_more", "c_mag", "c_more2", "c_mag2", "c_half", "c_unit", "c_per")
    return tuple(master().groupindex[name] for name in names)


def from_arabic(match: re.Match[str]) -> Found | None:
    number, upper, lower, more, mag, more2, mag2, half, word, per = match.group(*_parts_of_arabic())
    value = arabic(number)
    if value is None:
        return None
    factor = (mag or "") + (mag2 or "")
    if upper:  # 2亿7700万: both parts in one value
        value, factor = value * magnitude(upper) + Decimal(lower) * magnitude(factor), ""
    unit = units()[word] if word else None
    inside = more or more2 or half or ""
    if half == "半":
        value += Decimal("0.5")
    divide = _divisor(per) if per else None
    return Found(match.start(), match.end(), match.end(_parts_of_arabic()[0]), value, factor, unit, divide, inside, "")


def from_chinese(match: re.Match[str]) -> list[Found]:
    start, end = match.span()
    text = match.string
    if start and text[start - 1] in _OTHER_WORD and not (text[start - 1] == "数" and text[max(0, start - 2)] in _COUNTS):
        return []
    least, number, more, mag, more2, mag2, half, word, per = match.group(*_parts_of_chinese())
    unit = units()[word]
    inside = more or more2 or half or ""
    divide = _divisor(per) if per else None
    factor = (mag or "") + (mag2 or "")
    if least:
        return _cn_range(match, least, number, factor, unit, divide)
    if pair := neighbours(number):
        low, high = chinese(pair[0]), chinese(pair[1])
        if low is None or high is None:
            return []
        middle = start + 1
        return [
            Found(start, middle, middle, low, factor, unit, divide, "", number, "low", True),
            Found(middle, end, match.end("numeral"), high, factor, unit, divide, "", number, "high", True),
        ]
    value = chinese(number)
    if value is None or not value:
        return []
    if half == "半":
        value += Decimal("0.5")
    if word == "成" and end < len(text) and text[end] in "一二三四五六七八九半":
        value += (chinese(text[end]) or Decimal(5)) / 10 if text[end] != "半" else Decimal("0.5")
        end += 1
    return [Found(start, end, match.end("numeral"), value, factor, unit, divide, inside, number)]


def _cn_range(match: re.Match[str], least: str, most: str, factor: str, unit: Unit, divide: Unit | None) -> list[Found]:
    """三到五成: both ends in Chinese numerals, the unit said once."""
    low, high = chinese(least), chinese(most)
    if low is None or high is None:
        return []
    ends = [
        Found(match.start(), match.end("low"), match.end("low"), low, factor if low < high else "", unit, divide, "", least, "low", True),
        Found(match.start("numeral"), match.end(), match.end("numeral"), high, factor, unit, divide, "", most, "high", True),
    ]
    return ends if low < high * magnitude(factor) else ends[1:]


def _divisor(word: str) -> Unit:
    """What the word after a slash divides by; 万元 in 吨标准煤/万元 is taken as one thing."""
    return units().get(word) or Unit(word, "1", Decimal(1), "count")


def share_units(text: str, found: list[Found]) -> None:
    """Give numbers without a unit that of the next in a list or range, from right to left; mark ranges."""
    for at in range(len(found) - 2, -1, -1):
        item, following = found[at], found[at + 1]
        if not 0 < following.start - item.end <= 2 or following.unit is None or (item.numeral and item.side):
            continue
        gap = text[item.end : following.start]
        ranged = gap in RANGE
        if not ranged and gap not in LIST:
            continue
        word = item.unit.word if item.unit else ""
        if item.unit is None or (word == "个" and following.unit.word.startswith("个") and following.unit.word != "个"):
            if item.unit is None and not ranged and _opens_line(text, item.start):
                continue
            factor = magnitude(following.magnitude)
            if not item.magnitude and following.magnitude and not (ranged and item.value > following.value):
                item.magnitude = following.magnitude
            elif item.magnitude and ranged and item.value * magnitude(item.magnitude) > following.value * factor:
                continue
            item.unit, item.per, item.shared = following.unit, following.per, True
        if ranged and item.unit is not None and item.unit.code == following.unit.code and following.side is None:
            low = item.value * magnitude(item.magnitude) * item.unit.scale
            high = following.value * magnitude(following.magnitude) * following.unit.scale
            changed = text[max(0, item.start - 1) : item.start] in ("从", "由") or moves_to(text, item.start, low, high)
            if low < high and (item.shared or not changed):
                item.side, following.side = "low", "high"


def _opens_line(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in "\n。；："
