"""One run over one output folder, whoever carries its steps out: the flow engine, or this process itself.

A run holds the output, finishes and cleans up what a dead one left, plans, and takes what is to do in waves (a bound
on what it keeps on disk and in memory).  In a wave, batches of pages go through ingest, normalise, segment and extract;
groups of batches are validated; and the wave is published at once, if all its groups passed.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar

from flows import steps
from flows.progress import tell
from flows.summary import Summary
from tasks.corrections import CorrectionError, read_corrections
from tasks.ingest import Source
from tasks.ingest.facts import Facts
from tasks.ingest.files import InputError, discover, folder_uris
from tasks.logic import logic_version
from tasks.publish.commit import recover
from tasks.publish.places import Output
from tasks.publish.version import OtherVersion, check_version
from tasks.runs.changes import changes
from tasks.runs.choose import Choice, choose
from tasks.runs.lock import Busy, hold
from tasks.runs.measures import by_newspaper
from tasks.runs.plan import Plan, make_plan
from tasks.runs.record import Record, last_measures, mark_dead
from tasks.schema import PUBLISHED
from tasks.staging import StageResult
from tasks.validate.batch import SUITES, Verdict
from tasks.validate.gate import build_docs

#: Batches of sources in a wave, and batches of pages that are validated together.
BATCHES_A_WAVE = 10
BATCHES_A_GROUP = 10
#: So many rejected pages are named in the log.
LOGGED = 200

#: Failures that a user can do something about: one line says them.
TOLD = (Busy, InputError, CorrectionError, OtherVersion, OSError)

log = logging.getLogger("banmian.run")

T = TypeVar("T")


class Future(Protocol):
    def result(self) -> Any: ...

    def wait(self) -> Any: ...


class Engine(Protocol):
    """Carries steps out: ``submit`` the step of that name, once those in ``after`` are done."""

    def submit(self, step: str, name: str, after: Sequence[Future], *arguments: Any) -> Future: ...


@dataclass(slots=True)
class _Done:
    value: Any

    def result(self) -> Any:
        return self.value

    def wait(self) -> None:
        return None


class Here:
    """Carries each step out at once, in this process and without the engine."""

    def submit(self, step: str, name: str, after: Sequence[Future], *arguments: Any) -> Future:
        return _Done(getattr(steps, step)(*arguments))


@dataclass(slots=True)
class Order:
    """What a run is asked for; see ``flows.pages.read_pages``."""

    inputs: list[str]
    publication_date: date | None = None
    newspaper: str | None = None
    base: str | None = None
    corrections: str | None = None
    full: bool = False
    prune: bool = False
    wait: float = 0.0
    only: list[str] | None = None
    pages_a_batch: int = 200
    choice: Choice | None = None

    @classmethod
    def backfill(
        cls,
        inputs: list[str],
        *,
        start_date: date | None = None,
        end_date: date | None = None,
        newspapers: Sequence[str] | None = None,
        everything: bool = False,
        **options: Any,
    ) -> Order:
        """An order to read some newspapers' days again.  Raises ``InputError`` where it does not say which, or both."""
        if everything == bool(start_date or end_date or newspapers):
            raise InputError("say which days to read again: a first day, a last day, newspapers, or everything")
        return cls(inputs, choice=Choice(start_date, end_date, tuple(newspapers or ())), **options)

    @property
    def given(self) -> Facts:
        return Facts(self.newspaper, self.publication_date)

    def on_record(self) -> tuple[list[str], dict[str, Any]]:
        """Inputs and options as another process in another folder can use them."""
        options = {name: given for name, given in asdict(self).items() if name not in ("inputs", "wait", "choice")}
        if self.choice is not None:
            options["choice"] = str(self.choice)
        for name in ("base", "corrections"):
            options[name] = options[name] and os.path.abspath(options[name])
        return [os.path.abspath(given) for given in self.inputs], options

    def plan(self, output: Output) -> Plan:
        """What a run over the output would do now.  Raises what is in ``TOLD``."""
        check_version(output)
        sources = discover(self.inputs, self.base, leave_out=output.root)
        corrections = read_corrections(self.corrections) if self.corrections else []
        folders = [] if self.only is not None else folder_uris(self.inputs, self.base)
        if self.only is not None:
            wanted = set(self.only)
            sources = [source for source in sources if source.uri in wanted]
        if self.choice is not None:
            sources, folders = choose(sources, output, self.given, self.choice), []
        full = self.full or self.only is not None or self.choice is not None
        return make_plan(sources, output, self.given, corrections=corrections, full=full, folders=folders)


@dataclass(slots=True)
class Outcome:
    """How a run ended."""

    success: bool
    message: str
    summary: Summary | None = None


@dataclass
class Run:
    """One run.  ``id`` is the engine's, where there is one."""

    output: Output
    order: Order
    engine: Engine = field(default_factory=Here)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def __post_init__(self) -> None:
        self.name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{self.id[:8]}"
        self.staging = self.output.staging / self.name
        self.summary = Summary(str(self.output.root))
        self.corrections: str | None = None
        self.wave = self.waves = 1
        self.logged = 0

    def work(self) -> Outcome:
        """Do it.  What a user can do something about becomes a failed outcome; other errors are raised."""
        try:
            with hold(self.output.lock, self.name, self.order.wait):
                return self._recorded()
        except TOLD as error:
            return Outcome(False, told(error, self.output), self.summary)

    def _recorded(self) -> Outcome:
        finished, left = recover(self.output)
        self.summary.died = mark_dead(self.output)
        if left:
            self.summary.notes.append(f"cleaned up after {left} dead run{'s' if left > 1 else ''}; waves of theirs finished: {finished}")
        record = Record(self.name, self.id, *self.order.on_record(), logic_version())
        record.save(self.output)
        outcome = Outcome(False, "failed")
        try:
            outcome = self._planned()
        except BaseException as error:
            outcome.message = told(error, self.output)
            raise
        finally:
            with contextlib.suppress(OSError):
                recover(self.output)  # a publish that stopped between its moves is finished; staging goes
            with contextlib.suppress(OSError):
                measures = by_newspaper(self.summary.days.values())
                self.summary.changes = changes(measures, last_measures(self.output, measures.keys()))
                record.end(self.output, "completed" if outcome.success else "failed", outcome.message, self.summary.counts(), measures)
        return outcome

    def _planned(self) -> Outcome:
        started = time.monotonic()
        plan = self.order.plan(self.output)
        sources = plan.sources
        self.summary.sources, self.summary.plan = len(sources) + plan.same, plan.counts()
        failed: list[Verdict] = []
        if sources or (self.order.prune and plan.gone):
            self.staging.mkdir(parents=True)
            if self.order.corrections:
                listed = [asdict(correction) for correction in read_corrections(self.order.corrections)]
                self.corrections = self._save("corrections.json", listed)
            before = self._save("before.json", plan.before)
            waves = list(_parts(sources, self.order.pages_a_batch * BATCHES_A_WAVE))
            self.waves = len(waves)
            for number, wave in enumerate(waves, 1):
                self.wave = number
                label = f"wave {number}/{len(waves)}, " if len(waves) > 1 else ""
                failed += self._wave(label, f"{number:04d}", wave, before)
            if self.order.prune and plan.gone:
                self._prune(plan)
            docs = build_docs(self.staging / "checks", self.output.docs, self.name, SUITES)
            self.summary.docs = str(docs) if docs else None
        self.summary.seconds = time.monotonic() - started
        return self._outcome(failed)

    def _outcome(self, failed: Sequence[Verdict]) -> Outcome:
        if failed:
            fatal = sorted({str(found["expectation"]) for verdict in failed for found in verdict.findings if found["fatal"]})
            return Outcome(False, f"not published, too many rows failed: {', '.join(fatal)} (see {self.summary.docs})", self.summary)
        if stale := self.summary.rejects["correction"]:
            details = "; ".join(reject.detail for reject in self.summary.stale[:3])
            return Outcome(False, f"{stale} pages with corrections that no longer match: {details}", self.summary)
        if not self.summary.stages:
            return Outcome(True, f"nothing to do: {self.summary.sources} files are up to date", self.summary)
        return Outcome(True, f"{self.summary.pages} pages", self.summary)

    def _wave(self, label: str, wave: str, sources: Sequence[Source], before: str) -> list[Verdict]:
        """Take a part of the sources through all stages; returns the verdicts that keep it from being published."""
        home = self.staging / wave
        home.mkdir()
        order = self.order
        listings = [
            self._save(f"{wave}/sources-{number:03d}.json", steps.list_sources(part))
            for number, part in enumerate(_parts(sources, order.pages_a_batch), 1)
        ]
        reading = [
            self.engine.submit(
                "ingest",
                f"{label}files {number}/{len(listings)}",
                (),
                *(listing, str(home / f"b{number:03d}"), order.publication_date, order.newspaper, order.pages_a_batch),
            )
            for number, listing in enumerate(listings, 1)
        ]
        folders = [result.folder for results in self._results("ingest", reading) for result in results]

        chain: dict[str, tuple[str | None, ...]] = {"normalise": (), "segment": (self.corrections,), "extract": (self.corrections,)}
        futures: dict[str, list[Future]] = {stage: [] for stage in chain}
        for number, folder in enumerate(folders, 1):
            before_it: list[Future] = []
            for stage, more in chain.items():
                before_it = [self.engine.submit(stage, f"{label}batch {number}/{len(folders)}", before_it, folder, *more)]
                futures[stage] += before_it
        for stage in chain:
            self._results(stage, futures[stage], [future for later in futures.values() for future in later])

        groups = list(_parts(folders, BATCHES_A_GROUP))
        output, checks = str(self.output.root), str(self.staging / "checks")
        judging = [
            self.engine.submit(
                "validate",
                f"{label}group {number}/{len(groups)}",
                (),
                *(group, str(home / f"g{number:03d}"), output, self.id, self.name, checks),
            )
            for number, group in enumerate(groups, 1)
        ]
        verdicts: list[Verdict] = self._results("validate", judging)
        failed = [verdict for verdict in verdicts if not verdict.success]
        if not failed:
            passed = [verdict.folder for verdict in verdicts]
            publishing = [self.engine.submit("publish", f"{label}{len(folders)} batches", (), passed, output, str(home / "aside"), before)]
            for result in self._results("publish", publishing):
                self.summary.published.update({table.name: result.counts[table.name] for table in PUBLISHED})
        shutil.rmtree(home, ignore_errors=True)
        return failed

    def _prune(self, plan: Plan) -> None:
        files = self._save("gone.json", plan.gone)
        home = self.staging / "prune"
        self._results(
            "prune", [self.engine.submit("prune", f"{len(plan.gone)} files", (), files, str(self.output.root), str(home / "aside"))]
        )

    def _results(self, stage: str, futures: Sequence[Future], under_way: Sequence[Future] | None = None) -> list[Any]:
        """Results of a stage's steps, in order, told to whoever watches as they come.

        ``under_way``: all that was submitted; where one step fails, none may go on writing when the run is left.
        """
        found = []
        tell(stage, 0, len(futures), self.wave, self.waves)
        try:
            for number, future in enumerate(futures, 1):
                result = future.result()
                found.append(result)
                for part in result if isinstance(result, list) else [result]:
                    if isinstance(part, Verdict):
                        self.summary.judge(part)
                    else:
                        self.summary.add(part)
                        self._log(part)
                tell(stage, number, len(futures), self.wave, self.waves)
        except BaseException:
            for future in under_way or futures:
                with contextlib.suppress(Exception):
                    future.wait()
            raise
        return found

    def _log(self, result: StageResult) -> None:
        """Name rejected pages in the log; all of them stand in the tables."""
        for reject in result.rejects:
            self.logged += 1
            if self.logged <= LOGGED:
                said = f"{reject.source_uri}: rejected by {result.stage}: {reject.reason} {reject.detail}"
                log.warning("%s", " ".join(said.split()))
            elif self.logged == LOGGED + 1:
                log.warning("more rejected pages are not named here: banmian quarantine list --output %s", self.output.root)

    def _save(self, name: str, content: object) -> str:
        path = self.staging / name
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")
        return str(path)


def told(error: BaseException, output: Output) -> str:
    """An error in one line for a user, with what holds of the tables."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"no space left for {output.root}: nothing was published half, the tables are whole; make room and run again"
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"can't write to {error.filename or output.root}: {error.strerror}; the tables are whole"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _parts(items: Sequence[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
