"""Normalising: what is repaired, what is kept, and the way back to the raw page."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.normalise import normalise
from tasks.normalise.characters import punctuated, repaired


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("重 点 工 程 42 个 ，总 投 资", "重点工程42个，总投资"),
        ("投 入 3 1 . 2 6亿 元", "投入31.26亿元"),
        ("路 面投 入 3 1 . 2 6亿 元，同 比增 长", "路面投入31.26亿元，同比增长"),
        ("今年 1 至 8 月，新建 5 条公路", "今年1至8月，新建5条公路"),
        ("收入43.03 亿元，利润2.7 亿", "收入43.03亿元，利润2.7亿"),
        ("增长3.2 ％ ，其中", "增长3.2%，其中"),
        ("江 北 快 讯   据 统 计 部 门 消 息 ，", "江北快讯 据统计部门消息，"),
        ("江北日报 9月 19日讯（记者 张三 通讯员", "江北日报9月19日讯（记者 张三 通讯员"),
        ("旧厂区改成公园 栽树两万多株", "旧厂区改成公园 栽树两万多株"),
        ("港口吞吐量突破3亿吨 2024年再添码头", "港口吞吐量突破3亿吨 2024年再添码头"),
        ("港口吞吐量增长12.5% 再创新高", "港口吞吐量增长12.5% 再创新高"),
        ("１２３ＡＢＣ％＋．－", "123ABC%+.-"),
        ("（中文），标点；不：变！", "（中文），标点；不：变！"),
        ("增长8.7%,其中出口(含转口)达4,470亿元;进口:下降", "增长8.7%，其中出口（含转口）达4,470亿元；进口：下降"),
        ("增 长 8 . 7 % , 其 中 出 口", "增长8.7%，其中出口"),
        ("Green Port (GP), 10:30", "Green Port (GP), 10:30"),
        ("⼈⺠⻓⻔⻢⼾⻝⽇⽉", "人民长门马户食日月"),
        ("零\u200b宽\ufeff字\u00ad符", "零宽字符"),
        ("一\r\n二\r三\u2028四\f五", "一\n二\n三\n四\n五"),
        ("　　缩进的段落，", " 缩进的段落，"),
        ("行尾空格  \n下一行", "行尾空格\n下一行"),
        ("每亩36.5万元∕人", "每亩36.5万元/人"),
        ("名为 Green Port 的系统", "名为Green Port的系统"),
        ("", ""),
        (" \n ", " \n "),
    ],
)
def test_repairs(raw: str, text: str) -> None:
    assert normalise(raw).text == text


@settings(max_examples=300, deadline=None)
@given(st.text(st.one_of(st.characters(), st.sampled_from(" \n　１２亿元，。⼈%.A\r\u200b")), max_size=300))
def test_way_back(raw: str) -> None:
    normal = normalise(raw)
    assert len(normal.text) == len(normal.offsets)
    assert all(one < two for one, two in zip(normal.offsets, normal.offsets[1:], strict=False))
    assert all(0 <= place < len(raw) for place in normal.offsets)
    same = punctuated(repaired(raw))
    for char, place in zip(normal.text, normal.offsets, strict=True):
        assert char == same[place] or char.isspace()
    seen = "".join(normal.text.split())
    assert seen == "".join(same.replace("\0", "").replace("\1", "").split()) or "\1" in raw


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_line_structure_stays(raw: str) -> None:
    assert normalise(raw).text.count("\n") == repaired(raw).count("\n")


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("一二三亿元12.5%，。（） \nA"), max_size=200))
def test_text_without_spaces_stays(raw: str) -> None:
    plain = raw.replace(" ", "")
    assert normalise(plain).text == plain


@pytest.mark.parametrize("hostile", [" " * 2_000_000, "1 " * 500_000, "一" * 2_000_000, "⼈ " * 300_000, "\n " * 300_000, "一  " * 300_000])
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    start = time.process_time()
    normalise(hostile)
    assert time.process_time() - start < 10
