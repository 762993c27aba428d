"""The commands ``banmian freshness`` (is every newspaper there?) and ``banmian alarms`` (whom to tell when one is not)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flows import environment

#: Automations as data.
DEFINED = Path(__file__).with_name("alarms.yaml")
BLOCK = "banmian-alarms"

FRESHNESS = """\
Look for newspapers that should have come by noon, Beijing time, and for those with less than half the articles of their usual day,
learnt from the same weekdays of the last eight weeks. Exit code 1 where there are any.
"""
ALARMS = """\
Have the engine's server call a webhook when a newspaper is missing or thin, and when a run fails: puts the webhook's address into a
block, and automations that use it in place; given again, it changes both. Needs a server (PREFECT_API_URL).
"""


def add_commands(commands: Any, day: Callable[[str], date]) -> None:
    """Add ``freshness`` and ``alarms`` to the commands of a parser.  ``day``: reads a day as it is typed."""
    look = commands.add_parser("freshness", help="look for newspapers that are missing or thin", description=FRESHNESS)
    look.add_argument("output", nargs="?", default="output", metavar="OUTPUT", help="folder of the tables (default: output)")
    look.add_argument("--day", type=day, metavar="D", help="the day to look at (default: the last one that is due)")
    tell = commands.add_parser("alarms", help="whom to tell of what is missing, and of runs that fail", description=ALARMS)
    tell.add_argument("--webhook", required=True, metavar="URL", help="address that is called with JSON")
    tell.add_argument("--file", type=Path, default=DEFINED, metavar="FILE", help="automations other than those of banmian")
    for one in (look, tell):
        one.add_argument("--verbose", action="store_true", help="show errors in full")


def main(given: argparse.Namespace) -> int:
    """Carry a command out; returns the exit code."""
    environment.prepare(console=given.verbose)
    return _look(given) if given.command == "freshness" else _tell(given)


def _look(given: argparse.Namespace) -> int:
    from flows.freshness import look
    from tasks.publish.places import output_at

    day, known, found = look(output_at(given.output), given.day)
    for one in found:
        print(one)
    print(f"{day}: {known} newspapers known, {len(found)} missing or thin", file=sys.stderr)
    return 1 if found else 0


def _tell(given: argparse.Namespace) -> int:
    from prefect.settings import get_current_settings

    if not get_current_settings().api.url:
        print("banmian: alarms are the server's: say which with PREFECT_API_URL, e.g. http://127.0.0.1:4200/api", file=sys.stderr)
        return 2
    for name in put_in_place(given.webhook, given.file):
        print(f"in place: {name}")
    return 0


def put_in_place(webhook: str, definitions: Path = DEFINED) -> list[str]:
    """Save the webhook block, and make or change the automations of a file; returns their names."""
    import asyncio

    return asyncio.run(_put_in_place(webhook, definitions))


async def _put_in_place(webhook: str, definitions: Path) -> list[str]:
    import yaml
    from prefect.blocks.webhook import Webhook
    from prefect.client.orchestration import get_client
    from prefect.events.schemas.automations import AutomationCore
    from pydantic import SecretStr

    block = Webhook(url=SecretStr(webhook), headers={"Content-Type": "application/json"})  # type: ignore[arg-type]
    saved = await block.asave(BLOCK, overwrite=True)
    names = []
    async with get_client() as client:
        for entry in yaml.safe_load(definitions.read_text(encoding="utf-8"))["automations"]:
            for action in entry["actions"]:
                if action.get("block_document_id") == "webhook":
                    action["block_document_id"] = saved
            automation = AutomationCore.model_validate(entry)
            known = await client.read_automations_by_name(automation.name)
            if known:
                await client.update_automation(known[0].id, automation)
            else:
                await client.create_automation(automation)
            names.append(automation.name)
    return names
