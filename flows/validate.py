"""The checks alone, over the published tables: as a Prefect flow, or without the engine."""

from __future__ import annotations

import shutil
import uuid
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flows import environment

environment.prepare()

from prefect import flow, runtime  # noqa: E402
from prefect.artifacts import create_link_artifact, create_markdown_artifact  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows import parameters as par  # noqa: E402
from flows import steps  # noqa: E402
from flows.pages import DAY, Tasks  # noqa: E402
from flows.progress import tell  # noqa: E402
from flows.summary import Summary  # noqa: E402
from flows.waves import Engine, Here  # noqa: E402
from flows.work import TOLD, Outcome, told  # noqa: E402
from tasks.publish.commit import recover  # noqa: E402
from tasks.publish.places import Output, output_at  # noqa: E402
from tasks.publish.version import check_version  # noqa: E402
from tasks.runs.lock import hold  # noqa: E402
from tasks.schema import PUBLISHED  # noqa: E402
from tasks.storage import link, place  # noqa: E402
from tasks.validate.gate import build_docs  # noqa: E402
from tasks.validate.published import Portion, portions, published_files, suite  # noqa: E402


def _run_name() -> str:
    output = str(runtime.flow_run.parameters.get("output") or "output")
    return f"validate {Path(output).name or output} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z"


@flow(name="banmian", flow_run_name=_run_name, task_runner=ThreadPoolTaskRunner(max_workers=1), persist_result=False, timeout_seconds=DAY)  # type: ignore[arg-type]
def validate_tables(output: par.Output = "output", wait: par.Wait = 0.0) -> Any:
    """Check the published tables against their suites of expectations; nothing is written to them.

    Fails where a row does not meet its expectations, a file can't be read, or a page is published twice.
    """
    outcome = check_tables(output_at(output), Tasks(), wait)
    summary = outcome.summary
    if summary is not None and summary.stages:
        create_markdown_artifact(
            f"# Published tables\n\n{summary.validation()}", key="banmian-published-validation", description="Validation"
        )
    if summary is not None and summary.docs:
        create_link_artifact(link(place(summary.docs)), link_text="Data Docs", key="banmian-data-docs")
    state = Completed if outcome.success else Failed
    return state(message=outcome.message, data=summary)


def check_tables(output: Output, engine: Engine | None = None, wait: float = 0.0) -> Outcome:
    """Check what is published.  No run writes meanwhile: a scan of files that are being replaced would find faults that are none."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-validate-{uuid.uuid4().hex[:8]}"
    summary = Summary(str(output.root))
    try:
        files = published_files(output)
        if not files:
            return Outcome(False, f"no tables in {output.root}", summary)
        with hold(output.lock, name, wait):
            check_version(output)
            recover(output)  # a publish that died between its moves is finished, or else the tables disagree
            return _checked(output, engine or Here(), name, summary)
    except TOLD as error:
        return Outcome(False, told(error, output), summary)


def _checked(output: Output, engine: Engine, name: str, summary: Summary) -> Outcome:
    staging, started = output.work / name, datetime.now(UTC)
    store, root = str(staging / "checks"), str(output.root)
    try:
        parts = list(portions(output, published_files(output)))
        futures = [
            engine.submit("check", f"{number}/{len(parts)}: {_label(part)}", partial(steps.check, part, root, store))
            for number, part in enumerate(parts, 1)
        ]
        futures.append(engine.submit("check", "names of all pages", partial(steps.names, root)))
        verdicts = []
        for number, future in enumerate(futures, 1):
            verdicts.append(future.result())
            summary.judge(verdicts[-1])
            tell("check", number, len(futures))
        docs = build_docs(store, output.docs, name, {table.name: suite(table.name) for table in PUBLISHED})
        summary.docs = str(docs) if docs else None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    summary.seconds = (datetime.now(UTC) - started).total_seconds()
    rows = ", ".join(f"{summary.stages['validate'][table.name]} {table.name}" for table in PUBLISHED)
    if all(verdict.success for verdict in verdicts):
        return Outcome(True, f"checked {rows}: every expectation is met", summary)
    fatal = sorted({str(found["expectation"]) for verdict in verdicts for found in verdict.findings if found["fatal"]})
    return Outcome(False, f"checked {rows}: {', '.join(fatal)} failed (see {summary.docs})", summary)


def _label(portion: Portion) -> str:
    if portion.whole:
        return f"{portion.files[0]} … {portion.files[-1]}"
    return f"{portion.files[0]}, pages {portion.first or '0'} … {portion.end or 'f'}"
