"""A run killed at any moment: the next one ends with the tables of one never interrupted.  ``make crash`` is the long form."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.pipeline import checksums

ROOT = Path(__file__).parent.parent

#: Forks processes with everything loaded from one that has no threads yet: not from the suite's own.
SHORT = [sys.executable, "-m", "tests.crash", "--every", "40", "--instants", "3"]


def test_killed_at_write_steps_and_at_random_instants() -> None:
    done = subprocess.run(SHORT, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(": 0 wrong") == 2


def test_killed_over_compacted_tables_and_while_they_are_compacted() -> None:
    command = [*SHORT[:3], "--compact", "--every", "45", "--instants", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("seed", [1])
def test_the_command_killed_with_its_engine(tmp_path: Path, samples: Path, seed: int) -> None:
    """Through the flow: killed somewhere in its work; then the same tables as a run never interrupted, and the dead one on record."""

    def start(output: Path) -> subprocess.Popen[str]:
        given = {**os.environ, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(tmp_path / "home")}
        command = [sys.executable, "-m", "flows.cli", "run", str(samples), "--output", str(output)]
        return subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)

    from flows.work import Order, Run
    from tasks.publish.places import Output

    assert Run(Output(tmp_path / "whole"), Order([str(samples)])).work().success  # without the engine: the same tables
    dying = start(tmp_path / "out")
    staging = tmp_path / "out/staging"
    deadline = time.monotonic() + 120
    while not (staging.exists() and any(staging.glob("*/0001/b001-001/drafts.arrow"))) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(random.Random(seed).uniform(0, 1))
    os.killpg(dying.pid, signal.SIGKILL)
    dying.wait()
    again = start(tmp_path / "out")
    said = again.communicate(timeout=200)[1]
    assert again.returncode == 0, said
    assert checksums(tmp_path / "out") == checksums(tmp_path / "whole")
    assert not any(staging.iterdir())
    records = "".join(path.read_text() for path in (tmp_path / "out/state/runs").iterdir())
    assert '"state": "died"' in records and '"state": "completed"' in records


def test_readers_meet_no_error_and_no_duplicate_while_a_run_publishes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.readers", "--republishes", "2"], cwd=ROOT, capture_output=True, text=True, timeout=280
    )
    assert done.returncode == 0 and done.stdout.count("0 wrong") == 2, done.stdout + done.stderr
