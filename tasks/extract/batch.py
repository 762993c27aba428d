"""A batch of article drafts → observations."""

from __future__ import annotations

import logging
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from tasks import pace
from tasks.ingest import RejectedInput
from tasks.schema import INDICATORS, PAGES
from tasks.staging import Reject, Row, StageResult, checked, read_rows, write_rows, write_table

log = logging.getLogger("banmian.extract")

_INHERITED = ("article_id", "page_id", "source_uri", "newspaper", "publication_date")


def extract_batch(folder: str) -> StageResult:
    """``drafts.arrow`` → ``observed.arrow``, and ``read.arrow`` with the pages.

    A page with an article that can't be worked on is rejected whole.
    """
    from tasks.extract import extract_article

    result = StageResult("extract", folder, {"articles": 0, "indicators": 0, "rejected": 0})
    pages = {page["page_id"]: page for page in read_rows(Path(folder, "seen.arrow"))}
    found: dict[str, list[Row]] = {}
    read: dict[str, int] = {}
    for page_id, articles in groupby(read_rows(Path(folder, "drafts.arrow")), itemgetter("page_id")):
        rows: list[Row] = []
        number = 0
        pace.at("extract", pages[page_id]["source_uri"])
        try:
            for number, article in enumerate(articles, 1):
                inherited = {name: article[name] for name in _INHERITED}
                for row in extract_article(article):
                    row.update(inherited)
                    rows.append(row)
        except RejectedInput as rejected:
            result.rejects.append(_rejected(pages[page_id], rejected.reason, rejected.detail))
            continue
        except Exception as error:  # one bad page never fails a batch
            log.exception("%s", pages[page_id]["source_uri"])
            result.rejects.append(_rejected(pages[page_id], f"error:{type(error).__name__}", str(error)[:200]))
            continue
        found[page_id], read[page_id] = rows, number
    observed, misfits = checked(INDICATORS, found)
    for page_id, misfit in misfits.items():
        del found[page_id]
        result.rejects.append(_rejected(pages[page_id], f"error:{type(misfit).__name__}", str(misfit)[:200]))
    for page_id, rows in found.items():
        pages[page_id]["indicators"] = len(rows)
        result.counts["articles"] += read[page_id]
        result.counts["indicators"] += len(rows)
    result.counts["rejected"] = len(result.rejects)
    write_table(Path(folder, "observed.arrow"), observed)
    write_rows(Path(folder, "read.arrow"), PAGES, list(pages.values()))
    return result.save()


def _rejected(page: Row, reason: str, detail: str) -> Reject:
    page.update(status="rejected", reason=reason, articles=0, leftovers=[])
    return Reject(page["page_id"], page["source_uri"], reason, detail)
