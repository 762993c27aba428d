"""The stages of a wave as Prefect tasks: what the operator sees of a run, each with its name, state and times.

A task stands for a whole wave (up to 2,000 files): one a page or batch would cost the engine more than the work itself.
Its work is a call, and goes on in this process or is sent from here to the workers.  Only stages that write to storage
outside the run's own staging are tried again, after a pause that grows: what a pure stage did wrong once it does wrong
twice, and what took too long would again.  (Files that can't be read are tried again by whoever reads them, and a page
that is stuck is ended there.)
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.task_engine import TaskRunTimeoutError

RETRIES = 2
#: Seconds that checking or publishing a wave may take; what takes longer is stuck.
TIMEOUT = 2 * 3600

#: Leaves its result where the flow finds it: what Prefect is given it keeps as long as the flow runs.
Work = Callable[[], None]


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Whether a failure is one of storage, which may pass.  (A timeout is an ``OSError`` too.)"""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and not isinstance(error, TaskRunTimeoutError)


class _Told(logging.Filter):
    """Leaves out what prefect says of each task with a timeout: that a thread is stopped only between two steps of Python.
    Whatever may hang in between runs in processes with limits of their own.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return not str(record.msg).startswith("Timeout of %s seconds configured")


logging.getLogger("prefect.task_runs").addFilter(_Told())

READING: dict[str, Any] = {"tags": ["banmian"], "persist_result": False, "cache_policy": NO_CACHE}
STORAGE: dict[str, Any] = {
    **READING,
    "timeout_seconds": TIMEOUT,
    "retries": RETRIES,
    "retry_delay_seconds": [2, 10],
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": _may_pass,
}


@task(name="read", task_run_name="read {what}", **READING)
def read(what: str, work: Work) -> None:
    work()


@task(name="validate", task_run_name="validate {what}", **STORAGE)
def validate(what: str, work: Work) -> None:
    work()


@task(name="publish", task_run_name="publish {what}", **STORAGE)
def publish(what: str, work: Work) -> None:
    work()


@task(name="prune", task_run_name="prune {what}", **STORAGE)
def prune(what: str, work: Work) -> None:
    work()


@task(name="check", task_run_name="check {what}", **STORAGE)
def check(what: str, work: Work) -> None:
    work()
