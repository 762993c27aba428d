"""Bytes of a PDF → its pages: text in reading order and the layout of its lines.  Runs in the worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from tasks.ingest import RejectedInput
from tasks.ingest.pdf_glyphs import Mark, Printed, read_printed
from tasks.ingest.pdf_lines import Line, assemble, boxed
from tasks.ingest.pdf_order import in_reading_order

REASONS = {
    pdfium.FPDF_ERR_PASSWORD: ("encrypted", "the file asks for a password"),
    pdfium.FPDF_ERR_SECURITY: ("encrypted", "the file's security scheme is not known"),
}

MARKS = 300  #: rules and pictures told of a page, the longest first; a chart has thousands

_ready = False


def _open(data: bytes) -> Any:
    global _ready
    if not _ready:
        pdfium.FPDF_InitLibrary()
        _ready = True
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        reason, detail = REASONS.get(pdfium.FPDF_GetLastError(), ("broken_pdf", "not a PDF that can be opened"))
        raise RejectedInput(reason, detail)
    return document


def page_of(printed: Printed) -> dict[str, Any]:
    """Text and layout of one printed page, or the reason why it has none."""
    inked = sum(glyph.char > " " for glyph in printed.glyphs)
    if inked == 0:
        return {"reason": "no_text_layer"}
    if printed.unmapped * 2 > inked:  # glyphs without Unicode: only their pictures could be read
        return {"reason": "no_unicode"}
    lines = in_reading_order(boxed(assemble(printed.glyphs), printed.marks))
    parts: list[str] = []
    layout: list[list[float]] = []
    at = 0
    for line in lines:
        parts.append(line.text)
        layout.append(_layout(line, at, at + len(line.text)))
        at += len(line.text) + 1
    marks = [mark for mark in printed.marks if mark.kind in ("rule", "picture") or not any(_inside(line, mark) for line in lines)]
    marks.sort(key=lambda mark: -max(mark.x1 - mark.x0, mark.y1 - mark.y0))
    for mark in marks[:MARKS]:
        flat = Line("", mark.x0, mark.y0, mark.x1, mark.y1, 0.0, False, False)
        layout.append(_layout(flat, at - 1, at - 1))
    return {"text": "\n".join(parts), "layout": layout}


def _inside(line: Line, mark: Mark) -> bool:
    return mark.x0 <= (line.x0 + line.x1) / 2 <= mark.x1 and mark.y0 <= (line.y0 + line.y1) / 2 <= mark.y1


def _layout(line: Line, start: int, end: int) -> list[float]:
    box = [round(value, 2) for value in (line.x0, line.y0, line.x1, line.y1, line.size)]
    return [start, end, *box, int(line.bold), int(line.vertical), line.box]


def pages(data: bytes, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One dict for each page: ``text`` and ``layout``, or ``reason``."""
    document = _open(data)
    try:
        count = pdfium.FPDF_GetPageCount(document)
        if count <= 0:
            raise RejectedInput("broken_pdf", "the file has no pages")
        if count > request["pages"]:
            raise RejectedInput("too_large", f"the file has {count:,} pages")
        for index in range(count):
            yield {"number": index + 1, "of": count, **_page(document, index, request["chars"])}
    finally:
        pdfium.FPDF_CloseDocument(document)


def _page(document: Any, index: int, char_limit: int) -> dict[str, Any]:
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        return {"reason": "broken_pdf"}
    try:
        return page_of(read_printed(page, char_limit))
    except OverflowError:
        return {"reason": "too_large"}
    finally:
        pdfium.FPDF_ClosePage(page)
