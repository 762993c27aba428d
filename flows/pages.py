"""The main job: newspaper pages in, tables of articles and indicators out.

Sources are taken in waves (a bound on what a run keeps on disk and in memory).  In a wave, batches of
pages go through ingest, normalise, segment and extract; groups of batches are validated; and the wave is
published at once, if all its groups passed.  The stages themselves are in ``tasks``.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from flows import environment

environment.prepare()

from prefect import flow, get_run_logger, runtime  # noqa: E402
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.client.schemas.objects import State  # noqa: E402
from prefect.states import Completed, Failed  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows import stages  # noqa: E402
from flows.progress import tell  # noqa: E402
from flows.summary import Summary  # noqa: E402
from tasks.ingest import Source  # noqa: E402
from tasks.ingest.files import InputError, discover  # noqa: E402
from tasks.publish.batch import survey  # noqa: E402
from tasks.publish.places import Output  # noqa: E402
from tasks.schema import PUBLISHED  # noqa: E402
from tasks.validate.batch import SUITES, Verdict  # noqa: E402
from tasks.validate.gate import build_docs  # noqa: E402

#: Batches of sources in a wave, and batches of pages that are validated together.
BATCHES_A_WAVE = 10
BATCHES_A_GROUP = 10

T = TypeVar("T")


def _run_name() -> str:
    inputs = runtime.flow_run.parameters.get("inputs") or ["nothing"]
    first = Path(str(inputs[0])).name or str(inputs[0])
    return f"{first}{f' and {len(inputs) - 1} more' if len(inputs) > 1 else ''} at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z"


@flow(name="banmian", flow_run_name=_run_name, task_runner=ThreadPoolTaskRunner(max_workers=2), persist_result=False)  # type: ignore[arg-type]
def read_pages(
    inputs: list[str],
    output: str = "output",
    publication_date: date | None = None,
    newspaper: str | None = None,
    base: str | None = None,
    pages_a_batch: int = 200,
) -> Any:
    """Read newspaper pages into the tables `articles`, `indicators` and `pages`.

    inputs: files and folders (folders recursively).  output: folder of the tables.
    publication_date, newspaper: of all pages given, where neither path nor page should decide.
    base: folder that the names of pages in the tables start from; else the one that holds each input.
    pages_a_batch: pages that go through the stages together.
    """
    run = Run(Output(Path(output)), publication_date, newspaper, pages_a_batch)
    try:
        state = run.work(inputs, base)
    finally:
        run.leave()
    return state


class Run:
    """One run over one output folder."""

    def __init__(self, output: Output, publication_date: date | None, newspaper: str | None, pages_a_batch: int) -> None:
        self.output = output
        self.given = (publication_date, newspaper)
        self.pages_a_batch = pages_a_batch
        self.id = str(runtime.flow_run.id)
        self.name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{self.id[:8]}"
        self.staging = output.staging / self.name
        self.summary = Summary(str(output.root))
        self.started = time.monotonic()

    def work(self, inputs: Sequence[str], base: str | None) -> State:
        log = get_run_logger()
        try:
            sources = discover(inputs, base, leave_out=self.output.root)
        except InputError as error:
            return Failed(message=str(error))
        log.info("%d files to read", len(sources))
        self.summary.sources = len(sources)
        self.staging.mkdir(parents=True)
        before = self._save("before.json", survey(self.output, {source.uri for source in sources}))
        failed: list[Verdict] = []
        waves = list(_parts(sources, self.pages_a_batch * BATCHES_A_WAVE))
        for number, wave in enumerate(waves, 1):
            label = f"wave {number}/{len(waves)}, " if len(waves) > 1 else ""
            failed += self._wave(label, f"{number:04d}", wave, before)
        self.summary.seconds = time.monotonic() - self.started
        docs = build_docs(self.staging / "checks", self.output.docs, self.name, SUITES)
        self.summary.docs = str(docs) if docs else None
        self._show()
        if failed:
            fatal = sorted({str(found["expectation"]) for verdict in failed for found in verdict.findings if found["fatal"]})
            return Failed(message=f"not published, too many rows failed: {', '.join(fatal)} (see {self.summary.docs})", data=self.summary)
        return Completed(message=f"{self.summary.pages} pages", data=self.summary)

    def leave(self) -> None:
        """Take the run's own staging away."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def _wave(self, label: str, wave: str, sources: Sequence[Source], before: str) -> list[Verdict]:
        """Take a part of the sources through all stages; returns the verdicts that keep it from being published."""
        home = self.staging / wave
        home.mkdir()
        listings = [
            self._save(f"{wave}/sources-{number:03d}.json", [[source.uri, source.location, source.problem] for source in part])
            for number, part in enumerate(_parts(sources, self.pages_a_batch), 1)
        ]
        reading = [
            stages.ingest.submit(
                f"{label}files {number}/{len(listings)}", listing, str(home / f"b{number:03d}"), *self.given, self.pages_a_batch
            )
            for number, listing in enumerate(listings, 1)
        ]
        folders = [result.folder for results in self._results("ingest", reading) for result in results]

        names = [f"{label}batch {number}/{len(folders)}" for number in range(1, len(folders) + 1)]
        chain: dict[str, Any] = {"normalise": stages.normalise, "segment": stages.segment, "extract": stages.extract}
        futures: dict[str, list[Any]] = {stage: [] for stage in chain}
        for name, folder in zip(names, folders, strict=True):
            before_it: list[Any] = []
            for stage, task in chain.items():
                before_it = [task.submit(batch=name, folder=folder, wait_for=before_it)]
                futures[stage] += before_it
        for stage in chain:
            self._results(stage, futures[stage])

        groups = list(_parts(folders, BATCHES_A_GROUP))
        output, checks = str(self.output.root), str(self.staging / "checks")
        judging = [
            stages.validate.submit(
                f"{label}group {number}/{len(groups)}", group, str(home / f"g{number:03d}"), output, self.id, self.name, checks
            )
            for number, group in enumerate(groups, 1)
        ]
        verdicts: list[Verdict] = self._results("validate", judging)
        failed = [verdict for verdict in verdicts if not verdict.success]
        if not failed:
            passed = [verdict.folder for verdict in verdicts]
            publishing = [stages.publish.submit(f"{label}{len(folders)} batches", passed, output, str(home / "aside"), before)]
            for result in self._results("publish", publishing):
                self.summary.published.update({table.name: result.counts[table.name] for table in PUBLISHED})
        shutil.rmtree(home, ignore_errors=True)
        return failed

    def _results(self, stage: str, futures: Sequence[Any]) -> list[Any]:
        """Results of a stage's tasks, in order, told to whoever watches as they come."""
        found = []
        tell(stage, 0, len(futures))
        for number, future in enumerate(futures, 1):
            result = future.result()
            found.append(result)
            for part in result if isinstance(result, list) else [result]:
                if isinstance(part, Verdict):
                    self.summary.judge(part)
                else:
                    self.summary.add(part)
            tell(stage, number, len(futures))
        return found

    def _show(self) -> None:
        """Leave the run's artifacts: counts of the stages, result of validation, links to the tables."""
        create_table_artifact(self.summary.table(), key="banmian-counts", description="What each stage did")
        create_markdown_artifact(f"# Validation\n\n{self.summary.validation()}", key="banmian-validation", description="Validation")
        places = [(table.name, self.output.table(table.name)) for table in PUBLISHED]
        for name, path in [*places, ("quarantine", self.output.quarantine)]:
            create_link_artifact(path.absolute().as_uri(), link_text=str(path), key=f"banmian-{name}", description=f"Table {name}")
        if self.summary.docs:
            create_link_artifact(Path(self.summary.docs).absolute().as_uri(), link_text="Data Docs", key="banmian-data-docs")

    def _save(self, name: str, content: object) -> str:
        path = self.staging / name
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
        return str(path)


def _parts(items: Sequence[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
