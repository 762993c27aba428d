"""A run's page: what was new, what was rejected and why, what is different from the last run, and where to look on."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Sequence
from typing import cast
from uuid import UUID

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.summary import Summary
from tasks.publish.places import Output
from tasks.runs.changes import Change
from tasks.runs.measures import SHARES
from tasks.runs.plan import WHY
from tasks.schema import PUBLISHED
from tasks.storage import link, place

#: So many newspapers and days are named.
NAMED = 20
#: A cell of a table is cut here.
CELL = 160
#: Changes that chance hardly makes, in its standard deviations, are marked.
STRIKING = 3.0
#: Seconds between two moves of the progress bar, at least.
PAUSE = 1.0

log = logging.getLogger("banmian.page")


class Bar:
    """The progress artifact of a run: moves as the run tells how far it is."""

    def __init__(self) -> None:
        self.id = cast(UUID, create_progress_artifact(0.0, key="banmian-progress", description="Share of the run that is done"))
        self.shown, self.moved = 0.0, time.monotonic()

    def __call__(self, stage: str, done: int, of: int, share: float) -> None:
        percent = min(100.0, round(100 * share, 1))
        if percent > self.shown and (percent >= 100 or time.monotonic() - self.moved >= PAUSE):
            self.show(percent, f"{stage} {done}/{of}")

    def show(self, percent: float, said: str) -> None:
        try:
            update_progress_artifact(self.id, percent, description=said)
        except Exception as error:  # noqa: BLE001 - a server that is slow to answer is no reason to end a run
            log.debug("progress not shown: %s", error)
        self.shown, self.moved = percent, time.monotonic()


def show(summary: Summary, success: bool, message: str, output: Output) -> None:
    """Leave the artifacts of a run."""
    create_markdown_artifact(markdown(summary, success, message, output), key="banmian-run", description=_line(message))
    if summary.stages:
        create_table_artifact(summary.table(), key="banmian-counts", description="What each stage did")
    if summary.docs:
        create_link_artifact(link(place(summary.docs)), link_text="Data Docs", key="banmian-data-docs")


def markdown(summary: Summary, success: bool, message: str, output: Output) -> str:
    """The page.  Its length does not grow with the run."""
    parts = [f"# {'Done' if success else 'Failed'}: {_cell(message)}", *(f"- {_cell(note)}" for note in summary.notes)]
    parts += ["## What was new", *_new(summary)]
    parts += ["## Rejected pages", *_rejected(summary)]
    parts += ["## Rows held back", summary.validation()]
    parts += ["## The largest changes against the last run", *_changes(summary.changes)]
    parts += ["## Where to look", *_links(summary, output)]
    return "\n\n".join(parts) + "\n"


def _new(summary: Summary) -> list[str]:
    why = {**WHY, "same": "up to date", "gone": "no longer in the input"}
    files = [[words, count] for name, words in why.items() if (count := summary.plan.get(name))]
    found = [table(("files", "how many"), files)] if files else ["Nothing."]
    if summary.days:
        days = sorted(summary.days.values(), key=lambda day: (day.day, day.articles), reverse=True)
        rows = [[day.newspaper, day.day, day.pages, day.articles, day.indicators] for day in days[:NAMED]]
        found.append(table(("newspaper", "day", "pages", "articles", "indicators"), rows))
        if len(days) > NAMED:
            newspapers = len({day.newspaper for day in days})
            found.append(f"and {len(days) - NAMED} days more; {newspapers} newspapers in all.")
    if summary.thin:
        rows = [[one.newspaper, one.day, one.articles, f"{one.usual:g}"] for one in summary.thin[:NAMED]]
        found.append("**Far fewer articles than usual:**\n\n" + table(("newspaper", "day", "articles", "usually"), rows))
    return found


def _rejected(summary: Summary) -> list[str]:
    if not summary.rejects:
        return ["None."]
    found = [table(("reason", "pages"), [[reason, count] for reason, count in summary.rejects.most_common(NAMED)])]
    found.append(table(("page", "reason", "detail"), [[reject.source_uri, reject.reason, reject.detail] for reject in summary.named]))
    if (more := summary.rejects.total() - len(summary.named)) > 0:
        found.append(f"and {more} more: `banmian quarantine list` shows all.")
    return found


def _changes(changes: Sequence[Change]) -> list[str]:
    if not changes:
        return ["None, or no run before wrote these newspapers."]
    rows = []
    for change in changes:
        of_share = change.what in SHARES
        before, now = (f"{value:.1%}" if of_share else f"{value:.4g}" for value in (change.before, change.now))
        what = f"rows {change.what.replace('_', ' a ')}" if of_share else change.what + ("" if change.day else " a day")
        rows.append([change.newspaper, change.day or "—", what, before, f"{now}{'!' if abs(change.size) >= STRIKING else ''}"])
    return [
        table(("newspaper", "day", "of", "before", "now"), rows),
        f"The largest first; those marked with ! are beyond {STRIKING:g} standard deviations of what chance makes.",
    ]


def _links(summary: Summary, output: Output) -> list[str]:
    places = [("Data Docs", place(summary.docs))] if summary.docs else []
    places += [(f"Table {table.name}", output.table(table.name)) for table in PUBLISHED]
    places.append(("Quarantine", output.quarantine))
    return ["\n".join(f"- [{name}]({link(where)}): `{where}`" for name, where in places)]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; what the cells hold is taken as plain text."""
    lines = [head, ["---"] * len(head), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    """Text as it is, on one line: no name of a file or newspaper is Markdown."""
    plain = _line(str(value))
    plain = plain if len(plain) <= CELL else f"{plain[:CELL]}…"
    return re.sub(r"([\\`*_{}\[\]<>|#!])", r"\\\1", plain)


def _line(text: str) -> str:
    return " ".join(text.encode("utf-8", "replace").decode().split())
