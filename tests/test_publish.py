"""Published tables: a file a newspaper's day, whole or not at all, merged, ordered, and readable in one line by four readers."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from tasks.publish import commit as committing
from tasks.publish.batch import publish_batches
from tasks.publish.files import write_aside
from tasks.publish.places import Output, day_file
from tasks.schema import INDICATORS, PUBLISHED
from tests.rows import page, validated

DAY, NEXT = date(2023, 9, 20), date(2023, 9, 21)


class Publisher:
    """An output folder, and a count of the runs over it."""

    def __init__(self, root: Path) -> None:
        self.root, self.output, self.runs = root, Output(root / "out"), 0

    def __call__(self, *batches: list[dict[str, Any]]) -> None:
        self.runs += 1
        home = self.root / f"staging/{self.runs}"
        folders = [validated(home / f"{number}", pages) for number, pages in enumerate(batches)]
        publish_batches(folders, self.output, home / "aside")

    def files(self) -> dict[str, str]:
        """Path under the output → checksum."""
        paths = sorted(path for path in self.output.root.glob("*/*/*.parquet") if path.name != "schema.parquet")
        return {path.relative_to(self.output.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def uris(self, table: str) -> list[str]:
        return sorted(row["source_uri"] for row in ds.dataset(self.output.table(table)).to_table(columns=["source_uri"]).to_pylist())


@pytest.fixture
def publish(tmp_path: Path) -> Publisher:
    return Publisher(tmp_path)


def test_a_file_for_each_newspaper_and_day_in_each_table(publish: Publisher) -> None:
    publish([page("a"), page("b"), page("c", day=NEXT), page("d", "长江晚报"), page("e", None), page("f", None, None)])
    names = [
        "publication_month=2023-09/湖南日报-2023-09-20.parquet",
        "publication_month=2023-09/湖南日报-2023-09-21.parquet",
        "publication_month=2023-09/长江晚报-2023-09-20.parquet",
        "publication_month=2023-09/unknown-2023-09-20.parquet",
        "publication_month=0000-undated/unknown-undated.parquet",
    ]
    assert set(publish.files()) == {f"{table.name}/{name}" for table in PUBLISHED for name in names}


@pytest.mark.parametrize("name", ["_hidden", ".hidden", "a/../b", "某报" * 90, "A B?#%"])
def test_any_newspaper_name_makes_a_file_that_readers_see(publish: Publisher, name: str) -> None:
    publish([page("a", name)])
    assert publish.uris("articles") == ["a"]
    assert "/" not in day_file(name, DAY).removeprefix("publication_month=2023-09/")


def test_two_long_names_that_begin_alike_stay_apart() -> None:
    assert day_file("某报" * 90 + "甲", DAY) != day_file("某报" * 90 + "乙", DAY)


def test_same_bytes_whatever_the_batches(publish: Publisher, tmp_path: Path) -> None:
    pages = [page(f"p/{number:02d}.txt", day=DAY if number % 3 else NEXT) for number in range(9)]
    publish(pages)
    publish(pages)
    other = Publisher(tmp_path / "other")
    other(pages[5:], pages[:2], pages[2:5])
    third = Publisher(tmp_path / "third")
    for one in reversed(pages):
        third([one])
    assert publish.files() == other.files() == third.files()


def test_other_rows_of_the_day_stay_and_the_same_pages_are_replaced(publish: Publisher) -> None:
    publish([page("a"), page("b")])
    publish([page("b", content="更正"), page("c")])
    assert publish.uris("pages") == publish.uris("articles") == ["a", "b", "c"]
    assert publish.uris("indicators") == ["a", "a", "b", "b", "c", "c"]


def test_a_page_that_moves_to_another_day_leaves_the_old_one(publish: Publisher) -> None:
    publish([page("a"), page("b")])
    publish([page("a", day=NEXT), page("b", "长江晚报", None)])
    assert publish.uris("pages") == publish.uris("articles") == ["a", "b"]
    left = publish.output.table("articles") / day_file("湖南日报", DAY)
    assert pq.ParquetFile(left).read().num_rows == 0  # a reader that had it listed finds it


def test_pages_that_a_file_no_longer_holds_go(publish: Publisher) -> None:
    publish([page("x.pdf#page=1"), page("x.pdf#page=2")])
    publish([page("x.pdf#page=1")])
    assert publish.uris("articles") == ["x.pdf#page=1"]


def test_rows_are_in_the_order_that_the_schema_says(publish: Publisher) -> None:
    publish([page(f"{number}") for number in (3, 1, 2)])
    for table in PUBLISHED:
        rows = pq.ParquetFile(publish.output.table(table.name) / day_file("湖南日报", DAY)).read()
        assert rows.equals(rows.sort_by([(name, "ascending") for name in table.sort_by]))


def test_files_say_what_their_columns_hold(publish: Publisher) -> None:
    publish([page("a")])
    for table in PUBLISHED:
        file = pq.ParquetFile(publish.output.table(table.name) / day_file("湖南日报", DAY))
        assert file.schema_arrow.names == table.names  # the partition column stands in the path only
        assert file.schema_arrow.metadata[b"schema_version"]
        group = file.metadata.row_group(0)
        packed = {group.column(number).path_in_schema: group.column(number).compression for number in range(group.num_columns)}
        assert packed["source_uri"] == "ZSTD" and packed.get("body", packed.get("sentence", "ZSTD")) == "ZSTD"
        for column in table.columns:
            field = file.schema_arrow.field(column.name)
            assert field.metadata[b"description"].decode() == column.description
            assert (field.type, field.nullable) == (column.type, column.nullable)


def test_large_files_let_readers_skip(tmp_path: Path) -> None:
    import duckdb

    table, path = replace(INDICATORS, group_rows=4), tmp_path / "large.parquet"
    rows = [row for number in range(12) for row in page(f"{number}")["indicators"]]
    for number, row in enumerate(rows):
        row.update(ref_area=f"{430000 + number % 6 * 100}", indicator_code="GDP" if number % 2 else None)
    write_aside(path, table, table.from_rows(rows))
    file = pq.ParquetFile(path).metadata
    assert file.num_row_groups == 6 and file.row_group(0).column(0).has_column_index
    assert [INDICATORS.names[key.column_index] for key in file.row_group(0).sorting_columns] == list(INDICATORS.sort_by)
    with duckdb.connect() as connection:
        connection.execute("set enable_profiling = 'no_output'")
        for where, groups in (("ref_area = '430300'", 1), (f"article_id = '{rows[5]['article_id']}'", 2)):  # two rows, of two areas
            assert len(connection.execute(f"select * from '{path}' where {where}").fetchall()) == (4 if groups == 1 else 2)
            profile = json.loads(connection.get_profiling_information(format="json"))["query"]
            assert (profile["total_row_groups_scanned"], profile["total_row_groups_to_scan"]) == (groups, 6), where


def test_tables_without_rows_still_read(publish: Publisher) -> None:
    one = page("a")
    publish([{**one, "articles": [], "indicators": []}])
    assert publish.uris("articles") == []
    assert publish.uris("pages") == ["a"]


def test_nothing_but_tables_under_their_roots(publish: Publisher) -> None:
    publish([page("a")])
    assert {path.suffix for path in publish.output.root.rglob("*") if path.is_file()} == {".parquet"}


def test_a_null_where_none_may_be_is_not_published(publish: Publisher) -> None:
    bad = page("a")
    bad["articles"][0]["body"] = None
    with pytest.raises(ValueError, match="body"):
        publish([bad])
    assert "pages" not in {name.partition("/")[0] for name in publish.files()}


@pytest.mark.parametrize("step", range(7))
def test_a_failure_at_any_step_leaves_whole_files_and_the_next_run_mends(
    publish: Publisher, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    publish([page("a", content="旧")])
    before, calls = publish.files(), 0
    real = os.replace

    def failing(*args: Any) -> None:
        nonlocal calls
        if calls == step:
            raise OSError("disk full")
        calls += 1
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(committing.os, "replace", failing)
        with pytest.raises(OSError, match="disk full"):
            publish([page("a", content="新"), page("b", day=NEXT)])
    if step < 4:
        assert publish.files()[f"pages/{day_file('湖南日报', DAY)}"] == before[f"pages/{day_file('湖南日报', DAY)}"]
    for name in publish.files():
        pq.ParquetFile(publish.output.root / name).read()
    publish([page("a", content="新"), page("b", day=NEXT)])
    mended = publish.files()
    fresh = Publisher(publish.root / "fresh")
    fresh([page("a", content="新"), page("b", day=NEXT)])
    assert mended == fresh.files()


# ---- one line each: pandas, DuckDB, Polars, pyarrow ------------------------------------------

KINDS = {
    "articles": {
        "publication_date": "date",
        "position": "int",
        "reporters": "list",
        "body": "text",
        "ref_area": "text",
        "publication_month": "text",
    },
    "indicators": {"obs_value": "float", "char_start": "int", "period_end": "date", "ref_area": "text", "confidence": "float"},
    "pages": {"bytes": "int", "interleaved": "bool", "publication_date": "date", "page_no": "int", "leftovers": "list"},
}


def with_pandas(root: Path) -> tuple[int, dict[str, str]]:
    import pandas as pd

    frame = pd.read_parquet(root, dtype_backend="pyarrow")
    return len(frame), {name: str(kind.pyarrow_dtype) for name, kind in frame.dtypes.items()}


def with_duckdb(root: Path) -> tuple[int, dict[str, str]]:
    import duckdb

    found = duckdb.sql(f"from read_parquet('{root}/**/*.parquet', hive_partitioning = true)")
    return len(found), dict(zip(found.columns, map(str, found.types), strict=True))


def with_polars(root: Path) -> tuple[int, dict[str, str]]:
    import polars as pl

    frame = pl.read_parquet(root)
    return frame.height, {name: str(kind) for name, kind in frame.schema.items()}


def with_pyarrow(root: Path) -> tuple[int, dict[str, str]]:
    table = ds.dataset(root, partitioning="hive").to_table()
    return table.num_rows, {field.name: str(field.type) for field in table.schema}


SAID = {
    "date": ("date32[day]", "DATE", "Date"),
    "int": ("int32", "int64", "INTEGER", "BIGINT", "Int32", "Int64"),
    "float": ("double", "DOUBLE", "Float64"),
    "text": ("string", "VARCHAR", "String", "dictionary<values=string, indices=int32, ordered=0>"),
    "bool": ("bool", "BOOLEAN", "Boolean"),
}


@pytest.mark.parametrize("table", list(KINDS))
@pytest.mark.parametrize("read", [with_pandas, with_duckdb, with_polars, with_pyarrow])
@pytest.mark.parametrize("dated", [True, False], ids=["dated", "with-undated"])
def test_one_line_reads_a_table_with_the_types_intended(publish: Publisher, read: Any, table: str, dated: bool) -> None:
    pages = [page("a"), page("b", day=date(2023, 10, 1))] + ([] if dated else [page("c", None, None)])
    for one in pages:
        one["articles"][0]["ref_area"] = "010203"  # a code that looks like a number stays text
    publish(pages)
    rows, types = read(publish.output.table(table))
    assert rows == len(pages) * (2 if table == "indicators" else 1)
    for column, kind in KINDS[table].items():
        assert types[column] in SAID[kind] if kind != "list" else "list" in types[column].lower() or "[]" in types[column], column


def test_a_pandas_frame_with_undated_pages_is_printed_sorted_filtered_and_joined(publish: Publisher) -> None:
    import pandas as pd

    publish([page("a"), page("c", None, None)])
    plain = pd.read_parquet(publish.output.table("indicators"))
    assert list(plain.sort_values("publication_month")["publication_month"]) == ["0000-undated"] * 2 + ["2023-09"] * 2
    frame = pd.read_parquet(publish.output.table("indicators"), dtype_backend="pyarrow")
    assert len(frame[frame["publication_month"] == "2023-09"]) == 2
    assert "observation_id" in repr(frame)
    assert len(frame.sort_values("obs_value")) == len(frame[frame["obs_value"].notna()]) == len(frame) == 4
    assert len(frame.merge(frame[["observation_id"]], on="observation_id")) == len(frame.to_csv().splitlines()) - 1 == 4
    assert frame.groupby("page_id").size().sum() == 4
