"""Old months' day files → a few large, sorted files a month, which readers prune and list in no time.

::

    publication_month=2023-09/湖南日报-2023-09-20.parquet  …9,000 of them   →   publication_month=2023-09/month-<digest>.parquet

As a day's file, a month's file has one path in all three tables and holds the same pages in each.  Its name is made from its pages,
so it is a name that no reader listed before, and the same rows end in the same files whatever happened in between.

No file system shows many files turn into one at once.  So the month's place is first taken by a file that no reader can read, then
the files that it is made of go, then it takes its place (turns of `commit`): a scan meanwhile has all rows once, or fails.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tasks.publish.bucket import copied
from tasks.publish.commit import Move, commit
from tasks.publish.files import flush, read_day, write_aside
from tasks.publish.places import NO_MONTH, PARTITION, UNDATED, Output, day_file, digest_in, month_file
from tasks.schema import PAGES, PUBLISHED, Table
from tasks.storage import all_opened, matching

#: A month's file holds whole days up to so many characters of pages, or observations, whichever is reached first (or one
#: day): about 150 MB of articles or of indicators.  What compacting holds in memory is bounded by it, whatever the month.
CHARACTERS_A_FILE = 128_000_000
OBSERVATIONS_A_FILE = 2_000_000

#: What a page's rows in all tables are decided by.
IDENTITY = ("page_id", "source_uri", "input_id", "logic_version")
COLUMNS = (*IDENTITY, "newspaper", "publication_date", "chars", "indicators")

NOTICE = b"This month is being compacted: read again in a moment. If it stays, a compaction was killed: any run of banmian ends it.\n"


class _Page(NamedTuple):
    identity: str
    page_id: str
    chars: int
    indicators: int
    file: str  #: where it stands now


@dataclass(slots=True)
class Part:
    """Pages that shall stand in one file."""

    pages: list[str]  #: identifiers
    sources: set[str]  #: files that hold them now
    digest: str
    path: str | None  #: of the file that holds just these already


@dataclass(slots=True)
class Month:
    """A month: its files, by their paths under a table's root, as they are and as they shall be."""

    month: str
    files: list[str]
    parts: list[Part]

    @property
    def done(self) -> bool:
        return {part.path for part in self.parts} == set(self.files)


def months(output: Output, before: str | None = None) -> dict[str, list[str]]:
    """Month → paths under the tables' roots, for all months before one (``2024-01``; null: before the newest that there is)."""
    found: dict[str, set[str]] = {}
    for table in PUBLISHED:
        root = output.table(table.name)
        for path in matching(root, f"{PARTITION}=*/*.parquet"):
            file = str(path).removeprefix(f"{root}/")
            month = file.partition("/")[0].removeprefix(f"{PARTITION}=")
            if month not in (NO_MONTH, UNDATED):
                found.setdefault(month, set()).add(file)
    before = before or max(found, default="")
    return {month: sorted(files) for month, files in sorted(found.items()) if month < before}


def plan_month(output: Output, month: str, files: Sequence[str]) -> Month:
    """How the month's days are put together: by name, so that a newspaper's days stand together, and file by file up to the bounds.

    It is decided by the pages alone, not by the files in which they stand now.
    """
    root = output.table(PAGES.name)
    days: dict[str, list[_Page]] = {}
    standing: dict[str, str] = {}
    for path, file in all_opened([root / name for name in files]):
        name = str(path).removeprefix(f"{root}/")
        rows = pq.ParquetFile(file).read(columns=list(COLUMNS)).to_pydict()
        identities = ["\0".join(map(str, each)) for each in zip(*(rows[column] for column in IDENTITY), strict=True)]
        if digest_in(name) == _digest(identities):  # else a run replaced some of its pages
            standing[_digest(identities)] = name
        places = zip(rows["newspaper"], rows["publication_date"], strict=True)
        sizes = zip(identities, rows["page_id"], rows["chars"], rows["indicators"], strict=True)
        for place, size in zip(places, sizes, strict=True):
            days.setdefault(day_file(*place), []).append(_Page(*size, name))
    parts = []
    for pages in _cut(days):
        digest = _digest(page.identity for page in pages)
        parts.append(Part([page.page_id for page in pages], {page.file for page in pages}, digest, standing.get(digest)))
    return Month(month, list(files), parts)


def compact_month(month: Month, output: Output, aside: Path) -> None:
    """Put a month's rows into the files that were planned.  ``aside``: a folder that `recover` looks into.

    To be called by whoever holds the output.  Raises ``OtherVersion``, ``OSError``, and ``ValueError`` where a table has rows of
    pages that ``pages`` does not know; nothing has changed then, or `recover` ends it.
    """
    if month.done:
        return
    aside.mkdir(parents=True, exist_ok=True)
    kept = {part.path for part in month.parts}
    gone = [file for file in month.files if file not in kept]
    taken = set(month.files)
    arriving: dict[str, list[tuple[Path, str]]] = {table.name: [] for table in PUBLISHED}
    read: dict[str, int] = {}
    written = 0
    for number, part in enumerate(part for part in month.parts if not part.path):
        path = next(name for name in _names(month.month, part.digest) if name not in taken)
        taken.add(path)
        copies = aside / f"copied-{number}"
        root = copied(output, part.sources, copies)
        for table in PUBLISHED:
            source = aside / f"{table.name}-{number:05d}.parquet"
            written += _write(root, part, table, source, read)
            arriving[table.name].append((source, f"{table.name}/{path}"))
        shutil.rmtree(copies, ignore_errors=True)
    if written != sum(read.values()):
        raise ValueError(
            f"month {month.month}: {sum(read.values()) - written} rows are of pages that {PAGES.name} does not know; it stays as it is"
        )
    turns: list[list[Move]] = []
    for table in PUBLISHED:
        turns.append([(_notice(source), target) for source, target in arriving[table.name]])
        turns.append([(None, f"{table.name}/{file}") for file in gone])
        turns.append([*arriving[table.name]])
    commit(turns, output, aside)


def _cut(days: Mapping[str, list[_Page]]) -> Iterator[list[_Page]]:
    """Pages of days that stand in one file together."""
    part: list[_Page] = []
    characters = observations = 0
    for day in sorted(days):
        more, seen = sum(page.chars for page in days[day]), sum(page.indicators for page in days[day])
        if part and (characters + more > CHARACTERS_A_FILE or observations + seen > OBSERVATIONS_A_FILE):
            yield part
            part, characters, observations = [], 0, 0
        part += days[day]
        characters, observations = characters + more, observations + seen
    if part:
        yield part


def _digest(pages: Iterable[str]) -> str:
    """16 hex digits over what is known of pages, in whatever order."""
    return hashlib.sha256("\n".join(sorted(pages)).encode()).hexdigest()[:16]


def _names(month: str, digest: str) -> Iterator[str]:
    """Names for a file, the one that it should have first: others are for where that one is taken by other pages since."""
    yield month_file(month, digest)
    for number in count(2):
        yield month_file(month, f"{digest}-{number}")


def _write(root: Path, part: Part, table: Table, path: Path, read: dict[str, int]) -> int:
    """Write a part's rows of one table; how many there are.  ``read``: file → its rows, filled in."""
    wanted = pa.array(part.pages, pa.string())
    found = [table.empty()]
    for file in sorted(part.sources):
        rows = read_day(root / table.name / file, table)
        read[f"{table.name}/{file}"] = rows.num_rows
        found.append(_of(rows, wanted) if digest_in(file) else rows)  # of a month's file, little may be wanted
    whole = _of(pa.concat_tables(found), wanted)
    found.clear()  # sorting needs the room
    write_aside(path, table, whole)
    return int(whole.num_rows)


def _of(rows: pa.Table, pages: pa.Array) -> pa.Table:
    return rows.filter(pc.is_in(rows.column("page_id"), value_set=pages))


def _notice(source: Path) -> Path:
    """A file to take the place of another until that one comes."""
    path = source.with_suffix(".notice")
    path.write_bytes(NOTICE)
    flush(path)
    return path
