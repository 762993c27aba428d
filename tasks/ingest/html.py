"""Saved web pages of digital editions: the article, its title, author and date.  Nothing is fetched, no script is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tasks.ingest import Limits, PageContent, RejectedInput, Source
from tasks.ingest.apart import read_apart
from tasks.ingest.encoding import decode

MEDIA_TYPE = "text/html"
BYTES = 8 * 1024 * 1024  #: of one page; the tree of a longer one would not fit into the reader's memory


def read_html(source: Source, limits: Limits) -> Iterator[PageContent]:
    """One article a file; a page that only lists links (a page index) gives an empty text.

    Reasons of rejection: those of text files, and ``too_large``, ``too_deep``, ``timeout``, ``memory``, ``crashed``.
    """
    data = source.read(replace(limits, file_bytes=min(limits.file_bytes, BYTES)))
    if not data.strip():
        raise RejectedInput("no_text", "the file is empty")
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        decode(data[:4096])  # names what it is when it is no text at all
    for page in read_apart("html", data, limits):
        if "text" not in page:
            yield PageContent(reason=str(page["reason"]), media_type=MEDIA_TYPE)
            continue
        day = page.get("date")
        yield PageContent(
            text=page["text"],
            media_type=MEDIA_TYPE,
            encoding=page["encoding"],
            headline=page.get("title"),
            byline=page.get("author"),
            newspaper=page.get("newspaper"),
            publication_date=date.fromisoformat(day) if day else None,
            single_article=True,
        )
