"""A batch of normalised pages → article drafts, and a row of ``pages`` for every page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tasks import pace
from tasks.logic import logic_version
from tasks.schema import ARTICLE_DRAFTS, PAGES
from tasks.staging import Reject, Row, StageResult, checked, read_rows, write_rows, write_table

log = logging.getLogger("banmian.segment")

#: Columns of ``pages`` that hold what ingest knows of a page, and that segment may know better.
KNOWN = ("page_id", "source_uri", "sha256", "bytes", "media_type", "encoding", "input_id")
FOUND = ("newspaper", "publication_date", "publication_date_source", "page_no")


def segment_batch(folder: str) -> StageResult:
    """``normalised.arrow`` → ``drafts.arrow`` and ``seen.arrow``.  A page that can't be segmented is rejected."""
    from tasks import segment

    result = StageResult("segment", folder, {"pages": 0, "articles": 0, "empty": 0, "undated": 0, "rejected": 0})
    version = logic_version()
    found: dict[int, Row] = {}
    drafts: dict[int, list[Row]] = {}
    rows = read_rows(Path(folder, "normalised.arrow"))
    pages = [blank_page(row, version) for row in rows]
    work: dict[int, Any] = {number: row for number, row in enumerate(rows) if not pages[number]["reason"]}
    # step by step over all pages: what a step looks up (words, places) is large, and so stays near the processor
    steps: tuple[Callable[[Any], Any], ...] = (segment.read_page, segment.place_articles, segment.add_keywords, segment.finished)
    for step in steps:
        for number in list(work):
            pace.at("segment", pages[number]["source_uri"])
            try:
                work[number] = step(work[number])
            except Exception as error:  # one bad page never fails a batch
                del work[number]
                log.exception("%s", pages[number]["source_uri"])
                result.rejects.append(_rejected(pages[number], error))
    for number, segmented in work.items():
        page = pages[number]
        drafts[number] = [{**_inherited(segmented.page, page), **article} for article in segmented.articles]
        found[number] = {**page, **segmented.page, "articles": len(drafts[number])}
    for number, misfit in checked(PAGES, {number: [read] for number, read in found.items()})[1].items():
        del drafts[number]
        result.rejects.append(_rejected(pages[number], misfit))
    table, misfits = checked(ARTICLE_DRAFTS, drafts)
    for number, misfit in misfits.items():
        del drafts[number]
        result.rejects.append(_rejected(pages[number], misfit))
    for number, articles in drafts.items():
        page, read = pages[number], found[number]
        page.update(read, status="published" if articles else "empty", reason=None if articles else read.get("reason") or _why_empty(page))
        result.counts["pages"] += 1
        result.counts["articles"] += len(articles)
        result.counts["empty"] += not articles
        result.counts["undated"] += bool(articles) and page["publication_date"] is None
    result.counts["rejected"] = len(result.rejects)
    write_table(Path(folder, "drafts.arrow"), table)
    write_rows(Path(folder, "seen.arrow"), PAGES, pages)
    return result.save()


def _rejected(page: Row, error: Exception) -> Reject:
    page["reason"] = f"error:{type(error).__name__}"
    return Reject(page["page_id"], page["source_uri"], page["reason"], str(error)[:200])


def blank_page(row: Row, version: str) -> Row:
    """The row of ``pages`` for a page of which nothing more than its reading is known."""
    return {
        **{name: row[name] for name in (*KNOWN, *FOUND, "reason")},
        "status": "rejected",
        "chars": len("".join((row["text"] or "").split())),
        "articles": 0,
        "indicators": 0,
        "quarantined": 0,
        "interleaved": False,
        "leftovers": [],
        "logic_version": version,
    }


def _inherited(found: Row, page: Row) -> Row:
    """What an article takes from its page where the draft itself does not say."""
    return {name: found.get(name, page[name]) for name in ("page_id", "source_uri", *FOUND)}


def _why_empty(page: Row) -> str:
    return "no_articles" if page["chars"] else "no_text"
