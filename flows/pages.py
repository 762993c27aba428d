"""The main job as a Prefect flow: newspaper pages in, tables of articles and indicators out.

What a run does, and in which order, is said in ``flows.work``; the stages themselves are in ``tasks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import environment

environment.prepare()

from prefect import flow, runtime  # noqa: E402
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows import parameters as par  # noqa: E402
from flows import stages  # noqa: E402
from flows.summary import Summary  # noqa: E402
from flows.work import Future, Order, Run  # noqa: E402
from tasks.publish.places import Output  # noqa: E402
from tasks.schema import PUBLISHED  # noqa: E402


def run_name() -> str:
    """What a run is called: its input, and when it began."""
    inputs = runtime.flow_run.parameters.get("inputs") or ["nothing"]
    first = Path(str(inputs[0])).name or str(inputs[0])
    return f"{first}{f' and {len(inputs) - 1} more' if len(inputs) > 1 else ''} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z"


class Tasks:
    """Carries steps out as tasks of the flow run."""

    def submit(self, step: str, name: str, after: Sequence[Future], *arguments: Any) -> Future:
        future: Future = getattr(stages, step).submit(name, *arguments, wait_for=list(after))
        return future


#: What all flows that write the tables have in common.
WRITING: dict[str, Any] = {"name": "banmian", "task_runner": ThreadPoolTaskRunner(max_workers=2), "persist_result": False}
DAY = 24 * 3600


# new pages that take longer than a day are never done in time for the next ones
@flow(flow_run_name=run_name, timeout_seconds=DAY, **WRITING)
def read_pages(
    inputs: par.Inputs,
    output: par.Output = "output",
    publication_date: par.PublicationDate = None,
    newspaper: par.Newspaper = None,
    base: par.Base = None,
    pages_a_batch: par.PagesABatch = 200,
    full: par.Full = False,
    prune: par.Prune = False,
    corrections: par.Corrections = None,
    wait: par.Wait = 0.0,
    only: par.Only = None,
) -> Any:
    """Read newspaper pages into the tables `articles`, `indicators` and `pages`: those that are new or have changed."""
    order = Order(
        inputs,
        publication_date=publication_date,
        newspaper=newspaper,
        base=base,
        corrections=corrections,
        full=full,
        prune=prune,
        wait=wait,
        only=only,
        pages_a_batch=pages_a_batch,
    )
    return work_off(order, output)


def work_off(order: Order, output: str) -> Any:
    """Do a run inside a flow: its artifacts are left, and the state that the flow shall end in is returned."""
    outcome = Run(Output(Path(output)), order, Tasks(), str(runtime.flow_run.id)).work()
    if outcome.summary is not None and outcome.summary.stages:
        _show(outcome.summary, Output(Path(output)))
    state = Completed if outcome.success else Failed
    return state(message=outcome.message, data=outcome.summary)


def _show(summary: Summary, output: Output) -> None:
    """Leave the run's artifacts: counts of the stages, result of validation, links to the tables."""
    create_table_artifact(summary.table(), key="banmian-counts", description="What each stage did")
    create_markdown_artifact(f"# Validation\n\n{summary.validation()}", key="banmian-validation", description="Validation")
    places = [(table.name, output.table(table.name)) for table in PUBLISHED]
    for name, path in [*places, ("quarantine", output.quarantine)]:
        create_link_artifact(path.absolute().as_uri(), link_text=str(path), key=f"banmian-{name}", description=f"Table {name}")
    if summary.docs:
        create_link_artifact(Path(summary.docs).absolute().as_uri(), link_text="Data Docs", key="banmian-data-docs")
