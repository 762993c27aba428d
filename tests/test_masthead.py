"""Mastheads, and the day a page's own text gives."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.segment.dating import day_in, infer_publication, infer_year
from tasks.segment.lines import furniture_kind, read_lines
from tasks.segment.masthead import read_masthead

DAY = date(2023, 9, 20)


@pytest.mark.parametrize(
    ("text", "newspaper", "day", "page_no"),
    [
        ("江北日报 2023年9月20日 第02版", "江北日报", DAY, 2),
        ("江北日报\n2023年9月20日\n第02版", "江北日报", DAY, 2),
        ("2023年9月20日 星期三 江北晚报 A03版", "江北晚报", DAY, 3),
        ("江北日报 2023年9月20日 星期三 农历癸卯年八月初六 今日8版", "江北日报", DAY, None),
        ("第03版：要闻\n2023-09-20 江北商报", "江北商报", DAY, 3),
        ("03版 经济 2023/9/20", None, DAY, 3),
        ("二〇二三年九月二十日 星期三\n江北日报\n第十二版", "江北日报", DAY, 12),
        ("Wednesday, September 20, 2023\nPage 4", None, DAY, 4),
        ("20 Sept. 2023 A5", None, DAY, 5),
        ("2023年9月20日 星期三 责编 张三 版式 李四\n江北日报", "江北日报", DAY, None),
        ("2023年9月20日 责任编辑：张三 李四 校对：王五 第02版", None, DAY, 2),
        ("地方要闻\n2023年9月20日\n第01版 要闻", None, DAY, 1),
        ("2023年9月20日，全市召开大会部署秋收工作。", None, None, None),
        ("江北日报讯 全市召开大会。", None, None, None),
        ("2023年2月30日 江北日报", "江北日报", None, None),
        ("A12 财经 | 江北商报 2023年9月20日 星期三 编辑 张三 版式 李四", "江北商报", DAY, 12),
        ("G60科创走廊", None, None, None),
        ("03综合\n2023年9月20日 星期三 责编：张三", None, DAY, 3),
    ],
)
def test_masthead(text: str, newspaper: str | None, day: date | None, page_no: int | None) -> None:
    found = read_masthead(read_lines(text))
    assert (found.newspaper, found.day, found.page_no) == (newspaper, day, page_no)


@pytest.mark.parametrize(
    ("year", "month", "day", "found"),
    [
        (None, 9, 19, date(2023, 9, 19)),
        (None, 12, 31, date(2022, 12, 31)),
        (None, None, 19, date(2023, 9, 19)),
        (None, None, 28, date(2023, 8, 28)),
        (None, None, 31, date(2023, 8, 31)),
        (2021, 3, 2, date(2021, 3, 2)),
        (None, 2, 30, None),
        (None, None, None, None),
    ],
)
def test_dateline_day(year: int | None, month: int | None, day: int | None, found: date | None) -> None:
    assert day_in(year, month, day, DAY) == found


def test_day_without_a_publication_date_is_unknown() -> None:
    assert day_in(None, 9, 19, None) is None
    assert day_in(2023, 9, 19, None) == date(2023, 9, 19)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2022年，全市营业收入41亿元。力争到2025年达到70亿元。", 2023),
        ("2022年，全市营业收入41亿元。", None),
        ("力争到2025年达到70亿元。", None),
        ("2022年5月，球队落户。到2025年建成。", None),
        ("2026年，收入41亿元。到2025年达到70亿元。", None),
    ],
)
def test_year_between_past_and_future(text: str, year: int | None) -> None:
    assert infer_year(text) == year


def test_publication_is_the_day_after_the_latest_dateline() -> None:
    text = "2022年，全市营业收入41亿元。力争到2025年达到70亿元。"
    assert infer_publication(text, [(None, 9, 18), (None, 9, 19)]) == DAY
    assert infer_publication(text, []) is None
    assert infer_publication(text, [(None, 1, 2), (None, 9, 19)]) is None
    assert infer_publication("无年份。", [(None, 9, 19)]) is None
    assert infer_publication("无年份。", [(2023, 9, 19)]) == DAY


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("责任编辑 张三 版式编辑 李四", "editors"),
        ("责编：张三 美编：李四 校对：王五", "editors"),
        ("新闻热线：0000-1234567", "contact"),
        ("地址：海州市江北路1号 邮编：000000", "contact"),
        ("天气：多云转晴，12℃～20℃，北风3级", "weather"),
        ("今天夜间到明天白天 小雨 8℃-15℃", "weather"),
        ("广告 家电节 原价999元 现价699元", "advertisement"),
        ("冬季特惠 原价999元 现价699元 电话：000-000-0000", "advertisement"),
        ("图为港口码头。 本报记者 摄", "caption"),
        ("▲新建成的湿地公园", "caption"),
        ("张三 摄", "caption"),
        ("全市降雨增多，气温降至8℃，供热提前开始。", None),
        ("图书馆全年接待读者30万人次。", None),
        ("编辑部的人说，今年订数增加。", None),
        ("全年摄影展举办12场，观众8万人次，拍摄", None),
    ],
)
def test_lines_that_belong_to_no_article(line: str, kind: str | None) -> None:
    assert furniture_kind(line) == kind
