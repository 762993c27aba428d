"""Extracted batches → checked tables, rows held back, and whether the whole may be published."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from expectations import articles as article_suite
from expectations import indicators as indicator_suite
from expectations import pages as page_suite
from expectations.checks import Check
from expectations.relations import article_frame, indicator_frame, page_frame, raw_characters
from tasks.publish.batch import VALIDATED
from tasks.schema import ARTICLES, INDICATORS, PAGES, QUARANTINE
from tasks.staging import Reject, Row, from_arrow, read_table, saved_rejects, to_arrow, write_rows, write_table
from tasks.validate.gate import Finding, gate, tolerated_rows

SUITES: dict[str, list[Check]] = {
    PAGES.name: page_suite.CHECKS,
    ARTICLES.name: article_suite.CHECKS,
    INDICATORS.name: indicator_suite.CHECKS,
}

#: Names of what holds a row back because of another row.
PAGE_PASSED = ("page_passed", "the row's page passed its own expectations")
ARTICLE_PASSED = ("article_passed", "the row's article passed its own expectations")
IDENTIFIER = {ARTICLES.name: "article_id", INDICATORS.name: "observation_id", PAGES.name: "page_id"}


@dataclass(slots=True)
class Verdict:
    """What validation found in a group of batches; ``folder`` holds its staged tables."""

    folder: str
    success: bool
    rows: dict[str, int] = field(default_factory=dict)
    checks: int = 0
    quarantined: int = 0
    findings: list[dict[str, object]] = field(default_factory=list)
    seconds: float = 0.0  #: of CPU


def validate_batches(folders: Sequence[str], into: str | Path, run_id: str, store: str | Path) -> Verdict:
    """Check the rows of extracted batches.

    ``into``: folder for the checked tables (``publish.batch.VALIDATED``) and ``quarantine.arrow``.
    ``run_id``: the run, for the quarantine table.  ``store``: folder for Great Expectations' results.

    Rows that fail are held back.  A page whose own row fails, or whose articles are all held back, is
    rejected.  The verdict is a failure where an expectation fails on more rows than it tolerates.
    """
    staged = {
        PAGES.name: _read(folders, "read.arrow"),
        ARTICLES.name: _read(folders, "drafts.arrow").select(ARTICLES.names),
        INDICATORS.name: _read(folders, "observed.arrow"),
    }
    raw = raw_characters(_read(folders, "raw.arrow", ["page_id", "text"]))
    rejects = [reject for folder in folders for reject in saved_rejects(folder)]
    rejected = pc.equal(staged[PAGES.name].column("status"), "rejected")
    refused = set(staged[PAGES.name].filter(rejected).column("page_id").to_pylist())
    staged[ARTICLES.name] = _without(staged[ARTICLES.name], "page_id", refused)

    frames = {
        PAGES.name: page_frame(staged[PAGES.name], raw),
        ARTICLES.name: article_frame(staged[ARTICLES.name], staged[PAGES.name], raw),
        INDICATORS.name: indicator_frame(staged[INDICATORS.name], staged[ARTICLES.name], raw),
    }
    held, findings, success = _Held(staged), [], True
    for name, frame in frames.items():
        counted = []
        for check in SUITES[name]:
            failing = check.failing(frame)
            count = failing.true_count
            worst = max(Counter(frame.column("page_id").filter(failing).to_pylist()).values(), default=0)
            allowed = tolerated_rows(check, frame.num_rows, worst)
            counted.append((check, count, allowed))
            if count:
                findings.append(Finding(name, check, count, frame.num_rows, allowed))
                held.add(name, failing, check.name, check.expected, reported=check.column in page_suite.REPORTED)
        if frame.num_rows:
            success &= gate(name, frame, counted, store)
    held.spread()

    into = Path(into)
    into.mkdir(parents=True, exist_ok=True)
    checked = held.remaining()
    for name, file in VALIDATED.items():
        write_table(into / file, checked[name])
    quarantine = held.rows(run_id) + [_rejected(reject, run_id) for reject in rejects]
    write_rows(into / "quarantine.arrow", QUARANTINE, sorted(quarantine, key=lambda row: (row["table"], row["row_id"], row["expectation"])))
    verdict = Verdict(
        str(into),
        success,
        {name: table.num_rows for name, table in checked.items()},
        sum(map(len, SUITES.values())),
        held.count(),
        [shown(finding) for finding in findings],
    )
    (into / "validate.json").write_text(json.dumps(asdict(verdict), ensure_ascii=False), encoding="utf-8")
    return verdict


class _Held:
    """Which rows of which table are held back, and why."""

    def __init__(self, staged: dict[str, pa.Table]) -> None:
        self.staged = staged
        self.why: dict[str, dict[int, list[tuple[str, str]]]] = {name: {} for name in staged}
        self.reported: dict[int, list[tuple[str, str]]] = {}

    def add(self, table: str, failing: pa.BooleanArray, name: str, expected: str, *, reported: bool = False) -> None:
        for index in pc.indices_nonzero(failing).to_pylist():
            (self.reported if reported else self.why[table]).setdefault(index, []).append((name, expected))

    def spread(self) -> None:
        """Hold back what hangs on rows held back: a page's articles, an article's observations."""
        pages, articles, indicators = (self.staged[name] for name in (PAGES.name, ARTICLES.name, INDICATORS.name))
        bad_pages = self._ids(PAGES.name)
        self._hang(ARTICLES.name, articles.column("page_id"), bad_pages, PAGE_PASSED)
        self._hang(INDICATORS.name, indicators.column("article_id"), self._ids(ARTICLES.name), ARTICLE_PASSED)
        known = set(pages.column("page_id").to_pylist()).difference(bad_pages)
        strangers = set(indicators.column("page_id").to_pylist()).difference(known)
        self._hang(INDICATORS.name, indicators.column("page_id"), strangers, PAGE_PASSED)

    def remaining(self) -> dict[str, pa.Table]:
        """The tables without the rows held back; ``pages`` keeps every row, its counts and status brought up to date."""
        kept = {
            name: table.filter(pa.array([index not in self.why[name] for index in range(table.num_rows)], pa.bool_()))
            for name, table in self.staged.items()
        }
        counts = {name: Counter(kept[name].column("page_id").to_pylist()) for name in (ARTICLES.name, INDICATORS.name)}
        back: Counter[str] = Counter()
        for name in (ARTICLES.name, INDICATORS.name):
            ids = self.staged[name].column("page_id").to_pylist()
            back.update(ids[index] for index in self.why[name])
        rows = from_arrow(self.staged[PAGES.name])
        for index, row in enumerate(rows):
            row["quarantined"] = back[row["page_id"]] + (index in self.why[PAGES.name]) + (index in self.reported)
            if index in self.why[PAGES.name]:
                row.update(status="rejected", reason=f"expectation:{self.why[PAGES.name][index][0][0]}")
            elif row["status"] == "published" and not counts[ARTICLES.name][row["page_id"]]:
                row.update(status="rejected", reason="expectation:no_article_passed")
            row["articles"] = counts[ARTICLES.name][row["page_id"]]
            row["indicators"] = counts[INDICATORS.name][row["page_id"]]
        return {**kept, PAGES.name: to_arrow(PAGES, rows)}

    def rows(self, run_id: str) -> list[Row]:
        """The rows of the quarantine table."""
        found = []
        reasons = [(name, index, why) for name in self.staged for index, why in self.why[name].items()]
        for name, index, why in [*reasons, *((PAGES.name, index, why) for index, why in self.reported.items())]:
            (row,) = self.staged[name].slice(index, 1).to_pylist()
            content = json.dumps(row, ensure_ascii=False, default=str, sort_keys=True)
            for expectation, expected in why:
                found.append(
                    {
                        "table": name,
                        "row_id": row[IDENTIFIER[name]] or "",
                        "page_id": row["page_id"] or "",
                        "source_uri": row["source_uri"] or "",
                        "expectation": expectation,
                        "expected": expected,
                        "row": content,
                        "run_id": run_id,
                    }
                )
        return found

    def count(self) -> int:
        return sum(map(len, self.why.values())) + len(self.reported)

    def _ids(self, table: str) -> set[str]:
        ids = self.staged[table].column(IDENTIFIER[table]).to_pylist()
        return {ids[index] for index in self.why[table]}

    def _hang(self, table: str, column: pa.ChunkedArray, bad: set[str], why: tuple[str, str]) -> None:
        if bad:
            for index, value in enumerate(column.to_pylist()):
                if value in bad:
                    self.why[table].setdefault(index, []).append(why)


def _read(folders: Sequence[str], file: str, columns: list[str] | None = None) -> pa.Table:
    tables = [read_table(Path(folder, file)) for folder in folders]
    return pa.concat_tables(table.select(columns) if columns else table for table in tables).combine_chunks()


def _without(table: pa.Table, column: str, values: set[str]) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table.column(column), value_set=pa.array(sorted(values), pa.string()))))


def _rejected(reject: Reject, run_id: str) -> Row:
    return {
        "table": PAGES.name,
        "row_id": reject.page_id,
        "page_id": reject.page_id,
        "source_uri": reject.source_uri,
        "expectation": reject.reason,
        "expected": reject.detail or "a page that can be read",
        "row": "{}",
        "run_id": run_id,
    }


def shown(finding: Finding) -> dict[str, object]:
    """The finding as a verdict has it."""
    return {
        "expectation": finding.name,
        "expected": finding.check.expected,
        "rows": finding.rows,
        "of": finding.of,
        "tolerated": finding.tolerated_rows,
        "fatal": finding.fatal,
    }
