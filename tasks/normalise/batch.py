"""A batch of raw pages → the same pages with repaired text beside the raw."""

from __future__ import annotations

import logging
from pathlib import Path

from tasks import pace
from tasks.schema import NORMALISED_PAGES
from tasks.staging import Reject, StageResult, read_rows, write_rows

log = logging.getLogger("banmian.normalise")


def normalise_batch(folder: str) -> StageResult:
    """``raw.arrow`` → ``normalised.arrow`` in the batch's folder.  A page that can't be normalised is rejected."""
    from tasks.normalise import normalise

    result = StageResult("normalise", folder, {"pages": 0, "chars": 0, "rejected": 0})
    rows = read_rows(Path(folder, "raw.arrow"))
    for row in rows:
        row["normal_text"], row["offsets"] = None, None
        if row["reason"]:
            continue
        pace.at("normalise", row["source_uri"])
        try:
            normal = normalise(row["text"])
            row["normal_text"], row["offsets"] = normal.text, normal.offsets
        except Exception as error:  # one bad page never fails a batch
            log.exception("%s", row["source_uri"])
            row["reason"] = f"error:{type(error).__name__}"
            result.rejects.append(Reject(row["page_id"], row["source_uri"], row["reason"], str(error)[:200]))
            continue
        result.counts["pages"] += 1
        result.counts["chars"] += len(normal.text)
    result.counts["rejected"] = len(result.rejects)
    write_rows(Path(folder, "normalised.arrow"), NORMALISED_PAGES, rows)
    return result.save()
