"""What runs leave for people to read: ``state/runs/<run>.json``, one small file a run, written at its start and its end."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from tasks.publish.places import Output
from tasks.storage import Place, each, matching, write_whole

#: Records of so many runs are kept.
KEPT = 100
RUNNING, DIED = "running", "died"


@dataclass(slots=True)
class Record:
    """One run: what it was asked for, and how far it came."""

    run: str
    id: str
    inputs: list[str]
    options: dict[str, Any]
    logic_version: str
    compiled: bool = False  #: whether the stages were compiled modules (``tasks.compiled``); the tables are the same either way
    started: str = field(default_factory=lambda: _now())
    ended: str | None = None
    state: str = RUNNING
    message: str = ""
    counts: dict[str, Any] = field(default_factory=dict)
    measures: dict[str, Any] = field(default_factory=dict)  #: what it wrote, newspaper by newspaper (``tasks.runs.measures``)

    def save(self, output: Output) -> None:
        said = json.dumps(asdict(self), ensure_ascii=False, indent=1, default=str) + "\n"
        write_whole(output.runs / f"{self.run}.json", said.encode("utf-8", "surrogatepass"))

    def end(self, output: Output, state: str, message: str, counts: dict[str, Any], measures: dict[str, Any]) -> None:
        self.state, self.message, self.counts, self.measures, self.ended = state, message, counts, measures, _now()
        self.save(output)
        for old in _files(output)[:-KEPT]:
            old.unlink(missing_ok=True)


def mark_dead(output: Output) -> list[Record]:
    """Mark runs that ended without a word, and return their records.  To be called by whoever holds the output."""
    found = []
    for draft in matching(output.runs, "*.tmp"):
        draft.unlink(missing_ok=True)
    for record in each(read_record, _files(output)):
        if record and record.state == RUNNING:
            record.state, record.message = DIED, "the run ended without a word"
            record.save(output)
            found.append(record)
    return found


def last_record(output: Output) -> Record | None:
    """The record of the run that began last."""
    return next((record for path in reversed(_files(output)) if (record := read_record(path))), None)


def last_measures(output: Output, newspapers: Collection[str]) -> dict[str, Any]:
    """What the last run on record that wrote each of the newspapers wrote of it."""
    found: dict[str, Any] = {}
    for path in reversed(_files(output)):
        if len(found) == len(newspapers):
            break
        if record := read_record(path):
            found = {newspaper: record.measures[newspaper] for newspaper in newspapers if newspaper in record.measures} | found
    return found


def read_record(path: Place) -> Record | None:
    """The record in a file; None where the file is no record."""
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))
    except (OSError, ValueError, TypeError):
        return None


def _files(output: Output) -> list[Place]:
    return matching(output.runs, "*.json")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
