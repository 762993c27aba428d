"""Versions of the tables' shape: runs refuse to mix them, migrations bring old tables up, all at once."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.cli import main
from tasks.publish.migrations import MIGRATIONS, Migration, migrated
from tasks.schema import ARTICLES, PAGES, PUBLISHED, QUARANTINE, SCHEMA_VERSION
from tests.crash import older
from tests.folder import Folder
from tests.pipeline import checksums

pytestmark = pytest.mark.usefixtures("without_gate")

#: Digest of the shape of each version: names, types and nullability of all columns.
SHAPES = {2: "381139439f39", 3: "381139439f39"}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def rewritten(path: Path, version: int) -> None:
    """Have a file name another version."""
    rows = pq.ParquetFile(path).read()
    pq.write_table(rows.replace_schema_metadata({**rows.schema.metadata, b"schema_version": str(version).encode()}), path)


def test_another_shape_is_another_version() -> None:
    shape = [(table.name, column.name, str(column.type), column.nullable) for table in (*PUBLISHED, QUARANTINE) for column in table.columns]
    digest = hashlib.sha256(json.dumps(shape).encode()).hexdigest()[:12]
    assert SHAPES.get(SCHEMA_VERSION) == digest, "a new shape takes a new version, a step in tasks/publish/migrations.py, and a line here"
    assert [step.to for step in MIGRATIONS] == list(range(1, SCHEMA_VERSION + 1))


@pytest.mark.parametrize("version", [0, 1])
def test_a_run_refuses_older_tables_and_a_migration_brings_them_up(
    folder: Folder, version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.write("2024-05-02/02.txt", "\x00\x01" * 50)  # for the quarantine
    folder.run()
    fresh, output = checksums(folder.output.root), str(folder.output.root)
    older(folder.output.root, version)
    outcome = folder.run()
    assert not outcome.success and f"`banmian migrate {output}`" in outcome.message and f"schema version {version}" in outcome.message
    assert main(["run", str(folder.source), "--output", output]) == 1 and "banmian migrate" in capsys.readouterr().err

    before = checksums(folder.output.root)
    assert main(["migrate", output, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert f"{version} → {SCHEMA_VERSION}" in said and "quarantine" in said and "input_id" in said
    assert checksums(folder.output.root) == before
    assert main(["migrate", output]) == 0 and "files migrated" in capsys.readouterr().out
    assert not list(folder.output.staging.iterdir())
    for name in ("articles", "indicators"):  # the same bytes as if they had never been old
        assert {path: digest for path, digest in checksums(folder.output.root).items() if path.startswith(name)} == {
            path: digest for path, digest in fresh.items() if path.startswith(name)
        }
    if version:
        assert checksums(folder.output.root) == fresh and folder.plan() == {"same": 4}
    else:
        assert folder.plan() == {"again": 4}  # what they were read from is not known
        assert folder.run().success and checksums(folder.output.root) == fresh
    assert main(["migrate", output]) == 0 and "nothing to do" in capsys.readouterr().out

    root = folder.output.table("pages")
    assert len(pd.read_parquet(root, dtype_backend="pyarrow")) == 4
    assert duckdb.sql(f"select count(*) from read_parquet('{root}/**/*.parquet', hive_partitioning = true)").fetchall() == [(4,)]
    assert len(pl.read_parquet(root)) == 4


def test_pages_of_unknown_date_are_moved_to_where_they_stand_now(folder: Folder) -> None:
    folder.write("u.txt", "\x00\x01" * 50)
    folder.run()
    fresh = checksums(folder.output.root)
    for path in list(folder.output.root.glob("[aip]*/*/*.parquet")):
        rewritten(path, 2)
    for month in folder.output.root.glob("[aip]*/publication_month=0000-undated"):
        month.rename(month.with_name("publication_month=__HIVE_DEFAULT_PARTITION__"))
    assert main(["migrate", str(folder.output.root)]) == 0
    assert checksums(folder.output.root) == fresh and any("0000-undated" in name for name in fresh)
    assert folder.plan() == {"same": 4}


def test_tables_of_a_newer_program_are_left_alone(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.run()
    for path in folder.output.root.glob("[aip]*/*/*.parquet"):
        rewritten(path, SCHEMA_VERSION + 1)
    before = checksums(folder.output.root)
    outcome = folder.run()
    assert not outcome.success and f"newer than the {SCHEMA_VERSION} of this program" in outcome.message
    for options in ([], ["--dry-run"]):
        assert main(["migrate", str(folder.output.root), *options]) == 1 and "newer" in capsys.readouterr().err
    assert checksums(folder.output.root) == before


def test_a_day_put_back_from_an_old_copy_is_not_mixed_in(folder: Folder) -> None:
    folder.run()
    (day,) = folder.output.table("articles").glob("*/*-2024-05-02.parquet")
    rewritten(day, 1)
    outcome = folder.run(full=True)
    assert not outcome.success and "banmian migrate" in outcome.message
    assert main(["migrate", str(folder.output.root)]) == 0
    assert folder.run(full=True).success


def test_rows_go_through_all_steps_that_follow_their_version() -> None:
    """A made-up history: a column that had another name, then one that was missing."""
    rows = ARTICLES.empty().rename_columns([{"headline": "title"}.get(name, name) for name in ARTICLES.names]).drop_columns(["kicker"])
    steps = (
        Migration(1, "title is headline", {"articles": lambda rows: rows.rename_columns({"title": "headline"})}),
        Migration(2, "kicker", {"articles": lambda rows: rows.append_column("kicker", pa.nulls(rows.num_rows, pa.string()))}),
    )
    assert migrated(ARTICLES, rows, 0, steps).schema.equals(ARTICLES.arrow(), check_metadata=True)
    with pytest.raises(ValueError, match="have no headline"):
        migrated(ARTICLES, rows, 1, steps)
    with pytest.raises(ValueError, match="have no input_id"):
        migrated(PAGES, PAGES.empty().drop_columns(["input_id"]), SCHEMA_VERSION)


def test_a_migration_killed_at_any_step_ends_whole() -> None:
    command = [sys.executable, "-m", "tests.crash", "--migrate", "--every", "25", "--instants", "2"]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": 0 wrong") == 2
