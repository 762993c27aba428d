"""Keywords say what an article is about, not that it states figures."""

from __future__ import annotations

from tasks.segment.keywords import keywords

FIGURES = (
    "今年一季度，全市渔港卸港水产品12.6万吨，同比增长8.1%，渔业产值21.3亿元，两年平均增长5.2%。其中，对虾3.4万吨，同比下降1.2个百分点。"
    "截至目前，全市渔港接待渔船4.1万艘次，累计投入3.2亿元，比上年同期多2.1万元。据介绍，上半年渔港冷链仓库将新增8万立方米。"
)


def test_words_of_every_report_of_figures_are_left_out() -> None:
    found = keywords(FIGURES, None)
    assert {"渔港", "对虾", "渔业"} <= set(found) and len(found) <= 10
    empty = {"同比", "百分点", "万吨", "亿元", "两年平均", "同期", "全市", "上半年", "今年", "一季度", "据介绍", "目前", "立方米"}
    assert not empty & set(found)


def test_money_and_people_may_be_what_it_is_about() -> None:
    assert "人民币" in keywords("人民币汇率中间价上调，人民币对美元升值。人民币国际化提速，跨境人民币结算增长。", None)
    assert "人口" in keywords("常住人口增加，城镇人口占比提高，人口结构变化，人口流入大于流出。", None)
