"""Validated batches → published days, each newspaper's day written once, its row in ``pages`` last."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.publish.files import read_day, remove_day, write_day
from tasks.publish.places import Output, day_file, file_uri
from tasks.schema import ARTICLES, INDICATORS, PAGES, PUBLISHED, Table
from tasks.staging import StageResult, read_table

#: Staged file of each table in a validated batch's folder.
VALIDATED = {ARTICLES.name: "articles.arrow", INDICATORS.name: "indicators.arrow", PAGES.name: "pages.arrow"}


def survey(output: Output, files: Collection[str]) -> dict[str, list[str]]:
    """For each of the files (URIs) that was published before: the days that hold rows of it.

    A page that comes again may belong to another day now; its old rows are in the way there.
    """
    wanted, found = set(files), defaultdict(set)
    root = output.table(PAGES.name)
    for path in sorted(root.glob("*/*.parquet")):
        uris = pq.read_table(path, columns=["source_uri"], partitioning=None).column(0).unique().to_pylist()
        for uri in wanted.intersection(map(file_uri, uris)):
            found[uri].add(path.relative_to(root).as_posix())
    return {uri: sorted(days) for uri, days in sorted(found.items())}


def publish_batches(folders: Sequence[str], output: Output, aside: str | Path, before: str | Path | None = None) -> StageResult:
    """Publish what validated batches hold.

    ``folders``: folders with the staged files of ``VALIDATED``; together they hold every page of the
    files that they hold pages of.  ``aside``: a folder on the tables' file system to write in.
    ``before``: a JSON file with the result of `survey`, made before the run; null looks now.

    All that the tables hold of the same files is replaced; other rows of the same days stay.
    """
    parts = [{name: read_table(Path(folder, file)) for name, file in VALIDATED.items()} for folder in folders]
    files = {file_uri(uri) for part in parts for uri in part[PAGES.name].column("source_uri").to_pylist()}
    known = json.loads(Path(before).read_text(encoding="utf-8")) if before else survey(output, files)
    days_of_parts = [_days(part[PAGES.name]) for part in parts]
    to_fill = sorted({day for days in days_of_parts for day in days})
    to_clear = sorted({day for uri in files for day in known.get(uri, ())}.difference(to_fill))

    result = StageResult("publish", str(aside), {"days": len(to_fill), "articles": 0, "indicators": 0, "pages": 0})
    Path(aside).mkdir(parents=True, exist_ok=True)
    for day in to_clear:
        _write(day, {}, files, output, Path(aside))
    where = [{name: _rows_by_day(part, name, days) for name in VALIDATED} for part, days in zip(parts, days_of_parts, strict=True)]
    for day in to_fill:
        new = {
            name: pa.concat_tables(part[name].take(rows[name][day]) for part, rows in zip(parts, where, strict=True) if day in rows[name])
            for name in VALIDATED
            if any(day in rows[name] for rows in where)
        }
        _write(day, new, files, output, Path(aside))
        for name, table in new.items():
            result.counts[name] += table.num_rows
    return result.save()


def _write(day: str, new: dict[str, pa.Table], files: Collection[str], output: Output, aside: Path) -> None:
    """Write one day in all three tables (``pages`` last), or take it away where no page is left."""
    merged = {table.name: _merged(table, output.table(table.name) / day, new.get(table.name), files) for table in PUBLISHED}
    for table in PUBLISHED:
        path = output.table(table.name) / day
        if merged[PAGES.name].num_rows:
            write_day(path, table, merged[table.name], aside / f"{table.name}.parquet")
        else:
            remove_day(path)


def _merged(table: Table, path: Path, new: pa.Table | None, files: Collection[str]) -> pa.Table:
    old = read_day(path, table)
    if old.num_rows:
        kept = pa.array([file_uri(uri) not in files for uri in old.column("source_uri").to_pylist()], pa.bool_())
        old = old.filter(kept)
    return old if new is None else pa.concat_tables([old, new.cast(pa.schema(table.arrow()))])


def _days(pages: pa.Table) -> dict[str, list[str]]:
    """Day's file → identifiers of its pages."""
    found: dict[str, list[str]] = defaultdict(list)
    columns: Iterable[list] = (pages.column(name).to_pylist() for name in ("page_id", "newspaper", "publication_date"))
    for page_id, newspaper, day in zip(*columns, strict=True):
        found[day_file(newspaper, day)].append(page_id)
    return found


def _rows_by_day(part: dict[str, pa.Table], name: str, days: dict[str, list[str]]) -> dict[str, pa.Array]:
    """Day's file → numbers of the table's rows that belong to it."""
    order = list(days)
    ids = pa.array([page_id for day in order for page_id in days[day]], pa.string())
    day_of_id = pa.array([number for number, day in enumerate(order) for _ in days[day]], pa.int32())
    day_of_row = day_of_id.take(pc.index_in(part[name].column("page_id"), value_set=ids).combine_chunks())
    ordered = pc.sort_indices(day_of_row)
    found, start = {}, 0
    for number, count in sorted((pair["values"], pair["counts"]) for pair in pc.value_counts(day_of_row).to_pylist()):
        found[order[number]] = ordered.slice(start, count)
        start += count
    return found
