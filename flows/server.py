"""Prefect servers that this program starts, and that end with it: for one run at the terminal, or for `banmian serve`.

For a run, Prefect starts one by itself where none is configured — after importing it into the run's own process, and while
the run waits.  `Embedded` is the same server, started before the engine is imported, so that both come up at the same time:
half the time, and two seconds of CPU less.  What is configured is never overruled: where any of the files in which Prefect
looks for its settings names an address, or may, it keeps out of the way.
"""

from __future__ import annotations

import atexit
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path

#: Seconds for the server of a run to end by itself before it is killed.
END = 5.0

#: The server that Prefect itself would start: no UI, no services but those that it needs.
SERVER = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


#: What stands in a file of settings (lower case) that may say so.
MARKS = ("prefect_api_url", "prefect_profile", "allow_ephemeral", "[api]", "api.url", "profiles_path", "[tool.prefect")
#: Settings that say which server is used.
DECIDING = ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE")


class Embedded:
    """A server that comes up while something else is done.  It ends when this process does, after all that was said to it."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.api = f"http://127.0.0.1:{port}/api"
        listening = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--lifespan", "on"]
        self.process = start(["uvicorn", "--factory", "prefect.server.api.server:create_app", *listening], SERVER)
        # what is registered first is done last: prefect hands in its last events before
        atexit.register(self.end)
        os.environ["PREFECT_API_URL"] = self.api

    def up(self) -> None:
        """Wait until it answers.  Raises ``TimeoutError``, or ``RuntimeError`` where it ended."""
        deadline = time.monotonic() + float(os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"])
        while not answers(self.api):
            if self.process.poll() is not None:
                raise RuntimeError(f"the engine's server did not start (exit code {self.process.returncode})")
            if time.monotonic() > deadline:
                raise TimeoutError("the engine's server did not start in time")
            time.sleep(0.05)

    def end(self) -> None:
        end(self.process, END)


def wanted() -> bool:
    """Whether the run needs a server of its own, as far as it can be told without importing the engine."""
    if "prefect" in sys.modules or any(name in os.environ for name in DECIDING):
        return False
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml")).expanduser()
    return not any(_may_name_an_address(path) for path in (profiles, Path(".env"), Path("prefect.toml"), Path("pyproject.toml")))


def _may_name_an_address(settings: Path) -> bool:
    try:
        text = settings.read_text(encoding="utf-8").casefold()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return any(
        mark in text
        for mark in ("prefect_api_url", "prefect_profile", "allow_ephemeral", "[api]", "api.url", "profiles_path", "[tool.prefect")
    )


def start(command: list[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a Python module, with its arguments, that ends with this process.

    In a group of its own: Ctrl-C reaches runs first, and what they tell the server still arrives.
    """
    quiet = subprocess.DEVNULL
    given = {**os.environ, **(environment or {})}
    command = [sys.executable, "-m", "flows.server", str(os.getpid()), *command]
    return subprocess.Popen(command, env=given, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


def answers(api: str) -> bool:
    """Whether a server answers at the address."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """End a server, by force where it takes longer."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _be(parent: int, module: str, arguments: list[str]) -> None:
    """Be a module that ends with its parent, also by ``kill -9``, where the kernel can see to that (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            return
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    _be(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
