"""The main job as a Prefect flow: newspaper pages in, tables of articles and indicators out.

What a run does, and in which order, is said in ``flows.work``; the stages themselves are in ``tasks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows import environment

environment.prepare()

from prefect import flow, runtime  # noqa: E402
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows import stages  # noqa: E402
from flows.summary import Summary  # noqa: E402
from flows.work import Future, Order, Run  # noqa: E402
from tasks.publish.places import Output  # noqa: E402
from tasks.schema import PUBLISHED  # noqa: E402


def _run_name() -> str:
    inputs = runtime.flow_run.parameters.get("inputs") or ["nothing"]
    first = Path(str(inputs[0])).name or str(inputs[0])
    return f"{first}{f' and {len(inputs) - 1} more' if len(inputs) > 1 else ''} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z"


class Tasks:
    """Carries steps out as tasks of the flow run."""

    def submit(self, step: str, name: str, after: Sequence[Future], *arguments: Any) -> Future:
        future: Future = getattr(stages, step).submit(name, *arguments, wait_for=list(after))
        return future


@flow(name="banmian", flow_run_name=_run_name, task_runner=ThreadPoolTaskRunner(max_workers=2), persist_result=False)  # type: ignore[arg-type]
def read_pages(
    inputs: list[str],
    output: str = "output",
    publication_date: date | None = None,
    newspaper: str | None = None,
    base: str | None = None,
    pages_a_batch: int = 200,
    full: bool = False,
    prune: bool = False,
    corrections: str | None = None,
    wait: float = 0.0,
    only: list[str] | None = None,
) -> Any:
    """Read newspaper pages into the tables `articles`, `indicators` and `pages`: those that are new or have changed.

    inputs: files and folders (folders recursively).  output: folder of the tables.
    publication_date, newspaper: of all pages given, where neither path nor page should decide.
    base: folder that the names of pages in the tables start from; else the one that holds each input.
    pages_a_batch: pages that go through the stages together.
    full: read all pages again.  prune: take away rows of pages that the input folders no longer hold.
    corrections: file of reviewed corrections.  wait: seconds to wait for another run over the output to end.
    only: names (`source_uri`) of the files to read, whether they changed or not; else all.
    """
    order = Order(inputs, publication_date, newspaper, base, corrections, full, prune, wait, only, pages_a_batch)
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
