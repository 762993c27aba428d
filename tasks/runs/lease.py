"""One writer an output in a bucket: an object that says who holds it, written on conditions only, and renewed while the run lives.

No kernel takes an object away from a dead process.  So a holder that has not renewed it for `LEASE` seconds, by the store's own
clock, is dead; one of this machine (this boot, these processes) whose process is gone is known to be dead at once.  Whoever
takes over writes on the condition that the object is still the one that was read: of two, one succeeds.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from tasks.s3 import Key, Refused, StorageError

#: Seconds after which a holder that has not renewed is dead, and between two renewals.
LEASE = 60.0
RENEWAL = 15.0

#: Conditions that can't hold of a lock that was just taken.
IMPOSSIBLE = {"IfNoneMatch": "*", "IfMatch": f'"{"0" * 32}"'}

#: A clock that goes on while the machine sleeps, where there is one.
_clock: Callable[[], float] = (lambda: time.clock_gettime(time.CLOCK_BOOTTIME)) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic


class Lost(StorageError):
    """The run no longer holds the output."""


@dataclass(frozen=True, slots=True)
class Held:
    """What the lock says: its version, its content (nothing: free), seconds since it was written, by the store's clock."""

    etag: str
    said: dict[str, Any]
    age: float

    @property
    def dead(self) -> bool:
        return not self.said or self.age > LEASE or _gone(self.said)


def look(lock: Key) -> Held | None:
    """The lock as it stands; None where there never was one.  What can't be understood holds like any other."""
    try:
        content, answer = lock.get()
    except FileNotFoundError:
        return None
    now = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    age = (parsedate_to_datetime(now) if now else datetime.now(UTC)) - answer["LastModified"]
    try:
        said = json.loads(content or b"{}")
    except ValueError:
        said = {"run": "?"}
    return Held(answer["ETag"], said if isinstance(said, dict) else {"run": "?"}, max(age, timedelta()).total_seconds())


def process() -> dict[str, Any]:
    """What tells this process from all others of this machine, and this machine from others; empty where the system doesn't say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return {"machine": f"{boot} {os.readlink('/proc/self/ns/pid')}", "started": _started(os.getpid())}
    except (OSError, IndexError):
        return {}


@dataclass
class Lease:
    """The lock, held.  Renewed by a thread of its own, which ends with the process."""

    lock: Key
    said: dict[str, Any]
    etag: str = ""
    renewed: float = field(default_factory=_clock)
    turn: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)

    def take(self) -> Held | None:
        """Take the lock, if it is free or its holder is dead; else who holds it.

        Raises `StorageError` where the store does not know conditions: two runs could write at once.
        """
        began = _clock()
        while True:
            found = look(self.lock)
            try:
                if found is None:
                    self.etag = self.lock.put(self._content(), IfNoneMatch="*")
                elif found.dead:
                    self.etag = self.lock.put(self._content(), IfMatch=found.etag)
                elif found.said.get("token") == self.said["token"]:  # taken, but the answer was lost
                    self.etag = found.etag
                else:
                    return found
            except Refused:  # someone was faster
                continue
            break
        self.renewed = began
        for name, condition in IMPOSSIBLE.items():
            try:
                self.etag = self.lock.put(self._content(), **{name: condition})
            except Refused:
                continue
            raise StorageError(f"{self.lock}: this object store ignores conditions on writes ({name}), and can't hold an output")
        threading.Thread(target=self._keep, name="banmian-lease", daemon=True).start()
        return None

    def renew(self) -> None:
        """Renew the lease.  Raises `Lost` when the lock is another's by now or can't be known to be ours, and ``OSError``."""
        with self.turn:
            began = _clock()
            try:
                self.etag = self.lock.put(self._content(), IfMatch=self.etag)
            except (Refused, FileNotFoundError):
                found = look(self.lock)
                if found is None or found.said.get("token") != self.said["token"]:
                    self.ended.set()
                    raise Lost(f"{self.lock} was taken by another run: this one did not renew it in time") from None
                self.etag = found.etag  # renewed, but the answer was lost
            self.renewed = began

    def release(self) -> None:
        self.ended.set()
        with self.turn:
            self.lock.put(b"", IfMatch=self.etag)

    def _keep(self) -> None:
        while not self.ended.wait(RENEWAL):
            try:
                self.renew()
            except OSError:
                continue  # lost, or tried again: `renew` before what matters says which

    def _content(self) -> bytes:
        return json.dumps({**self.said, "renewed": datetime.now(UTC).isoformat()}).encode()


def _gone(said: dict[str, Any]) -> bool:
    """Whether the holder was a process of this machine that is no more."""
    here = process()
    if not here or said.get("machine") != here["machine"]:
        return False
    try:
        return _started(int(said["pid"])) != str(said["started"])
    except (OSError, IndexError):
        return True
    except (KeyError, ValueError, TypeError):
        return False


def _started(pid: int) -> str:
    """When a process was started, in ticks since the machine was."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
