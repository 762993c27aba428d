"""The stages as a run calls them: paths in and small records out, without the engine.

``flows.stages`` makes Prefect tasks of these.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tasks.corrections import Correction
from tasks.corrections.apply import correct_amounts, correct_articles, correct_pages
from tasks.extract.batch import extract_batch
from tasks.ingest import Source
from tasks.ingest.batch import ingest_batch
from tasks.ingest.facts import Facts
from tasks.normalise.batch import normalise_batch
from tasks.publish.batch import publish_batches, withdraw
from tasks.publish.places import Output
from tasks.publish.quarantine import keep_quarantine
from tasks.segment.batch import segment_batch
from tasks.staging import StageResult
from tasks.validate.batch import Verdict, validate_batches
from tasks.validate.published import check_names, check_published


def list_sources(sources: Sequence[Source]) -> list[list[object]]:
    """Sources as JSON holds them."""
    return [[source.uri, source.location, source.problem, source.given, list(source.expects)] for source in sources]


def ingest(
    listing: str, folder: str, publication_date: date | None, newspaper: str | None, pages_a_batch: int, last_try: bool = True
) -> list[StageResult]:
    """Read the sources in a JSON file of `list_sources` into batch folders."""
    entries = json.loads(Path(listing).read_text(encoding="utf-8", errors="surrogatepass"))
    sources = [Source(uri, location, problem, given, tuple(expects)) for uri, location, problem, given, expects in entries]
    return ingest_batch(sources, folder, Facts(newspaper, publication_date), pages_a_batch=pages_a_batch, last_try=last_try)


def normalise(folder: str) -> StageResult:
    return normalise_batch(folder)


def segment(folder: str, corrections: str | None) -> StageResult:
    """Segment a batch, with the corrections of its pages before and of its articles after."""
    if corrections is None:
        return segment_batch(folder)
    listed = _corrections(corrections)
    pages = correct_pages(folder, listed)
    result = segment_batch(folder)
    articles = correct_articles(folder, listed)
    return _with(result, pages, articles)


def extract(folder: str, corrections: str | None) -> StageResult:
    """Read a batch's observations, and correct them."""
    result = extract_batch(folder)
    return result if corrections is None else _with(result, correct_amounts(folder, _corrections(corrections)))


def validate(folders: list[str], into: str, output: str, run_id: str, run: str, store: str) -> Verdict:
    """Check a group of batches, and put what fails into the quarantine table."""
    verdict = validate_batches(folders, into, run_id, store)
    keep_quarantine(into, Output(Path(output)), f"{run}-{Path(into).parent.name}-{Path(into).name}", into)
    return verdict


def publish(folders: list[str], output: str, aside: str, before: str) -> StageResult:
    return publish_batches(folders, Output(Path(output)), aside, before)


def prune(files: str, output: str, aside: str) -> StageResult:
    """Take the rows of the files in a JSON file (URI → days) away."""
    return withdraw(json.loads(Path(files).read_text(encoding="utf-8", errors="surrogatepass")), Output(Path(output)), aside)


def check(files: list[str], output: str, store: str) -> Verdict:
    """Check published files against their tables' suites."""
    return check_published(files, Output(Path(output)), store)


def names(output: str) -> Verdict:
    """Check that every page is published once."""
    return check_names(Output(Path(output)))


def _corrections(path: str) -> list[Correction]:
    return [Correction(**entry) for entry in json.loads(Path(path).read_text(encoding="utf-8", errors="surrogatepass"))]


def _with(result: StageResult, *others: StageResult) -> StageResult:
    """A stage's result with what its corrections did.  The saved files stay apart: rejects are counted once."""
    corrected = sum(other.counts["corrected"] for other in others)
    rejects = [reject for other in others for reject in other.rejects]
    return StageResult(result.stage, result.folder, {**result.counts, "corrected": corrected}, [*result.rejects, *rejects])
