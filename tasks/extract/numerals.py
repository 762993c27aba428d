"""Numbers as Chinese papers print them: Arabic, Chinese and mixed, as exact decimals."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

DIGITS = {char: Decimal(value) for value, chars in enumerate("〇零○ 一 二两 三 四 五 六 七 八 九".split()) for char in chars}
TENS = {"十": Decimal(10), "百": Decimal(100), "千": Decimal(1000)}
MYRIADS = {"万": Decimal(10) ** 4, "亿": Decimal(10) ** 8}
#: What may follow a number to make it larger; 兆 stands in no Chinese numeral.
_FACTORS = {**TENS, **MYRIADS, "兆": Decimal(10) ** 12}
#: Every character that a Chinese numeral is written with (点 stands between integer and decimals).
NUMERAL_CHARS = "".join(DIGITS) + "".join(TENS) + "".join(MYRIADS)
#: Longer digit strings are serial numbers or garbage, never an amount.
LONGEST = 24
_ONE, _ZERO = Decimal(1), Decimal(0)


@cache
def magnitude(text: str) -> Decimal:
    """The factor that 万, 千万, 万亿 … stand for after a number; 1 for the empty text."""
    factor = _ONE
    for char in text:
        factor *= _FACTORS[char]
    return factor


def arabic(text: str) -> Decimal | None:
    """``2,500.00`` as a decimal; None when the digits are too many to be an amount."""
    if len(text) > LONGEST:
        return None
    return Decimal(text if text.isascii() and "," not in text else text.replace(",", "").replace("．", "."))


def chinese(text: str) -> Decimal | None:
    """三百二十万, 一百零五, 二〇二三, 三点五, 千亿, 两万五 as a decimal; None when it is no numeral.

    A magnitude with nothing before it counts once (千亿 is 1000 亿).
    """
    if not text or len(text) > LONGEST:
        return None
    whole, _, decimals = text.partition("点")
    value = _integer(whole)
    if value is None or not decimals:
        return value
    tail, after = decimals, ""
    for place, char in enumerate(decimals):
        if char in MYRIADS:
            tail, after = decimals[:place], decimals[place:]
            break
    digits = [DIGITS.get(char) for char in tail]
    if not digits or None in digits or any(char not in MYRIADS for char in after):
        return None
    shift = Decimal("0.1")
    for digit in digits:
        value += (digit or _ZERO) * shift
        shift /= 10
    return value * magnitude(after)


def _integer(text: str) -> Decimal | None:
    if len(text) > 1 and all(char in DIGITS for char in text):
        if len(text) != 4 and not any(zero in text for zero in "〇零○"):
            return None  # 七八成, 三四个 name two numbers; see neighbours()
        return Decimal("".join(str(DIGITS[char]) for char in text))
    total = section = _ZERO
    digit: Decimal | None = None
    last_unit = _ONE  # of the unit just read; 两万五 is 25000, 一百五 is 150
    zero_since_unit = False
    for char in text:
        if char in DIGITS:
            if digit:
                return None
            digit = DIGITS[char]
            zero_since_unit = zero_since_unit or not digit
        elif char in TENS:
            section += (digit if digit else _ONE) * TENS[char]
            digit, last_unit, zero_since_unit = None, TENS[char], False
        elif char in MYRIADS:
            unit = MYRIADS[char]
            before = section + (digit or _ZERO)
            if char == "亿":
                total = ((total + before) or _ONE) * unit
            else:
                total += (before or _ONE) * unit
            section, digit, last_unit, zero_since_unit = _ZERO, None, unit, False
        else:
            return None
    if digit and last_unit >= 100 and not zero_since_unit:
        digit *= last_unit / 10
    return total + section + (digit or _ZERO)


def neighbours(text: str) -> tuple[str, str] | None:
    """The two numerals that 七八 or 三四十 or 两三百万 name (七, 八; 三十, 四十), None for other text."""
    if len(text) < 2 or text[0] not in DIGITS or text[1] not in DIGITS:
        return None
    low, high, rest = DIGITS[text[0]], DIGITS[text[1]], text[2:]
    if not low or high - low != 1 or any(char in DIGITS for char in rest):
        return None
    return text[0] + rest, text[1] + rest
