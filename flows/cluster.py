"""Many machines: batches of pages are sent to the workers of a Dask scheduler.

A worker needs banmian at the same version, and input and output under the same paths.  On it a batch is read in a process
apart, as on one machine, so a page that ends its process ends no worker; a worker that is lost costs its batches, which
the scheduler gives to others.  Rows are checked and published here.
"""

from __future__ import annotations

import os
import socket
from concurrent.futures import CancelledError
from functools import cache
from typing import Any

from flows.apart import Apart, WorkersDie
from flows.crew import Checking, Promise
from flows.steps import Reading
from tasks.logic import logic_version
from tasks.staging import StageResult

#: Seconds for the scheduler to answer, and for a first worker to join it.
CONNECT, JOIN = 15, 60


class ClusterError(RuntimeError):
    """The cluster can't be used; the message is one line for the user."""


class Cluster(Checking):
    """The workers of the scheduler at an address (``tcp://host:8786``).

    ``folder``: one that the workers must see.  Raises ``ClusterError``.
    """

    def __init__(self, address: str, folder: str) -> None:
        try:
            import distributed
        except ImportError:
            raise ClusterError("Dask is not installed: pip install 'banmian[dask]'") from None
        self.address = address
        try:
            self._client = distributed.Client(address, timeout=CONNECT, set_as_default=False, name="banmian")
        except (OSError, ValueError) as error:
            raise ClusterError(f"no Dask scheduler at {address}: {error or type(error).__name__}") from None
        try:
            self._look(folder)
        except BaseException:
            self._client.close()
            raise
        self._killed = distributed.KilledWorker
        self.width = max(1, sum(self._client.nthreads().values()))
        super().__init__()

    def read(self, reading: Reading) -> Promise:
        future = self._client.submit(_read, reading, logic_version(), pure=False)
        return _Sent(self.address, future, self._killed)

    def close(self) -> None:
        self._client.close()  # what was sent and not fetched is dropped there
        super().close()

    def _look(self, folder: str) -> None:
        """Ask every worker whether it is fit."""
        try:
            self._client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError:
            raise ClusterError(f"no worker has joined the Dask scheduler at {self.address}") from None
        try:
            self._client.get_versions(check=True)
            found: dict[str, tuple[str, bool]] = self._client.run(_seen, folder)
        except ImportError as error:
            raise ClusterError(f"workers of {self.address} lack a module of banmian: {error}") from None
        except ValueError as error:
            raise ClusterError(
                f"versions differ among this machine and those of {self.address}: {' '.join(str(error).split())[:400]}"
            ) from None
        for worker, (logic, sees) in found.items():
            if logic != logic_version():
                raise ClusterError(_other_logic(worker, logic, logic_version()))
            if not sees:
                raise ClusterError(
                    f"worker {worker} does not see {folder}: input and output must stand under the same paths on all machines"
                )


class _Sent:
    """A batch that was sent."""

    def __init__(self, address: str, future: Any, killed: type[Exception]) -> None:
        self._address, self._future, self._killed = address, future, killed

    def result(self) -> list[StageResult]:
        try:
            found: list[StageResult] = self._future.result()
            self._future.release()
            return found
        except self._killed as error:
            raise WorkersDie(f"workers of {self._address} die one after the other: {error}") from None
        except CancelledError:
            raise ClusterError(f"the Dask scheduler at {self._address} is gone") from None

    def cancel(self) -> None:
        self._future.cancel()


def _seen(folder: str) -> tuple[str, bool]:
    """On a worker: the version of its logic, and whether it sees a folder."""
    return logic_version(), os.path.isdir(folder)


def _read(reading: Reading, logic: str) -> list[StageResult]:
    """On a worker: read a batch, in a process apart."""
    if logic != logic_version():
        raise ClusterError(_other_logic(socket.gethostname(), logic_version(), logic))
    return _apart().read(reading)


@cache
def _apart() -> Apart:
    return Apart()


def _other_logic(worker: str, theirs: str, ours: str) -> str:
    return f"worker {worker} has another version of banmian: its logic is {theirs}, here it is {ours}"
