"""The command ``banmian serve``: the deployments over one input and output, with a server where none is configured."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

from flows import environment
from flows.schedules import CRON, TIMEZONE
from flows.server import answers, end, start

#: Seconds for a server to come up: it makes its database on its first start.
START = 180.0
#: Seconds for it to end before it is killed.
END = 15.0

EXAMPLES = """\
examples:
  banmian serve pages/ --output output
  banmian serve pages/ --output output --cron '0 7 * * 1-6' --timezone Asia/Shanghai

Serves the deployments banmian/daily and banmian/freshness (which run by their schedules), banmian/backfill and banmian/validate
until it is stopped (Ctrl-C, SIGTERM); runs under way are cancelled then, and what was published stays whole. In another terminal:

  export PREFECT_API_URL=http://127.0.0.1:4200/api
  prefect deployment run banmian/daily --watch
  prefect deployment run banmian/backfill --param start_date=2023-09-01 --param end_date=2023-09-03 --watch
  prefect deployment run banmian/validate --watch

Without PREFECT_API_URL a server is started, and stopped at the end; with it, that one is used. docs/deployments.md says more.
"""


def add_command(commands: Any) -> Any:
    """Add ``serve`` to the commands of a parser; returns its own."""
    about = "run every day by a schedule, and on demand"
    parser = commands.add_parser(
        "serve", help=about, description=about, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cron", default=CRON, help=f"when daily runs (default: {CRON})")
    parser.add_argument("--timezone", default=TIMEZONE, metavar="ZONE", help=f"of --cron (default: {TIMEZONE})")
    parser.add_argument("--host", default="127.0.0.1", help="address of the server that is started (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=4200, help="its port (default: 4200)")
    return parser


def main(inputs: list[str], output: str, options: dict[str, Any], given: argparse.Namespace) -> int:
    """Serve until stopped; returns the exit code.  ``options``: parameters of the deployments that read pages.

    Raises ``OSError`` where the server can't start.
    """
    # the log of served runs is what one looks at here
    environment.prepare()
    from prefect.settings import PREFECT_API_URL, temporary_settings

    signal.signal(signal.SIGTERM, _interrupt)
    with contextlib.suppress(KeyboardInterrupt):
        if configured := PREFECT_API_URL.value():
            _serve(inputs, output, options, given, str(configured))
        else:
            with _server(given.host, given.port) as url, temporary_settings({PREFECT_API_URL: url}):
                os.environ["PREFECT_API_URL"] = url
                _serve(inputs, output, options, given, url)
    return 0


def _interrupt(*_: object) -> None:
    """SIGTERM ends the command as Ctrl-C does."""
    raise KeyboardInterrupt


def _serve(inputs: list[str], output: str, options: dict[str, Any], given: argparse.Namespace, url: str) -> None:
    from flows.deployments import deployments

    asyncio.run(_served(deployments(inputs, output, options, given.cron, given.timezone), url))


async def _served(deployments: list[Any], url: str) -> None:
    from prefect.runner import Runner

    # a day that passed while nothing was served is made up for: its run is still scheduled
    runner = Runner(name="banmian", pause_on_shutdown=False)
    for deployment in deployments:
        await runner.aadd_deployment(deployment)
    stop = asyncio.Event()
    serving = asyncio.create_task(runner.start())
    await asyncio.sleep(0)  # the runner sets a handler of its own, which leaves runs behind
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    names = ", ".join(f"banmian/{deployment.name}" for deployment in deployments)
    print(f"serving {names}\nexport PREFECT_API_URL={url}", flush=True)
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if stop.is_set():
        print("stopping; what was published stays whole", file=sys.stderr, flush=True)
        await runner.astop()
    waiting.cancel()
    await serving


@contextlib.contextmanager
def _server(host: str, port: int) -> Iterator[str]:
    """A server for as long as it is needed; it ends with this process, however that ends.  Raises ``OSError`` where it can't start."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            told = f"port {port} of {host} is taken ({error.strerror}): is a server running? PREFECT_API_URL names one, --port another port"
            raise OSError(error.errno, told) from None
    url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/api"
    print(f"starting a Prefect server at {url.removesuffix('/api')} (ten seconds, more the first time)", file=sys.stderr, flush=True)
    process = start(["prefect", "server", "start", "--host", host, "--port", str(port)])
    try:
        deadline = time.monotonic() + START
        while not answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise OSError(0, f"the Prefect server did not start (exit code {process.poll()})")
            time.sleep(0.2)
        yield url
    finally:
        end(process, END)
