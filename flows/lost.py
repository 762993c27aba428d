"""Runs that died without a word, as the engine has them: it waits for news of them for ever."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.states import Cancelled, Crashed

log = logging.getLogger("banmian.runs")

MESSAGE = "The run ended without a word (killed, or its machine was lost); the next one found it. The tables are whole."


def bury(ids: Sequence[str]) -> None:
    """Mark flow runs that are known to be dead as crashed, or as cancelled where that was asked for.

    To be called by whoever holds the output that they held.  A server that does not know them, or does not answer, is no
    reason to fail.
    """
    if not ids:
        return
    with get_client(sync_client=True) as client:
        for run in ids:
            try:
                state = client.read_flow_run(UUID(run)).state
                if state is not None and not state.is_final():
                    end = Cancelled if state.is_cancelling() else Crashed
                    client.set_flow_run_state(UUID(run), end(message=MESSAGE), force=True)
                    log.warning("run %s ended without a word: marked %s", run, "cancelled" if state.is_cancelling() else "crashed")
            except Exception as error:  # noqa: BLE001
                log.info("run %s, which ended without a word, is not marked: %s", run, error)
