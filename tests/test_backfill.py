"""What a backfill reads again, and what the checks of the published tables find.  (On a server: ``tests/test_deployments.py``.)"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows.cli import main
from flows.validate import check_tables
from flows.work import Order, Outcome, Run
from tasks.ingest.files import InputError
from tasks.runs.choose import Choice
from tasks.schema import INDICATORS, PAGES
from tests.crash import gate, lines, text
from tests.folder import Folder
from tests.pipeline import checksums

pytestmark = pytest.mark.usefixtures("without_gate")


@pytest.fixture(autouse=True)
def _without_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.validate.published.gate", gate)
    monkeypatch.setattr("flows.validate.build_docs", lambda *_: None)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def order(folder: Folder, **options: Any) -> Order:
    return Order.backfill([str(folder.source)], **options)


def chosen(folder: Folder, **options: Any) -> list[str]:
    """Names of the files that a backfill would read, from the folder of the paper on."""
    return [source.uri.partition("/")[2] for source in order(folder, **options).plan(folder.output).sources]


def test_days_by_path_both_ends_included(folder: Folder) -> None:
    for _ in ("before", "after"):  # the first run: what was never published is chosen by its path
        assert chosen(folder, start_date=date(2024, 5, 2)) == ["2024-05-02/01.txt", "2024-05-03/01.txt"]
        assert chosen(folder, end_date=date(2024, 5, 1)) == ["2024-05-01/01.txt"]
        assert chosen(folder, start_date=date(2024, 5, 2), end_date=date(2024, 5, 2)) == ["2024-05-02/01.txt"]
        assert len(chosen(folder, everything=True)) == len(chosen(folder, newspapers=["江北日报"])) == 3
        with pytest.raises(InputError, match="no file of the input is of 2024-05-02 to the latest of 江南晚报"):
            chosen(folder, start_date=date(2024, 5, 2), newspapers=["江南晚报"])
        folder.run()


def test_a_backfill_reads_again_and_gives_the_same(folder: Folder) -> None:
    folder.run()
    before = checksums(folder.output.root)
    outcome = Run(folder.output, order(folder, start_date=date(2024, 5, 1), end_date=date(2024, 5, 2))).work()
    assert outcome.success and outcome.message == "2 pages"
    assert checksums(folder.output.root) == before
    (record,) = [path for path in folder.output.runs.iterdir() if '"choice"' in path.read_text()]
    assert json.loads(record.read_text())["options"]["choice"] == "2024-05-01 to 2024-05-02 of any newspaper"


def test_a_day_known_only_by_reading_is_read_and_then_known(folder: Folder) -> None:
    folder.write("scan.txt", "江北日报 2024年5月9日 星期四 第1版\n" + text(4, 4))
    day = {"start_date": date(2024, 5, 9), "end_date": date(2024, 5, 9)}
    assert chosen(folder, **day) == ["scan.txt"]
    assert "scan.txt" in chosen(folder, end_date=date(2024, 5, 1))  # it may be of any day
    folder.run()
    assert chosen(folder, **day) == ["scan.txt"]
    assert chosen(folder, end_date=date(2024, 5, 1)) == ["2024-05-01/01.txt"]


def test_lines_of_several_days_come_whole_and_options_and_sidecars_say_the_day(folder: Folder) -> None:
    (folder.source / "2024-05-01/lines.jsonl").write_text(lines({1: 2, 2: 3}), encoding="utf-8")
    day = {"start_date": date(2024, 5, 3), "end_date": date(2024, 5, 3)}
    assert chosen(folder, **day) == ["2024-05-01/lines.jsonl", "2024-05-03/01.txt"]
    folder.run()
    assert chosen(folder, **day) == ["2024-05-01/lines.jsonl", "2024-05-03/01.txt"]
    assert chosen(folder, newspapers=["江心时报"]) == ["2024-05-01/lines.jsonl"]
    folder.write("2024-05-01/01.txt.json", '{"publication_date": "2024-05-03"}')
    assert "2024-05-01/01.txt" in chosen(folder, **day)
    assert len(chosen(folder, publication_date=date(2024, 5, 3), **day)) == 4


@pytest.mark.parametrize("options", [{}, {"everything": True, "start_date": date(2024, 5, 1)}])
def test_a_backfill_says_what_it_is_of(folder: Folder, options: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="say which days"):
        order(folder, **options)


def test_days_in_the_wrong_order() -> None:
    with pytest.raises(InputError, match="2024-05-02, comes after the last, 2024-05-01"):
        Choice(date(2024, 5, 2), date(2024, 5, 1))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "May"], "no day|not a day"),
        (["--from", "2024-05-02", "--to", "2024-05-01"], "comes after"),
        ([], "say which days"),
        (["--from", "2025-01-01"], "no file of the input is of 2025-01-01 to the latest"),
    ],
)
def test_the_command_says_what_is_wrong(folder: Folder, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    try:
        assert main(["backfill", str(folder.source), "--output", str(folder.output.root), *arguments]) == 1
    except SystemExit as exit:
        assert exit.code == 2
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1 and any(words in error for words in said.split("|"))


def test_the_command_shows_what_it_would_read(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backfill", str(folder.source), "--output", str(folder.output.root), "--to", "2024-05-02", "--dry-run"]) == 0
    assert "2 of 2 files to work on" in capsys.readouterr().out


# ---- the checks alone -----------------------------------------------------------------------


@pytest.fixture
def published(folder: Folder) -> Folder:
    folder.run()
    return folder


def first(folder: Folder, table: str) -> Path:
    return sorted(folder.output.table(table).glob("*2024*/*.parquet"))[0]


def spoil(path: Path, **values: Any) -> None:
    """Write a table's file with other values in its first row."""
    rows = pq.ParquetFile(path).read()
    content = rows.to_pylist()
    content[0].update(values)
    pq.write_table(type(rows).from_pylist(content, rows.schema), path)


def failed(outcome: Outcome) -> set[str]:
    assert outcome.summary is not None
    return {str(found["expectation"]) for found in outcome.summary.findings if found["fatal"]}


def test_tables_as_published_meet_every_expectation(published: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.validate.published.ROWS_A_GROUP", 1)
    before = checksums(published.output.root)
    outcome = check_tables(published.output)
    assert outcome.success and outcome.message.startswith("checked ") and "3 pages" in outcome.message
    assert checksums(published.output.root) == before and not list(published.output.staging.iterdir())


def test_a_large_file_is_checked_in_parts_with_the_same_findings(published: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = check_tables(published.output)
    monkeypatch.setattr("tasks.validate.published.ROWS_A_PART", 2)
    parts = check_tables(published.output)
    assert parts.success and parts.message == whole.message
    spoil(first(published, "indicators"), unit_measure="smoots", page_id="zzz")  # an identifier beyond all ranges
    outcome = check_tables(published.output)
    assert outcome.summary is not None and {"indicators.unit_known", "indicators.article_exists"} <= failed(outcome)
    rows = [found["rows"] for found in outcome.summary.findings if found["expectation"] == "indicators.unit_known"]
    assert rows == [1]
    path = first(published, "articles")
    path.write_bytes(path.read_bytes()[:-100])
    assert "articles.file" in failed(check_tables(published.output))


def test_a_row_spoilt_by_hand_is_found(published: Folder) -> None:
    spoil(first(published, "indicators"), unit_measure="smoots")
    outcome = check_tables(published.output)
    assert not outcome.success and "indicators.unit_known" in outcome.message and failed(outcome) == {"indicators.unit_known"}


def test_a_file_that_is_gone_broken_or_of_another_shape(published: Folder) -> None:
    first(published, "articles").unlink()
    assert {"pages.counts_agree", "indicators.article_exists"} <= failed(check_tables(published.output))
    path = first(published, "indicators")
    path.write_bytes(path.read_bytes()[:-100])
    assert "indicators.file" in failed(check_tables(published.output))
    pages = first(published, "pages")
    pq.write_table(pq.ParquetFile(pages).read().drop_columns(["chars"]), pages)
    outcome = check_tables(published.output)
    assert "pages.file" in failed(outcome)
    assert outcome.summary and any("columns and types" in str(found["expected"]) for found in outcome.summary.findings)


def test_a_page_published_twice_is_found_over_all_files(published: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.validate.published.ROWS_A_GROUP", 1)
    for table in (PAGES.name, "articles", INDICATORS.name):
        path = first(published, table)
        path.with_name("copy.parquet").write_bytes(path.read_bytes())
    assert failed(check_tables(published.output)) == {"pages.source_uri.unique"}


def test_no_tables_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(tmp_path / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err
