"""The command ``banmian migrate``: tables that an older program wrote, brought to today's shape."""

from __future__ import annotations

import argparse
import sys
from typing import Any

ABOUT = "bring tables that an older version wrote to the shape that this one writes"
MORE = """\
All files change at once: a migration that is interrupted has changed nothing, or is ended by the next run or migration.
It needs the tables' room a second time while it works. Rows stay as they were read; the next run reads again what
another version of the logic read (see docs/operations.md).
"""


def add_command(commands: Any) -> None:
    """Add ``migrate`` to the commands of a parser."""
    formatter = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser("migrate", help=ABOUT, description=ABOUT, epilog=MORE, formatter_class=formatter)
    parser.add_argument("output", nargs="?", default="output", metavar="OUTPUT", help="folder of the tables (default: output)")
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
    parser.add_argument("--verbose", action="store_true", help="show errors in full")


def main(given: argparse.Namespace) -> int:
    """Carry the command out; returns the exit code."""
    from flows.upkeep import held, tables_at
    from flows.work import TOLD, told
    from tasks.publish.migrate import migrate, survey_versions, to_do
    from tasks.schema import SCHEMA_VERSION

    output = tables_at(given.output)
    if output is None:
        return 2
    nothing = f"nothing to do: the tables have schema version {SCHEMA_VERSION}"
    try:
        if given.dry_run:
            print(to_do(survey_versions(output)) or nothing)
            return 0
        with held(output, "migrate") as name:
            files = migrate(output, output.aside(name, "0001"))
    except (*TOLD, ValueError) as error:
        print(f"banmian: failed: {told(error, output)}", file=sys.stderr)
        return 1
    print(f"{files} files migrated to schema version {SCHEMA_VERSION}" if files else nothing)
    return 0
