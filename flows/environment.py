"""What the environment must say before prefect and great_expectations are imported; what the user set stays."""

from __future__ import annotations

import os

DEFAULTS = {
    # nothing reaches for the network
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    # the embedded server makes its database on its first start: more than the default 20 s on a slow disk
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # leases of concurrency limits outlive a restart of the server: without, it ends every run under way
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    # what the stages log stands on the run's page too, where there is a run
    "PREFECT_LOGGING_EXTRA_LOGGERS": "banmian",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
}


def prepare(*, console: bool = True) -> None:
    """Set the defaults.  Without ``console`` the engine's log goes to the run's page only, not to the terminal."""
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    if not console:
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_INTERNAL_LOGGING_LEVEL", "CRITICAL")
