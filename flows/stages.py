"""The stages as Prefect tasks: thin, over batches of pages, paths in and small records out.

Only stages that read from or write to storage outside the run's own staging are tried again, after a pause that grows:
what a pure stage did wrong once it does wrong twice, and what took too long would again.
"""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

from prefect import runtime, task
from prefect.task_engine import TaskRunTimeoutError

from flows import steps
from tasks.staging import StageResult
from tasks.validate.batch import Verdict

RETRIES = 2
#: Seconds that a batch may take.  Each file of one has a limit of its own while it is read; here is what is stuck.
TIMEOUT = 2 * 3600


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failure is one of storage, which may pass.  (A timeout is an ``OSError`` too.)"""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, TaskRunTimeoutError)


class _Told(logging.Filter):
    """Leaves out what prefect says of each task with a timeout, once a batch: that a thread is stopped only between two steps
    of Python.  Whatever may hang in between (readers of PDF and HTML) runs in processes with limits of their own.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Timeout of %s seconds configured")


logging.getLogger("prefect.task_runs").addFilter(_Told())

PURE: dict[str, Any] = {"tags": ["banmian"], "timeout_seconds": TIMEOUT, "persist_result": False}
STORAGE: dict[str, Any] = {
    **PURE,
    "retries": RETRIES,
    "retry_delay_seconds": [2, 10],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": _may_pass,
}


@task(name="ingest", task_run_name="ingest {batch}", **STORAGE)
def ingest(
    batch: str, listing: str, folder: str, publication_date: date | None, newspaper: str | None, pages_a_batch: int
) -> list[StageResult]:
    last_try = int(runtime.task_run.run_count or 1) > RETRIES
    return steps.ingest(listing, folder, publication_date, newspaper, pages_a_batch, last_try)


@task(name="normalise", task_run_name="normalise {batch}", **PURE)
def normalise(batch: str, folder: str) -> StageResult:
    return steps.normalise(folder)


@task(name="segment", task_run_name="segment {batch}", **PURE)
def segment(batch: str, folder: str, corrections: str | None) -> StageResult:
    return steps.segment(folder, corrections)


@task(name="extract", task_run_name="extract {batch}", **PURE)
def extract(batch: str, folder: str, corrections: str | None) -> StageResult:
    return steps.extract(folder, corrections)


@task(name="validate", task_run_name="validate {batch}", **STORAGE)
def validate(batch: str, folders: list[str], into: str, output: str, run_id: str, run: str, store: str) -> Verdict:
    return steps.validate(folders, into, output, run_id, run, store)


@task(name="publish", task_run_name="publish {batch}", **STORAGE)
def publish(batch: str, folders: list[str], output: str, aside: str, before: str) -> StageResult:
    return steps.publish(folders, output, aside, before)


@task(name="prune", task_run_name="prune {batch}", **STORAGE)
def prune(batch: str, files: str, output: str, aside: str) -> StageResult:
    return steps.prune(files, output, aside)


@task(name="check", task_run_name="check {batch}", **STORAGE)
def check(batch: str, files: list[str], output: str, store: str) -> Verdict:
    return steps.check(files, output, store)


@task(name="names", task_run_name="names {batch}", **STORAGE)
def names(batch: str, output: str) -> Verdict:
    return steps.names(output)
