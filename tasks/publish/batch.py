"""Validated batches → published days, each newspaper's day written once, all of them moved to their places together."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tasks.ingest import PASSING
from tasks.publish.bucket import copied
from tasks.publish.commit import Move, commit, resume
from tasks.publish.files import read_day, same_bytes, write_rows
from tasks.publish.places import SCHEMA_FILE, Output, day_file, digest_in, file_uri
from tasks.publish.survey import survey
from tasks.runs.measures import measured
from tasks.schema import ARTICLES, INDICATORS, PAGES, PUBLISHED, Table
from tasks.staging import StageResult, read_table

#: Staged file of each table in a validated batch's folder.
VALIDATED = {ARTICLES.name: "articles.arrow", INDICATORS.name: "indicators.arrow", PAGES.name: "pages.arrow"}


def publish_batches(folders: Sequence[str], output: Output, aside: str | Path, before: str | Path | None = None) -> StageResult:
    """Publish what validated batches hold.

    ``folders``: folders with the staged files of ``VALIDATED``; together they hold every page of the
    files that they hold pages of.  ``aside``: a folder on the tables' file system to write in.
    ``before``: a JSON file of file URI → days that hold rows of it, made before the run; null looks now.

    All that the tables hold of the same files is replaced; other rows of the same days stay.  A file
    that could not be read this time for a reason that may pass keeps the rows that it has.
    """
    resume(Path(aside), output)
    parts = [{table.name: _validated(Path(folder), table) for table in PUBLISHED} for folder in folders]
    files = {file_uri(uri) for part in parts for uri in part[PAGES.name].column("source_uri").to_pylist()}
    known = json.loads(Path(before).read_text(encoding="utf-8")) if before else _days_known(output, files)
    kept = {uri for part in parts for uri in _passing(part[PAGES.name]) if known.get(uri)}
    if kept:
        parts = [{name: table.filter(_not_of(table, kept)) for name, table in part.items()} for part in parts]
        files -= kept
    days_of_parts = [_days(part[PAGES.name], known) for part in parts]
    to_fill = sorted({day for days in days_of_parts for day in days})
    to_clear = sorted({day for uri in files for day in known.get(uri, ())}.difference(to_fill))

    result = StageResult("publish", str(aside), {"days": len(to_fill), "articles": 0, "indicators": 0, "pages": 0, "kept": len(kept)})
    writing = _Writing(copied(output, [*to_clear, *to_fill], Path(aside, "copied")), Path(aside), files)
    for day in to_clear:
        writing.add(day, {})
    for day, uris in _moved(parts, days_of_parts, known, files, writing.root).items():
        writing.thin(day, uris)
    writing.turn()
    by_day = [{name: _by_day(part, name, days) for name in VALIDATED} for part, days in zip(parts, days_of_parts, strict=True)]
    for day in to_fill:
        new = {
            name: pa.concat_tables(rows[name][day] for rows in by_day if day in rows[name])
            for name in VALIDATED
            if any(day in rows[name] for rows in by_day)
        }
        result.days += measured(writing.add(day, new), new[PAGES.name])
        for name, table in new.items():
            result.counts[name] += table.num_rows
    commit(writing.turns, output, Path(aside))
    return result.save()


def withdraw(files: Mapping[str, Collection[str]], output: Output, aside: str | Path) -> StageResult:
    """Take all rows of files out of the tables.  ``files``: URI → days that hold rows of it."""
    resume(Path(aside), output)
    result = StageResult("prune", str(aside), {"files": len(files), "days": 0})
    days_of = sorted({day for days in files.values() for day in days})
    writing = _Writing(copied(output, days_of, Path(aside, "copied")), Path(aside), set(files))
    for day in days_of:
        writing.add(day, {})
        result.counts["days"] += 1
    commit(writing.turns, output, Path(aside))
    return result.save()


@dataclass
class _Writing:
    """Days written aside, and where each goes: turn by turn, so that what leaves a day has left it before it enters another.

    ``root``: where the days stand now, on this machine.  ``files``: those whose old rows give way.
    """

    root: Path
    aside: Path
    files: Collection[str]
    turns: list[list[Move]] = field(default_factory=lambda: [[]])
    written: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.aside.mkdir(parents=True, exist_ok=True)
        for table in PUBLISHED:
            self._write(SCHEMA_FILE, table, table.empty())

    def add(self, day: str, new: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
        """Write one day in all three tables, ``pages`` last, and return its rows.  A day that no page is left of stays as files
        without rows: a reader that saw them listed finds them."""
        whole = {}
        for table in PUBLISHED:
            old = read_day(self.root / table.name / day, table)
            kept = old.filter(_not_of(old, self.files)) if old.num_rows else old
            rows = new.get(table.name)
            parts = [kept] if rows is None else [kept, rows]
            whole[table.name] = pa.concat_tables([part for part in parts if part.num_rows] or [kept])
            self._write(day, table, whole[table.name])
        return whole

    def thin(self, day: str, uris: Collection[str]) -> None:
        """Write one day without some of its pages, which are about to appear in another."""
        gone = pa.array(sorted(uris), pa.string())
        for table in PUBLISHED:
            old = read_day(self.root / table.name / day, table)
            self._write(day, table, old.filter(pc.invert(pc.is_in(old.column("source_uri"), value_set=gone))))

    def turn(self) -> None:
        """What is written from now on takes its place after all that was written before."""
        self.turns.append([])

    def _write(self, day: str, table: Table, rows: pa.Table) -> None:
        source, target = self.aside / f"{sum(map(len, self.turns)) + 1:05d}.parquet", f"{table.name}/{day}"
        write_rows(source, table, rows)  # flushed with all others, before the list of moves is
        if target in self.written or not same_bytes(source, self.root / target):
            self.written.add(target)
            self.turns[-1].append((source, target))


def _validated(folder: Path, table: Table) -> pa.Table:
    return read_table(folder / VALIDATED[table.name]).cast(table.arrow())


def _days_known(output: Output, files: Collection[str]) -> dict[str, list[str]]:
    return {uri: sorted(known.days) for uri, known in survey(output, files).items()}


def _passing(pages: pa.Table) -> set[str]:
    """Files that could not be read for a reason that may pass."""
    found = pages.filter(pc.is_in(pages.column("reason"), value_set=pa.array(sorted(PASSING), pa.string())))
    return {file_uri(uri) for uri in found.column("source_uri").to_pylist()}


def _not_of(rows: pa.Table, files: Collection[str]) -> pa.Array:
    uris = rows.column("source_uri").combine_chunks().dictionary_encode()
    return pa.array([file_uri(uri) not in files for uri in uris.dictionary.to_pylist()], pa.bool_()).take(uris.indices)


def _moved(
    parts: Sequence[dict[str, pa.Table]],
    days_of_parts: Sequence[dict[str, list[str]]],
    known: Mapping[str, Collection[str]],
    files: Collection[str],
    root: Path,
) -> dict[str, list[str]]:
    """Day that is written anew → its pages that stand in another day from now on.

    They leave it before that day is written: no reader may meet a page twice.
    """
    goes: dict[str, str] = {}
    for part, days in zip(parts, days_of_parts, strict=True):
        uri_of = dict(zip(*(part[PAGES.name].column(name).to_pylist() for name in ("page_id", "source_uri")), strict=True))
        goes.update({uri_of[page_id]: day for day, ids in days.items() for page_id in ids})
    filled, found = set(goes.values()), dict[str, list[str]]()
    for day in sorted({day for uri in files for day in known.get(uri, ()) if day in filled}):
        uris = read_day(root / PAGES.name / day, PAGES).column("source_uri").to_pylist()
        leaving = [uri for uri in uris if goes.get(uri, day) != day]
        if leaving:
            found[day] = leaving
    return found


def _days(pages: pa.Table, known: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    """Day's file → identifiers of its pages.

    Where a month's file (see `tasks.publish.compact`) holds rows of the same file of input, the day is that month's: what is replaced
    there is replaced at once.  What is new gets a day's file beside it.
    """
    found: dict[str, list[str]] = defaultdict(list)
    columns: Iterable[list] = (pages.column(name).to_pylist() for name in ("page_id", "source_uri", "newspaper", "publication_date"))
    for page_id, uri, newspaper, date in zip(*columns, strict=True):
        day = day_file(newspaper, date)
        months = [path for path in known.get(file_uri(uri), ()) if digest_in(path) and path.partition("/")[0] == day.partition("/")[0]]
        found[min(months, default=day)].append(page_id)
    return found


def _by_day(part: dict[str, pa.Table], name: str, days: dict[str, list[str]]) -> dict[str, pa.Table]:
    """Day's file → the table's rows that belong to it: slices of one table in the order of the days."""
    order = list(days)
    ids = pa.array([page_id for day in order for page_id in days[day]], pa.string())
    day_of_id = pa.array([number for number, day in enumerate(order) for _ in days[day]], pa.int32())
    day_of_row = day_of_id.take(pc.index_in(part[name].column("page_id"), value_set=ids).combine_chunks())
    ordered = part[name].take(pc.sort_indices(day_of_row))
    found, start = {}, 0
    for number, count in sorted((pair["values"], pair["counts"]) for pair in pc.value_counts(day_of_row).to_pylist()):
        found[order[number]] = ordered.slice(start, count)
        start += count
    return found
