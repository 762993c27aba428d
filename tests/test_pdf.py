"""Reading PDFs: lines and their boxes, several pages, and files that mean harm."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("reportlab")

from tasks.ingest import Limits, PageContent, RejectedInput, Source, apart
from tasks.ingest.pdf import read_pdf
from tasks.ingest.pdf_glyphs import Glyph
from tasks.ingest.pdf_lines import assemble
from tasks.schema import RAW_PAGES
from tests.paper import Sheet, pdf, story

QUICK = replace(Limits(), seconds=3.0, memory_bytes=400 * 1024 * 1024)


def read(tmp_path: Path, data: bytes, limits: Limits = Limits()) -> list[PageContent]:
    file = tmp_path / "page.pdf"
    file.write_bytes(data)
    return list(read_pdf(Source("page.pdf", str(file)), limits))


def reason(tmp_path: Path, data: bytes, limits: Limits = QUICK) -> str | None:
    """Why the file, or its last page, is rejected."""
    try:
        return read(tmp_path, data, limits)[-1].reason
    except RejectedInput as rejected:
        return rejected.reason


def raw_pdf(content: bytes, page: bytes = b"", objects: dict[int, bytes] | None = None) -> bytes:
    """A one-page PDF written by hand: its content stream (deflated), more keys of the page, more objects."""
    packed = zlib.compress(content, 9)
    parts = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>" + page + b">>",
        4: b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **(objects or {}),
    }
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in sorted(parts.items()):
        places.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table
    return bytes(out) + end + b"trailer<</Size %d/Root 1 0 R>>startxref\n%d\n%%%%EOF" % (len(parts) + 1, len(out))


def lines_of(page: PageContent) -> list[str]:
    assert page.text is not None
    return page.text.split("\n")


def test_lines_carry_their_boxes_sizes_and_spans(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(50, 40, 24, "全市外贸增长一成")
    sheet.text(50, 100, 10, "本报讯　前八个月")
    (page,) = read(tmp_path, pdf(sheet))
    assert page.text is not None and page.layout is not None
    assert page.media_type == "application/pdf" and page.fragment == ""
    head, body = page.layout
    assert page.text[head["start"] : head["end"]] == "全市外贸增长一成"
    assert page.text[body["start"] : body["end"]] == "本报讯　前八个月"
    assert head["size"] == pytest.approx(24, abs=0.1) and body["size"] == pytest.approx(10, abs=0.1)
    assert (head["x0"], head["y0"], head["x1"], head["y1"]) == pytest.approx((50, 40, 50 + 8 * 24, 64), abs=0.6)
    RAW_PAGES.from_rows([{"page_id": "p", "source_uri": "u", "sha256": "0", "bytes": 1, "single_article": False, "layout": page.layout}])


def test_size_is_that_of_the_text_matrix(tmp_path: Path) -> None:
    (page,) = read(tmp_path, raw_pdf(b"BT /F 1 Tf 24 0 0 24 50 700 Tm (Harbour trade up 10%) Tj ET"))
    assert page.layout is not None
    assert page.layout[0]["size"] == pytest.approx(24, abs=0.1)
    assert page.text == "Harbour trade up 10%"


def test_the_order_of_painting_does_not_matter(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.masthead()
    sheet.text(30, 60, 24, "前八个月全市外贸增长一成")
    sheet.columns(30, 100, 170, 16, 4, story(1, 6))
    straight = read(tmp_path, pdf(sheet))[0]
    assert [read(tmp_path, pdf(sheet, shuffled=seed))[0].text for seed in range(4)] == [straight.text] * 4


def test_justified_columns_close_together_are_parted(tmp_path: Path) -> None:
    """Painted row by row over all columns, with letters spaced wider than the gutter."""
    sheet = Sheet()
    for row in range(12):
        sheet.text(50, 100 + 16 * row, 10, "甲乙丙丁戊己庚辛", spacing=2.0 if row % 3 else 0.0)
        sheet.text(160, 100 + 16 * row, 10, "子丑寅卯辰巳午未")
    (page,) = read(tmp_path, pdf(sheet))
    assert lines_of(page) == ["甲乙丙丁戊己庚辛"] * 12 + ["子丑寅卯辰巳午未"] * 12


def test_painted_twice_is_read_once(tmp_path: Path) -> None:
    sheet = Sheet()
    for shift in (0.0, 0.3, 0.6):
        sheet.text(50 + shift, 100, 12, "外贸增长一成")
    sheet.text(50, 140, 12, "人人人人")
    (page,) = read(tmp_path, pdf(sheet))
    assert lines_of(page) == ["外贸增长一成", "人人人人"]


def test_glyphs_painted_twice_are_bold() -> None:
    once = [Glyph(char, 50 + 12 * i, 100, 12, 12, False, 0, i) for i, char in enumerate("外贸增长")]
    twice = [glyph._replace(x=glyph.x + 0.8, order=glyph.order + 4) for glyph in once]
    (line,) = assemble([*once, *twice])
    assert (line.text, line.bold) == ("外贸增长", True)


def test_a_dash_of_one_glyph_keeps_both_characters() -> None:
    dash = [Glyph(char, x, 100, 12, 12, False, 0, i) for i, (char, x) in enumerate((("甲", 50), ("—", 62), ("—", 62), ("乙", 86)))]
    assert [line.text for line in assemble(dash)] == ["甲——乙"]


def test_a_turned_line_is_vertical() -> None:
    turned = [Glyph(char, 80, 100 + 12 * i, 12, 12, False, 1, i) for i, char in enumerate("外贸增长")]
    (line,) = assemble(turned)
    assert (line.text, line.vertical) == ("外贸增长", True)
    assert (line.y0, line.y1) == (100, 148)


def test_invisible_text_is_read_only_where_there_is_no_other(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(50, 100, 12, "看得见的一行字")
    sheet.text(50, 140, 12, "看不见", mode=3)
    assert lines_of(read(tmp_path, pdf(sheet))[0]) == ["看得见的一行字"]
    scanned = Sheet()
    scanned.text(50, 140, 12, "扫描件的文字层", mode=3)
    assert lines_of(read(tmp_path, pdf(scanned))[0]) == ["扫描件的文字层"]


def test_a_box_numbers_the_lines_it_holds(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(50, 60, 12, "框外的一行")
    sheet.box(40, 90, 300, 200)
    sheet.text(50, 100, 12, "框内的一行")
    for x0, y0, x1, y1 in ((40, 240, 300, 240), (40, 320, 300, 320), (40, 240, 40, 320), (300, 240, 300, 320)):
        sheet.rule(x0, y0, x1, y1)
    sheet.text(50, 260, 12, "四条线围起来的一行")
    (page,) = read(tmp_path, pdf(sheet))
    assert page.layout is not None and page.text is not None
    boxes = [line["box"] for line in page.layout if line["end"] > line["start"]]
    assert boxes[0] == -1 and boxes[1] >= 0 and boxes[2] >= 0 and boxes[1] != boxes[2]


def test_rules_and_pictures_are_lines_without_text(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(50, 60, 12, "一行字")
    sheet.rule(50, 90, 400, 90)
    sheet.box(50, 120, 250, 220, fill=True)
    (page,) = read(tmp_path, pdf(sheet))
    assert page.layout is not None
    marks = [line for line in page.layout if line["start"] == line["end"]]
    assert sorted(mark["y0"] for mark in marks) == pytest.approx([90, 120], abs=1)
    assert all(mark["size"] == 0 for mark in marks)


def test_pages_are_numbered(tmp_path: Path) -> None:
    sheets = [Sheet() for _ in range(3)]
    for number, sheet in enumerate(sheets):
        if number != 1:
            sheet.text(50, 100, 12, f"第{number + 1}页的文字")
    pages = read(tmp_path, pdf(*sheets))
    assert [(page.fragment, page.reason) for page in pages] == [("page=1", None), ("page=2", "no_text_layer"), ("page=3", None)]


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(50, 100, 12, "一行字")
    whole = pdf(sheet)
    assert reason(tmp_path, pdf(Sheet())) == "no_text_layer"
    assert reason(tmp_path, pdf(sheet, password="secret")) == "encrypted"
    assert reason(tmp_path, b"%PDF-1.7\nnothing more") == "broken_pdf"
    assert reason(tmp_path, whole[:200]) == "broken_pdf"
    assert reason(tmp_path, b"") == "broken_pdf"
    assert reason(tmp_path, pdf(*[sheet] * 5), replace(QUICK, pages=4)) == "too_large"
    assert reason(tmp_path, whole, replace(QUICK, page_chars=2)) == "too_large"
    assert reason(tmp_path, whole, replace(QUICK, file_bytes=100)) == "too_large"


def test_bombs_are_rejected_and_the_next_file_is_read(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(50, 100, 12, "一行字")
    doubling = {}
    for number in range(6, 18):  # each form paints the next one ten times
        call = b"/X Do " * 10 if number < 17 else b"BT /F 9 Tf (a) Tj ET"
        inner = b"/XObject<</X %d 0 R>>" % (number + 1) if number < 17 else b"/Font<</F 5 0 R>>"
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<<" + inner + b">>/Length %d>>stream\n" % len(call)
        doubling[number] = head + call + b"\nendstream"
    resources = b"/Resources<</XObject<</X 6 0 R>>>>"
    bombs = {
        "a long content stream": raw_pdf(b"BT /F 9 Tf 50 700 Td " + b"(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj\n" * 4_000_000 + b"ET"),
        "a deep stack": raw_pdf(b"q " * 20_000_000 + b"BT /F 9 Tf (a) Tj ET"),
        "nested arrays": raw_pdf(b"[" * 3_000_000),
        "forms in forms": raw_pdf(b"/X Do", resources, doubling),
    }
    for name, bomb in bombs.items():
        assert reason(tmp_path, bomb) in ("memory", "timeout", "too_large", "no_text_layer", "crashed"), name
        assert lines_of(read(tmp_path, pdf(sheet))[0]) == ["一行字"]


def test_a_page_tree_that_bites_its_tail_is_survived(tmp_path: Path) -> None:
    loop = raw_pdf(b"BT /F 9 Tf 50 700 Td (a) Tj ET", objects={2: b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"})
    try:
        read(tmp_path, loop, QUICK)
    except RejectedInput as rejected:
        assert rejected.reason in ("broken_pdf", "timeout", "memory", "crashed")


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    sheets = [Sheet() for _ in range(40)]
    for sheet in sheets:
        sheet.columns(30, 60, 170, 16, 4, story(1, 6))
    file = tmp_path / "page.pdf"
    file.write_bytes(pdf(*sheets))
    pages = read_pdf(Source("page.pdf", str(file)), Limits())
    assert next(pages).fragment == "page=1"
    pages.close()  # type: ignore[attr-defined]
    assert len(read(tmp_path, pdf(*sheets[:2]))) == 2
    apart._idle[-1]._process.kill()
    assert len(read(tmp_path, pdf(*sheets[:2]))) == 2
    apart.close()
    assert len(read(tmp_path, pdf(*sheets[:2]))) == 2


def test_one_worker_serves_many_files(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(50, 100, 12, "一行字")
    read(tmp_path, pdf(sheet))
    worker = apart._idle[-1].pid
    for _ in range(5):
        read(tmp_path, pdf(sheet))
    assert [one.pid for one in apart._idle] == [worker]
