"""The deployments, for `banmian serve`.  ``prefect.yaml`` says the same for work pools; a test holds them together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows import environment

environment.prepare()

from prefect import Flow  # noqa: E402
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy  # noqa: E402
from prefect.deployments.runner import RunnerDeployment  # noqa: E402
from prefect.schedules import Cron  # noqa: E402
from prefect.types.entrypoint import EntrypointType  # noqa: E402

from flows.backfill import backfill  # noqa: E402
from flows.freshness import check_freshness  # noqa: E402
from flows.pages import read_pages  # noqa: E402
from flows.schedules import CRON, NOON, TIMEZONE  # noqa: E402
from flows.validate import validate_tables  # noqa: E402

#: A run waits for so many seconds until another one lets go of the output.
WAIT = 6 * 3600

FLOWS: dict[str, Flow[..., Any]] = {"daily": read_pages, "backfill": backfill, "validate": validate_tables, "freshness": check_freshness}
DESCRIPTIONS = {
    "daily": "Reads the pages that are new, that changed, or that another version of the logic read. Runs by a schedule.",
    "backfill": "Reads the pages of a range of days, or all, again. Say start_date, end_date, newspapers, or everything.",
    "validate": "Checks the published tables against their suites of expectations, and writes nothing to them.",
    "freshness": "Looks for newspapers that should have come by noon, and for those with far fewer articles than usual.",
}


def deployments(
    inputs: list[str], output: str, options: Mapping[str, Any], cron: str = CRON, timezone: str = TIMEZONE
) -> list[RunnerDeployment]:
    """The deployments over an input and an output.  ``options``: parameters that say how all pages are read."""
    given: dict[str, dict[str, Any]] = {name: {"inputs": inputs, "output": output, **options, "wait": WAIT} for name in FLOWS}
    given["validate"] = {"output": output, "wait": WAIT}
    given["freshness"] = {"output": output}
    crons = {"daily": Cron(cron, timezone=timezone), "freshness": Cron(NOON, timezone=TIMEZONE)}
    # runs of one deployment wait for one another; those of several do by the lock on the output
    limit = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)
    return [
        RunnerDeployment.from_flow(
            flow,
            name,
            description=DESCRIPTIONS[name],
            tags=["banmian", name],
            parameters=given[name],
            schedules=[crons[name]] if name in crons else [],
            concurrency_limit=limit,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for name, flow in FLOWS.items()
    ]
