"""What holds for every text: rows explain themselves by spans that lie in it, take their codes from the lists, and don't change."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.extract import extract_article, extract_text
from tasks.extract.catalogue import indicator_code
from tasks.knowledge import rows
from tasks.normalise import normalise
from tasks.schema import BASES, INDICATORS, MEASURES, QUALIFIERS, STANCES
from tests.observation_cases import load
from tests.scoring import days

Row = dict[str, Any]

#: What news is made of, and what readers of PDF files make of it.
WORDS = (
    *"亿万千百十一二两三半零元吨年月日人家个点倍成第增降升跌占比较同环超近约逾达至为了的和与及在对",
    *("长沙市", "湖南省", "全市", "全国", "该县", "日本", "东盟", "“一带一路”", "香港", "长沙高新区", "某某公司", "宁德时代"),
    *(
        "2023年",
        "1至8月",
        "8月",
        "9月20日",
        "上半年",
        "前三季度",
        "去年同期",
        "截至8月底",
        "“十四五”期间",
        "近五年",
        "今年以来",
        "春节假期",
    ),
    *(
        "进出口总值",
        "用电量",
        "居民人均可支配收入",
        "规模以上工业",
        "增加值",
        "出口",
        "进口",
        "贷款余额",
        "游客",
        "企业",
        "项目",
        "指数",
        "失业率",
    ),
    *(
        "增长",
        "下降",
        "同比",
        "环比",
        "比上年",
        "较年初",
        "占比",
        "贡献率",
        "拉动",
        "提高",
        "回落",
        "分别",
        "其中",
        "预计",
        "力争",
        "计划",
        "位居",
        "达到",
    ),
    *("亿元", "万吨", "%", "％", "个百分点", "美元", "平方米", "万人次", "元/吨", "‰", "℃", "kW·h", "m2", "TEU"),
    *(
        "1958.6",
        "12.5",
        "0",
        "3,456",
        "1/3",
        "-5",
        "１２",
        "．",
        "1.2.3",
        "99999999999999999999999999999999999999999999",
        "10—12",
        "5G",
        "600519",
    ),
    *"，。；：、！？（）()《》“”【】—-/·…\n \t\u3000",
    *("\u200b", "\ufeff", "\u2028", "\x00", "\ue000", "𠮷", "é", "⺠", "①", "Ⅲ", "𝟏"),
)
texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=60).map("".join),
    st.lists(st.sampled_from([case["text"] for case in load()]), min_size=1, max_size=3).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
)
areas = st.sampled_from([None, "430000", "430100", "430181", "100000", "810000", "110000"])
days_of_print = st.one_of(st.none(), st.dates(date(1949, 1, 1), date(2099, 12, 31)))
AREAS = frozenset(row["code"] for row in rows("areas")) | {"100000"}
COUNTRIES = frozenset(row["code"] for row in rows("countries"))
CODES = frozenset(row["code"] for row in rows("indicators"))
quiet = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(text: str, row: Row) -> None:
    """All that a row promises of the text that it was read from."""
    start, end = row["char_start"], row["char_end"]
    assert 0 <= start < end <= len(text)
    assert row["value_text"] == text[start:end]
    assert row["sentence"] in text and row["value_text"] in row["sentence"]
    assert row["unit_text"] is None or isinstance(row["unit_text"], str)
    for name in ("indicator_span", "period_span", "area_span"):
        span = row[name]
        assert span is None or 0 <= span["start"] < span["end"] <= len(text)
    assert math.isfinite(row["obs_value"])
    assert row["unit_measure"]
    assert isinstance(row["indicator"], str)
    assert row["measure"] in MEASURES and row["qualifier"] in QUALIFIERS and row["stance"] in STANCES
    assert row["indicator_code"] is None or row["indicator_code"] in CODES
    assert row["indicator_code"] == indicator_code(row["indicator"], row["unit_measure"], row["measure"])
    assert row["ref_area"] is None or row["ref_area"] in AREAS
    assert (row["ref_area"] is None) == (row["ref_area_name"] is None)
    assert row["counterpart_area"] is None or row["counterpart_area"] in COUNTRIES
    basis = row["comparison_basis"]
    assert basis is None or basis in BASES or isinstance(days(basis), tuple)
    assert basis is None or row["measure"] in ("growth", "change", "contribution")
    period = row["time_period"]
    if period is None:
        assert row["period_start"] is None and row["period_end"] is None  # 目前 has a span and no bounds
    else:
        bounds = days(period)
        assert isinstance(bounds, tuple)
        assert (row["period_start"], row["period_end"]) == (bounds[0], bounds[1] - timedelta(1))
    assert 0 <= row["confidence"] <= 1


@quiet
@given(texts, days_of_print, areas)
def test_rows_of_any_text_keep_their_promises(text: str, published: date | None, area: str | None) -> None:
    found = extract_text(text, published, area, dateline=published, article_id="a")
    for row in found:
        check(text, row)
    assert len({row["observation_id"] for row in found}) == len(found)
    assert [row["char_start"] for row in found] == sorted(row["char_start"] for row in found)
    assert extract_text(text, published, area, dateline=published, article_id="a") == found


@quiet
@given(texts)
def test_repaired_text_is_read_as_well(raw: str) -> None:
    text = normalise(raw).text
    for row in extract_text(text, date(2023, 9, 20), "430100"):
        check(text, row)


@quiet
@given(texts, st.integers(0, 5))
def test_rows_of_an_article_point_into_the_page(text: str, before: int) -> None:
    """Breaks that were put in when lines were joined have no place in the page: an amount's place spans them."""
    if not text:
        return
    offsets = [before + 2 * i if char != "\n" else -1 for i, char in enumerate(text)]
    article: Row = {"body": text, "body_offsets": offsets, "article_id": "a", "publication_date": date(2023, 9, 20), "ref_area": "430100"}
    for row in extract_article(article):
        assert row["page_char_start"] == offsets[row["char_start"]]
        assert row["page_char_end"] == offsets[row["char_end"] - 1] + 1


def test_golden_cases_keep_their_promises() -> None:
    for case in load():
        day = date.fromisoformat(case["published"]) if case["published"] else None
        for row in extract_text(case["text"], day, case["area"]):
            check(case["text"], row)


def test_words_of_a_row_stand_where_its_spans_say() -> None:
    text = "1至8月，长沙市进出口总值1958.6亿元，同比增长12.5%。其中，对韩国出口86亿元。"
    level, growth, partner = extract_text(text, date(2023, 9, 20), "430000")

    def words(row: Row, name: str) -> str | None:
        span = row[name]
        return None if span is None else text[span["start"] : span["end"]]

    assert (words(level, "indicator_span"), words(level, "period_span"), words(level, "area_span")) == ("进出口总值", "1至8月", "长沙市")
    assert words(growth, "indicator_span") is None  # carried from the clause before
    assert "出口" in (words(partner, "indicator_span") or "")
    assert partner["counterpart_area"] == "KR"
    assert {name for row in (level, growth, partner) for name in row} <= set(INDICATORS.names)


amounts = st.tuples(
    st.decimals(min_value="0.01", max_value="99999", places=2),
    st.sampled_from(
        [
            ("元", 1.0, "CNY"),
            ("万元", 1e4, "CNY"),
            ("亿元", 1e8, "CNY"),
            ("万吨", 1e4, "t"),
            ("%", 1.0, "%"),
            ("公里", 1.0, "km"),
            ("万亩", 1e4, "mu"),
        ]
    ),
)


@settings(max_examples=100, deadline=None)
@given(amounts)
def test_values_written_are_the_values_read(amount: tuple[Any, tuple[str, float, str]]) -> None:
    number, (unit, scale, code) = amount
    text = f"全市指标值为{number}{unit}。"
    found = extract_text(text, date(2023, 9, 20), "430100")
    assert [(row["value_text"], row["unit_measure"]) for row in found] == [(f"{number}{unit}", code)]
    assert found[0]["obs_value"] == float(number * int(scale))
