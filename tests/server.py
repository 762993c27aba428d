"""A Prefect server on a port of its own, and what runs against it: for tests of deployments as people use them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parent.parent

#: What makes a server and a worker look for work every second or two.
QUICK = {
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
    "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], Any], seconds: float, what: str) -> Any:
    """The first value that counts as true.  Fails by the name of what was waited for."""
    deadline = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.2)
    return value


class Place:
    """A ``PREFECT_HOME``, a port, and the processes started there.  ``close`` ends them all."""

    def __init__(self, home: Path, **environment: str) -> None:
        self.home, self.port = home, free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        home.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
        self.environment = {**kept, **QUICK, "PYTHONPATH": str(ROOT), "PREFECT_HOME": str(home), "DO_NOT_TRACK": "1", **environment}
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, log: str, module: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """A command that goes on, in a group of its own."""
        with open(self.home / log, "ab") as out:
            command = [sys.executable, "-m", module, *map(str, arguments)]
            process = subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=out, stderr=out, start_new_session=True)
        self.started.append(process)
        return process

    def up(self, seconds: float = 180) -> None:
        """Wait for the server."""

        def answers() -> bool:
            try:
                return httpx.get(f"{self.api}/health", timeout=5).status_code == 200
            except httpx.HTTPError:
                return False

        until(answers, seconds, "the server")
        self.environment["PREFECT_API_URL"] = self.api

    def prefect(self, *arguments: str, code: int = 0) -> str:
        """What a ``prefect`` command prints, which must end with the exit code."""
        return self.do([sys.executable, "-m", "prefect", *arguments], code)

    def do(self, command: Sequence[str], code: int = 0, seconds: float = 240) -> str:
        done = subprocess.run(command, env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=seconds)
        assert done.returncode == code, f"{done.stdout}\n{done.stderr}\n{self.logs()}"
        return done.stdout + done.stderr

    def run(self, deployment: str, *arguments: str, code: int = 0) -> str:
        """``prefect deployment run … --watch``: what it prints."""
        return self.prefect("deployment", "run", f"banmian/{deployment}", "--watch", *arguments, code=code)

    def trigger(self, deployment: str, **parameters: Any) -> str:
        """Start a run and don't wait; returns its identifier."""
        found = httpx.get(f"{self.api}/deployments/name/banmian/{deployment}").json()
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        made = httpx.post(f"{self.api}/deployments/{found['id']}/create_flow_run", json=asked)
        assert made.status_code in (200, 201), made.text
        return str(made.json()["id"])

    def state(self, run: str) -> str:
        return str(httpx.get(f"{self.api}/flow_runs/{run}", timeout=30).json()["state"]["name"])

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """Runs of a deployment that have begun, the earliest first."""
        begun = {"start_time": {"is_null_": False}}
        asked = {"deployments": {"name": {"any_": [deployment]}}, "flow_runs": begun, "sort": "START_TIME_ASC"}
        found: list[dict[str, Any]] = httpx.post(f"{self.api}/flow_runs/filter", json=asked, timeout=30).json()
        return found

    def cancel(self, run: str) -> None:
        """As the button of the UI does."""
        asked = {"state": {"type": "CANCELLING", "name": "Cancelling"}}
        httpx.post(f"{self.api}/flow_runs/{run}/set_state", json=asked, timeout=30).raise_for_status()

    def processes(self, *but: int) -> list[str]:
        """Command lines of processes that were started here, straight or by others, but some."""
        mark, found = f"PREFECT_HOME={self.home}".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if int(folder.name) not in but and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append(f"{folder.name} {(folder / 'cmdline').read_bytes().replace(bytes(1), b' ').decode(errors='replace')}")
            except OSError:
                continue
        return found

    def logs(self) -> str:
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in sorted(self.home.glob("*.log")))

    def close(self) -> None:
        for process in reversed(self.started):
            end(process)
        for line in self.processes():  # what they left
            with_number = int(line.partition(" ")[0])
            if with_number != os.getpid():
                os.kill(with_number, signal.SIGKILL)


def end(process: subprocess.Popen[bytes], number: int = signal.SIGTERM, seconds: float = 30) -> int:
    """End a process as asked, or else by force; returns its exit code."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


class Postgres:
    """A PostgreSQL server of one's own.  ``programs``: the folder of its programs."""

    def __init__(self, programs: Path) -> None:
        self.port = free_port()
        self.folder = folder = Path(tempfile.mkdtemp(prefix="banmian-postgres-"))
        self.account: dict[str, Any] = {}
        if os.getuid() == 0:  # it refuses to run as root
            self.account = {"user": "nobody"}
            shutil.chown(folder, "nobody")
        self._do([programs / "initdb", "-D", folder / "data", "-U", "banmian", "--auth=trust", "--no-sync", "-E", "UTF8"])
        # no socket file: its path may be too long, its folder not writable
        settings = ["-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"]
        self.process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-p", str(self.port), *settings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self.account,
        )
        until(self._listens, 60, "PostgreSQL")

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://banmian@127.0.0.1:{self.port}/postgres"

    def _do(self, command: Sequence[str | Path]) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=120, **self.account)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self) -> None:
        end(self.process, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest; null where there are none."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)

