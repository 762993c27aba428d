"""Saved web pages: articles, page indexes, encodings, and pages that mean harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tasks.ingest import Limits, PageContent, RejectedInput, Source
from tasks.ingest.html import read_html

PARAGRAPHS = [
    "本报讯（记者 某某）昨日从海关获悉，今年前八个月，全市进出口总值达到120.5亿元，同比增长10.3%。",
    "其中，出口80亿元，增长12%；进口40.5亿元，增长7%。民营企业进出口占全市总值的六成以上。",
    "对东盟出口30亿元，增长25%，占全市出口总值的37.5%。下一步将出台十项措施帮助企业开拓市场。",
]
TITLE = "前八个月全市外贸增长一成"


def article(charset: str = "utf-8", head: str = "", title: str = TITLE) -> str:
    body = "".join(f"<p>　　{words}</p>" for words in PARAGRAPHS)
    return f"""<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}-某某日报数字报</title>{head}
<script>document.write("脚本写出的字，同比增长99%")</script><style>p{{color:red}}</style></head><body>
<div class="nav"><a href="node_1.htm">第01版：要闻</a> <a href="node_2.htm">第02版：综合</a> <a href="c_3.htm">下一篇</a></div>
<h1>{title}</h1><div class="date">2023年09月20日 来源：某某日报</div><div id="ozoom">{body}</div>
<div class="foot"><a href="/about">关于我们</a> <a href="/law">法律声明</a></div></body></html>"""


def read(tmp_path: Path, data: bytes | str, limits: Limits = Limits()) -> PageContent:
    file = tmp_path / "page.html"
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    (page,) = read_html(Source("page.html", str(file)), limits)
    return page


def rejected(tmp_path: Path, data: bytes | str, limits: Limits = Limits()) -> str:
    with pytest.raises(RejectedInput) as info:
        read(tmp_path, data, limits)
    return info.value.reason


def test_an_article_is_read_with_its_paragraphs(tmp_path: Path) -> None:
    page = read(tmp_path, article())
    assert page.headline == TITLE
    assert page.text is not None and page.text.split("\n") == [TITLE, *PARAGRAPHS]
    assert page.single_article and page.media_type == "text/html" and page.encoding == "utf-8"
    assert page.publication_date == date(2023, 9, 20)


@pytest.mark.parametrize(("charset", "codec"), [("gb2312", "gb18030"), ("GBK", "gb18030"), ("big5", "big5hkscs"), ("utf-8", "utf-8")])
def test_the_declared_encoding_is_used(tmp_path: Path, charset: str, codec: str) -> None:
    text = (
        article(charset)
        if codec != "big5hkscs"
        else article(charset).translate(str.maketrans("报讯记获东与进场员书发总数币机", "報訊記獲東與進場員書發總數幣機"))
    )
    page = read(tmp_path, text.encode(codec, "replace"))
    assert page.encoding == codec
    assert page.text is not None and "120.5" in page.text


def test_a_wrong_declaration_does_not_garble_the_text(tmp_path: Path) -> None:
    page = read(tmp_path, article("gb2312").encode("utf-8"))
    assert page.text is not None and page.text.split("\n") == [TITLE, *PARAGRAPHS]


def test_metadata_gives_day_and_author(tmp_path: Path) -> None:
    page = read(tmp_path, article(head='<meta name="publishdate" content="2023-09-21"><meta name="author" content="某某某">'))
    assert page.publication_date == date(2023, 9, 21)
    assert page.byline == "某某某"


def test_scripts_say_nothing(tmp_path: Path) -> None:
    page = read(tmp_path, article())
    assert page.text is not None and "99%" not in page.text and "color" not in page.text


def test_an_index_of_links_holds_no_text(tmp_path: Path) -> None:
    links = "".join(f'<li><a href="c_{i}.htm">全市第{i}项重点工程昨日开工建设</a></li>' for i in range(30))
    page = read(tmp_path, f"<html><head><title>第01版：要闻</title></head><body><h2>第01版</h2><ul>{links}</ul></body></html>")
    assert page.text == "" and page.reason is None


def test_an_empty_shell_holds_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, '<html><body><div id="app"></div><script src="app.js"></script></body></html>').text == ""


def test_what_is_no_page_is_rejected(tmp_path: Path) -> None:
    assert rejected(tmp_path, b"") == "no_text"
    assert rejected(tmp_path, b"  \n ") == "no_text"
    assert rejected(tmp_path, bytes(range(256)) * 20) == "binary"


def test_hostile_pages_are_rejected_in_time(tmp_path: Path) -> None:
    quick = replace(Limits(), seconds=5.0)
    assert rejected(tmp_path, "<html>" + "<div>" * 300_000 + "字", quick) == "too_deep"
    assert rejected(tmp_path, "<html>" + "<p>经济增长三成。</p>" * 100_000, quick) == "too_large"
    assert rejected(tmp_path, "<html><p>" + "经济增长三成。" * 2_000_000, quick) == "too_large"
    bomb = '<!DOCTYPE a [<!ENTITY a "字"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><html><body><p>&c;&c;&c;</p></body></html>'
    assert "字字字字" not in (read(tmp_path, bomb, quick).text or "")
    external = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>&x;</p></body></html>'
    assert (read(tmp_path, external, quick).text or "").strip("&x; \n") == ""
    page = read(tmp_path, article())
    assert page.headline == TITLE
