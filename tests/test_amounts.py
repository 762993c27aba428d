"""Amounts: golden cases as data, round trips of generated amounts, and hostile text in bounded time."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract.amounts import Amount, find_amounts
from tasks.extract.numerals import chinese
from tasks.knowledge import rows, values

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "amounts.jsonl").read_text(encoding="utf-8").splitlines()]


def row(amount: Amount) -> list[object]:
    return [amount.value_text, amount.obs_value, amount.unit_measure, amount.unit_text, amount.kind, amount.qualifier]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case):
    found = find_amounts(case["text"])
    assert [row(amount) for amount in found if not amount.weak] == case["expect"]
    assert [row(amount) for amount in found if amount.weak] == case.get("weak", [])
    assert_spans(case["text"], found)


def assert_spans(text: str, found: list[Amount]) -> None:
    end = 0
    for amount in found:
        assert end <= amount.start < amount.end <= len(text)
        assert amount.start <= amount.number_start <= amount.number_end <= amount.end
        assert text[amount.start : amount.end] == amount.value_text
        assert amount.obs_value >= 0
        end = amount.end


def test_sides_of_a_range():
    low, high = find_amounts("产量在10万至12万吨之间")
    assert (low.range_side, high.range_side) == ("low", "high")
    assert (low.unit_measure, low.unit_text) == ("t", "万吨")


def test_a_minus_sign_is_said_apart():
    (amount,) = find_amounts("增速为-2.7%。")
    assert amount.negative and amount.obs_value == 2.7
    assert not find_amounts("完成3-5%。")[1].negative


def test_the_number_has_its_own_span():
    text = "补贴为每亩约1.2万元左右。"
    (amount,) = find_amounts(text)
    assert text[amount.number_start : amount.number_end] == "1.2"
    assert amount.value_text == "每亩约1.2万元左右"


# Generated amounts: what is written is what is read.

MAGNITUDES = {"": 0, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12}
UNITS = [("元", "CNY"), ("美元", "USD"), ("吨", "t"), ("亩", "mu"), ("家", "1"), ("人次", "1"), ("千瓦时", "kW.h"), ("平方米", "m2")]


@given(
    number=st.decimals(min_value=Decimal("0.01"), max_value=Decimal(99999), places=2),
    magnitude=st.sampled_from(sorted(MAGNITUDES)),
    unit=st.sampled_from(UNITS),
    separators=st.booleans(),
)
def test_arabic_amounts_round_trip(number, magnitude, unit, separators):
    word, code = unit
    written = f"{number:,}" if separators else str(number)
    (amount,) = find_amounts(f"完成{written}{magnitude}{word}，")
    assert amount.value_text == f"{written}{magnitude}{word}"
    assert amount.obs_value == float(number.scaleb(MAGNITUDES[magnitude]))
    assert (amount.unit_measure, amount.unit_text, amount.qualifier) == (code, magnitude + word, "exact")


def in_chinese(number: int) -> str:
    """The usual Chinese numeral of a whole number below 10**12."""
    for power, name in ((10**8, "亿"), (10**4, "万")):
        if number >= power:
            high, low = divmod(number, power)
            rest = "" if not low else ("零" if low < power // 10 else "") + in_chinese(low)
            return in_chinese(high) + name + rest
    text, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            text += ("零" if gap and text else "") + "一二三四五六七八九"[digit - 1] + name
            gap = False
        else:
            gap = True
    return text


@given(st.integers(min_value=11, max_value=10**12 - 1))
def test_chinese_numerals_round_trip(number):
    written = in_chinese(number)
    assert chinese(written) == number
    (amount,) = find_amounts(f"共计{written}吨。")
    assert (amount.value_text, amount.obs_value) == (f"{written}吨", float(number))


@given(st.integers(min_value=1, max_value=99), st.integers(min_value=1, max_value=9))
def test_chinese_percentages_round_trip(whole, tenth):
    written = f"百分之{in_chinese(whole)}点{in_chinese(tenth)}"
    (amount,) = find_amounts(f"比重为{written}。")
    assert (amount.value_text, amount.obs_value) == (written, float(Decimal(f"{whole}.{tenth}")))


@given(st.integers(1, 500), st.integers(501, 999), st.sampled_from("至到-—~～–"), st.sampled_from(["万吨", "%", "家", "亿元"]))
def test_ranges_share_their_unit(low, high, sign, unit):
    first, second = find_amounts(f"约在{low}{sign}{high}{unit}之间")
    assert (first.range_side, second.range_side) == ("low", "high")
    assert (first.qualifier, second.qualifier) == ("at_least", "at_most")
    assert first.unit_measure == second.unit_measure
    assert first.obs_value / low == pytest.approx(second.obs_value / high)


SIGNS = "0123456789,.．，。、；：（）()《》“”%％+-—~～/／∕·:\n \u3000\u200b"
ALPHABET = st.sampled_from(list(SIGNS + "一二两三十百千万亿半几多余约近超第前每至到和个家人元吨亩倍成点位年月日时美A"))


@given(st.text(alphabet=ALPHABET, max_size=60))
@settings(max_examples=400)
def test_any_numeric_soup(text):
    assert_ordered(text, find_amounts(text))


@given(st.text(max_size=200))
def test_any_text(text):
    assert_ordered(text, find_amounts(text))


def assert_ordered(text: str, found: list[Amount]) -> None:
    for amount in found:
        assert 0 <= amount.start < amount.end <= len(text)
        assert text[amount.start : amount.end] == amount.value_text
        assert amount.obs_value >= 0
    assert [amount.start for amount in found] == sorted(amount.start for amount in found)


HOSTILE = {
    "one digit": "7",
    "digits and commas": "1,234,",
    "naked list": "12、",
    "ranges": "3-5-",
    "numerals": "一百万",
    "thousands": "千",
    "brackets": "（(【《“",
    "zero width": "1\u200b2\u200c",
    "dates": "1月2日至",
    "amounts": "增长3.5%，",
    "qualifiers": "超过约近",
    "ratios": "1比2:3",
    "every": "每亩每",
    "dotted": "1.2.",
    "threshold": "5亿元以上的",
    "no unit": "9万",
    "titles": "《1个",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_takes_linear_time(piece):
    def cost(characters: int) -> float:
        text = (piece * (characters // len(piece) + 1))[:characters]
        started = time.process_time()
        find_amounts(text)
        return time.process_time() - started

    cost(1000)
    small, large = cost(15_000), cost(150_000)
    assert large < 10
    assert large < 25 * max(small, 0.02)  # ten times the text, with room for noise


def test_five_megabytes_in_one_line():
    text = "全县新增企业12家，完成投资3.4亿元，同比增长5.6%；其中（一）第二产业" * 50_000
    assert len(text.encode()) > 4_500_000
    started = time.process_time()
    assert len(find_amounts(text)) == 150_000
    assert time.process_time() - started < 30


def test_sixty_digits_are_no_amount():
    assert find_amounts("编号" + "7" * 60 + "元") == []
    assert find_amounts("9" * 1_000_000) == []


# The tables behind it.


def test_tables_are_sound():
    currencies, units, measures = rows("currencies"), rows("units"), rows("measure_words")
    assert all(len(row["code"]) == 3 and row["code"].isupper() for row in currencies)
    words = [row["word"] for row in (*units, *measures)] + [word for row in currencies for word in values(row["words"])]
    assert len(words) == len(set(words))
    kinds = {"physical", "percent", "pp", "bp", "index", "multiple", "duration", "rank", "count", "degree", "age", "money"}
    assert {row["kind"] for row in units} <= kinds
    assert all(Decimal(row["scale"]) > 0 for row in units)
    assert {row["qualifier"] for row in rows("qualifiers")} <= {"approx", "at_least", "at_most"}


@pytest.mark.parametrize("unit", [row["word"] for row in rows("units") if row["kind"] in ("physical", "percent", "pp", "bp")])
def test_every_unit_is_read(unit):
    (amount,) = find_amounts(f"合计37{unit}。") if unit != "度" else find_amounts(f"用电37{unit}。")
    code = next(row["code"] for row in rows("units") if row["word"] == unit)
    scale = next(row["scale"] for row in rows("units") if row["word"] == unit)
    assert (amount.unit_measure, amount.obs_value) == (code, float(37 * Decimal(scale)))


@pytest.mark.parametrize("word", [word for row in rows("currencies") for word in values(row["words"])])
def test_every_currency_is_read(word):
    (amount,) = find_amounts(f"合计37{word}。")
    code = next(row["code"] for row in rows("currencies") if word in values(row["words"]))
    assert (amount.unit_measure, amount.kind) == (code, "money")
