"""Pages in traditional characters: read like those in simplified ones, and given back as they are printed."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from tasks.extract import extract_text
from tasks.knowledge import rows
from tasks.normalise import normalise
from tasks.normalise.traditional import Script, in_simplified, simplified
from tasks.segment import segment_page

PAGE = """\
香江晨報
2024年7月9日 星期二
碼頭貨量創新高
上半年處理一百二十萬個貨櫃
【本報訊】記者鍾國強報道：碼頭公司昨日公布，今年上半年處理貨櫃一百二十萬個，按年增加8.4%，其中轉運貨
櫃佔三成。公司錄得收入23.5億港元，純利則下跌6%，至4.1億港元。
公司發言人指出，裏頭的舊吊機會於明年更換，預計開支逾2億港元，屆時裝卸效率可望進一步提升。
"""


def _page(raw: str, **known: Any) -> dict[str, Any]:
    normal = normalise(raw)
    row = dict.fromkeys(("layout", "newspaper", "publication_date", "publication_date_source", "page_no", "headline", "byline"))
    text = {"page_id": "0" * 16, "source_uri": "page.txt", "text": raw, "normal_text": normal.text, "offsets": list(normal.offsets)}
    return {**row, **text, "single_article": False, **known}


def test_a_page_is_given_back_as_printed() -> None:
    page = segment_page(_page(PAGE))
    (article,) = page.articles
    assert page.page["newspaper"] == article["newspaper"] == "香江晨報"
    assert (article["headline"], article["subheadline"]) == ("碼頭貨量創新高", "上半年處理一百二十萬個貨櫃")
    assert (article["source"], article["reporters"]) == ("本報", ["鍾國強"])
    assert article["body"].startswith("碼頭公司昨日公布") and article["body"].endswith("進一步提升。")
    assert all(PAGE[place] == char for char, place in zip(article["body"], article["body_offsets"], strict=True) if place >= 0)


def test_amounts_are_those_of_the_simplified_text() -> None:
    body = segment_page(_page(PAGE)).articles[0]["body"]
    written, plain = (extract_text(text, published=date(2024, 7, 9), area="810000") for text in (body, in_simplified(body)))
    worded = {"value_text", "unit_text", "indicator", "subject", "sentence"}
    assert [{**row, **dict.fromkeys(worded)} for row in written] == [{**row, **dict.fromkeys(worded)} for row in plain]
    assert [(row["indicator"], row["value_text"], row["obs_value"], row["unit_measure"]) for row in written][:2] == [
        ("處理貨櫃", "一百二十萬個", 1_200_000.0, "1"),
        ("處理貨櫃", "8.4%", 8.4, "%"),
    ]
    assert all(row["sentence"] in body and body[row["char_start"] : row["char_end"]] == row["value_text"] for row in written)


def test_simplified_texts_stay_as_they_are() -> None:
    text = "这家名为“瑞豐號”的老店今年上半年卖出月饼3.2万盒，比去年同期增长一成，店主说新开的两家分店也有盈利。"
    assert simplified(text) is text


def test_words_put_together_are_written_with_the_characters_of_the_text() -> None:
    text = "公司錄得收入23億元，錄得盈利2億元；後天，皇后大道東的舖位開業"
    script = Script(text, in_simplified(text))
    assert script.written("皇后大道东") == "皇后大道東"
    assert script.written("公司盈利") == "公司盈利"
    assert script.written("开业收入录得") == "開業收入錄得"


def test_the_table_maps_one_character_to_one_other() -> None:
    table = {row["traditional"]: row["simplified"] for row in rows("traditional")}
    assert len(table) == len(rows("traditional")) > 2500
    assert all(len(key) == len(value) == 1 and key != value for key, value in table.items())


@pytest.mark.parametrize("text", ["國" * 200_000, "國\n" * 100_000, "国" * 200_000 + "國"], ids=["one line", "short lines", "one of many"])
def test_hostile_text_takes_linear_time(text: str) -> None:
    start = time.process_time()
    segment_page(_page(text))
    extract_text(text)
    assert time.process_time() - start < 20
