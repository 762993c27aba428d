"""What a run takes on, and what it leaves: incremental runs, the lock, records, and errors that storage makes."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.work import Order, Run
from tasks.publish.commit import leftovers
from tasks.publish.places import Output
from tasks.runs.lock import Busy, hold, holder
from tasks.runs.record import last_record
from tests.crash import text
from tests.folder import Folder, corrections
from tests.pipeline import checksums

ROOT = Path(__file__).parent.parent


pytestmark = pytest.mark.usefixtures("without_gate")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


# ---- incremental ----------------------------------------------------------------------------


def test_a_second_run_has_nothing_to_do(folder: Folder) -> None:
    assert folder.plan() == {"new": 3}
    assert folder.run().message == "3 pages"
    before = checksums(folder.output.root)
    assert folder.plan() == {"same": 3}
    assert folder.run().message == "nothing to do: 3 files are up to date"
    assert checksums(folder.output.root) == before
    assert folder.run(full=True).message == "3 pages"
    assert checksums(folder.output.root) == before


def test_what_is_new_or_changed_is_worked_on(folder: Folder) -> None:
    folder.run()
    folder.write("2024-05-01/01.txt", text(1, 1, "，更正"))
    folder.write("2024-05-04/01.txt", text(9, 9))
    assert folder.plan() == {"changed": 1, "new": 1, "same": 2}
    assert folder.run().message == "2 pages"
    assert sum("更正" in row["body"] for row in folder.rows("articles")) == 1 and len(folder.rows()) == 4
    fresh = Folder(folder.output.root.parent / "fresh")
    shutil.rmtree(fresh.source)
    shutil.copytree(folder.source, fresh.source)
    fresh.run()
    assert checksums(fresh.output.root) == checksums(folder.output.root)


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: {"newspaper": "滨江日报"},
        lambda folder: folder.write("2024-05-01/01.txt.json", '{"page_no": 4}') and {},
        lambda folder: {"corrections": str(folder.corrections("江北日报/2024-05-01/01.txt\t\tpage_no\t1\t7\t误"))},
    ],
    ids=["option", "sidecar", "correction"],
)
def test_what_is_given_with_a_file_counts(folder: Folder, change: Callable[[Any], dict[str, Any]]) -> None:
    folder.corrections = lambda line: corrections(folder, line)  # type: ignore[attr-defined]
    folder.run()
    options = change(folder)
    assert folder.plan(**options)["changed"] == (3 if "newspaper" in options else 1)
    assert folder.run(**options).success
    assert folder.plan(**options) == {"same": 3}


def test_another_logic_reads_all_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.run()
    for place in ("tasks.runs.plan", "tasks.segment.batch"):
        monkeypatch.setattr(f"{place}.logic_version", lambda: "0" * 12)
    assert folder.plan() == {"logic": 3}
    folder.run()
    assert folder.plan() == {"same": 3} and {row["logic_version"] for row in folder.rows()} == {"0" * 12}


def test_a_file_taken_away_keeps_its_rows_until_pruned(folder: Folder) -> None:
    folder.run()
    (folder.source / "2024-05-02/01.txt").unlink()
    assert folder.plan() == {"same": 2, "gone": 1}
    assert folder.run().success and len(folder.rows()) == 3
    assert folder.run(prune=True).success and len(folder.rows()) == 2 and len(folder.rows("articles")) == 2
    assert folder.plan(prune=True) == {"same": 2}


def test_pruning_leaves_other_inputs_and_unreadable_folders_alone(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.run()
    other = Folder(folder.output.root.parent / "other")
    other.source.rename(other.source.with_name("江南日报"))
    other.source = other.source.with_name("江南日报")
    assert Run(folder.output, Order([str(other.source)], prune=True)).work().success
    assert len(folder.rows()) == 6
    real = os.listdir

    def refusing(path: Any) -> Any:
        if "05-02" in str(path):
            raise PermissionError(13, "no")
        return real(path)

    monkeypatch.setattr(os, "listdir", refusing)
    assert folder.plan()["same"] == 2 and "gone" not in folder.plan()


def test_a_file_that_vanishes_keeps_the_rows_it_has_and_is_tried_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.run()
    path = folder.write("2024-05-02/01.txt", text(2, 2, "，更正"))
    real = Order.plan

    def vanishing(self: Order, output: Output) -> Any:
        plan = real(self, output)
        path.unlink()
        return plan

    with monkeypatch.context() as patch:
        patch.setattr(Order, "plan", vanishing)
        outcome = folder.run()
    assert outcome.success and outcome.summary and outcome.summary.rejects == {"vanished": 1}
    assert [row["status"] for row in folder.rows()] == ["published"] * 3
    path.write_text(text(2, 2, "，更正"), encoding="utf-8")
    assert folder.plan() == {"changed": 1, "same": 2}


def test_a_file_written_to_while_it_is_read_is_rejected_and_tried_again(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = folder.write("lines.jsonl", "".join(json.dumps({"text": text(n, 3), "headline": "要闻"}) + "\n" for n in range(3)))
    from tasks.ingest import jsonl

    real = jsonl._page

    def growing(line: bytes, **more: Any) -> Any:
        with lines.open("a") as stream:
            stream.write("{}\n")
        return real(line, **more)

    with monkeypatch.context() as patch:
        patch.setattr(jsonl, "_page", growing)
        folder.run()
    assert {row["reason"] for row in folder.rows() if "lines.jsonl" in row["source_uri"]} >= {"changed"}
    assert folder.plan()["again"] == 1


def test_dry_run_says_what_would_be_done_and_does_nothing(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(folder.source), "--output", str(folder.output.root), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "3 of 3 files to work on" in said and "new" in said and "江北日报/2024-05-01/01.txt" in said
    assert not list(folder.output.root.iterdir())


def test_nothing_to_do_starts_no_engine(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.run()
    assert main(["run", str(folder.source), "--output", str(folder.output.root)]) == 0
    assert "nothing to do: 3 files are up to date" in capsys.readouterr().out


def test_work_under_way_stands_where_it_is_told_and_the_tables_are_the_same(folder: Folder, tmp_path: Path) -> None:
    folder.run()
    other = Output(tmp_path / "other", tmp_path / "scratch")
    (other.work / "dead").mkdir(parents=True)
    assert leftovers(other)
    outcome = Run(other, Order([str(folder.source)], staging=str(tmp_path / "scratch"))).work()
    assert outcome.summary and "cleaned up after 1 dead run" in outcome.summary.notes[0]
    assert checksums(other.root) == checksums(folder.output.root)
    assert list((tmp_path / "scratch").iterdir()) == [other.work] and not leftovers(other)


# ---- one writer -----------------------------------------------------------------------------


def test_a_second_run_says_who_holds_the_output(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    with hold(folder.output.lock, "the-first"):
        outcome = folder.run()
        assert not outcome.success and "the-first" in outcome.message and str(os.getpid()) in outcome.message
        assert main(["run", str(folder.source), "--output", str(folder.output.root)]) == 1
        assert "the-first" in capsys.readouterr().err
    assert folder.run().success and holder(folder.output.lock) is None


def test_a_second_run_waits(folder: Folder) -> None:
    held, leave = threading.Event(), threading.Event()

    def first() -> None:
        with hold(folder.output.lock, "the-first"):
            held.set()
            leave.wait(5)

    thread = threading.Thread(target=first)
    thread.start()
    held.wait()
    threading.Timer(0.6, leave.set).start()
    started = time.monotonic()
    assert folder.run(wait=20.0).success and time.monotonic() - started > 0.5
    thread.join()
    with hold(folder.output.lock, "x"), pytest.raises(Busy), hold(folder.output.lock, "y", wait=0.2):
        pass


def test_a_lock_left_by_a_dead_run_does_not_block(folder: Folder) -> None:
    code = (
        "import sys, time; from pathlib import Path; from tasks.runs.lock import hold\n"
        "with hold(Path(sys.argv[1]), 'dying'): print(1, flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(folder.output.lock)], cwd=ROOT, stdout=subprocess.PIPE)
    assert child.stdout and child.stdout.readline()
    assert "dying" in str(holder(folder.output.lock))
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert folder.run().success


# ---- storage that fails ---------------------------------------------------------------------


def test_a_full_disk_is_one_line_and_leaves_the_tables_whole(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit on the size of files stands in for a disk that is full."""
    folder.run()
    before = checksums(folder.output.root)
    folder.write("2024-05-01/01.txt", text(1, 1, "，更正" * 2000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        outcome = folder.run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not outcome.success and outcome.message.startswith("no space left for"), outcome.message
    assert checksums(folder.output.root) == before and not list(folder.output.staging.iterdir())
    assert folder.run().success and last_record(folder.output).state == "completed"  # type: ignore[union-attr]


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_disk_that_fills_between_the_moves(folder: Folder, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    folder.run()
    for day in (1, 2, 3):
        folder.write(f"2024-05-0{day}/01.txt", text(day, day, "，更正"))
    from tasks.publish import commit

    real, calls = commit.os.replace, 0

    def failing(source: Any, target: Any) -> None:
        nonlocal calls
        calls += "commit" not in str(source) and "aside" in str(source)
        if calls >= number and "aside" in str(source):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(commit.os, "replace", failing)
        outcome = folder.run()
    assert not outcome.success and "no space left" in outcome.message
    assert folder.run().success
    fresh = Folder(folder.output.root.parent / "fresh")
    shutil.rmtree(fresh.source)
    shutil.copytree(folder.source, fresh.source)
    fresh.run()
    assert checksums(fresh.output.root) == checksums(folder.output.root)


def test_an_output_that_may_not_be_written_is_one_line(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(*_: Any, **__: Any) -> int:
        raise OSError(errno.EROFS, "Read-only file system", "out/state/lock")

    monkeypatch.setattr("tasks.runs.lock.os.open", refusing)
    outcome = folder.run()
    assert not outcome.success and "can't write to" in outcome.message and "Read-only" in outcome.message


def test_a_run_that_died_is_marked_and_cleaned_up_after(folder: Folder) -> None:
    folder.run()
    (folder.output.staging / "20260101T000000Z-dead0000/0001").mkdir(parents=True)
    record = last_record(folder.output)
    assert record is not None
    record.state, record.run = "running", "20260101T000000Z-dead0000"
    record.save(folder.output)
    outcome = folder.run(full=True)
    assert outcome.summary and outcome.summary.died == ["20260101T000000Z-dead0000"] and "dead run" in outcome.summary.text()
    assert not list(folder.output.staging.iterdir())
