"""A batch of sources → staged files of raw pages, some rows a file."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tasks import pace
from tasks.ingest import PASSING, Limits, PageContent, RejectedInput, Source
from tasks.ingest.facts import Facts, from_path, from_sidecar, settle
from tasks.ingest.formats import reader_for
from tasks.ingest.objects import Object, fetched
from tasks.schema import RAW_PAGES
from tasks.staging import Reject, Row, StageResult, read_rows, write_rows

log = logging.getLogger("banmian.ingest")

#: A staged file is closed at so many pages, or at so many characters when pages are long.
PAGES_A_BATCH = 200
CHARS_A_BATCH = 16_000_000

#: Suffix of the file beside the batch folders that holds the checksums of objects read (`Object.checksums`).
CHECKSUMS = "-checksums.json"

#: What an input itself is to blame for; other errors of the system may pass when tried again.
LASTING = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError, FileExistsError)


def ingest_batch(
    sources: Sequence[Source],
    folder: str | Path,
    given: Facts = Facts(),
    *,
    limits: Limits = Limits(),
    pages_a_batch: int = PAGES_A_BATCH,
    last_try: bool = True,
) -> list[StageResult]:
    """Read the sources' pages, in order, into batch folders ``<folder>-001``, ``-002`` …

    A source that can't be read becomes a row with its reason.  ``OSError`` that may pass is raised
    unless this is the last try.
    """
    results: list[StageResult] = []
    rows: list[Row] = []
    rejects: list[Reject] = []
    chars = 0

    def close() -> None:
        nonlocal rows, rejects, chars
        path = Path(f"{folder}-{len(results) + 1:03d}")
        path.mkdir(parents=True, exist_ok=True)
        write_rows(path / "raw.arrow", RAW_PAGES, rows)
        counts = {"pages": len(rows), "rejected": len(rejects), "bytes": sum(row["bytes"] for row in rows)}
        results.append(StageResult("ingest", str(path), counts, rejects).save())
        rows, rejects, chars = [], [], 0

    for source in fetched(sources):
        pace.at("ingest", source.uri)
        for row, detail in read_source(source, given, limits=limits, last_try=last_try):
            pace.at("ingest", source.uri)
            rows.append(row)
            chars += len(row["text"] or "")
            if row["reason"]:
                rejects.append(Reject(row["page_id"], row["source_uri"], row["reason"], detail))
            if len(rows) >= pages_a_batch or chars >= CHARS_A_BATCH:
                close()
    if rows:
        close()
    if checksums := {name: said for source in sources if isinstance(source, Object) for name, said in source.checksums().items()}:
        Path(f"{folder}{CHECKSUMS}").write_text(json.dumps(checksums, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
    return results


def refuse_pages(folder: str, refused: Mapping[str, tuple[str, str, str]]) -> list[StageResult]:
    """Reject pages of a batch that a later stage is not to be tried on.

    ``refused``: URI → stage, reason and detail.  Returns one result where there is any such page, else none.
    """
    result = StageResult("apart", folder)
    path = Path(folder, "raw.arrow")
    rows = read_rows(path)
    for row in rows:
        _, reason, detail = refused.get(row["source_uri"], ("", "", ""))
        if reason and row["reason"] in (None, reason):
            row["reason"] = reason
            result.rejects.append(Reject(row["page_id"], row["source_uri"], reason, detail))
    if not result.rejects:
        return []
    write_rows(path, RAW_PAGES, rows)
    result.counts["rejected"] = len(result.rejects)
    return [result.save()]


def read_source(source: Source, given: Facts, *, limits: Limits, last_try: bool) -> Iterator[tuple[Row, str]]:
    """Rows of ``RAW_PAGES`` for one source, each with the detail of its rejection (or nothing).

    Pages read before a source turns out to be broken are kept; the rest is one rejected row.
    """
    path, sidecar, number = from_path(source.uri), Facts(), 0
    try:
        sidecar = from_sidecar(source)
        expected = set(source.expects)
        for number, page in enumerate(reader_for(source)(source, limits), 1):
            expected.discard(_uri(source, page))
            if not _encodable(page):
                page = PageContent(reason="undecodable", fragment=page.fragment, media_type=page.media_type, encoding=page.encoding)
            yield _row(page, source, settle(page, given, sidecar, path), input_id(source, given)), ""
        source.check()
        for uri in sorted(expected):
            missing = PageContent(reason="correction", fragment=uri.partition("#")[2] or "missing")
            yield _row(missing, source, settle(missing, given, sidecar, path), input_id(source, given)), f"no such page: {uri}"
        if number:
            return
        problem = RejectedInput("no_pages", "the file holds no page")
    except RejectedInput as error:
        problem = error
    except OSError as error:
        if not last_try and not isinstance(error, LASTING):
            raise
        problem = RejectedInput(
            "vanished" if isinstance(error, FileNotFoundError) else "unreadable", error.strerror or str(error) or type(error).__name__
        )
    except Exception as error:  # one bad page never fails a batch
        log.exception("%s", source.uri)
        problem = RejectedInput(f"error:{type(error).__name__}", str(error)[:200])
    rest = PageContent(reason=problem.reason, fragment=f"after={number}" if number else "")
    try:
        read_from = None if problem.reason in PASSING else input_id(source, given)
    except (OSError, RejectedInput):
        read_from = None
    yield _row(rest, source, settle(rest, given, sidecar, path), read_from), problem.detail


def input_id(source: Source, given: Facts) -> str:
    """Fingerprint of all that a file's pages are read from.  ``OSError`` or ``RejectedInput`` when it can't be read."""
    if source.problem:
        return source.problem
    day = given.publication_date
    try:
        sidecar = source.sidecar_sha256()
    except OSError:
        sidecar = None
    said = [source.identity()[0], given.newspaper, day and day.isoformat(), sidecar, source.given]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()[:16]


def page_identity(sha256: str, source_uri: str) -> str:
    """The page's identifier: 16 hex digits made from its content's checksum and its URI."""
    return hashlib.sha256(f"{sha256}\n{source_uri}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _encodable(page: PageContent) -> bool:
    """Whether the page's strings are Unicode text: escapes in JSON may hold halves of surrogate pairs."""
    try:
        for text in (page.text, page.headline, page.byline, page.newspaper):
            (text or "").encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _uri(source: Source, page: PageContent) -> str:
    return f"{source.uri}#{page.fragment}" if page.fragment else source.uri


def _row(page: PageContent, source: Source, facts: dict[str, Any], read_from: str | None) -> Row:
    uri = _uri(source, page)
    sha256, size = page.sha256, page.size
    if sha256 is None or size is None:
        try:
            sha256, size = source.identity()
        except (OSError, RejectedInput):
            sha256, size = hashlib.sha256(b"").hexdigest(), 0
    return {
        "page_id": page_identity(sha256, uri),
        "source_uri": uri,
        "sha256": sha256,
        "bytes": size,
        "input_id": read_from,
        "media_type": page.media_type,
        "encoding": page.encoding,
        **facts,
        "reason": page.reason,
        "text": None if page.reason else page.text,
        "layout": page.layout,
        "headline": page.headline,
        "byline": page.byline,
        "single_article": page.single_article,
    }
