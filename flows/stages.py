"""The stages as Prefect tasks: thin, over batches of pages, paths in and small records out.

Only stages that read from or write to storage outside the run's own staging are tried again: what a pure
stage did wrong once it does wrong twice.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from prefect import runtime, task

from tasks.extract.batch import extract_batch
from tasks.ingest import Source
from tasks.ingest.batch import ingest_batch
from tasks.ingest.facts import Facts
from tasks.normalise.batch import normalise_batch
from tasks.publish.batch import publish_batches
from tasks.publish.places import Output
from tasks.publish.quarantine import keep_quarantine
from tasks.segment.batch import segment_batch
from tasks.staging import StageResult
from tasks.validate.batch import Verdict, validate_batches

RETRIES = 2


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failure is one of storage, which may pass."""
    return isinstance(state.result(raise_on_failure=False), OSError)


STORAGE: dict[str, Any] = {"retries": RETRIES, "retry_delay_seconds": [2, 10], "retry_condition_fn": _may_pass, "persist_result": False}


@task(name="ingest", task_run_name="ingest {batch}", tags=["banmian"], **STORAGE)
def ingest(
    batch: str, listing: str, folder: str, publication_date: date | None, newspaper: str | None, pages_a_batch: int
) -> list[StageResult]:
    """Read the sources listed in a JSON file of [uri, location, problem] into batch folders."""
    sources = [Source(*entry) for entry in json.loads(Path(listing).read_text(encoding="utf-8", errors="surrogatepass"))]
    given = Facts(newspaper, publication_date)
    last_try = int(runtime.task_run.run_count or 1) > RETRIES
    return ingest_batch(sources, folder, given, pages_a_batch=pages_a_batch, last_try=last_try)


@task(name="normalise", task_run_name="normalise {batch}", tags=["banmian"], persist_result=False)
def normalise(batch: str, folder: str) -> StageResult:
    return normalise_batch(folder)


@task(name="segment", task_run_name="segment {batch}", tags=["banmian"], persist_result=False)
def segment(batch: str, folder: str) -> StageResult:
    return segment_batch(folder)


@task(name="extract", task_run_name="extract {batch}", tags=["banmian"], persist_result=False)
def extract(batch: str, folder: str) -> StageResult:
    return extract_batch(folder)


@task(name="validate", task_run_name="validate {batch}", tags=["banmian"], **STORAGE)
def validate(batch: str, folders: list[str], into: str, output: str, run_id: str, run: str, store: str) -> Verdict:
    """Check a group of batches, and put what fails into the quarantine table."""
    verdict = validate_batches(folders, into, run_id, store)
    keep_quarantine(into, Output(Path(output)), f"{run}-{Path(into).parent.name}-{Path(into).name}", into)
    return verdict


@task(name="publish", task_run_name="publish {batch}", tags=["banmian"], **STORAGE)
def publish(batch: str, folders: list[str], output: str, aside: str, before: str) -> StageResult:
    return publish_batches(folders, Output(Path(output)), aside, before)
