"""Reading in a process apart, with limits on time and memory, so that a hostile file can't take the run down.

One worker process is started when first needed and used again for file after file; a worker that
dies, hangs or is left in the middle of a file is ended and replaced.  What goes over the pipe is
bytes one way and lines of JSON the other, so nothing that a worker says is ever executed.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

from tasks.ingest import Limits, RejectedInput
from tasks.process import Died, Process

_idle: list[Process] = []
_lock = threading.Lock()


def _take(memory_bytes: int) -> Process:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.owner != os.getpid():
                continue  # inherited over a fork: it serves the parent
            if worker.memory_bytes == memory_bytes and worker.alive():
                return worker
            worker.end()
    return Process("tasks.ingest.worker", [str(memory_bytes)], memory_bytes=memory_bytes)


def _give_back(worker: Process) -> None:
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
        except Died as death:
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
