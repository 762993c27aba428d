"""Steps in processes apart, one for each thread that asks: a page that kills its process, or never ends, costs itself only."""

from __future__ import annotations

import atexit
import base64
import logging
import pickle
import threading
import time
from collections import Counter
from dataclasses import replace
from typing import Any

from flows.steps import Reading
from tasks.process import Died, Process
from tasks.staging import StageResult

#: Seconds without a word from a process that reads pages; no page that is read at all takes a quarter of it.
SILENCE = 120.0
#: Seconds for a group of batches to be checked.
CHECKING = 3600.0
#: So many pages of one batch may end their process before the batch is given up.
GUILTY = 10
#: Seconds before storage that failed is tried again.
PAUSES = (2.0, 10.0)


class WorkersDie(RuntimeError):
    """Processes end whatever they work on; the message is one line for the user."""


class Apart:
    """Processes that carry steps out, each kept for the thread that first asked for it."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._all: list[Process] = []
        self._lock = threading.Lock()
        self._closed = False
        atexit.register(self.close)

    def read(self, reading: Reading) -> list[StageResult]:
        """`steps.read`.  A batch whose process dies or hangs is tried again; the page that it dies on is rejected as
        ``worker_died`` or ``timeout``.  Storage that fails is tried again too.

        Raises ``WorkersDie`` where no page is to blame, and what the step raises.
        """
        refused: dict[str, tuple[str, str, str]] = {}
        deaths: Counter[tuple[str, str] | None] = Counter()
        failed = 0
        while True:
            try:
                asked = replace(reading, refused=refused, last_try=failed == len(PAUSES))
                found: list[StageResult] = self._ask("read", (asked,), SILENCE, exact=bool(deaths))
                return found
            except _Ended as ended:
                deaths[ended.at] += 1
                if deaths.total() == 1:
                    continue  # which page it was is not known for sure
                enough = 2 if ended.death.again or ended.at is None else 1
                if deaths[ended.at] < enough:
                    continue
                if ended.at is None or len(refused) == GUILTY:
                    raise WorkersDie(f"the processes that read pages end without a result: {ended.death.detail}") from None
                stage, uri = ended.at
                reason = "timeout" if ended.death.reason == "timeout" else "worker_died"
                refused[uri] = (stage, reason, f"{ended.death.detail}, in {stage}")
            except OSError:
                if failed == len(PAUSES):
                    raise
                time.sleep(PAUSES[failed])
                failed += 1

    def check(self, step: str, *arguments: Any) -> Any:
        """`steps.check_batches` or `steps.show_checks`.  Raises ``WorkersDie`` where the process dies twice, and what the step raises."""
        try:
            return self._ask(step, arguments, CHECKING)
        except _Ended:
            pass  # once may be chance
        try:
            return self._ask(step, arguments, CHECKING)
        except _Ended as ended:
            raise WorkersDie(f"the process that checks the rows ends without a result: {ended.death.detail}") from None

    def close(self) -> None:
        """End all processes, whatever they do."""
        with self._lock:
            self._closed = True
            while self._all:
                self._all.pop().end()

    def _ask(self, step: str, arguments: tuple[Any, ...], silence: float, *, exact: bool = False) -> Any:
        at: tuple[str, str] | None = None
        process = None
        try:
            process = self._process()
            process.send({"exact": exact}, pickle.dumps((step, arguments)), time.monotonic() + silence)
            while True:
                said = process.reply(time.monotonic() + silence)
                if "at" in said:
                    at = (said["at"][0], said["at"][1])
                elif "log" in said:
                    name, level, message = said["log"]
                    logging.getLogger(name).log(level, "%s", message)
                else:
                    break
        except Died as death:
            self._drop(process)
            if self._closed:
                raise WorkersDie("the run is stopped") from None
            raise _Ended(death, at) from None
        except BaseException:
            self._drop(process)
            raise
        if "raised" in said:
            raise pickle.loads(base64.b64decode(said["raised"]))
        return pickle.loads(base64.b64decode(said["result"]))

    def _process(self) -> Process:
        process: Process | None = getattr(self._own, "process", None)
        if process is None or not process.alive():
            self._drop(process)
            process = Process("flows.worker")
            with self._lock:
                if self._closed:
                    process.end()
                    raise WorkersDie("the run is stopped")
                self._all.append(process)
            self._own.process = process
        return process

    def _drop(self, process: Process | None) -> None:
        if process is not None:
            self._own.process = None
            with self._lock:
                if process in self._all:
                    self._all.remove(process)
            process.end()


class _Ended(Exception):
    """A process died; ``at``: stage and page that it last said it began with."""

    def __init__(self, death: Died, at: tuple[str, str] | None) -> None:
        super().__init__(death, at)
        self.death, self.at = death, at
