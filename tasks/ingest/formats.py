"""Which reader reads which file: by what the content's first bytes say, then by suffix.

Readers are named as ``module:function`` and imported only when a file needs them.
"""

from __future__ import annotations

from importlib import import_module
from typing import cast

from tasks.ingest import Reader, RejectedInput, Source

#: suffix → reader
SUFFIXES = {
    ".txt": "tasks.ingest.text:read_text",
    ".pdf": "tasks.ingest.pdf:read_pdf",
    ".html": "tasks.ingest.html:read_html",
    ".htm": "tasks.ingest.html:read_html",
    ".xhtml": "tasks.ingest.html:read_html",
    ".jsonl": "tasks.ingest.jsonl:read_jsonl",
    ".ndjson": "tasks.ingest.jsonl:read_jsonl",
    ".jsonl.gz": "tasks.ingest.jsonl:read_jsonl",
    ".ndjson.gz": "tasks.ingest.jsonl:read_jsonl",
}

#: first bytes that name a format whatever the suffix says
MAGIC = {b"%PDF-": "tasks.ingest.pdf:read_pdf"}


def suffix_of(source: Source) -> str:
    """The longest known suffix of the source's name (``.jsonl.gz`` before ``.gz``), or its last one."""
    name = source.uri.rpartition("/")[2].lower()
    known = [suffix for suffix in SUFFIXES if name.endswith(suffix)]
    return max(known, key=len) if known else source.suffix


def reader_for(source: Source) -> Reader:
    """The reader of a source.  ``RejectedInput("unsupported_format")`` when there is none; ``OSError`` from opening."""
    suffix = suffix_of(source)
    name = SUFFIXES.get(suffix)
    if name is None or suffix == ".txt":
        with source.open() as stream:
            start = stream.read(16)
        name = next((reader for magic, reader in MAGIC.items() if start.startswith(magic)), name)
    if name is None:
        raise RejectedInput("unsupported_format", f"no reader for {suffix or 'a name without a suffix'}")
    module, _, function = name.partition(":")
    return cast(Reader, getattr(import_module(module), function))
