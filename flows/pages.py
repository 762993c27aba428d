"""The main job as a Prefect flow: newspaper pages in, tables of articles and indicators out.

What a run does, and in which order, is said in ``flows.work``; the stages themselves are in ``tasks``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows import environment

environment.prepare()

from prefect import flow, runtime  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows import parameters as par  # noqa: E402
from flows import run_page, stages  # noqa: E402
from flows.crew import Promise  # noqa: E402
from flows.freshness import ALARM, emit, look_at_run  # noqa: E402
from flows.lost import bury  # noqa: E402
from flows.progress import heard_by  # noqa: E402
from flows.summary import few  # noqa: E402
from flows.work import Order, Run  # noqa: E402
from tasks.publish.places import output_at  # noqa: E402
from tasks.runs.freshness import Usual  # noqa: E402


def run_name() -> str:
    """What a run is called: its input, and when it began."""
    inputs = runtime.flow_run.parameters.get("inputs") or ["nothing"]
    first = Path(str(inputs[0])).name or str(inputs[0])
    return f"{first}{f' and {len(inputs) - 1} more' if len(inputs) > 1 else ''} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z"


class Tasks:
    """Carries stages out as tasks of the flow run."""

    def submit(self, stage: str, name: str, work: Callable[[], Any]) -> Promise:
        done: list[Any] = []
        return _Task(getattr(stages, stage).submit(name, lambda: done.append(work())), done)


@dataclass(slots=True)
class _Task:
    """A task run, and where it leaves its result."""

    future: Any
    done: list[Any]

    def result(self) -> Any:
        self.future.result()
        return self.done[-1]

    def cancel(self) -> None:
        return None


#: What all flows that write the tables have in common.
WRITING: dict[str, Any] = {"name": "banmian", "task_runner": ThreadPoolTaskRunner(max_workers=4), "persist_result": False}
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
    workers: par.Workers = None,
    scheduler: par.Scheduler = None,
    usual: par.Usual = Usual(),  # noqa: B008
    staging: par.Staging = None,
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
        workers=workers,
        scheduler=scheduler,
        staging=staging,
    )
    return work_off(order, output, usual)


def work_off(order: Order, output: str, usual: Usual | None = None) -> Any:
    """Do a run inside a flow: its artifacts are left, and the state that the flow shall end in is returned.

    ``usual``: what the days that it writes are compared with; null for one that writes old days.
    """
    where, bar = output_at(output, order.staging), run_page.Bar()
    with heard_by(bar):
        outcome = Run(where, order, Tasks(), str(runtime.flow_run.id), on_dead=bury).work()
    if outcome.summary is not None and usual is not None:
        try:
            outcome.summary.thin = look_at_run(outcome.summary, where, usual)
        except OSError as error:  # the run has done its work
            outcome.summary.notes.append(f"not compared with the weeks before: {error}")
        emit(outcome.summary.thin, where)
    if outcome.summary is not None:
        run_page.show(outcome.summary, outcome.success, outcome.message, where)
    bar.show(100.0 if outcome.success else bar.shown, outcome.message)
    if outcome.success and outcome.summary and outcome.summary.thin:
        return Completed(name=ALARM, message=f"{outcome.message}; {few(outcome.summary.thin)}", data=outcome.summary)
    state = Completed if outcome.success else Failed
    return state(message=outcome.message, data=outcome.summary)
