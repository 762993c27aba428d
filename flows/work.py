"""One run over one output folder, whoever carries its steps out: the flow engine, or this process itself.

A run holds the output, finishes and cleans up what a dead one left, plans, and takes what is to do in waves (``flows.waves``).
"""

from __future__ import annotations

import contextlib
import errno
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flows.apart import WorkersDie
from flows.cluster import Cluster, ClusterError
from flows.crew import Crew, Processes, cores
from flows.steps import Reading
from flows.summary import Summary
from flows.waves import Engine, Here, Waves, save
from tasks.compiled import in_use
from tasks.corrections import CorrectionError, read_corrections
from tasks.ingest.facts import Facts
from tasks.ingest.files import InputError, discover, folder_uris
from tasks.ingest.objects import Checksums
from tasks.logic import logic_version
from tasks.publish.commit import recover
from tasks.publish.places import Output
from tasks.publish.version import OtherVersion, check_version
from tasks.runs.changes import changes
from tasks.runs.checksums import save_checksums
from tasks.runs.choose import Choice, choose
from tasks.runs.lock import Busy, hold
from tasks.runs.measures import by_newspaper
from tasks.runs.plan import Plan, make_plan
from tasks.runs.record import Record, last_measures, mark_dead
from tasks.storage import absolute
from tasks.validate.batch import Verdict

#: Failures that a user can do something about: one line says them.
TOLD = (Busy, InputError, CorrectionError, OtherVersion, ClusterError, WorkersDie, OSError)


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
    workers: int | None = 0
    scheduler: str | None = None
    staging: str | None = None

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

    def crew(self, staging: Path) -> Crew:
        """Who reads the pages: a cluster, so many processes (None: one a core), or this process.  Raises ``ClusterError``."""
        if self.scheduler:
            return Cluster(self.scheduler, str(staging.absolute()))
        workers = cores() if self.workers is None else self.workers
        return Processes(workers) if workers else Crew()

    @property
    def given(self) -> Facts:
        return Facts(self.newspaper, self.publication_date)

    def on_record(self) -> tuple[list[str], dict[str, Any]]:
        """Inputs and options as another process in another folder can use them."""
        options = {name: given for name, given in asdict(self).items() if name not in ("inputs", "wait", "choice", "workers", "scheduler")}
        if self.choice is not None:
            options["choice"] = str(self.choice)
        for name in ("base", "corrections", "staging"):
            options[name] = options[name] and absolute(options[name])
        return [absolute(given) for given in self.inputs], options

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
    """One run.  ``id`` is the engine's, where there is one; ``on_dead`` is told those of runs that ended without a word."""

    output: Output
    order: Order
    engine: Engine = field(default_factory=Here)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    on_dead: Callable[[Sequence[str]], None] = lambda ids: None

    def __post_init__(self) -> None:
        self.name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{self.id[:8]}"
        self.staging = (self.output.work / self.name).absolute()  # workers have other folders of their own
        self.summary = Summary(str(self.output.root))
        self.checksums: Checksums = {}

    def work(self) -> Outcome:
        """Do it.  What a user can do something about becomes a failed outcome; other errors are raised."""
        try:
            with hold(self.output.lock, self.name, self.order.wait) as self.still_held:
                return self._recorded()
        except TOLD as error:
            return Outcome(False, told(error, self.output), self.summary)

    def _recorded(self) -> Outcome:
        finished, left = recover(self.output)
        dead = mark_dead(self.output)
        self.summary.died = [record.run for record in dead]
        self.on_dead([record.id for record in dead])
        if left:
            self.summary.notes.append(f"cleaned up after {left} dead run{'s' if left > 1 else ''}; waves of theirs finished: {finished}")
        record = Record(self.name, self.id, *self.order.on_record(), logic_version(), in_use())
        record.save(self.output)
        outcome = Outcome(False, "failed")
        try:
            outcome = self._planned()
        except BaseException as error:
            outcome.message = told(error, self.output)
            raise
        finally:
            with contextlib.suppress(OSError):
                self.still_held()
                recover(self.output)  # a publish that stopped between its moves is finished; staging goes
                if self.checksums:
                    save_checksums(self.output.checksums, self.checksums)
            with contextlib.suppress(OSError):
                measures = by_newspaper(self.summary.days.values())
                self.summary.changes = changes(measures, last_measures(self.output, measures.keys()))
                record.end(self.output, "completed" if outcome.success else "failed", outcome.message, self.summary.counts(), measures)
        return outcome

    def _planned(self) -> Outcome:
        started = time.monotonic()
        plan = self.order.plan(self.output)
        sources, self.checksums = plan.sources, plan.checksums
        self.summary.sources, self.summary.plan = len(sources) + plan.same, plan.counts()
        failed: list[Verdict] = []
        if sources or (self.order.prune and plan.gone):
            self.staging.mkdir(parents=True)
            crew = self.order.crew(self.staging)
            try:
                waves = Waves(
                    self.id,
                    self.name,
                    self.output,
                    self.staging,
                    self.summary,
                    self.engine,
                    crew,
                    self._reading(),
                    self.still_held,
                    self.checksums,
                )
                failed = waves.take(sources, plan.before)
                if self.order.prune and plan.gone:
                    waves.prune(plan.gone)
                self.summary.docs = waves.show_checks()
            finally:
                crew.close()  # before the staging folder goes
        self.summary.seconds = time.monotonic() - started
        return self._outcome(failed)

    def _reading(self) -> Reading:
        order, corrections = self.order, None
        if order.corrections:
            listed = [asdict(correction) for correction in read_corrections(order.corrections)]
            corrections = str(save(self.staging / "corrections.json", listed))
        return Reading(None, "", order.publication_date, order.newspaper, order.pages_a_batch, corrections)

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


def told(error: BaseException, output: Output) -> str:
    """An error in one line for a user, with what holds of the tables."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        full = output.root if isinstance(output.root, Path) else output.work
        return f"no space left for {full}: nothing was published half, the tables are whole; make room and run again"
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"can't write to {error.filename or output.root}: {error.strerror}; the tables are whole"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
