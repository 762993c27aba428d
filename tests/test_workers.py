"""Batches read in processes apart: the same tables as without, and a page that ends its process costs itself only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows import apart
from flows.crew import batch_size, cores
from flows.work import Order, Run
from tasks.publish.places import Output
from tests.crash import text
from tests.folder import Folder
from tests.pipeline import checksums

ROOT = Path(__file__).parent.parent

#: Loaded by every process apart: pages that hold certain words end it, or never end.
SPOILT = """
import os, signal, sys, time
from pathlib import Path
from tasks import segment

real = segment.read_page

def spoiling(row):
    said = row["normal_text"]
    once = Path(os.environ["SPOILT"], "once")
    if "致命" in said:
        os.abort()
    if "无尽" in said:
        time.sleep(600)
    if "一次" in said and not once.exists():
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return real(row)

segment.read_page = spoiling
"""

pytestmark = pytest.mark.usefixtures("without_gate")


@pytest.fixture
def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Processes apart that are spoilt by certain pages."""
    home = tmp_path / "spoilt"
    home.mkdir()
    (home / "sitecustomize.py").write_text(SPOILT, encoding="utf-8")
    monkeypatch.setenv("SPOILT", str(home))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(home), str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return home


@pytest.mark.usefixtures("checked_here")
def test_same_tables_as_without_and_no_process_left(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for number in range(4, 12):
        folder.write(f"2024-05-0{number % 3 + 1}/{number:02d}.txt", text(number, number))
    (folder.source / "binary.txt").write_bytes(bytes(range(256)))
    lines = "".join(f'{{"text": "{line}全市出口{line}亿元，增长{line}%。", "headline": "外贸"}}\n' for line in range(1, 8))
    folder.write("lines.jsonl", lines)
    before = _children()
    assert folder.run(workers=2, pages_a_batch=3).success
    assert _children() == before
    whole = Output(tmp_path / "whole")
    assert Run(whole, Order([str(folder.source)])).work().success
    assert checksums(whole.root) == checksums(folder.output.root)


@pytest.mark.usefixtures("checked_here", "spoilt")
def test_a_page_that_ends_its_process_or_never_ends_costs_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SILENCE", 12.0)
    folder = Folder(tmp_path)
    bad = {"04/01.txt": "致命", "05/01.txt": "无尽", "06/01.txt": "一次"}
    for name, word in bad.items():
        folder.write(f"2024-05-{name}", text(1, 1, f"，{word}"))
    outcome = folder.run(workers=2, pages_a_batch=3)
    assert outcome.success and outcome.summary, outcome.message
    assert outcome.summary.rejects == {"worker_died": 1, "timeout": 1}
    status = {row["source_uri"].removeprefix("江北日报/2024-05-"): (row["status"], row["reason"]) for row in folder.rows()}
    assert status.pop("04/01.txt") == ("rejected", "worker_died") and status.pop("05/01.txt") == ("rejected", "timeout")
    assert set(status.values()) == {("published", None)} and len(status) == 4
    assert "in segment" in outcome.summary.text()
    assert folder.plan() == {"same": 6}


@pytest.mark.usefixtures("checked_here")
def test_processes_that_do_not_come_up_are_one_line(tmp_path: Path, spoilt: Path) -> None:
    (spoilt / "sitecustomize.py").write_text("import sys; sys.exit('no')", encoding="utf-8")
    folder = Folder(tmp_path)
    outcome = folder.run(workers=1)
    assert not outcome.success and "end without a result" in outcome.message
    assert not any(folder.output.table('pages').glob('*/江北*')) and not list(folder.output.staging.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends them")
def test_workers_end_with_a_run_that_is_killed(tmp_path: Path, spoilt: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("2024-05-04/01.txt", text(1, 1, "，无尽"))
    code = (
        "import sys; from flows.work import Order, Run; from tasks.publish.places import Output; from pathlib import Path\n"
        "Run(Output(Path(sys.argv[2])), Order([sys.argv[1]], workers=2)).work()"
    )
    command = [sys.executable, "-c", code, str(folder.source), str(folder.output.root)]
    run = subprocess.Popen(command, cwd=ROOT)
    deadline = time.monotonic() + 60
    while len(workers := _children(run.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(workers) == 2
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 20
    while any(map(_runs, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(_runs, workers))


@pytest.mark.parametrize(("files", "width", "size"), [(1, 2, 1), (3, 2, 1), (100, 2, 13), (5000, 2, 200), (3, 1, 200), (2000, 64, 8)])
def test_few_files_are_spread_evenly(files: int, width: int, size: int) -> None:
    assert batch_size(files, 200, width) == size


def test_cores_are_those_that_may_be_used() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


def _children(of: int | None = None) -> list[int]:
    """Processes that read batches for a process."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command = (path / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"flows.worker" in command and str(of or os.getpid()).encode() in command:
            found.append(int(path.name))
    return sorted(found)


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
