"""Corrections → staged rows of a batch, each after its guard."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tasks.corrections.read import DROP, Correction, value
from tasks.schema import ARTICLE_DRAFTS, INDICATORS, NORMALISED_PAGES, PAGES
from tasks.staging import Reject, Row, StageResult, read_rows, write_rows

#: Reason of a page whose correction no longer matches: see ``tasks.ingest.PASSING``.
REASON = "correction"
IDENTIFIER = {"article": "article_id", "amount": "observation_id"}
#: What the guard of a row that is taken away looks at.
SHOWN = {"article": "headline", "amount": "value_text"}


class _Stale(Exception):
    """A correction whose guard fails."""


def correct_pages(folder: str, corrections: Sequence[Correction]) -> StageResult:
    """Set pages' own slots in ``normalised.arrow``, before they are segmented."""
    from tasks.segment import segment_page

    wanted, result = _by_page(corrections, "page"), StageResult("correct-pages", folder, {"corrected": 0})
    rows = read_rows(Path(folder, "normalised.arrow")) if wanted else []
    touched = False
    for row in rows:
        if row["reason"] or row["source_uri"] not in wanted:
            continue
        touched = True
        try:
            found = {**row, **segment_page(row).page}  # what the page would say of itself
            for correction in wanted[row["source_uri"]]:
                _guard(correction, found.get(correction.slot))
                row[correction.slot] = value(correction.column, correction.now)
                if correction.slot == "publication_date":
                    row["publication_date_source"] = "correction"
                result.counts["corrected"] += 1
        except _Stale as stale:
            row["reason"] = REASON
            result.rejects.append(Reject(row["page_id"], row["source_uri"], REASON, str(stale)))
        except Exception:  # noqa: BLE001 - segment stumbles over the page, and says so
            continue
    if touched:
        write_rows(Path(folder, "normalised.arrow"), NORMALISED_PAGES, rows)
    return result.save()


def correct_articles(folder: str, corrections: Sequence[Correction]) -> StageResult:
    """Set articles' slots in ``drafts.arrow``, before their amounts are read."""
    return _correct(folder, corrections, "article", "drafts.arrow", "seen.arrow")


def correct_amounts(folder: str, corrections: Sequence[Correction]) -> StageResult:
    """Set observations' slots in ``observed.arrow``."""
    return _correct(folder, corrections, "amount", "observed.arrow", "read.arrow")


def _correct(folder: str, corrections: Sequence[Correction], kind: str, file: str, pages_file: str) -> StageResult:
    wanted, result = _by_page(corrections, kind), StageResult(f"correct-{kind}s", folder, {"corrected": 0})
    pages = read_rows(Path(folder, pages_file)) if wanted else []
    concerned = [page for page in pages if page["source_uri"] in wanted and page["status"] != "rejected"]
    if not concerned:
        return result.save()
    rows = read_rows(Path(folder, file))
    for page in concerned:
        own = [row for row in rows if row["page_id"] == page["page_id"]]
        try:
            for correction in wanted[page["source_uri"]]:
                row = _row(correction, own)
                if correction.slot == DROP:
                    if row[SHOWN[kind]] != correction.was:
                        raise _stale(correction, row[SHOWN[kind]])
                    row["dropped"] = True
                else:
                    _guard(correction, row[correction.slot])
                    row[correction.slot] = value(correction.column, correction.now)
                result.counts["corrected"] += 1
        except _Stale as stale:
            page.update(status="rejected", reason=REASON, articles=0, indicators=0, leftovers=[])
            result.rejects.append(Reject(page["page_id"], page["source_uri"], REASON, str(stale)))
            continue
        count = f"{'article' if kind == 'article' else 'indicator'}s"
        page[count] -= sum(1 for row in own if row.get("dropped"))
        if kind == "article" and not page["articles"]:
            page.update(status="empty", reason="no_articles")
    refused = {reject.page_id for reject in result.rejects}
    kept = [row for row in rows if not row.get("dropped") and row["page_id"] not in refused]
    write_rows(Path(folder, file), ARTICLE_DRAFTS if kind == "article" else INDICATORS, kept)
    write_rows(Path(folder, pages_file), PAGES, pages)
    return result.save()


def _row(correction: Correction, rows: Sequence[Row]) -> Row:
    """The one row that a correction means."""
    names = [IDENTIFIER[correction.kind], *(["value_text"] if correction.kind == "amount" else ["position"])]
    found = [row for row in rows if correction.which in (str(row[name]) for name in names)]
    if len(found) != 1:
        raise _Stale(f"{correction.name()}: {'no such row' if not found else f'{len(found)} such rows, give the identifier'}")
    return found[0]


def _guard(correction: Correction, holds: Any) -> None:
    if (holds or None) != (value(correction.column, correction.was) or None):
        raise _stale(correction, holds)


def _stale(correction: Correction, holds: Any) -> _Stale:
    return _Stale(f"{correction.name()}: the slot holds {'nothing' if holds is None else holds}, not {correction.was or 'nothing'}")


def _by_page(corrections: Sequence[Correction], kind: str) -> dict[str, list[Correction]]:
    found: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        if correction.kind == kind:
            found[correction.page].append(correction)
    return found
