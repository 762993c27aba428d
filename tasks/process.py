"""A process apart, with a limit on its time, so that what goes wrong in it takes nothing else down.

It takes requests on stdin (a line of JSON, then bytes), answers with lines of JSON on stdout, and ends with its parent.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

START_SECONDS = 60.0  #: for a process to come up on a busy machine
REPLY_BYTES = 512 * 1024 * 1024  #: of one line of an answer; more is a process gone astray


class Died(Exception):
    """The process ended, or was silent too long; ``reason`` says why as far as it can be known.

    ``again``: something outside ended it, and what it worked on deserves another try.
    """

    def __init__(self, reason: str, detail: str, again: bool = False) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.again = reason, detail, again


class Process:
    """``python -m module arguments…`` and its pipes.  It must call `serving` first.

    ``memory_bytes``: its limit, to tell what it died of.  Raises ``Died`` where it does not come up.
    """

    def __init__(self, module: str, arguments: Sequence[str] = (), *, memory_bytes: int | None = None) -> None:
        self.owner = os.getpid()
        self.memory_bytes = memory_bytes
        root = str(Path(__file__).resolve().parents[1])
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(os.getpid()), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._buffer = bytearray()
        if self.reply(time.monotonic() + START_SECONDS).get("ready") is not True:
            raise Died("worker", "the process did not start")

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, header: Mapping[str, Any], data: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        descriptor = self._process.stdin.fileno()
        os.set_blocking(descriptor, False)
        for part in (json.dumps({**header, "bytes": len(data)}).encode() + b"\n", data):
            view = memoryview(part)
            while view:
                _, ready, _ = select.select([], [descriptor], [], max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise Died("timeout", "the process took no input in time")
                try:
                    view = view[os.write(descriptor, view[: 1 << 20]) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise self._died() from None

    def reply(self, deadline: float) -> dict[str, Any]:
        """The next line that it answers with."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        searched = 0
        while True:
            end = self._buffer.find(b"\n", searched)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                value = json.loads(line)
                if not isinstance(value, dict):
                    raise Died("worker", "the process spoke nonsense")
                return value
            searched = len(self._buffer)
            if searched > REPLY_BYTES:
                raise Died("too_large", "the page's text is too long")
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise Died("timeout", "the time is over")
            block = os.read(descriptor, 1 << 20)
            if not block:
                raise self._died()
            self._buffer += block

    def _died(self) -> Died:
        """Why the process ended: its CPU time, its memory, or a fault in what it worked on."""
        try:
            _, status, usage = os.wait4(self._process.pid, 0)
        except ChildProcessError:
            return Died("crashed", "the process ended")
        code = os.waitstatus_to_exitcode(status)
        self._process.returncode = code
        if code == -signal.SIGXCPU:
            return Died("timeout", "the time is over")
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        if self.memory_bytes is not None and peak > 0.6 * self.memory_bytes:
            return Died("memory", "the memory for one file is over")
        how = f"signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"exit code {code}"
        return Died("crashed", f"the process ended with {how}", again=code in (-signal.SIGKILL, -signal.SIGTERM))

    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def serving(parent: int) -> tuple[BinaryIO, BinaryIO]:
    """In a process apart, first of all: the streams that requests come from and answers go to (see `answer`)."""
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a run is stopped
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    return sys.stdin.buffer, out


def answer(out: BinaryIO, value: Mapping[str, Any]) -> None:
    out.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, also by ``kill -9``, where it can (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit(0)
