"""Bytes of an HTML page → its article, by trafilatura.  Runs in the worker."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from tasks.ingest import RejectedInput
from tasks.ingest.encoding import decode

DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I)
#: Encodings that pages name and mean a larger one by (WHATWG's encoding standard).
MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252", "ascii": "cp1252"}
#: Elements that hold no words of the page, and what scripts would have made of it.
SILENT = ("script", "style", "noscript", "template", "iframe", "object", "svg", "math")
NESTED = 400  #: deeper elements than this are no newspaper's
ELEMENTS = 60_000  #: nor are more of them
#: An article has at least so many characters outside of links.
SHORTEST = 20
#: Any date is taken: what day it is where the page is read must not change what is read.
_LAST_DAY = "9999-12-31"
DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
#: A line over the text that says when, where and by whom it was put on line.
CREDIT = re.compile(
    r"(?:(?:发布|更新|出版)?(?:时间|日期)?[：:]?\s*(?:19|20)\d\d[-/.年]\d|(?:来源|作者|责任编辑|编辑|字体|字号)[：:])[^。]{0,60}"
)
CALLED = re.compile(r"^(?:作者|记者|文)\s*[：:]\s*")
DATED = (
    "publishdate",
    "pubdate",
    "publish_time",
    "publishtime",
    "article:published_time",
    "date",
    "dc.date",
    "datepublished",
    "firstpublishedtime",
)


def text_of(data: bytes) -> tuple[str, str]:
    """The page's characters and its encoding: a mark, then what the page declares if it holds, then what fits."""
    declared = DECLARED.search(data[:4096])
    if declared and not data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = declared.group(1).decode("ascii").lower()
        try:
            return data.decode(MEANT.get(name, name)), MEANT.get(name, name)
        except (LookupError, UnicodeDecodeError):
            pass
    text, encoding = decode(data)
    return text, encoding


def pages(data: bytes, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One dict: ``text`` (the title, then paragraphs, parted by line ends) and ``encoding``; ``title``, ``author``, ``date`` if given."""
    text, encoding = text_of(data)
    if len(text) > request["chars"] * 2:
        raise RejectedInput("too_large", f"{len(text):,} characters of HTML")
    tree = _tree(text)
    if tree is None:
        raise RejectedInput("no_text", "no HTML")
    day = _day(tree)  # before anything is taken out of the tree
    found = _article(tree)
    page: dict[str, Any] = {"number": 1, "of": 1, "encoding": encoding, "text": ""}
    if found is not None and not _lists_links(tree, found["body"]):
        page["text"] = found["text"]
        page["title"], page["author"], page["date"] = found["title"], found["author"], day or found["date"]
    if len(page["text"]) > request["chars"]:
        raise RejectedInput("too_large", f"{len(page['text']):,} characters on one page")
    yield page


def _tree(text: str) -> Any:
    from lxml import etree, html

    parser = html.HTMLParser(huge_tree=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    count, at = 0, [(tree, 1)]
    while at:
        element, level = at.pop()
        count += 1
        if level > NESTED:
            raise RejectedInput("too_deep", "the page's elements are nested too deeply")
        if count > ELEMENTS:
            raise RejectedInput("too_large", f"the page has more than {ELEMENTS:,} elements")
        at.extend((child, level + 1) for child in element)
    for element in list(tree.iter(*SILENT)):
        if not (element.tag == "script" and "ld+json" in (element.get("type") or "")):
            element.drop_tree()
    return tree


def _day(tree: Any) -> str | None:
    """The day of publication that the page's own metadata states, ISO 8601."""
    for meta in tree.iter("meta"):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").lower()
        if name in DATED and (day := _iso(meta.get("content") or "")):
            return day
    for time in tree.iter("time"):
        if day := _iso(time.get("datetime") or ""):
            return day
    for element in tree.iter("p", "div", "span", "em", "td", "li", "font", "small"):
        named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if any(word in named for word in ("date", "time", "pub")):
            words = "".join(element.itertext())
            if len(words) <= 80 and (day := _iso(words)):
                return day
    return None


def _iso(text: str) -> str | None:
    match = DAY.search(text)
    try:
        return date(*map(int, match.groups())).isoformat() if match else None
    except ValueError:
        return None


def _article(tree: Any) -> dict[str, Any] | None:
    from copy import deepcopy

    from trafilatura import bare_extraction

    document = bare_extraction(
        deepcopy(tree),
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": _LAST_DAY},
    )
    if document is None or isinstance(document, dict) or not document.text:
        return None
    text = "\n".join(line.strip() for line in document.text.splitlines() if line.strip())
    title = " ".join((_heading(tree) or document.title or "").split()) or None
    lines = text.split("\n")
    if title and len(lines) > 1 and "".join(lines[0].split()) == "".join(title.split()):
        lines = lines[1:]  # the title again, as the first line of the text
    while len(lines) > 1 and CREDIT.fullmatch(lines[0]):
        lines = lines[1:]
    text = "\n".join([title, *lines] if title else lines)
    author = CALLED.sub("", " ".join((document.author or _author(tree)).replace(";", " ").split())) or None
    return {"text": text, "body": "".join(lines), "title": title, "author": author, "date": _iso(document.date or "")}


def _author(tree: Any) -> str:
    """The author that the page's own metadata names."""
    for meta in tree.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").lower() in ("author", "article:author", "reporter"):
            words = (meta.get("content") or "").strip()
            if words and len(words) <= 60 and "://" not in words:
                return str(words)
    return ""


def _heading(tree: Any) -> str | None:
    """The page's only top heading."""
    headings = [element.text_content().strip() for element in tree.iter("h1")]
    headings = [heading for heading in headings if heading]
    return headings[0] if len(headings) == 1 and len(headings[0]) <= 80 else None


def _lists_links(tree: Any, text: str) -> bool:
    """Whether the text found is little but the words of links: an index of pages or articles."""
    flat = "".join(text.split())
    links = {"".join(link.text_content().split()) for link in tree.iter("a")}
    linked = sum(len(words) for words in links if words and words in flat)
    return len(flat) - linked < SHORTEST or linked > 0.6 * len(flat)
