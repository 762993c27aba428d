"""The stages as a run calls them: paths in and small records out, without the engine.

`read`, `work`, `check_batches` and `show_checks` may run in another process, or on another machine that sees the same storage;
what writes to the tables stays with the process that holds the output.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tasks.corrections import Correction
from tasks.corrections.apply import correct_amounts, correct_articles, correct_pages
from tasks.extract.batch import extract_batch
from tasks.ingest import Source
from tasks.ingest.batch import ingest_batch, refuse_pages
from tasks.ingest.facts import Facts
from tasks.ingest.objects import Object
from tasks.normalise.batch import normalise_batch
from tasks.publish.batch import publish_batches, withdraw
from tasks.publish.places import output_at
from tasks.publish.quarantine import keep_quarantine
from tasks.segment.batch import segment_batch
from tasks.staging import StageResult
from tasks.storage import place
from tasks.validate.batch import SUITES, Verdict, validate_batches
from tasks.validate.gate import build_docs
from tasks.validate.published import Portion, check_names, check_published


@dataclass(frozen=True, slots=True)
class Reading:
    """What `read` is asked for.

    ``listing``: JSON file of `list_sources`; None where ``folder`` holds a batch that was ingested before.  ``folder``: of the
    batch, or what the names of the batches' folders begin with.  ``corrections``: JSON file of corrections.
    ``refused``: URI → stage, reason and detail, of what killed the process that worked on it.
    ``last_try``: whether a file that can't be read is rejected; else ``OSError`` that may pass is raised.
    """

    listing: str | None
    folder: str
    publication_date: date | None = None
    newspaper: str | None = None
    pages_a_batch: int = 200
    corrections: str | None = None
    refused: Mapping[str, tuple[str, str, str]] | None = None
    last_try: bool = True

    def of(self, folder: str) -> Reading:
        """The same of a batch that is ingested."""
        return replace(self, listing=None, folder=folder)


def list_sources(sources: Sequence[Source]) -> list[list[object]]:
    """Sources as JSON holds them."""
    return [[source.uri, source.location, source.problem, source.given, list(source.expects), *_version(source)] for source in sources]


def read(reading: Reading) -> list[StageResult]:
    """Take files, or a batch that was ingested, through the stages that read pages.

    Files that are more than one batch are ingested only: their batches are for others to work on.
    """
    if reading.listing is None:
        return work(reading)
    entries = json.loads(Path(reading.listing).read_text(encoding="utf-8", errors="surrogatepass"))
    sources = [_source(*entry) for entry in entries]
    for source in sources:
        stage, reason, _ = (reading.refused or {}).get(source.uri, ("", "", ""))
        if stage == "ingest":
            source.problem = reason
    started = time.thread_time()
    facts = Facts(reading.newspaper, reading.publication_date)
    results = ingest_batch(sources, reading.folder, facts, pages_a_batch=reading.pages_a_batch, last_try=reading.last_try)
    if results:
        results[0].seconds = time.thread_time() - started
    return results + work(reading.of(results[0].folder)) if len(results) == 1 else results


def work(reading: Reading) -> list[StageResult]:
    """normalise, segment and extract a batch that is ingested."""
    folder = reading.folder
    refused = refuse_pages(folder, reading.refused) if reading.refused else []
    corrections = _corrections(reading.corrections)
    return [
        *refused,
        _timed(lambda: normalise_batch(folder)),
        _timed(lambda: segment(folder, corrections)),
        _timed(lambda: extract(folder, corrections)),
    ]


def segment(folder: str, corrections: Sequence[Correction] | None) -> StageResult:
    """Segment a batch, with the corrections of its pages before and of its articles after."""
    if corrections is None:
        return segment_batch(folder)
    pages = correct_pages(folder, corrections)
    result = segment_batch(folder)
    return _with(result, pages, correct_articles(folder, corrections))


def extract(folder: str, corrections: Sequence[Correction] | None) -> StageResult:
    """Read a batch's observations, and correct them."""
    result = extract_batch(folder)
    return result if corrections is None else _with(result, correct_amounts(folder, corrections))


def check_batches(folders: list[str], into: str, run_id: str, store: str) -> Verdict:
    """Check a group of batches."""
    started = time.thread_time()
    verdict = validate_batches(folders, into, run_id, store)
    verdict.seconds = time.thread_time() - started
    return verdict


def show_checks(store: str, docs: str, run: str) -> str | None:
    """Make the Data Docs of a run; returns the path of their first page, if there is one."""
    index = build_docs(store, place(docs), run, SUITES)
    return str(index) if index else None


def hold_back(verdict: Verdict, output: str, run: str) -> Verdict:
    """Put what a group of batches failed on into the quarantine table."""
    into = Path(verdict.folder)
    keep_quarantine(into, output_at(output), f"{run}-{into.parent.name}-{into.name}", into)
    return verdict


def publish(folders: list[str], output: str, aside: str, before: str) -> StageResult:
    return _timed(lambda: publish_batches(folders, output_at(output), aside, before))


def prune(files: str, output: str, aside: str) -> StageResult:
    """Take the rows of the files in a JSON file (URI → days) away."""
    return withdraw(json.loads(Path(files).read_text(encoding="utf-8", errors="surrogatepass")), output_at(output), aside)


def _version(source: Source) -> list[object]:
    return [source.etag, source.size, source.sidecar_etag] if isinstance(source, Object) else []


def _source(uri: str, location: str, problem: str | None, given: str, expects: list[str], *version: Any) -> Source:
    if not version:
        return Source(uri, location, problem, given, tuple(expects))
    etag, size, sidecar_etag = version
    return Object(uri, location, problem, given, tuple(expects), etag=etag, size=size, sidecar_etag=sidecar_etag)


def check(portion: Portion, output: str, store: str) -> Verdict:
    """Check published rows against their tables' suites."""
    return check_published(portion, output_at(output), store)


def names(output: str) -> Verdict:
    """Check that every page is published once."""
    return check_names(output_at(output))


def _corrections(path: str | None) -> list[Correction] | None:
    if path is None:
        return None
    return [Correction(**entry) for entry in json.loads(Path(path).read_text(encoding="utf-8", errors="surrogatepass"))]


def _timed(stage: Callable[[], StageResult]) -> StageResult:
    started = time.thread_time()
    result = stage()
    result.seconds = time.thread_time() - started
    return result


def _with(result: StageResult, *others: StageResult) -> StageResult:
    """A stage's result with what its corrections did.  The saved files stay apart: rejects are counted once."""
    corrected = sum(other.counts["corrected"] for other in others)
    rejects = [reject for other in others for reject in other.rejects]
    return StageResult(result.stage, result.folder, {**result.counts, "corrected": corrected}, [*result.rejects, *rejects])
