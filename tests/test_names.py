"""Names letter for letter: what the golden cases' tolerance for a few characters would let pass."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.extract import extract_text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("全市一般公共预算收入48.6亿元，公共交通客运量3.1亿人次。", ["一般公共预算收入", "公共交通客运量"]),
        ("全市国有企业共实现利润36亿元。", ["国有企业利润"]),
        ("全县中等职业学校9所，高等级公路310公里。", ["中等职业学校", "高等级公路"]),
        ("首都机场口岸出入境旅客46万人次。", ["口岸出入境旅客"]),
        ("山东港口总资产2600亿元，将军山茶园6200亩。", ["总资产", "将军山茶园"]),
        ("城乡居民医保基金收入48.6亿元，支出45.1亿元。", ["城乡居民医保基金收入", "城乡居民医保基金支出"]),
        ("带动周边240户农户增收，农户年均收入4.2万元。", ["农户", "农户年均收入"]),
        ("规模以上工业企业营业收入380亿元，利润26亿元。", ["规模以上工业企业营业收入", "规模以上工业企业利润"]),
    ],
)
def test_exact_names(text: str, names: list[str]) -> None:
    assert [row["indicator"] for row in extract_text(text, published=date(2024, 3, 1), area="430100")] == names
