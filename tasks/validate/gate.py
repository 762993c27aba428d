"""The verdict of Great Expectations on a batch's tables, and its Data Docs.

Great Expectations takes seconds and hundreds of megabytes to import: only this module does, when called.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.checks import Check
from tasks.s3 import Key, remove
from tasks.storage import Place, upload

#: Data Docs of so many runs are kept, and in each the results of so many validations.
DOCS_KEPT = 5
RESULTS_SHOWN = 30

#: Great Expectations keeps its context in a global: threads take turns.
_ONE_AT_A_TIME = Lock()
#: Validations made for the batches of one store, and the context that they are of.
_MADE: dict[tuple[str, str, tuple[Check, ...]], Any] = {}
_CONTEXTS: list[Any] = []


@dataclass(frozen=True, slots=True)
class Finding:
    """One expectation that rows of a batch failed."""

    table: str
    check: Check
    rows: int
    of: int
    tolerated_rows: int

    @property
    def name(self) -> str:
        return f"{self.table}.{self.check.name}"

    @property
    def fatal(self) -> bool:
        return self.rows > self.tolerated_rows


def tolerated_rows(check: Check, rows: int, worst_page: int) -> int:
    """How many of the rows may fail the check before the batch does.

    The check's share of the rows, but always its few rows, and always all rows of the one page that
    has most failures: one bad page never fails a batch.
    """
    return min(rows, max(int(check.tolerated * rows), check.tolerated_rows, worst_page))


def gate(table: str, frame: pa.Table, checks: Sequence[tuple[Check, int, int]], store: str | Path) -> bool:
    """Whether the table passes its suite.

    ``checks``: each with the rows that fail it as counted by ``Check.failing``, and the rows that may.
    ``store``: folder for the validation's result, from which `build_docs` makes pages.
    Raises ``RuntimeError`` where Great Expectations counts other failures than we do, or can't evaluate a check.
    """
    with _ONE_AT_A_TIME:
        return _gate(table, frame, checks, Path(store))


def _gate(table: str, frame: pa.Table, checks: Sequence[tuple[Check, int, int]], store: Path) -> bool:
    import great_expectations as gx

    frame = frame.select(sorted({check.column for check, _, _ in checks}))
    clean = not any(count for _, count, _ in checks)
    definition = _strict(table, [check for check, _, _ in checks], store) if clean else _tolerant(table, frame, checks, store)
    name = gx.RunIdentifier(run_name=store.parent.name)  # the run's own staging folder
    result: Any = definition.run(
        batch_parameters={"dataframe": _pandas(frame)}, result_format="BOOLEAN_ONLY" if clean else "SUMMARY", run_id=name
    )
    outcomes = {outcome.expectation_config.meta["name"]: outcome for outcome in result.results}
    for check, ours, _ in checks:
        outcome = outcomes[check.name]
        if problem := _exception(outcome.exception_info):
            raise RuntimeError(f"{table}.{check.name} could not be evaluated: {problem}")
        theirs = ("none" if outcome.success else "some") if clean else outcome.result.get("unexpected_count", 0)
        if theirs != ("none" if clean else ours):
            raise RuntimeError(f"{table}.{check.name}: {ours} rows fail, but Great Expectations counts {theirs}")
    return bool(result.success)


def _strict(table: str, checks: Sequence[Check], store: Path) -> Any:
    """A validation that no row may fail: what is right when none does, and the same for every batch of a run.

    Made once: making the suite costs more than checking two thousand pages.
    """
    key = (str(store), table, tuple(checks))
    if key not in _MADE:
        if not any(made[0] == key[0] for made in _MADE):
            _MADE.clear()
            _CONTEXTS[:] = [_context(store)]
        _MADE[key] = _definition(_CONTEXTS[0], table, [(check, 1.0) for check in checks])
    return _MADE[key]


def _tolerant(table: str, frame: pa.Table, checks: Sequence[tuple[Check, int, int]], store: Path) -> Any:
    """A validation that as many rows may fail as are tolerated of this batch."""
    shares = []
    for check, _, allowed in checks:
        nulls = pc.is_null(frame.column(check.column), nan_is_null=True)
        present = frame.num_rows if check.kind == "not_null" else pc.sum(pc.invert(nulls)).as_py() or 0
        # the share is of rows that are not null; half a row keeps clear of rounding
        shares.append((check, max(0.0, 1 - (allowed + 0.5) / present) if present and allowed else 1.0))
    _MADE.clear()  # Great Expectations knows one context at a time
    return _definition(_context(store), table, shares)


def _definition(context: Any, table: str, shares: Sequence[tuple[Check, float]]) -> Any:
    import great_expectations as gx

    source = context.data_sources.add_pandas(f"banmian {table}")
    batch = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("rows")
    suite = context.suites.add(gx.ExpectationSuite(name=table, expectations=[check.said(share) for check, share in shares]))
    return context.validation_definitions.add(gx.ValidationDefinition(name=table, data=batch, suite=suite))


def build_docs(store: str | Path, docs: Place, run: str, suites: Mapping[str, Sequence[Check]]) -> Place | None:
    """Make the Data Docs of a run from its validations' results, and drop those of the oldest runs.

    ``docs``: where those of all runs stand; in a bucket they are put when they are made.  ``suites``: the expectations of
    each table.  Returns the first page's place, or None where nothing was validated.
    """
    with _ONE_AT_A_TIME:
        if isinstance(docs, Path):
            return _build_docs(Path(store), docs, run, suites)
        here = Path(store).parent / "docs"
        index = _build_docs(Path(store), here, run, suites)
        if index is None:
            return None
        files = [path for path in sorted(here.rglob("*")) if path.is_file()]
        upload([(path, docs / path.relative_to(here).as_posix()) for path in files])
        there: dict[str, list[Key]] = {}
        for entry in docs.files():
            there.setdefault(entry.key.path.removeprefix(f"{docs.path}/").partition("/")[0], []).append(entry.key)
        for old in sorted(there)[:-DOCS_KEPT]:  # their names begin with the time
            remove(there[old])
        return docs / index.relative_to(here).as_posix()


def _build_docs(store: Path, docs: Path, run: str, suites: Mapping[str, Sequence[Check]]) -> Path | None:
    site = docs / run
    results = sorted(path for path in store.rglob("*.json") if "validations" in path.parts)
    if not results:
        return None
    for path in results[:-RESULTS_SHOWN]:
        path.unlink()
    import great_expectations as gx

    _MADE.clear()
    context = _context(store)
    for table, checks in suites.items():
        suite = gx.ExpectationSuite(name=table)
        for check in checks:
            suite.add_expectation(check.said(1 - check.tolerated))
        context.suites.add(suite)
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(site.absolute())}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    site_config = {"class_name": "SiteBuilder", "store_backend": backend, "site_index_builder": index, "show_how_to_buttons": False}
    context.add_data_docs_site("run", site_config)
    context.build_data_docs()
    runs = sorted((path for path in docs.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for old in runs[:-DOCS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return site / "index.html"


def _context(store: Path) -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, ProgressBarsConfig

    results = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str((store / "validations").absolute())}
    config = DataContextConfig(
        stores={
            "expectations": {"class_name": "ExpectationsStore", "store_backend": {"class_name": "InMemoryStoreBackend"}},
            "validations": {"class_name": "ValidationResultsStore", "store_backend": results},
            "checkpoints": {"class_name": "CheckpointStore"},
            "validation_definition_store": {"class_name": "ValidationDefinitionStore"},
        },
        expectations_store_name="expectations",
        validation_results_store_name="validations",
        checkpoint_store_name="checkpoints",
        data_docs_sites={},
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _pandas(frame: pa.Table) -> Any:
    """The frame for Great Expectations, days as numbers (20230920): it can't compare a column of days with nulls."""
    columns = []
    for column in frame.columns:
        if pa.types.is_date(column.type):
            month = pc.add(pc.multiply(pc.year(column), 100), pc.month(column))
            column = pc.add(pc.multiply(month, 100), pc.day(column))
        columns.append(column)
    return pa.table(columns, names=frame.column_names).to_pandas()


def _exception(info: dict[str, Any]) -> str | None:
    """The message of what went wrong while an expectation was evaluated: one for all of it, or one for each of its metrics."""
    for part in (info, *(value for value in info.values() if isinstance(value, dict))):
        if part.get("raised_exception"):
            return str(part.get("exception_message"))
    return None
