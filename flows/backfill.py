"""The backfill as a Prefect flow: a range of days, or everything, is read again, by newspaper."""

from __future__ import annotations

from typing import Any

from flows import environment

environment.prepare()

from prefect import flow, runtime  # noqa: E402
from prefect.states import Failed  # noqa: E402

from flows import parameters as par  # noqa: E402
from flows.pages import DAY, WRITING, run_name, work_off  # noqa: E402
from flows.work import Order  # noqa: E402
from tasks.ingest.files import InputError  # noqa: E402


def _run_name() -> str:
    given = runtime.flow_run.parameters
    days = f"{given.get('start_date') or ''}–{given.get('end_date') or ''}".strip("–") or "all days"
    return f"backfill {days} of {run_name()}"


@flow(flow_run_name=_run_name, timeout_seconds=14 * DAY, **WRITING)
def backfill(
    inputs: par.Inputs,
    output: par.Output = "output",
    start_date: par.StartDate = None,
    end_date: par.EndDate = None,
    newspapers: par.Newspapers = None,
    everything: par.Everything = False,
    publication_date: par.PublicationDate = None,
    newspaper: par.Newspaper = None,
    base: par.Base = None,
    corrections: par.Corrections = None,
    wait: par.Wait = 0.0,
    pages_a_batch: par.PagesABatch = 200,
    workers: par.Workers = None,
    scheduler: par.Scheduler = None,
    staging: par.Staging = None,
) -> Any:
    """Read the pages of a range of days again, or all pages, by newspaper, whether they changed or not.

    A file is left out only where it is known to lie outside: by the days that the tables have of its pages, or, for a
    file never read before, by what options, sidecar and path say of it.  A file is read whole.
    """
    try:
        order = Order.backfill(
            inputs,
            start_date=start_date,
            end_date=end_date,
            newspapers=newspapers,
            everything=everything,
            publication_date=publication_date,
            newspaper=newspaper,
            base=base,
            corrections=corrections,
            wait=wait,
            pages_a_batch=pages_a_batch,
            workers=workers,
            scheduler=scheduler,
            staging=staging,
        )
    except InputError as error:
        return Failed(message=str(error))
    return work_off(order, output)
