"""A batch of article drafts → observations."""

from __future__ import annotations

import logging
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa

from tasks.ingest import RejectedInput
from tasks.schema import INDICATORS, PAGES
from tasks.staging import Reject, Row, StageResult, read_rows, to_arrow, write_rows, write_table

log = logging.getLogger("banmian.extract")


def extract_batch(folder: str) -> StageResult:
    """``drafts.arrow`` → ``observed.arrow``, and ``read.arrow`` with the pages.

    A page with an article that can't be worked on is rejected whole.
    """
    from tasks.extract import extract_article

    result = StageResult("extract", folder, {"articles": 0, "indicators": 0, "rejected": 0})
    pages = {page["page_id"]: page for page in read_rows(Path(folder, "seen.arrow"))}
    found = [to_arrow(INDICATORS, [])]
    for page_id, articles in groupby(read_rows(Path(folder, "drafts.arrow")), itemgetter("page_id")):
        page, number = pages[page_id], 0
        rows: list[Row] = []
        try:
            for number, article in enumerate(articles, 1):
                rows += [{**_inherited(article), **row} for row in extract_article(article)]
            observed = to_arrow(INDICATORS, rows)  # a value of a wrong type is this page's error
        except RejectedInput as rejected:
            page.update(status="rejected", reason=rejected.reason, articles=0, leftovers=[])
            result.rejects.append(Reject(page_id, page["source_uri"], rejected.reason, rejected.detail))
            continue
        except Exception as error:  # one bad page never fails a batch
            log.exception("%s", page["source_uri"])
            page.update(status="rejected", reason=f"error:{type(error).__name__}", articles=0, leftovers=[])
            result.rejects.append(Reject(page_id, page["source_uri"], page["reason"], str(error)[:200]))
            continue
        page["indicators"] = len(rows)
        found.append(observed)
        result.counts["articles"] += number
        result.counts["indicators"] += len(rows)
    result.counts["rejected"] = len(result.rejects)
    write_table(Path(folder, "observed.arrow"), pa.concat_tables(found).combine_chunks())
    write_rows(Path(folder, "read.arrow"), PAGES, list(pages.values()))
    return result.save()


def _inherited(article: Row) -> Row:
    return {name: article[name] for name in ("article_id", "page_id", "source_uri", "newspaper", "publication_date")}
