"""Compaction: many day files of a month become one, later runs go on over it, and readers meet every row once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from flows.cli import main
from tasks.publish import compact as compacting
from tasks.publish.batch import withdraw
from tasks.publish.commit import recover
from tasks.publish.compact import compact_month, months, plan_month
from tasks.publish.places import digest_in
from tasks.publish.survey import survey
from tasks.schema import PUBLISHED
from tests.pipeline import checksums
from tests.rows import page
from tests.test_publish import Publisher

DAYS = [date(2023, 9, number) for number in range(1, 4)]


def read(publisher: Publisher, table: str) -> list[dict[str, Any]]:
    rows = ds.dataset(publisher.output.table(table)).to_table().to_pylist()
    return sorted(rows, key=lambda row: json.dumps(row, default=str, sort_keys=True))


def compact(publisher: Publisher, before: str = "2024-01") -> int:
    """Compact what is older; how many months there were to do."""
    publisher.runs += 1
    aside = publisher.output.root / f"staging/{publisher.runs}"
    plans = [plan_month(publisher.output, month, files) for month, files in months(publisher.output, before).items()]
    for plan in plans:
        compact_month(plan, publisher.output, aside / plan.month / "aside")
    recover(publisher.output)
    return sum(not plan.done for plan in plans)


def names(publisher: Publisher) -> set[str]:
    return {name.partition("/")[2] for name in publisher.files()}


def fill(publisher: Publisher) -> Publisher:
    papers = [page(f"{paper}/{day}.txt", paper, day) for day in DAYS for paper in ("湖南日报", "长江晚报")]
    publisher([*papers, page("x.jsonl#line=1", day=DAYS[0]), page("x.jsonl#line=2", day=date(2023, 10, 2)), page("u", None, None)])
    return publisher


#: What may come after a month was compacted: a name, and the pages that a later run publishes.
LATER: dict[str, list[dict[str, Any]]] = {
    "corrected": [page("湖南日报/2023-09-02.txt", "湖南日报", DAYS[1], content="更正")],
    "moved within the month": [page("湖南日报/2023-09-02.txt", "湖南日报", DAYS[2])],
    "moved to another month": [page("湖南日报/2023-09-02.txt", "湖南日报", date(2023, 8, 1))],
    "moved out of the dated": [page("湖南日报/2023-09-02.txt", "湖南日报", None)],
    "new in a day that is there": [page("湖南日报/2023-09-02b.txt", "湖南日报", DAYS[1])],
    "new day": [page("湖南日报/2023-09-30.txt", "湖南日报", date(2023, 9, 30))],
    "a file of several months": [page("x.jsonl#line=1", day=DAYS[1]), page("x.jsonl#line=3", "长江晚报", day=date(2023, 10, 3))],
    "into the month": [page("u", "湖南日报", DAYS[2])],
}


@pytest.fixture
def publish(tmp_path: Path) -> Publisher:
    return fill(Publisher(tmp_path))


def test_a_month_becomes_one_file_in_each_table_with_the_same_rows(publish: Publisher) -> None:
    before = {table.name: read(publish, table.name) for table in PUBLISHED}
    assert compact(publish) == 2
    assert {table.name: read(publish, table.name) for table in PUBLISHED} == before
    found = names(publish)
    assert sorted(digest_in(name) is not None for name in found) == [False, True, True]  # September, October, and the undated pages' file
    for table in PUBLISHED:
        rows = pq.ParquetFile(publish.output.table(table.name) / next(name for name in found if "2023-09" in name)).read()
        assert rows.equals(rows.sort_by([(name, "ascending") for name in table.sort_by]))
    assert not list(publish.output.staging.iterdir())


def test_compacting_again_does_nothing_and_the_newest_month_is_left_alone(publish: Publisher) -> None:
    assert list(months(publish.output)) == ["2023-09"]
    assert compact(publish) == 2
    before = checksums(publish.output.root)
    assert compact(publish) == 0 and checksums(publish.output.root) == before


@pytest.mark.parametrize("later", LATER.values(), ids=LATER)
def test_later_runs_end_as_if_nothing_had_been_compacted(publish: Publisher, tmp_path: Path, later: list[dict[str, Any]]) -> None:
    other = fill(Publisher(tmp_path / "other"))
    compact(publish)
    publish(later)
    other(later)
    for table in PUBLISHED:
        assert read(publish, table.name) == read(other, table.name)
    compact(publish)
    compact(other)
    assert checksums(publish.output.root) == checksums(other.output.root)
    assert compact(publish) == 0


def test_what_is_replaced_is_replaced_in_the_month_and_what_is_new_stands_beside_it(publish: Publisher) -> None:
    compact(publish)
    before = names(publish)
    publish(LATER["corrected"])
    assert names(publish) == before
    publish(LATER["new in a day that is there"])
    assert names(publish) - before == {"publication_month=2023-09/湖南日报-2023-09-02.parquet"}


def test_files_withdrawn_from_a_month(publish: Publisher) -> None:
    compact(publish)
    gone = ["湖南日报/2023-09-02.txt", "x.jsonl"]
    withdraw({uri: known.days for uri, known in survey(publish.output, gone).items()}, publish.output, publish.root / "staging/w")
    assert not set(gone) & set(publish.uris("articles")) and "湖南日报/2023-09-03.txt" in publish.uris("articles")
    compact(publish)
    assert {name.partition("/")[0] for name in names(publish)} == {
        "publication_month=2023-09",
        "publication_month=0000-undated",
    }


def test_files_stay_under_a_bound_and_a_newspapers_days_together(publish: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read(publish, "indicators")
    monkeypatch.setattr(compacting, "OBSERVATIONS_A_FILE", 5)  # two pages, two observations each
    compact(publish)
    found = {name for name in names(publish) if "2023-09" in name}
    assert len(found) == 4 and read(publish, "indicators") == before
    for name in found:
        papers = ds.dataset(publish.output.table("pages") / name).to_table(columns=["newspaper"])
        assert len(papers) <= 2
    assert compact(publish) == 0
    publish(LATER["moved within the month"])
    monkeypatch.undo()
    assert compact(publish) == 1  # other bounds, other files


def test_a_name_that_other_pages_have_taken_since_is_not_used_again(publish: Publisher) -> None:
    compact(publish)
    first = {name for name in names(publish) if "2023-09" in name}
    uri = "湖南日报/2023-09-02.txt"
    withdraw({uri: survey(publish.output, [uri])[uri].days}, publish.output, publish.root / "staging/w")
    publish([page(uri, "湖南日报", DAYS[1])])  # the same again, in a day's file
    compact(publish)
    second = {name for name in names(publish) if "2023-09" in name}
    assert {name.replace("-2.parquet", ".parquet") for name in second} == first != second
    assert compact(publish) == 0


def test_rows_of_no_page_keep_a_month_as_it_is(publish: Publisher) -> None:
    before = names(publish)
    for day in DAYS:
        path = publish.output.table("pages") / f"publication_month=2023-09/湖南日报-{day}.parquet"
        pq.write_table(pq.ParquetFile(path).read().slice(1), path)
    with pytest.raises(ValueError, match="rows are of pages that"):
        compact(publish)
    assert names(publish) == before


# ---- readers while it happens ---------------------------------------------------------------


def with_pandas(root: Path) -> list[str]:
    return sorted(pd.read_parquet(root, columns=["article_id"])["article_id"])


def with_duckdb(root: Path) -> list[str]:
    with duckdb.connect() as connection:
        return sorted(row[0] for row in connection.execute(f"select article_id from read_parquet('{root}/**/*.parquet')").fetchall())


def with_polars(root: Path) -> list[str]:
    return sorted(pl.read_parquet(root)["article_id"])


@pytest.mark.parametrize("scan", [with_pandas, with_duckdb, with_polars])
def test_a_scan_has_every_row_once_or_fails_at_each_step_of_a_compaction(
    publish: Publisher, monkeypatch: pytest.MonkeyPatch, scan: Callable[[Path], list[str]]
) -> None:
    from tasks.publish import commit as committing

    root = publish.output.table("articles")
    whole, failed, steps = scan(root), 0, 0

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **more: Any) -> Any:
            nonlocal failed, steps
            done = real(*args, **more)
            steps += 1
            try:
                assert scan(root) == whole
            except AssertionError:
                raise
            except Exception:  # noqa: BLE001 - loud is what it should be
                failed += 1
            return done

        return step

    monkeypatch.setattr(committing.os, "replace", watched(committing.os.replace))
    monkeypatch.setattr(Path, "unlink", watched(Path.unlink))
    assert compact(publish, "2023-10") == 1
    assert scan(root) == whole
    assert 0 < failed < steps


@pytest.mark.parametrize("step", [1, 2, 5, 8, 9, 20])
def test_killed_between_moves_the_next_ends_it(publish: Publisher, monkeypatch: pytest.MonkeyPatch, step: int, tmp_path: Path) -> None:
    from tasks.publish import commit as committing

    whole = fill(Publisher(tmp_path / "whole"))
    compact(whole)
    left = step

    def killed(real: Callable[..., Any]) -> Callable[..., Any]:
        def move(*args: Any, **more: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise KeyboardInterrupt
            return real(*args, **more)

        return move

    with monkeypatch.context() as patch:
        patch.setattr(committing.os, "replace", killed(committing.os.replace))
        patch.setattr(Path, "unlink", killed(Path.unlink))
        with pytest.raises(KeyboardInterrupt):
            compact(publish)
    recover(publish.output)
    compact(publish)
    assert checksums(publish.output.root) == checksums(whole.output.root)
    assert not list(publish.output.staging.iterdir())


def test_the_command(publish: Publisher, capsys: pytest.CaptureFixture[str]) -> None:
    root, before = str(publish.output.root), checksums(publish.output.root)
    assert main(["compact", root, "--dry-run"]) == 0
    assert capsys.readouterr().out == "2023-09: 6 files → 1\n" and checksums(publish.output.root) == before
    assert main(["compact", root, "--before", "2023-11"]) == 0
    assert capsys.readouterr().out == "2023-09: 6 files → 1\n2023-10: 1 files → 1\n"
    assert main(["compact", root]) == 0 and "nothing to do" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stopped:
        main(["compact", root, "--before", "2024-13"])
    assert stopped.value.code == 2
