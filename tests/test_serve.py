"""The small setup as it is used: one command, which starts a server, and a schedule that fires."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from tests.crash import text
from tests.server import Place, end, until


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "home")
    try:
        yield place
    finally:
        place.close()


def serve(place: Place, source: Path, output: Path, *more: str) -> subprocess.Popen[bytes]:
    return place.start("serve.log", "flows.cli", "serve", source, "--output", output, "--port", str(place.port), *more)


def test_one_command_serves_the_schedule_fires_and_nothing_is_left(place: Place, tmp_path: Path) -> None:
    source, output = tmp_path / "in/江北日报", tmp_path / "out"
    for day in (1, 2):
        page = source / f"2024-05-0{day}/01.txt"
        page.parent.mkdir(parents=True)
        page.write_text(text(1, day), encoding="utf-8")
    command = serve(place, source, output, "--cron", "* * * * *")
    log = place.home / "serve.log"
    until(lambda: "serving banmian/daily, banmian/backfill, banmian/validate, banmian/freshness" in log.read_text(), 180, "serving")
    assert f"export PREFECT_API_URL={place.api}" in log.read_text()
    place.up()

    def scheduled() -> bool:
        return any(run["auto_scheduled"] and run["state"]["type"] == "COMPLETED" for run in place.runs("daily"))

    until(scheduled, 180, f"a run by the schedule\n{place.logs()}")
    assert ds.dataset(output / "pages", partitioning="hive").count_rows() == 2
    place.run("backfill", "--param", "end_date=2024-05-01")
    assert place.runs("backfill")[-1]["name"].startswith("backfill 2024-05-01 of 江北日报 at ")

    assert end(command, signal.SIGTERM, 60) == 0
    until(lambda: not place.processes(), 20, "every process ended")


def test_a_port_that_is_taken_is_said(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("文", encoding="utf-8")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", place.port))
        taken.listen()
        command = serve(place, tmp_path / "a.txt", tmp_path / "out")
        assert command.wait(60) == 1
    said = (place.home / "serve.log").read_text()
    assert f"port {place.port} of 127.0.0.1 is taken" in said and "Traceback" not in said


def test_the_server_ends_with_a_command_that_is_killed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("文", encoding="utf-8")
    command = serve(place, tmp_path / "a.txt", tmp_path / "out")
    until(lambda: any("server start" in line for line in place.processes()), 60, "the server's process")
    os.kill(command.pid, signal.SIGKILL)
    command.wait()
    until(lambda: not place.processes(), 60, "the server's end")
