"""Amounts of a fixed form: words that are an amount (一半), fractions (三分之一), ranks (第二, 前五)."""

from __future__ import annotations

import re
from decimal import Decimal

from tasks.extract import exactness, not_amounts
from tasks.extract.amount import Amount
from tasks.extract.amount_pattern import amount_words
from tasks.extract.numerals import arabic, chinese
from tasks.knowledge import values


def word(text: str, match: re.Match[str]) -> Amount | None:
    row = amount_words()[match.group()]
    start, end = match.span()
    if text[max(0, start - 3) : start].endswith(tuple(values(row["not_after"]))) and row["not_after"]:
        return None
    if row["kind"] == "rank" and not_amounts.is_noun_next(text, end):
        return None
    qualifier, begin, _ = exactness.before(text, start)
    tail, end = exactness.after(text, end, row["kind"])
    weak = row["weak"] == "yes" and not (tail and row["kind"] == "percent")
    if row["kind"] == "multiple" and text[max(0, start - 6) : start].endswith(not_amounts.cues("compared")):
        weak = False  # 同比翻了一番
    return Amount(
        begin, end, text[begin:end], float(Decimal(row["value"])), row["code"], "", row["kind"],
        qualifier or tail or row["qualifier"], None, weak, match.start(), match.end(), False,
    )  # fmt: skip


def part(text: str, match: re.Match[str]) -> Amount | None:
    """百分之三点五, 三分之一, 1/3: percentages."""
    start, end = match.span()
    whole, below, above, fraction = match.group("hundredths", "below", "above", "fraction")
    value: Decimal | None
    if whole:
        value = arabic(whole) if whole.isascii() else chinese(whole)
    elif fraction:
        if start and text[start - 1].isascii() and text[start - 1].isalnum():
            return None
        over, _, under = fraction.replace("／", "/").replace("∕", "/").partition("/")
        value = _share_of(Decimal(over), Decimal(under)) if int(over) < int(under) <= 20 else None
    else:
        value = _share_of(chinese(above), chinese(below))
    if value is None:
        return None
    qualifier, begin, _ = exactness.before(text, start)
    tail, stop = exactness.after(text, end, "percent")
    unit_text = "百分之" if whole else ""
    qualifier = qualifier or tail or "exact"
    return Amount(begin, stop, text[begin:stop], float(value), "%", unit_text, "percent", qualifier, None, False, start, end, False)


def _share_of(over: Decimal | None, under: Decimal | None) -> Decimal | None:
    """A fraction in percent, to two decimals as the guideline writes 三分之一."""
    return None if over is None or not under else round(over * 100 / under, 2)


def rank(text: str, match: re.Match[str]) -> Amount | None:
    """第二, 第三十八位, 第二大: ranks; 第一产业, 第三次, 第12场 are names."""
    number, place = match.group("ordinal", "place")
    start, end = match.span()
    value = arabic(number) if number.isascii() else chinese(number)
    if value is None or not 0 < value < 10000:
        return None
    weak = False
    if not place:
        if not not_amounts.is_rank_here(text, start, end):
            return None
    elif place in ("位", "名", "位次", "名次"):
        if text[max(0, start - 2) : start] in not_amounts.cues("put_first"):
            return None
        weak = end < len(text) and not_amounts.is_noun_next(text, end)
    elif place in tuple("大高低多快强"):
        if place == "大" and text.startswith(not_amounts.cues("rank_noun_weak"), end):
            weak = True
    else:
        return None
    stop = start + 1 + len(number)
    return Amount(start, end, match.group(), float(value), "rank", place or "", "rank", "exact", None, weak, start + 1, stop, False)


def top(text: str, match: re.Match[str]) -> Amount | None:
    """前五, 前10名, 前38位: among the first so many."""
    number = match["first"]
    value = arabic(number) if number.isascii() else chinese(number)
    if not value:
        return None
    (start, end), at = match.span(), match.start("first")
    unit = text[at + len(number) : end]
    return Amount(start, end, match.group(), float(value), "rank", unit, "rank", "at_most", None, False, at, at + len(number), False)


def split(text: str, match: re.Match[str]) -> list[Amount]:
    """5.2∶41.3∶53.5: the shares of a whole when they make up 100 (weak: readers differ); else a score or a ratio."""
    found, at = [], match.start()
    for written in re.split("[:：∶]", match.group()):
        end = at + len(written)
        found.append(Amount(at, end, written, float(written), "%", "", "percent", "exact", None, True, at, end, False))
        at = end + 1
    whole = sum((Decimal(amount.value_text) for amount in found), Decimal(0))
    return found if abs(whole - 100) <= Decimal("0.2") else []
