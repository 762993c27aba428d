"""A batch of article drafts → observations."""

from __future__ import annotations

import logging
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from tasks import pace
from tasks.ingest import RejectedInput
from tasks.schema import INDICATORS, PAGES
from tasks.staging import Reject, Row, StageResult, checked, read_rows, write_rows, write_table

if TYPE_CHECKING:
    from tasks.extract.scene import Scene

log = logging.getLogger("banmian.extract")

_INHERITED = ("article_id", "page_id", "source_uri", "newspaper", "publication_date")


def extract_batch(folder: str) -> StageResult:
    """``drafts.arrow`` → ``observed.arrow``, and ``read.arrow`` with the pages.

    A page with an article that can't be worked on is rejected whole.
    """
    from tasks import extract

    result = StageResult("extract", folder, {"articles": 0, "indicators": 0, "rejected": 0})
    pages = {page["page_id"]: page for page in read_rows(Path(folder, "seen.arrow"))}
    articles = {page_id: list(rows) for page_id, rows in groupby(read_rows(Path(folder, "drafts.arrow")), itemgetter("page_id"))}
    scenes: dict[str, list[Scene]] = {}
    found: dict[str, list[Row]] = {}

    def look(page_id: str) -> None:
        scenes[page_id] = [extract.scene_of(article) for article in articles[page_id]]

    def read(page_id: str) -> None:
        rows: list[Row] = []
        for article, scene in zip(articles[page_id], scenes.pop(page_id), strict=True):
            inherited = {name: article[name] for name in _INHERITED}
            for row in extract.extract_article(article, scene):
                row.update(inherited)
                rows.append(row)
        found[page_id] = rows

    # step by step over all pages, as `segment_batch`
    work = list(articles)
    for step in (look, read):
        for page_id in list(work):
            pace.at("extract", pages[page_id]["source_uri"])
            try:
                step(page_id)
            except RejectedInput as rejected:
                work.remove(page_id)
                result.rejects.append(_rejected(pages[page_id], rejected.reason, rejected.detail))
            except Exception as error:  # one bad page never fails a batch
                work.remove(page_id)
                log.exception("%s", pages[page_id]["source_uri"])
                result.rejects.append(_rejected(pages[page_id], f"error:{type(error).__name__}", str(error)[:200]))
    observed, misfits = checked(INDICATORS, found)
    for page_id, misfit in misfits.items():
        del found[page_id]
        result.rejects.append(_rejected(pages[page_id], f"error:{type(misfit).__name__}", str(misfit)[:200]))
    for page_id, rows in found.items():
        pages[page_id]["indicators"] = len(rows)
        result.counts["articles"] += len(articles[page_id])
        result.counts["indicators"] += len(rows)
    result.counts["rejected"] = len(result.rejects)
    write_table(Path(folder, "observed.arrow"), observed)
    write_rows(Path(folder, "read.arrow"), PAGES, list(pages.values()))
    return result.save()


def _rejected(page: Row, reason: str, detail: str) -> Reject:
    page.update(status="rejected", reason=reason, articles=0, leftovers=[])
    return Reject(page["page_id"], page["source_uri"], reason, detail)
