"""PDF files: text with its layout, read by PDFium in a worker process with limits on time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasks.ingest import Limits, PageContent, Source
from tasks.ingest.apart import read_apart

MEDIA_TYPE = "application/pdf"
FIELDS = ("start", "end", "x0", "y0", "x1", "y1", "size", "bold", "vertical", "box")


def read_pdf(source: Source, limits: Limits) -> Iterator[PageContent]:
    """Pages of a PDF; ``layout`` rows as ``schema.LAYOUT_LINE``.

    Rows of the layout with ``start == end`` are no text: rules (thin) and pictures.  Reasons of
    rejection: ``no_text_layer``, ``no_unicode`` (fonts without a map to characters), ``encrypted``,
    ``broken_pdf``, ``too_large``, ``timeout``, ``memory``, ``crashed``.
    """
    for page in read_apart("pdf", source.read(limits), limits):
        fragment = f"page={page['number']}" if page.get("of", 2) > 1 else ""
        if "text" not in page:
            yield PageContent(reason=str(page["reason"]), fragment=fragment, media_type=MEDIA_TYPE)
            continue
        yield PageContent(
            text=str(page["text"]),
            layout=layout_rows(page["layout"]),
            fragment=fragment,
            media_type=MEDIA_TYPE,
        )


def layout_rows(lines: list[list[Any]]) -> list[dict[str, Any]]:
    """Rows of ``schema.LAYOUT_LINE`` from the worker's lists of values."""
    rows = [dict(zip(FIELDS, values, strict=True)) for values in lines]
    for row in rows:
        row["bold"], row["vertical"] = bool(row["bold"]), bool(row["vertical"])
    return rows
