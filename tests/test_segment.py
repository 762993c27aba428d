"""Text pages: headlines on their bodies, lines joined to paragraphs, nothing lost."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.summary import Summary
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.knowledge import rows
from tasks.normalise import normalise
from tasks.normalise.batch import normalise_batch
from tasks.schema import LEFTOVER_REASONS
from tasks.segment import segment_page
from tasks.segment.batch import segment_batch
from tasks.segment.boundaries import _headline_like, _width_change
from tasks.segment.lines import Line, furniture_kind, width_of
from tasks.segment.paragraphs import Unit
from tasks.segment.text_page import read_article, read_text
from tasks.segment.title_words import is_label

CASES = Path(__file__).parent / "cases"


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def _cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["case"]) for case in _rows(name)]


ARTICLES = {row["article"]: row["paragraphs"] for row in _rows("page_articles.jsonl")}


def _page(raw: str, **known: Any) -> dict[str, Any]:
    normal = normalise(raw)
    row = dict.fromkeys(("layout", "newspaper", "publication_date", "publication_date_source", "page_no", "headline", "byline"))
    return {
        **row,
        "page_id": "0" * 16,
        "source_uri": "page.txt",
        "text": raw,
        "normal_text": normal.text,
        "offsets": list(normal.offsets),
        "single_article": False,
        **known,
    }


def _printed(paragraph: str, width: float) -> list[str]:
    """``paragraph`` as a column of ``width`` prints it, its indent of two lost."""
    lines, line, used = [], "", 2.0
    for piece in re.findall(r"[0-9A-Za-z.%]+|.", paragraph):
        if line and used + width_of(piece) > width + (piece in "，。、；：！？）”"):
            lines.append(line)
            line, used = "", 0.0
        line += piece
        used += width_of(piece)
    return [*lines, line]


def _compose(case: dict[str, Any]) -> str:
    """A page from ``#`` titles (their lines parted by ``|``), ``@`` articles and ``>`` new column widths."""
    width, blocks = float(case["width"]), []
    for item in case["page"]:
        if item.startswith("#"):
            blocks.append(item[2:].replace("|", "\n"))
        elif item.startswith(">"):
            width = float(item[1:])
        else:
            blocks += [line for paragraph in ARTICLES[item[1:]] for line in _printed(paragraph, width)]
    return ("\n\n" if case["blank_lines"] else "\n").join(blocks)


@pytest.mark.parametrize("case", _cases("headline_matching.jsonl"))
def test_headlines(case: dict[str, Any]) -> None:
    articles = segment_page(_page(_compose(case))).articles
    assert [[row["headline"], row["subheadline"], row["kicker"]] for row in articles] == case["expect"]


@pytest.mark.parametrize("case", _cases("line_joining.jsonl"))
def test_lines_join(case: dict[str, Any]) -> None:
    articles = segment_page(_page("\n".join(case["lines"]))).articles
    assert [row["body"].split("\n") for row in articles] == [case["expect"]]


def _assert_nothing_lost(raw: str) -> None:
    normal = normalise(raw)
    reading = read_text(normal.text, normal.offsets)
    covered = bytearray(len(normal.text))
    for piece in reading.pieces:
        spans = [*piece.headline, *piece.subheadline, *piece.kicker, *piece.byline, *(span for lines in piece.paragraphs for span in lines)]
        for span in spans:
            covered[span.start : span.end] = b"\1" * (span.end - span.start)
    for left in reading.leftovers:
        assert left.reason
        covered[left.span.start : left.span.end] = b"\1" * (left.span.end - left.span.start)
    missing = [char for char, seen in zip(normal.text, covered, strict=True) if not seen and not char.isspace()]
    assert missing == []


_ALPHABET = "全市今年增长讯电记者通讯员本报江北网（）【】“”，。；：！？、 \n\n0123456789.%月日年张三李四图为广告第版A"


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from(_ALPHABET), max_size=400))
def test_nothing_of_a_page_is_lost(raw: str) -> None:
    _assert_nothing_lost(raw)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_arbitrary_text_is_read(raw: str) -> None:
    _assert_nothing_lost(raw)
    segment_page(_page(raw))


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(3)), st.integers(12, 26), st.booleans())
def test_bodies_stand_in_the_raw_page(order: list[int], width: int, blank: bool) -> None:
    names = [list(ARTICLES)[number] for number in order]
    raw = _compose({"width": width, "blank_lines": blank, "page": [f"@{name}" for name in names]})
    for row in segment_page(_page(raw)).articles:
        assert len(row["body"]) == len(row["body_offsets"])
        for char, place in zip(row["body"], row["body_offsets"], strict=True):
            assert raw[place] == char if place >= 0 else char in "\n "
        assert row["page_char_start"] <= min(place for place in row["body_offsets"] if place >= 0)


def test_a_title_of_two_long_lines_is_hardly_a_crosshead() -> None:
    title = Unit([Line(0, 0, text, 9.0) for text in ("县园林部门公布成果", "旧砖厂成了湿地公园")], title=True)
    crosshead = Unit([Line(0, 0, text, 4.0) for text in ("一个中心", "两个抓手")], title=True)
    assert _headline_like(title) >= 2.4 > _headline_like(crosshead) + 1


def _of_widths(*full: float) -> Unit:
    """A paragraph whose lines between its first and its last have these widths."""
    return Unit([Line(0, 0, "", width) for width in (0.0, *full, 0.0)], title=False)


def test_columns_of_one_width_are_one_whatever_hangs_over() -> None:
    before, after = _of_widths(15.5, 17.0, 15.5, 15.5, 15.5, 15.5), _of_widths(17.0, 16.0, 15.0, 16.0)
    assert _width_change([before], [after]) <= 0
    assert _width_change([before], [_of_widths(21.0, 20.5, 21.0, 21.0)]) == 4.0


def test_a_vertical_headline_set_unevenly_keeps_its_characters() -> None:
    _assert_nothing_lost("港\n\n口\n  忙\n" + "\n".join(_printed(ARTICLES["harbour"][0], 16)))


def test_identifiers_are_stable() -> None:
    raw = _compose({"width": 18, "blank_lines": False, "page": ["@harbour", "@harbour", "@park"]})
    first, second = segment_page(_page(raw)).articles, segment_page(_page(raw)).articles
    assert first == second
    assert len({row["article_id"] for row in first}) == len(first)


def test_leftovers_are_places_in_the_raw_page() -> None:
    raw = "江 北 日 报\n2024年3月2日\n第02版\n" + "\n".join(_printed(ARTICLES["park"][0], 16)) + "\n责任编辑　张三"
    page = segment_page(_page(raw)).page
    assert [(raw[left["start"] : left["end"]], left["reason"]) for left in page["leftovers"]] == [
        ("江 北 日 报", "masthead"),
        ("2024年3月2日", "masthead"),
        ("第02版", "masthead"),
        ("责任编辑　张三", "editors"),
    ]


def test_single_article_keeps_its_lines() -> None:
    reading = read_article("标题在此\n第一段。\n第二段。", "标题在此")
    assert len(reading.pieces[0].headline) == 1
    assert len(reading.pieces[0].paragraphs) == 2
    row = segment_page(_page("标题在此\n第一段。\n第二段。", single_article=True, headline="标题在此", byline="张三")).articles[0]
    assert (row["headline"], row["body"], row["reporters"]) == ("标题在此", "第一段。\n第二段。", ["张三"])


def test_mixed_columns_are_flagged() -> None:
    left = [line for name in ("park", "school", "tea") for paragraph in ARTICLES[name] for line in _printed(paragraph, 14)]
    right = [line for name in ("rail", "clinic", "harbour") for paragraph in ARTICLES[name] for line in _printed(paragraph, 14)]
    mixed = "\n".join(line for pair in zip(left, right, strict=False) for line in pair)
    assert segment_page(_page(mixed)).page["interleaved"]
    assert not segment_page(_page("\n".join([*left, *right]))).page["interleaved"]
    bodies = "".join(row["body"] for row in segment_page(_page(mixed)).articles).replace("\n", "")
    paragraphs = [paragraph.removeprefix("本报讯（记者 张三）") for article in ARTICLES.values() for paragraph in article]
    assert sum(paragraph in bodies for paragraph in paragraphs) >= 12  # of 18


@pytest.mark.parametrize(
    "hostile", ["一" * 300_000, "一\n" * 60_000, "（" * 100_000, "1" * 100_000 + "年", "记者 张三 " * 20_000, "本报讯（" * 30_000]
)
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    start = time.process_time()
    segment_page(_page(hostile))
    assert time.process_time() - start < 20


_LEADS = {
    "甲": "本报讯（记者 王田）记者从市商务局获悉，今年上半年全市社会消费品零售总额达到八百亿元，比去年同期增长两成，餐饮收入增长更快。",
    "乙": "本报讯（记者 李禾）市交通部门发布的数据显示，全市港口上半年完成货物吞吐量三千万吨，集装箱航线新开六条，铁水联运量翻番。",
}


def _flush(paragraph: str, width: int) -> list[str]:
    return [paragraph[at : at + width] for at in range(0, len(paragraph), width)]


def _headed(title: list[str], first: str = "甲", *further: str) -> dict[str, Any]:
    body = [line for paragraph in (_LEADS[first], *further) for line in _flush(paragraph, 18)]
    other = ["港口货物吞吐量创同期新高纪录", *_flush(_LEADS["乙"], 18)]
    return segment_page(_page("\n".join([*title, *body, *other]))).articles[0]


@pytest.mark.parametrize(
    ("title", "kicker", "headline", "subheadline"),
    [
        (["上半年社零增两成", "餐饮收入增长更快"], None, "上半年社零增两成餐饮收入增长更快", None),
        (["上半年社会消费品零售额增长20%", "餐饮及网上零售都更快"], None, "上半年社会消费品零售额增长20%", "餐饮及网上零售都更快"),
        (["全市社会消费品零售总额达八百亿元", "涵盖餐饮和网上零售"], None, "全市社会消费品零售总额达八百亿元", "涵盖餐饮和网上零售"),
        (["商圈观察", "社会消费品零售总额增两成"], "商圈观察", "社会消费品零售总额增两成", None),
    ],
)  # fmt: skip
def test_parts_of_a_title(title: list[str], kicker: str | None, headline: str, subheadline: str | None) -> None:
    article = _headed(title)
    assert (article["kicker"], article["headline"], article["subheadline"]) == (kicker, headline, subheadline)


def test_crossheads_and_short_flush_paragraphs_stay_in_their_article() -> None:
    further = [
        "分行业看，粮油食品类零售额增长一成，通讯器材类零售额增长三成，家电类增长。",
        "夜市“一位难求”",
        "消费券带动餐饮零售明显回暖，全市夜间餐饮收入增长三成，街区客流翻番。",
        "网上零售方面，上半年实物商品零售额增长两成半，占总额的三成。",
    ]
    article = _headed(["上半年社会消费品零售总额增长两成"], "甲", *further)
    assert article["body"].endswith(further[-1])
    assert further[1] in article["body"]


def test_the_first_numbered_crosshead_is_of_the_body() -> None:
    parts = ["一、综合", "全年实现地区生产总值一百亿元，比上年增长百分之八，三次产业结构继续优化。", "二、农业", _LEADS["乙"][10:]]
    lines = [line for part in parts for line in _flush(part, 18)]
    article = segment_page(_page("\n".join(["某县国民经济和社会", "发展统计公报（摘要）", *lines]))).articles[0]
    assert article["headline"] == "某县国民经济和社会发展统计公报（摘要）"
    assert article["body"].startswith("一、综合\n全年实现")


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("零售价每500克5.4元左右。水产中，草鱼零", None),
        ("●微信扫码关注本报", "contact"),
        ("〖广告〗某某名轩现楼发售", "advertisement"),
        ("股市有风险 入市须谨慎", "advertisement"),
    ],
)
def test_furniture_is_not_running_text(line: str, kind: str | None) -> None:
    assert furniture_kind(line) == kind


def test_the_word_behind_a_byline_is_no_name() -> None:
    assert _names("江北日报9月19日讯（记者\n张三 通讯员 李四 王五）记者今日\n从市商务局获悉，前8月全市出口5亿元，增长3%。") == ["张三"]


def _names(text: str) -> list[str]:
    (article,) = segment_page(_page(text)).articles
    names: list[str] = article["reporters"]
    return names


@pytest.mark.parametrize(("text", "label"), [("云溪区", True), ("长沙高新区", True), ("振兴老区", False), ("走进自贸区", False)])
def test_a_label_is_the_name_of_a_real_place(text: str, label: bool) -> None:
    assert is_label(text) == label


def test_small_notices_are_no_article() -> None:
    body = "江北日报讯（记者 张三）市民李四昨日捡到手机一部，随后与失主取得联系。\n"
    articles = segment_page(_page(body + "遗失启事\n王五遗失身份证，声明\n作废。\n招领启事\n拾到钥匙一串，请失主与本报联系。")).articles
    assert [article["body"] for article in articles] == ["市民李四昨日捡到手机一部，随后与失主取得联系。"]


def test_every_kind_of_furniture_is_a_declared_reason() -> None:
    kinds = {row["kind"] for table in ("furniture_cues", "layout_cues") for row in rows(table)}
    assert kinds <= set(LEFTOVER_REASONS)


@pytest.mark.parametrize("dated", [True, False])
def test_pages_of_unknown_date_are_counted_and_said(tmp_path: Path, dated: bool) -> None:
    page = tmp_path / ("20230920_03.txt" if dated else "page.txt")
    page.write_text("某县工业增加值增长\n\u3000\u3000本报讯（记者张三）前三季度，某县规模以上工业增加值增长5.2%。\n", encoding="utf-8")
    (batch,) = ingest_batch(discover([page]), tmp_path / "staging")
    normalise_batch(batch.folder)
    result = segment_batch(batch.folder)
    summary = Summary("out")
    summary.add(result)
    assert result.counts["articles"] == 1 and result.counts["undated"] == (not dated)
    assert ("undated" in summary.text()) == (not dated)
