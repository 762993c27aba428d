"""Kill a run from bucket to bucket at every write request; the next run must end with the tables of one never interrupted.

``python -m tests.crash_s3`` (``make crash`` runs it after the one on disk); the test suite runs a short form.  Runs are forked from a
process that has everything loaded but no connection open; the scratch folder of a killed run is taken away, as if the next
run were on another machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests import store
from tests.crash import forked, preload, run, world

WRITES = ("put_object", "copy_object", "delete_object", "delete_objects")


def at_write(number: int, log: Path | None = None) -> Callable[[], None]:
    """Have this process killed just before its write request of that number; 0 only counts, into ``log``."""
    from tasks import s3

    count, real = 0, s3.request

    def counted(method: str, **arguments: object) -> object:
        nonlocal count
        if method in WRITES:
            count += 1
            if log is not None:
                log.write_text(str(count))
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
        return real(method, **arguments)

    def hook() -> None:
        s3.request = counted

    return hook


class Crashes:
    """A run over changed input, to be interrupted again and again.  Every output is a bucket of its own."""

    def __init__(self, scratch: Path) -> None:
        import s3fs  # noqa: F401

        self.scratch, self.source, self.base = scratch, scratch / "in/papers", scratch / "base"
        preload()
        world(self.source, 1)
        assert self.of(lambda: store.bucket("papers") and store.bucket("base") and True) == 0
        self.put()
        assert self.run("base") == 0
        world(self.source, 2)
        self.put()
        started = time.monotonic()
        assert self.run(self.fresh("whole")) == 0
        self.seconds = time.monotonic() - started
        log = scratch / "steps"
        assert self.run(self.fresh("counted"), at_write(0, log)) == 0
        self.steps = int(log.read_text())

    def of(self, work: Callable[[], bool]) -> int:
        """In a process of its own: connections don't go over a fork."""
        return forked(work)

    def put(self) -> None:
        def put() -> bool:
            from tasks import s3

            papers = store.key_of("s3://papers")
            s3.remove([entry.key for entry in papers.files()])
            store.put_folder(self.source, papers / "papers")
            return True

        assert self.of(put) == 0

    def run(self, bucket: str, hook: Callable[[], None] = lambda: None) -> int:
        home = self.scratch / "scratch"
        shutil.rmtree(home, ignore_errors=True)
        return self.of(lambda: (hook(), run("s3://papers/papers", f"s3://{bucket}/out", scratch=home))[1])

    def fresh(self, name: str) -> str:
        def copy() -> bool:
            there = store.bucket(name)
            for entry in store.key_of("s3://base").files():
                entry.key.copy_to(there / entry.key.key)
            return True

        assert self.of(copy) == 0
        return name

    def step(self, number: int) -> str | None:
        bucket = self.fresh(f"step{number}")
        code = self.run(bucket, at_write(number))
        if code != -signal.SIGKILL:
            return f"step {number}: not killed ({code})"
        if self.run(bucket) != 0:
            return f"step {number}: the next run failed"
        said = self.scratch / "said"

        def compare() -> bool:
            found, expected = (store.tables(store.key_of(f"s3://{name}/out")) for name in (bucket, "whole"))
            wrong = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
            left = [str(entry.key) for entry in store.key_of(f"s3://{bucket}/out/staging").files()]
            said.write_text("".join(f"step {number}: {name} is wrong or left behind\n" for name in wrong + left))
            return not wrong + left

        return None if self.of(compare) == 0 else said.read_text()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="kill at every so-manieth write request")
    given = parser.parse_args()
    with store.server(), tempfile.TemporaryDirectory(prefix="banmian-crash-") as scratch:
        crashes = Crashes(Path(scratch))
        print(f"a run from bucket to bucket takes {crashes.seconds:.2f} s, {crashes.steps} write requests", flush=True)
        numbers = range(1, crashes.steps + 1, given.every)
        wrong = [said for number in numbers if (said := crashes.step(number))]
        print(f"killed at {len(numbers)} write requests: {len(wrong)} wrong")
    print("".join(wrong), end="")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
