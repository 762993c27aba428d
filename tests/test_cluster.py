"""A Dask cluster of a scheduler and two workers on this machine: the same tables, also where a worker is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import cluster
from flows.work import Order, Run
from tasks.publish.places import Output
from tests.crash import text
from tests.folder import Folder
from tests.pipeline import checksums

ROOT = Path(__file__).parent.parent

#: Loaded by every process that reads for a worker: a certain page takes the worker with it, once.
LOST = """
import os, signal
from pathlib import Path
from tasks import segment

real = segment.read_page

def losing(row):
    once = Path(os.environ["LOST"], "once")
    if "断电" in row["normal_text"] and not once.exists():
        once.touch()
        os.kill(os.getppid(), signal.SIGKILL)
    return real(row)

segment.read_page = losing
"""

pytestmark = pytest.mark.usefixtures("without_gate", "checked_here")


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A scheduler with two workers of one thread each."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook/sitecustomize.py").write_text(LOST, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "hook"), str(ROOT), os.environ.get("PYTHONPATH", "")])
    given = {**os.environ, "LOST": str(tmp_path), "PYTHONPATH": path, "DASK_DISTRIBUTED__DIAGNOSTICS__NVML": "False"}
    about, log = tmp_path / "scheduler.json", open(tmp_path / "dask.log", "w")
    common = ["--scheduler-file", str(about), "--no-dashboard"]
    start = [sys.executable, "-m", "distributed.cli"]
    worker = ["--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path / "dask")]
    commands = [["dask_scheduler", "--port", "0", "--host", "127.0.0.1", *common], *2 * [["dask_worker", *common, *worker]]]
    running = []
    try:
        for name, *options in commands:
            module = f"{start[-1]}.{name}"
            running.append(subprocess.Popen([*start[:-1], module, *options], env=given, cwd=tmp_path, stdout=log, stderr=log))
        deadline = time.monotonic() + 90
        while not about.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        yield json.loads(about.read_text())["address"]
    finally:
        for process in running:
            process.kill()
            process.wait()
        log.close()


def test_a_worker_lost_costs_its_batches_only(tmp_path: Path, address: str) -> None:
    folder = Folder(tmp_path)
    for number in range(4, 16):
        folder.write(f"2024-05-0{number % 3 + 1}/{number:02d}.txt", text(number, number))
    folder.write("2024-05-02/16.txt", text(16, 1, "，断电"))
    outcome = folder.run(scheduler=address, pages_a_batch=2)
    assert outcome.success and outcome.summary, outcome.message
    assert (tmp_path / "once").exists() and outcome.summary.rejects == {}
    whole = Output(tmp_path / "whole")
    assert Run(whole, Order([str(folder.source)])).work().success
    assert checksums(whole.root) == checksums(folder.output.root)
    assert not list(folder.output.staging.iterdir())


def test_a_worker_of_another_version_is_told(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "logic_version", lambda: "0" * 12)
    outcome = Folder(tmp_path).run(scheduler=address)
    assert not outcome.success and "another version of banmian" in outcome.message and "0" * 12 in outcome.message


def test_no_scheduler_and_no_dask_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT", 1)
    outcome = Folder(tmp_path).run(scheduler="tcp://127.0.0.1:1")
    assert not outcome.success and outcome.message.startswith("no Dask scheduler at tcp://127.0.0.1:1"), outcome.message
    monkeypatch.setitem(sys.modules, "distributed", None)
    outcome = Folder(tmp_path / "other").run(scheduler="tcp://127.0.0.1:1")
    assert outcome.message == "Dask is not installed: pip install 'banmian[dask]'"
