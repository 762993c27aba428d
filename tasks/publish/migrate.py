"""Bring published files of older versions to today's shape, all of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from tasks.publish.commit import Move, commit
from tasks.publish.files import write_aside
from tasks.publish.migrations import MIGRATIONS, migrated, renamed
from tasks.publish.places import Output
from tasks.publish.version import expect_version, version_in
from tasks.schema import PUBLISHED, QUARANTINE, SCHEMA_VERSION, Table
from tasks.storage import all_opened, matching


def survey_versions(output: Output) -> dict[str, Counter[int]]:
    """Table → version → files of it, for the published tables and the quarantine.

    Raises ``OtherVersion`` where a file is newer than this program.
    """
    found: dict[str, Counter[int]] = {}
    for table, _, file in _files(output):
        version = version_in(file.schema_arrow)
        expect_version(max(SCHEMA_VERSION, version), output.root)
        found.setdefault(table.name, Counter())[version] += 1
    return found


def to_do(found: dict[str, Counter[int]]) -> str:
    """What a migration would do, a line for each table and version, and what each step brings; empty where there is nothing."""
    old = [(name, version, counts[version]) for name, counts in found.items() for version in sorted(counts) if version < SCHEMA_VERSION]
    lines = [f"  {name:<10} {count:>7} {'file ' if count == 1 else 'files'}  {version} → {SCHEMA_VERSION}" for name, version, count in old]
    oldest = min((version for _, version, _ in old), default=SCHEMA_VERSION)
    return "\n".join([*lines, *(f"  version {step.to}: {step.says}" for step in MIGRATIONS[oldest:])])


def migrate(output: Output, aside: Path) -> int:
    """Migrate every file of an older version; returns how many there were.

    ``aside``: a folder that `recover` looks into.  All files are written there in full before the first takes its place, so
    tables need their room twice.  To be called by whoever holds the output.  Raises ``OtherVersion``, ``OSError`` and ``ValueError``;
    nothing has changed then, or `recover` ends it.
    """
    leaving, moves = list[Move](), list[Move]()
    for table, name, file in _files(output):
        version = version_in(file.schema_arrow)
        expect_version(max(SCHEMA_VERSION, version), output.root)
        if version < SCHEMA_VERSION:
            source = aside / f"{len(moves) + 1:07d}.parquet"
            write_aside(source, table, migrated(table, file.read(), version))
            target = renamed(name, version)
            moves.append((source, target))
            if target != name:
                leaving.append((None, name))
    commit([leaving, moves], output, aside)
    return len(moves)


def _files(output: Output) -> Iterator[tuple[Table, str, pq.ParquetFile]]:
    """Every file of the tables and the quarantine, with its name under the output's root."""
    places = [(table, output.table(table.name), "*/*.parquet") for table in PUBLISHED]
    for table, folder, pattern in [*places, (QUARANTINE, output.quarantine, "*.parquet")]:
        for path, file in all_opened(matching(folder, pattern)):
            yield table, str(path).removeprefix(f"{output.root}/"), pq.ParquetFile(file)
