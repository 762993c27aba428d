"""Who reads the pages: processes on this machine, one for each core, or this process itself.  (A cluster: ``flows.cluster``.)"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Protocol, TypeVar

from flows import steps
from flows.apart import Apart
from flows.steps import Reading
from tasks.staging import StageResult

T = TypeVar("T")


class Promise(Protocol):
    """What will be there: a future of ``concurrent.futures``, or of an engine."""

    def result(self) -> Any: ...

    def cancel(self) -> Any: ...


class Crew:
    """This process, without any other: what tests and debuggers look into."""

    #: How many batches are worked on at a time.
    width = 1

    def read(self, reading: Reading) -> Promise:
        """Begin to `steps.read`."""
        return _done(lambda: steps.read(reading))

    def check(self, step: str, *arguments: Any) -> Any:
        """Carry `steps.check_batches` or `steps.show_checks` out."""
        return getattr(steps, step)(*arguments)

    def close(self) -> None:
        """Stop all that is under way."""


class Checking(Crew):
    """One process apart that checks what others have read: it alone loads Great Expectations."""

    def __init__(self) -> None:
        self._apart = Apart()
        self._checker = ThreadPoolExecutor(1, "checker")

    def check(self, step: str, *arguments: Any) -> Any:
        return self._checker.submit(copy_context().run, self._apart.check, step, *arguments).result()

    def close(self) -> None:
        self._checker.shutdown(wait=False, cancel_futures=True)
        self._apart.close()
        self._checker.shutdown()


class Processes(Checking):
    """So many processes apart that read, on this machine."""

    def __init__(self, workers: int) -> None:
        super().__init__()
        self.width = workers
        self._readers = ThreadPoolExecutor(workers, "reader")

    def read(self, reading: Reading) -> Promise:
        return self._readers.submit(copy_context().run, self._apart.read, reading)

    def close(self) -> None:
        self._readers.shutdown(wait=False, cancel_futures=True)
        super().close()
        self._readers.shutdown()


def read_all(by: Crew, readings: Sequence[Reading], told: Callable[[int, int], None]) -> list[StageResult]:
    """Results of all that is to be read, in order.  The batches of a file that has many follow its ingest.

    ``told``: called with how many are done, of how many.
    """
    found: list[StageResult] = []
    under_way = [(reading, by.read(reading)) for reading in readings]
    done, of = 0, len(under_way)
    told(done, of)
    try:
        while under_way:
            more = []
            for reading, promise in under_way:
                results = promise.result()
                if len(results) > 1 and results[-1].stage == "ingest":
                    more += [(later, by.read(later)) for later in (reading.of(result.folder) for result in results)]
                    of += len(results)
                found += results
                done += 1
                told(done, of)
            under_way = more
    except BaseException:
        for _, promise in under_way:
            promise.cancel()
        raise
    return found


def batch_size(files: int, most: int, width: int) -> int:
    """Files in a batch: all workers have some, evenly, however few there are."""
    return max(1, min(most, math.ceil(files / (4 * width)))) if width > 1 else most


def cores() -> int:
    """Cores that this process may use: those it is bound to, and no more than its group's share of time (containers)."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max") as stream:
            quota, period = stream.read().split()
        return max(1, min(bound, math.ceil(int(quota) / int(period))))
    except (OSError, ValueError):  # no such group, or no limit ("max")
        return bound


def _done(work: Callable[[], T]) -> Future[T]:
    future: Future[T] = Future()
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - raised by whoever asks for the result
        future.set_exception(error)
    return future
