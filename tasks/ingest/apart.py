"""Reading in a process apart, with limits on time and memory, so that a hostile file can't take the run down.

One worker process is started when first needed and used again for file after file; a worker that
dies, hangs or is left in the middle of a file is ended and replaced.  What goes over the pipe is
bytes one way and lines of JSON the other, so nothing that a worker says is ever executed.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tasks.ingest import Limits, RejectedInput

START_SECONDS = 30.0  #: for a worker to come up on a busy machine; not counted against a file
REPLY_BYTES = 512 * 1024 * 1024  #: of one reply line; more is a worker gone astray

_idle: list[_Worker] = []
_lock = threading.Lock()


class _Died(Exception):
    """The worker ended in the middle of a file; ``reason`` says why as far as it can be known.

    ``again``: something outside ended it, and the file deserves another try.
    """

    def __init__(self, reason: str, detail: str, again: bool = False) -> None:
        super().__init__(reason, detail)
        self.reason, self.detail, self.again = reason, detail, again


class _Worker:
    """One worker process and its pipes."""

    def __init__(self, memory_bytes: int) -> None:
        self.owner = os.getpid()
        self.memory_bytes = memory_bytes
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tasks.ingest.worker", str(memory_bytes), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._buffer = bytearray()
        if self.reply(time.monotonic() + START_SECONDS).get("ready") is not True:
            raise _Died("worker", "the reader did not start")

    def send(self, header: dict[str, Any], data: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        descriptor = self._process.stdin.fileno()
        os.set_blocking(descriptor, False)
        for part in (json.dumps({**header, "bytes": len(data)}).encode() + b"\n", data):
            view = memoryview(part)
            while view:
                _, ready, _ = select.select([], [descriptor], [], max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise _Died("timeout", "the reader took no input in time")
                try:
                    view = view[os.write(descriptor, view[: 1 << 20]) :]
                except BlockingIOError:
                    continue
                except OSError:
                    raise self._died() from None

    def reply(self, deadline: float) -> dict[str, Any]:
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
                    raise _Died("worker", "the reader spoke nonsense")
                return value
            searched = len(self._buffer)
            if searched > REPLY_BYTES:
                raise _Died("too_large", "the page's text is too long")
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise _Died("timeout", "the time for one file is over")
            block = os.read(descriptor, 1 << 20)
            if not block:
                raise self._died()
            self._buffer += block

    def _died(self) -> _Died:
        """Why the process ended: its CPU time, its memory, or a fault in the file."""
        try:
            _, status, usage = os.wait4(self._process.pid, 0)
        except ChildProcessError:
            return _Died("crashed", "the reader ended")
        code = os.waitstatus_to_exitcode(status)
        self._process.returncode = code
        if code == -signal.SIGXCPU:
            return _Died("timeout", "the time for one file is over")
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        if peak > 0.6 * self.memory_bytes:
            return _Died("memory", "the memory for one file is over")
        return _Died("crashed", f"the reader ended with {code}", again=code in (-signal.SIGKILL, -signal.SIGTERM))

    def alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _take(memory_bytes: int) -> _Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.owner != os.getpid():
                continue  # inherited over a fork: it serves the parent
            if worker.memory_bytes == memory_bytes and worker.alive():
                return worker
            worker.end()
    return _Worker(memory_bytes)


def _give_back(worker: _Worker) -> None:
    with _lock:
        _idle.append(worker)


@atexit.register
def close() -> None:
    """End all idle workers of this process."""
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.owner == os.getpid():
                worker.end()


def read_apart(kind: str, data: bytes, limits: Limits) -> Iterator[dict[str, Any]]:
    """Pages of ``data`` as the worker's reader of ``kind`` (``pdf``, ``html``) gives them, one at a time.

    A page is a dict of ``PageContent`` fields.  ``RejectedInput`` when nothing can be read; when
    the worker fails after some pages were read, the last dict has ``reason`` (``timeout``,
    ``memory``, ``crashed``, ``too_large``) and the number of the page it failed on as ``number``.
    """
    number = 0
    for attempt in (1, 2):
        try:
            for number, page in enumerate(_ask(kind, data, limits), 1):
                yield page
            return
        except _Died as death:
            if number:
                yield {"number": number + 1, "reason": death.reason}
                return
            if attempt == 2 or not death.again:
                raise RejectedInput(death.reason, death.detail) from None


def _ask(kind: str, data: bytes, limits: Limits) -> Iterator[dict[str, Any]]:
    worker = _take(limits.memory_bytes)
    left = limits.seconds
    done = False
    try:
        started = time.monotonic()
        worker.send({"kind": kind, "pages": limits.pages, "chars": limits.page_chars, "seconds": limits.seconds}, data, started + left)
        while True:
            answer = worker.reply(started + left)
            if "error" in answer:
                done = True
                raise RejectedInput(str(answer["error"]), str(answer.get("detail", "")))
            if answer.get("end"):
                done = True
                return
            left -= time.monotonic() - started
            yield answer  # the time the caller takes is not the file's
            started = time.monotonic()
    finally:
        if done and worker.alive():
            _give_back(worker)
        else:
            worker.end()
