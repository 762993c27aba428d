"""The command ``banmian compact``: the many small files of old months become a few large, sorted ones."""

from __future__ import annotations

import argparse
import re
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.publish.places import Output

ABOUT = "merge the day files of old months into a few large, sorted ones"
MORE = """\
examples:
  banmian compact output --dry-run
  banmian compact output --before 2024-01

Rows stay as they are, and later runs go on as before: what they replace in a compacted month is replaced there, what is new stands
in day files until the next compaction. It can be killed at any moment and run again. While a month's files change places, a scan of
it fails rather than meet a row twice or miss one: scan again (see docs/reliability.md).
"""


def add_command(commands: Any) -> None:
    """Add ``compact`` to the commands of a parser."""
    formatter = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser("compact", help=ABOUT, description=ABOUT, epilog=MORE, formatter_class=formatter)
    parser.add_argument(
        "output", nargs="?", default="output", metavar="OUTPUT", help="folder of the tables, or s3://bucket/prefix (default: output)"
    )
    parser.add_argument(
        "--before", type=_month, metavar="M", help="months before this one, e.g. 2024-01 (default: the newest that there is)"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
    parser.add_argument("--verbose", action="store_true", help="show errors in full")


def main(given: argparse.Namespace) -> int:
    """Carry the command out; returns the exit code."""
    from flows.upkeep import held, tables_at
    from flows.work import TOLD, told
    from tasks.publish.version import check_version

    output = tables_at(given.output)
    if output is None:
        return 2
    try:
        check_version(output)
        if given.dry_run:
            months = _months(output, given.before)
        else:
            with held(output, "compact") as name:
                months = _months(output, given.before, name)
    except (*TOLD, ValueError) as error:
        print(f"banmian: failed: {told(error, output)}", file=sys.stderr)
        return 1
    if not months:
        print("nothing to do: no old month has files to merge")
    return 0


def _months(output: Output, before: str | None, run: str | None = None) -> int:
    """Tell of each month that has something to merge, and merge it where a run is named that does; how many there were."""
    from tasks.publish.compact import compact_month, months, plan_month

    done = 0
    for month, files in months(output, before).items():
        plan = plan_month(output, month, files)
        if plan.done:
            continue
        if run:
            compact_month(plan, output, output.aside(run, month))
        print(f"{month}: {len(files)} files → {len(plan.parts)}", flush=True)
        done += 1
    return done


def _month(text: str) -> str:
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is not a month such as 2024-01")
