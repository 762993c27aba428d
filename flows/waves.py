"""Files to work on, in waves: a bound on what a run keeps on disk and in memory.

A wave's files are read in batches, all at a time that there are workers for; their rows are checked in groups; and the wave
is published at once, if all its groups passed.  While one wave is checked and published the next is being read.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flows import steps
from flows.crew import Crew, Promise, batch_size, read_all
from flows.progress import tell
from flows.steps import Reading
from flows.summary import Summary
from tasks.ingest import Source
from tasks.ingest.batch import CHECKSUMS
from tasks.ingest.objects import Checksums
from tasks.publish.places import Output
from tasks.schema import PUBLISHED
from tasks.staging import StageResult
from tasks.validate.batch import Verdict

#: Batches of sources in a wave, and batches of pages that are checked together.
BATCHES_A_WAVE = 10
BATCHES_A_GROUP = 10
#: So many rejected pages are named in the log.
LOGGED = 200

log = logging.getLogger("banmian.run")

T = TypeVar("T")


class Engine(Protocol):
    """Carries the stages of a wave out, each as one piece of work that has a name."""

    def submit(self, stage: str, name: str, work: Callable[[], T]) -> Promise: ...


class Here:
    """Carries each stage out at once, in this thread and without an engine."""

    def submit(self, stage: str, name: str, work: Callable[[], T]) -> Promise:
        return _Done(work())


@dataclass(slots=True)
class _Done:
    value: Any

    def result(self) -> Any:
        return self.value

    def cancel(self) -> None:
        return None


@dataclass(slots=True)
class _Begun:
    """A wave that is being read."""

    label: str
    tell: Callable[[str, int, int], None]
    home: Path
    before: Path
    reading: Promise


@dataclass
class Waves:
    """The waves of one run.  ``staging``: the run's folder.  ``given``: what each `Reading` of it says.  ``still_held``: raises
    ``OSError`` where the run lost its output.  ``checksums``: of the objects read, put there wave by wave.
    """

    run_id: str
    run: str
    output: Output
    staging: Path
    summary: Summary
    engine: Engine
    crew: Crew
    given: Reading
    still_held: Callable[[], None]
    checksums: Checksums = field(default_factory=dict)
    logged: int = 0

    def take(self, sources: Sequence[Source], before: Mapping[str, list[str]]) -> list[Verdict]:
        """Take files through all stages; returns the verdicts that keep their waves from being published.

        ``before``: file URI → days that hold rows of it.
        """
        size = self.given.pages_a_batch * max(BATCHES_A_WAVE, 2 * self.crew.width)
        count = -(-len(sources) // size)
        failed: list[Verdict] = []
        last: _Begun | None = None
        for number, wave in enumerate(parts(sources, size), 1):
            begun = self._begin(number, count, wave, before)
            if last:
                failed += self._finish(last)
            last = begun
        return failed + self._finish(last) if last else failed

    def prune(self, gone: Mapping[str, list[str]]) -> None:
        """Take away the rows of files.  ``gone``: file URI → days that hold rows of it."""
        files, aside = save(self.staging / "gone.json", gone), str(self.output.aside(self.run, "prune"))
        self.still_held()
        prune = partial(steps.prune, str(files), str(self.output.root), aside)
        self.summary.add(self.engine.submit("prune", f"{len(gone)} files", prune).result())

    def show_checks(self) -> str | None:
        """Make the Data Docs; returns the path of their first page, where anything was checked."""
        checks = self.staging / "checks"
        found: str | None = self.crew.check("show_checks", str(checks), str(self.output.docs), self.run) if checks.exists() else None
        return found

    def _begin(self, number: int, count: int, sources: Sequence[Source], before: Mapping[str, list[str]]) -> _Begun:
        label = f"wave {number}/{count}, " if count > 1 else ""
        told = partial(tell, wave=number, waves=count)
        home = self.staging / f"{number:04d}"
        home.mkdir()
        readings = []
        size = batch_size(len(sources), self.given.pages_a_batch, self.crew.width)
        for batch, part in enumerate(parts(sources, size), 1):
            listing = save(home / f"sources-{batch:03d}.json", steps.list_sources(part))
            readings.append(replace(self.given, listing=str(listing), folder=str(home / f"b{batch:03d}")))
        known = save(home / "before.json", {source.uri: before[source.uri] for source in sources if source.uri in before})
        work = partial(read_all, self.crew, readings, partial(told, "read"))
        return _Begun(label, told, home, known, self.engine.submit("read", f"{label}{len(readings)} batches", work))

    def _finish(self, wave: _Begun) -> list[Verdict]:
        output, folders = str(self.output.root), []
        for result in wave.reading.result():
            self.summary.add(result)
            self._log(result)
            if result.stage == "ingest":
                folders.append(result)
        groups = list(_groups(folders, self.given.pages_a_batch * BATCHES_A_GROUP))
        wave.tell("validate", 0, len(groups))
        failed, passed = [], []
        for number, group in enumerate(groups, 1):
            check = partial(self._check, group, str(wave.home / f"g{number:03d}"))
            verdict: Verdict = self.engine.submit("validate", f"{wave.label}group {number}/{len(groups)}", check).result()
            self.summary.judge(verdict)
            wave.tell("validate", number, len(groups))
            failed += [] if verdict.success else [verdict]
            passed.append(verdict.folder)
        if not failed and passed:
            wave.tell("publish", 0, 1)
            aside = str(self.output.aside(self.run, wave.home.name))
            self.still_held()
            publish = partial(steps.publish, passed, output, aside, str(wave.before))
            result = self.engine.submit("publish", f"{wave.label}{len(folders)} batches", publish).result()
            self.summary.add(result)
            self.summary.published.update({table.name: result.counts[table.name] for table in PUBLISHED})
            wave.tell("publish", 1, 1)
        for path in wave.home.glob(f"*{CHECKSUMS}"):
            self.checksums.update(json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))
        shutil.rmtree(wave.home, ignore_errors=True)
        return failed

    def _log(self, result: StageResult) -> None:
        """Name rejected pages in the log; all of them stand in the tables."""
        for reject in result.rejects:
            self.logged += 1
            if self.logged <= LOGGED:
                said = f"{reject.source_uri}: rejected by {result.stage}: {reject.reason} {reject.detail}"
                log.warning("%s", " ".join(said.split()))
            elif self.logged == LOGGED + 1:
                log.warning("more rejected pages are not named here: banmian quarantine list --output %s", self.output.root)

    def _check(self, group: list[str], into: str) -> Verdict:
        verdict: Verdict = self.crew.check("check_batches", group, into, self.run_id, str(self.staging / "checks"))
        return steps.hold_back(verdict, str(self.output.root), self.run)


def save(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
    return path


def parts(items: Sequence[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def _groups(ingested: Sequence[StageResult], pages: int) -> Iterator[list[str]]:
    """Folders of batches, together of up to so many pages."""
    group: list[str] = []
    held = 0
    for result in ingested:
        if group and held + result.counts["pages"] > pages:
            yield group
            group, held = [], 0
        group.append(result.folder)
        held += result.counts["pages"]
    if group:
        yield group
