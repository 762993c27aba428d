"""Freshness and volume of what was published, in the engine: a flow for the hour by which pages are due, and what a run leaves.

A check that finds something fails: it has no other purpose, and whoever waits for it shall see it.  A run that published thin
days is completed — its tables are whole, and another try would do nothing — but its state is named ``Alarm``.  Both emit one event for
each kind of finding, which the automations in ``alarms.yaml`` wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from flows import environment

environment.prepare()

from prefect import flow, runtime  # noqa: E402
from prefect.artifacts import create_markdown_artifact  # noqa: E402
from prefect.events import emit_event  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402

from flows import parameters as par  # noqa: E402
from flows.run_page import table  # noqa: E402
from flows.summary import Summary, few  # noqa: E402
from tasks.publish.issues import issues  # noqa: E402
from tasks.publish.places import Output, output_at  # noqa: E402
from tasks.publish.version import check_version  # noqa: E402
from tasks.runs.freshness import MISSING, Finding, Usual, first_needed, is_recent, judge, judge_written, last_due  # noqa: E402
from tasks.schema import PAGES  # noqa: E402
from tasks.storage import absolute  # noqa: E402

ALARM = "Alarm"
FRESHNESS, VOLUME = "banmian.freshness", "banmian.volume"
#: So many findings go into an event and onto a page.
NAMED = 100


def _run_name() -> str:
    return f"freshness of {runtime.flow_run.parameters.get('day') or 'the last day due'} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z"


@flow(name="banmian", flow_run_name=_run_name, timeout_seconds=3600, persist_result=False)
def check_freshness(output: par.Output = "output", day: par.Day = None, usual: par.Usual = Usual()) -> Any:  # noqa: B008
    """Look for newspapers that should have come by now, and for those with far fewer articles than usual.

    Fails where there are any, in a state named ``Alarm``.
    """
    place = output_at(output)
    day, known, found = look(place, day, usual)
    rows = [(one.newspaper, one.kind, one.articles, f"{one.usual:g}") for one in found[:NAMED]]
    said = table(("newspaper", "is", "articles", "usually"), rows) if found else "All that should be there is."
    create_markdown_artifact(f"# {day}: {known} newspapers known\n\n{said}\n", key="banmian-freshness", description="Freshness")
    emit(found, place)
    if found:
        return Failed(name=ALARM, message=few(found))
    return Completed(message=f"{day}: {known} newspapers known, none missing or thin")


def look(output: Output, day: date | None = None, usual: Usual = Usual()) -> tuple[date, int, list[Finding]]:  # noqa: B008
    """The day judged (the last one due, unless given), how many newspapers came in the weeks before, and what is wrong.

    Raises ``FileNotFoundError`` where there are no tables, and ``OtherVersion``.
    """
    if not output.table(PAGES.name).is_dir():
        raise FileNotFoundError(f"no tables in {output.root}")
    check_version(output)
    day = day or last_due(datetime.now(UTC), usual)
    known = issues(output, first_needed(day, usual), day)
    return day, len(known), judge(known, day, usual)


def look_at_run(summary: Summary, output: Output, usual: Usual) -> list[Finding]:
    """Thin ones among the days that a run wrote, if they are due and recent."""
    due = last_due(datetime.now(UTC), usual)
    written = [(newspaper, date.fromisoformat(day)) for newspaper, day in summary.days if day[:1].isdigit()]
    written = [(newspaper, day) for newspaper, day in written if is_recent(day, due, usual)]
    if not written:
        return []
    first, last = min(day for _, day in written), max(day for _, day in written)
    return judge_written(issues(output, first_needed(first, usual), last), written, due, usual)


def emit(found: Sequence[Finding], output: Output) -> None:
    """One event for each kind of finding; ``payload``: ``message`` for people, ``findings`` (the first ones), ``count``."""
    for name, kind in ((FRESHNESS, True), (VOLUME, False)):
        of_kind = [one for one in found if (one.kind == MISSING) is kind]
        if of_kind:
            listed = [{"newspaper": one.newspaper, "day": str(one.day), "articles": one.articles, "usual": one.usual} for one in of_kind]
            root = absolute(str(output.root))
            emit_event(
                name,
                resource={"prefect.resource.id": f"banmian.tables.{root}", "prefect.resource.name": root},
                payload={"message": few(of_kind), "count": len(of_kind), "findings": listed[:NAMED]},
            )
