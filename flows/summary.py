"""What a run did, for the terminal and for the run's page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.runs.changes import Change
from tasks.runs.freshness import Finding
from tasks.runs.measures import Measure
from tasks.staging import Reject, StageResult
from tasks.validate.batch import Verdict

#: So many rejected pages are named; all of them stand in the tables.
NAMED = 20


@dataclass(slots=True)
class Summary:
    """Counts of a run; ``stages`` holds for each stage what its tasks counted."""

    output: str
    sources: int = 0
    stages: dict[str, Counter[str]] = field(default_factory=dict)
    seconds_of: dict[str, float] = field(default_factory=dict)  #: of CPU, by stage
    rejects: Counter[str] = field(default_factory=Counter)
    named: list[Reject] = field(default_factory=list)
    published: Counter[str] = field(default_factory=Counter)
    quarantined: int = 0
    findings: list[dict[str, object]] = field(default_factory=list)
    docs: str | None = None
    seconds: float = 0.0
    plan: dict[str, int] = field(default_factory=dict)
    died: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    stale: list[Reject] = field(default_factory=list)
    days: dict[tuple[str, str], Measure] = field(default_factory=dict)  #: newspapers' days written, as they stand
    thin: list[Finding] = field(default_factory=list)  #: of these, those with far fewer articles than usual
    changes: list[Change] = field(default_factory=list)  #: the largest, against the runs before

    def add(self, result: StageResult) -> None:
        counts = self.stages.setdefault(result.stage, Counter())
        counts.update(result.counts)
        counts["batches"] += 1
        self.seconds_of[result.stage] = self.seconds_of.get(result.stage, 0.0) + result.seconds
        self.rejects.update(reject.reason for reject in result.rejects)
        self.stale += [reject for reject in result.rejects if reject.reason == "correction"]
        self.days.update({(day.newspaper, day.day): day for day in result.days})
        self.named += result.rejects[: max(0, NAMED - len(self.named))]

    def judge(self, verdict: Verdict) -> None:
        counts = self.stages.setdefault("validate", Counter())
        counts.update({"batches": 1, "quarantined": verdict.quarantined, **verdict.rows})
        self.seconds_of["validate"] = self.seconds_of.get("validate", 0.0) + verdict.seconds
        self.quarantined += verdict.quarantined
        self.findings += verdict.findings

    @property
    def pages(self) -> int:
        return self.stages.get("ingest", Counter())["pages"]

    def counts(self) -> dict[str, object]:
        """What the run's record says of it."""
        stages = {stage: {**counts, "cpu_seconds": self._seconds(stage)} for stage, counts in self.stages.items()}
        return {"files": self.plan, "stages": stages, "rejects": dict(self.rejects)}

    def table(self) -> list[dict[str, object]]:
        """Counts of each stage, one row a stage, for the run's page."""
        names = ("batches", "pages", "articles", "indicators", "rejected", "empty", "quarantined", "days")
        return [
            {"stage": stage, **{name: counts.get(name, "") for name in names}, "CPU seconds": self._seconds(stage)}
            for stage, counts in self.stages.items()
        ]

    def _seconds(self, stage: str) -> float:
        return round(self.seconds_of.get(stage, 0.0), 2)

    def validation(self) -> str:
        """The result of validation in Markdown."""
        if not self.findings:
            return "Every row passed every expectation."
        lines = ["| expectation | rows that failed | of | tolerated | asks that |", "| --- | ---: | ---: | ---: | --- |"]
        lines += [
            f"| {'**' if found['fatal'] else ''}{found['expectation']}{'**' if found['fatal'] else ''} "
            f"| {found['rows']} | {found['of']} | {found['tolerated']} | {str(found['expected']).replace('|', chr(92) + '|')} |"
            for found in self.findings
        ]
        return "\n".join(
            [*lines, "", "Rows that failed are in `quarantine/`. Expectations in bold failed on more rows than they tolerate."]
        )

    def text(self) -> str:
        """A few lines for the terminal."""
        lines = [f"note         {note}" for note in self.notes]
        if not self.stages:
            return "\n".join([*lines, f"nothing to do: {self.sources} files are up to date"])
        lines += [
            f"{self.pages} pages: {self.published['articles']} articles, {self.published['indicators']} indicators published"
            f" in {self.seconds:.1f} s"
        ]
        empty = self.stages.get("segment", Counter())["empty"]
        if empty:
            lines.append(f"  empty      {empty} (nothing to extract on them)")
        if undated := self.stages.get("segment", Counter())["undated"]:
            lines.append(
                f"  undated    {undated} (published when? 今年 or 8月 has no value on them; --publication-date or a sidecar can say)"
            )
        if self.plan.get("same"):
            lines.append(f"  up to date {self.plan['same']} files")
        if self.stages.get("prune"):
            lines.append(f"  pruned     {self.stages['prune']['files']} files that the input no longer holds")
        if kept := self.stages.get("publish", Counter())["kept"]:
            lines.append(f"  kept       rows of {kept} files that could not be read this time")
        if self.rejects:
            lines.append(
                f"  rejected   {self.rejects.total()} ({', '.join(f'{reason}: {n}' for reason, n in sorted(self.rejects.items()))})"
            )
            lines += [f"             {reject.source_uri}: {reject.reason} {reject.detail}".rstrip() for reject in self.named]
            if self.rejects.total() > len(self.named):
                lines.append(f"             and {self.rejects.total() - len(self.named)} more in the pages table")
        if self.quarantined:
            lines.append(f"  held back  {self.quarantined} rows, in {self.output}/quarantine")
        lines += [f"  thin       {one}" for one in self.thin[:NAMED]]
        lines.append(tables(self.output))
        if self.docs:
            lines.append(f"checks       {self.docs}")
        return "\n".join(lines)


def few(found: Sequence[object], most: int = 3) -> str:
    """Findings in one line: the first of them, and how many more."""
    more = len(found) - most
    return "; ".join(map(str, found[:most])) + (f"; and {more} more" if more > 0 else "")


def tables(output: object) -> str:
    """Where the tables are."""
    return f"tables       {output}/articles  {output}/indicators  {output}/pages"
