"""One writer an output.

In a folder the lock is the kernel's (``flock`` on ``state/lock``): it ends with the process that holds it, however
that ends, so a lock left by a dead run can't block.  What the file says (run, process, machine, since
when) is for people and for the run that finds it taken.  In a bucket it is an object with a lease (``tasks.runs.lease``).
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.runs.lease import LEASE, Lease, look, process
from tasks.s3 import Key
from tasks.storage import Place

#: Seconds between two tries of a run that waits.
PAUSE, PAUSE_IN_BUCKET = 0.5, 2.0


class Busy(RuntimeError):
    """Another run holds the output; the message is one line that says which."""


@contextmanager
def hold(path: Place, run: str, wait: float = 0.0) -> Iterator[Callable[[], None]]:
    """Hold the lock at ``path`` for the run named ``run``; gives a function that raises ``OSError`` where it was lost.

    ``wait``: seconds to wait for another run to end.  Raises ``Busy`` when it does not end in time, and ``OSError``
    where the output can't be written or its file system or store knows no locks.
    """
    deadline = time.monotonic() + wait
    said = {"run": run, "pid": os.getpid(), "host": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
    if isinstance(path, Key):
        lease = Lease(path, {**said, **process(), "token": uuid.uuid4().hex})
        while other := lease.take():
            _pause(path, _words(other.said), deadline, f" (if it died, its hold ends in {LEASE - other.age:.0f} s)")
        try:
            yield lease.renew
        finally:
            with suppress(OSError):  # it ends by itself
                lease.release()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(handle, path, deadline)
        _say(handle, json.dumps(said) + "\n")
        yield lambda: None  # the kernel takes it from no one who lives
        _say(handle, "")
    finally:
        os.close(handle)


def holder(path: Place) -> str | None:
    """Who holds the lock, in words; None where nobody does."""
    if isinstance(path, Key):
        found = look(path)
        return _words(found.said) if found and not found.dead else None
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
        _pause(path, _told(path), deadline)


def _pause(path: Place, other: str, deadline: float, more: str = "") -> None:
    """Wait a moment for the other one to end; raises ``Busy`` after the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise Busy(f"{path.parent.parent} is being written by {other}{more}; --wait SECONDS waits for it to end")
    time.sleep(min(PAUSE if isinstance(path, Path) else PAUSE_IN_BUCKET, left))


def _told(path: Path) -> str:
    try:
        return _words(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return "another run"


def _words(said: Any) -> str:
    try:
        return f"run {said['run']} (process {said['pid']} on {said['host']}, since {said['since']})"
    except (KeyError, TypeError):
        return "another run"


def _say(handle: int, text: str) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, text.encode(), 0)
