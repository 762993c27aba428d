"""Plain text: one file is one page, its line ends as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.ingest import Limits, PageContent, RejectedInput, Source
from tasks.ingest.encoding import decode


def read_text(source: Source, limits: Limits) -> Iterator[PageContent]:
    """One page for the file.  Raises ``RejectedInput``: ``binary``, ``undecodable``, ``too_large``."""
    data = source.read(limits)
    text, encoding = decode(data)
    if len(text) > limits.page_chars:
        raise RejectedInput("too_large", f"{len(text):,} characters on one page")
    yield PageContent(text=text, media_type="text/plain", encoding=encoding)
