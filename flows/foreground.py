"""Flows carried out for who waits at a terminal: planned, watched, and their end said in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from flows import environment
from flows.server import Embedded, wanted
from tasks.storage import in_bucket

#: Exit codes of the command.
DONE, FAILED, BAD_ARGUMENTS, INTERRUPTED = 0, 1, 2, 130


def carry_out(
    inputs: list[str], output: str, options: dict[str, Any], *, again: bool = False, dry_run: bool = False, verbose: bool = False
) -> int:
    """Run the flow, unless there is nothing to do; returns the exit code.

    ``options``: as ``read_pages`` takes them or, where days are to be read ``again``, ``backfill``.
    """
    environment.prepare(console=verbose)
    from flows.summary import tables
    from flows.work import TOLD, Order, told
    from tasks.publish.commit import leftovers
    from tasks.publish.places import output_at
    from tasks.runs.lock import holder

    where = output_at(output, options.get("staging"))
    try:
        order = (Order.backfill if again else Order)(inputs, **options)
        plan = order.plan(where)
        if dry_run:
            print(plan.text(order.prune))
            return DONE
        if (other := holder(where.lock)) and not order.wait:
            print(f"banmian: {output} is being written by {other}; --wait waits for it to end", file=sys.stderr)
            return FAILED
    except TOLD as error:
        print(f"banmian: {told(error, where)}", file=sys.stderr)
        return FAILED
    if not (plan.todo or (order.prune and plan.gone) or other or leftovers(where)):
        print(f"nothing to do: {plan.same} files are up to date (--full reads them again)\n{tables(output)}")
        return DONE

    files = "1 file" if len(plan.todo) == 1 else f"{len(plan.todo)} files"
    print(f"{files} to work on, {plan.same} up to date; starting the flow engine (some seconds)", file=sys.stderr, flush=True)
    server = Embedded() if wanted() else None
    from flows.backfill import backfill
    from flows.pages import read_pages
    from flows.summary import Summary

    flow: Any = backfill if again else read_pages
    # who started it at a terminal can see how long it takes: no limit
    state = _watched(lambda: flow.with_options(timeout_seconds=0)(inputs, output, **options, return_state=True), server)
    said = state.result(raise_on_failure=False)
    if isinstance(said, Summary) and said.seconds:
        print(said.text())
    return _ended(state)


def check(output: str, wait: float = 0.0, *, verbose: bool = False) -> int:
    """Check the published tables; returns the exit code."""
    if not in_bucket(output) and not os.path.isdir(output):
        print(f"banmian: no such folder: {output}", file=sys.stderr)
        return BAD_ARGUMENTS
    environment.prepare(console=verbose)
    server = Embedded() if wanted() else None
    from flows.validate import validate_tables

    unlimited: Any = validate_tables.with_options(timeout_seconds=0)
    state = _watched(lambda: unlimited(output, wait=wait, return_state=True), server)
    said = state.result(raise_on_failure=False)
    if said is not None and said.stages:
        print(f"{said.validation()}\n{state.message}")
    return _ended(state)


def _watched(run: Callable[[], Any], server: Embedded | None) -> Any:
    """What a flow ends in; until then its progress is shown.  ``server``: one that is coming up for it."""
    if server is not None:
        server.up()
    from flows.progress import Terminal, heard_by

    terminal = Terminal()
    try:
        with heard_by(terminal):
            return run()
    finally:
        terminal.close()


def _ended(state: Any) -> int:
    if state.is_completed():
        return DONE
    print(f"banmian: failed: {line_of(state.message)}", file=sys.stderr)
    return FAILED


def line_of(problem: object) -> str:
    """The first line of a message that says something."""
    said = str(problem).removeprefix("Flow run encountered an exception: ")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[0] if lines else type(problem).__name__
