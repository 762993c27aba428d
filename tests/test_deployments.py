"""The team's setup as it is used: a server (on PostgreSQL where there is one), `prefect deploy`, a worker, and what they do.

One test, whose steps share the server: the workers of pytest-xdist would start one each.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from flows.work import Order, Run
from tasks.publish.places import Output
from tests.crash import text
from tests.pipeline import checksums
from tests.server import ROOT, Place, Postgres, end, postgres_programs, until


class Team:
    """A server, deployments, and a worker of pool ``banmian``."""

    def __init__(self, root: Path, database: str | None) -> None:
        self.source, self.output = root / "in/江北日报", root / "out"
        self.place = Place(root / "home", **({"PREFECT_API_DATABASE_CONNECTION_URL": database} if database else {}))

    def begin(self) -> None:
        self.place.start("server.log", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(self.place.port))
        self.place.up()
        self.place.do([str(ROOT / "deploy/team/deploy.sh"), str(self.source.parent), str(self.output)])
        self.work()

    def work(self) -> None:
        self.worker = self.place.start("worker.log", "prefect", "worker", "start", "--pool", "banmian")

    def page(self, day: int, number: int = 1) -> None:
        path = self.source / f"2024-05-{day:02d}" / f"{number:02d}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(number, day), encoding="utf-8")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with contextlib.ExitStack() as ends:
        database = None
        if programs := postgres_programs():
            database = Postgres(programs)
            ends.callback(database.close)
        team = Team(tmp_path / "team", database and database.url)
        ends.callback(team.place.close)
        team.begin()
        yield team


def rows(output: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ds.dataset(output / table, partitioning="hive").to_table().to_pylist()
    return found


def days(output: Path) -> list[str]:
    return sorted(f"{row['publication_date']:%m-%d}" for row in rows(output, "pages"))


def many(root: Path, samples: Path) -> Path:
    """Pages that take some seconds."""
    for copy in range(30):
        folder = root / f"in/2024-01-{copy + 1:02d}"
        folder.mkdir(parents=True)
        for number, sample in enumerate(sorted(samples.glob("*.txt"))):
            (folder / f"{number}.txt").write_text(f"{sample.read_text(encoding='utf-8')}\n（{copy}）\n", encoding="utf-8")
    return root / "in"


@pytest.mark.usefixtures("without_gate")  # where this process runs a flow itself
def test_the_setup_of_a_team(team: Team, tmp_path: Path, samples: Path) -> None:
    new_pages_a_backfill_and_a_page_more(team)
    the_checks_alone_fail_the_run_where_a_table_is_spoilt(team)
    a_newspaper_that_did_not_come_is_missed(team)
    parameters_are_checked_before_a_run_is_made(team)
    cancelled_and_killed_runs_leave_the_tables_whole(team, many(tmp_path, samples), tmp_path)


def new_pages_a_backfill_and_a_page_more(team: Team) -> None:
    for day in (1, 2, 3, 4):
        team.page(day)
    assert "Completed" in team.place.run("daily")
    assert days(team.output) == ["05-01", "05-02", "05-03", "05-04"]
    amounts = {row["observation_id"]: row["obs_value"] for row in rows(team.output, "indicators")}
    assert len(amounts) >= 12
    before = checksums(team.output)

    # three days are read again, each to the same bytes; the record says how many files
    team.place.run("backfill", "--param", "start_date=2024-05-01", "--param", "end_date=2024-05-03")
    assert checksums(team.output) == before
    record = json.loads(max((team.output / "state/runs").glob("*.json")).read_text())
    assert record["counts"]["files"]["asked"] == 3 and record["state"] == "completed"

    team.page(5)
    team.place.run("daily")
    assert days(team.output) == ["05-01", "05-02", "05-03", "05-04", "05-05"]
    record = json.loads(max((team.output / "state/runs").glob("*.json")).read_text())
    assert record["counts"]["files"] == {"new": 1, "same": 4, "gone": 0}
    assert amounts.items() <= {row["observation_id"]: row["obs_value"] for row in rows(team.output, "indicators")}.items()

    run = team.place.runs("daily")[-1]
    assert run["name"].startswith("in at ") and set(run["tags"]) == {"banmian", "daily"} and run["state"]["type"] == "COMPLETED"


def a_newspaper_that_did_not_come_is_missed(team: Team) -> None:
    """A week after its one Wednesday; settings come from the command line."""
    usual = json.dumps({"weeks": 1, "issues": 1, "holidays": True})
    team.place.run("freshness", "--param", "day=2024-05-08", "--param", f"usual={usual}", code=1)
    state = team.place.runs("freshness")[-1]["state"]
    assert (state["type"], state["name"]) == ("FAILED", "Alarm") and "江北日报 2024-05-08: no page" in state["message"]


def the_checks_alone_fail_the_run_where_a_table_is_spoilt(team: Team) -> None:
    path = min((team.output / "indicators").glob("*2024-05/*.parquet"))
    whole = path.read_bytes()
    path.write_bytes(whole[:-50])
    said = team.place.run("validate", code=1)
    path.write_bytes(whole)
    assert "Failed" in said
    failed = team.place.runs("validate")[-1]
    assert "indicators.file" in failed["state"]["message"] and failed["name"].startswith("validate out at ")


def parameters_are_checked_before_a_run_is_made(team: Team) -> None:
    made = len(team.place.runs("backfill"))
    answer = " ".join(team.place.run("backfill", "--param", "pages_a_batch=0", code=1).split())
    assert "field 'pages_a_batch'. Failure reason: 0 is less than the minimum of 1" in answer and "Traceback" not in answer
    wrong: list[tuple[str, Any]] = [("start_date", "May"), ("inputs", []), ("inputs", [""]), ("newspapers", [" "]), ("wait", -1)]
    for name, value in wrong:
        with pytest.raises(AssertionError, match=name):
            team.place.trigger("backfill", **{name: value})
    assert len(team.place.runs("backfill")) == made


def cancelled_and_killed_runs_leave_the_tables_whole(team: Team, many: Path, tmp_path: Path) -> None:
    """Cancelled in its work; then killed with its worker; the next run finds that, marks it, and ends with the tables of one never
    interrupted."""
    place, output = team.place, tmp_path / "out"
    assert Run(Output(tmp_path / "whole"), Order([str(many)])).work().success
    expected = checksums(tmp_path / "whole")
    given = {"inputs": [str(many)], "output": str(output), "pages_a_batch": 10}

    def at_work(run: str) -> bool:
        records = [json.loads(path.read_text()) for path in (output / "state/runs").glob("*.json")]
        busy = any(record["id"] == run and record["state"] == "running" for record in records)
        return busy and any((output / "staging").glob("*/0001/b*/drafts.arrow"))

    cancelled = place.trigger("daily", **given)
    until(lambda: at_work(cancelled), 120, "the run to be cancelled")
    place.cancel(cancelled)
    until(lambda: place.state(cancelled) == "Cancelled", 90, "cancelling")
    standing = {process.pid for process in place.started}
    until(lambda: not place.processes(*standing), 20, "the end of every process of the run")
    assert set(checksums(output)) <= set(expected)

    killed = place.trigger("daily", **given)
    until(lambda: at_work(killed), 120, "the run to be killed")
    server = {place.started[0].pid}
    for line in place.processes(*server):
        os.kill(int(line.partition(" ")[0]), signal.SIGKILL)
    end(team.worker)
    assert place.state(killed) == "Running"

    team.work()
    place.run("backfill", "--param", "everything=true", *(f"--param={name}={json.dumps(value)}" for name, value in given.items()))
    assert checksums(output) == expected and not any((output / "staging").iterdir())
    assert place.state(killed) == "Crashed"
    states = {(record := json.loads(path.read_text()))["id"]: record["state"] for path in (output / "state/runs").glob("*.json")}
    assert states[killed] == "died"
