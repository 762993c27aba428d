"""One writer an output folder.

The lock is the kernel's (``flock`` on ``state/lock``): it ends with the process that holds it, however
that ends, so a lock left by a dead run can't block.  What the file says (run, process, machine, since
when) is for people and for the run that finds it taken.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

#: Seconds between two tries of a run that waits.
PAUSE = 0.5


class Busy(RuntimeError):
    """Another run holds the output folder; the message is one line that says which."""


@contextmanager
def hold(path: Path, run: str, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock at ``path`` for the run named ``run``.

    ``wait``: seconds to wait for another run to end.  Raises ``Busy`` when it does not end in time, and ``OSError``
    where the folder can't be written or its file system knows no locks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(handle, path, time.monotonic() + wait)
        holder = {"run": run, "pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
        _say(handle, json.dumps(holder) + "\n")
        yield
        _say(handle, "")
    finally:
        os.close(handle)


def holder(path: Path) -> str | None:
    """Who holds the lock, in words; None where nobody does."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
            raise
        return _told(path)
    finally:
        os.close(handle)
    return None


def _take(handle: int, path: Path, deadline: float) -> None:
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
                raise
        left = deadline - time.monotonic()
        if left <= 0:
            raise Busy(f"{path.parent.parent} is being written by {_told(path)}; --wait SECONDS waits for it to end")
        time.sleep(min(PAUSE, left))


def _told(path: Path) -> str:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return f"run {said['run']} (process {said['pid']} on {said['host']}, since {said['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another run"


def _say(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)
