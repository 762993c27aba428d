"""Encodings are found by evidence, recorded, and never guessed."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.ingest import RejectedInput
from tasks.ingest.encoding import decode

SIMPLIFIED = "滨江日报6月11日讯（全媒体记者 甲某某）今年1至5月，全区新签约项目42个，合同引资186.5亿元。\n同比增长12.8％。"
TRADITIONAL = "【本報訊】記者從商務部門獲悉，首季貿易總額達186.5億元，較去年同期增長百分之三。"


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL], ids=["simplified", "traditional"])
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (lambda text: text.encode("utf-8"), "utf-8"),
        (lambda text: text.encode("utf-8-sig"), "utf-8-sig"),
        (lambda text: text.encode("gb18030"), "gb18030"),
        (lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"), "utf-16-le"),
        (lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"), "utf-16-be"),
        (lambda text: text.encode("utf-16-le"), "utf-16-le"),
        (lambda text: text.encode("utf-16-be"), "utf-16-be"),
        (lambda text: codecs.BOM_UTF32_LE + text.encode("utf-32-le"), "utf-32-le"),
    ],
)
def test_encodings(text: str, data, name: str) -> None:  # type: ignore[no-untyped-def]
    assert decode(data(text)) == (text, name)


def test_big5() -> None:
    assert decode(TRADITIONAL.encode("big5hkscs")) == (TRADITIONAL, "big5hkscs")


def test_utf16_without_line_ends_or_ascii() -> None:
    text = "本报讯记者从商务部门获悉全区新签约项目"
    assert decode(text.encode("utf-16-le")) == (text, "utf-16-le")
    assert decode(text.encode("utf-16-be")) == (text, "utf-16-be")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bytes(range(256)) * 8, "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", "binary"),
        (b"PK\x03\x04\x14\0\x08\0" + bytes(range(1, 200)), "binary"),
        ("文".encode() * 10 + b"\0", "binary"),
        (("文\x01\x02\x03" * 5).encode(), "binary"),
        (b"caf\xe9 au lait, tr\xe8s bon\n" * 5, "undecodable"),
        (SIMPLIFIED.encode("gb18030")[:-1], "undecodable"),
        (SIMPLIFIED.encode() + b"\xff", "undecodable"),
        (codecs.BOM_UTF8 + b"\xff\xff", "undecodable"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8a", "undecodable"),
    ],
)
def test_what_is_no_text_is_rejected(data: bytes, reason: str) -> None:
    with pytest.raises(RejectedInput) as raised:
        decode(data)
    assert raised.value.reason == reason


def test_empty() -> None:
    assert decode(b"") == ("", "utf-8")


def test_a_form_feed_and_a_stray_control_character_are_text() -> None:
    text = SIMPLIFIED * 5 + "\f\x02"
    assert decode(text.encode()).text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_decoded_whole_or_rejected(data: bytes) -> None:
    try:
        text, encoding = decode(data)
    except RejectedInput:
        return
    marks = {"utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    assert text == data.removeprefix(marks.get(encoding, b"")).decode(encoding.removesuffix("-sig"))
