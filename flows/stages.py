"""The stages as Prefect tasks: thin, over batches of pages, paths in and small records out.

Only stages that read from or write to storage outside the run's own staging are tried again: what a pure
stage did wrong once it does wrong twice.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from prefect import runtime, task

from flows import steps
from tasks.staging import StageResult
from tasks.validate.batch import Verdict

RETRIES = 2


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failure is one of storage, which may pass."""
    return isinstance(state.result(raise_on_failure=False), OSError)


STORAGE: dict[str, Any] = {"retries": RETRIES, "retry_delay_seconds": [2, 10], "retry_condition_fn": _may_pass, "persist_result": False}


@task(name="ingest", task_run_name="ingest {batch}", tags=["banmian"], **STORAGE)
def ingest(
    batch: str, listing: str, folder: str, publication_date: date | None, newspaper: str | None, pages_a_batch: int
) -> list[StageResult]:
    last_try = int(runtime.task_run.run_count or 1) > RETRIES
    return steps.ingest(listing, folder, publication_date, newspaper, pages_a_batch, last_try)


@task(name="normalise", task_run_name="normalise {batch}", tags=["banmian"], persist_result=False)
def normalise(batch: str, folder: str) -> StageResult:
    return steps.normalise(folder)


@task(name="segment", task_run_name="segment {batch}", tags=["banmian"], persist_result=False)
def segment(batch: str, folder: str, corrections: str | None) -> StageResult:
    return steps.segment(folder, corrections)


@task(name="extract", task_run_name="extract {batch}", tags=["banmian"], persist_result=False)
def extract(batch: str, folder: str, corrections: str | None) -> StageResult:
    return steps.extract(folder, corrections)


@task(name="validate", task_run_name="validate {batch}", tags=["banmian"], **STORAGE)
def validate(batch: str, folders: list[str], into: str, output: str, run_id: str, run: str, store: str) -> Verdict:
    return steps.validate(folders, into, output, run_id, run, store)


@task(name="publish", task_run_name="publish {batch}", tags=["banmian"], **STORAGE)
def publish(batch: str, folders: list[str], output: str, aside: str, before: str) -> StageResult:
    return steps.publish(folders, output, aside, before)


@task(name="prune", task_run_name="prune {batch}", tags=["banmian"], **STORAGE)
def prune(batch: str, files: str, output: str, aside: str) -> StageResult:
    return steps.prune(files, output, aside)
