"""The command ``banmian quarantine``: what is held back and why, and another try for it."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from typing import Any

from flows.foreground import DONE, FAILED, carry_out

EXAMPLES = """\
examples:
  banmian quarantine list --output output
  banmian quarantine list 'no_text_layer'
  banmian quarantine retry 'pages/2023-09/*' --output output

What is listed is held back now; entries that a later run put right are shown by --all. Rows stand in full in the Parquet
files under quarantine/, and here with --json. A retry reads the pages' files again from the input of the last run.
"""


def add_commands(commands: Any) -> None:
    """Add ``quarantine list`` and ``quarantine retry`` to the commands of a parser."""
    formatter = argparse.RawDescriptionHelpFormatter
    about = "list rows held back and pages rejected, or put them through again"
    parser = commands.add_parser("quarantine", help=about, description=about, epilog=EXAMPLES, formatter_class=formatter)
    actions = parser.add_subparsers(dest="action", metavar="action", required=True, parser_class=type(parser))
    listing = actions.add_parser("list", help="what is held back, with reason, run and what was expected")
    listing.add_argument("--all", action="store_true", help="also what later runs put right")
    listing.add_argument("--json", action="store_true", help="one JSON object a line, with the row")
    retry = actions.add_parser("retry", help="read the files of what is held back again")
    retry.add_argument(
        "--input", nargs="+", dest="inputs", metavar="INPUT", help="where the files are (default: the input of the last run)"
    )
    for one in (listing, retry):
        one.add_argument("patterns", nargs="*", metavar="PATTERN", help="only pages or reasons that match, e.g. 'pages/2023-09/*'")
        one.add_argument("--output", default="output", metavar="DIR", help="folder of the tables (default: output)")
        one.add_argument("--verbose", action="store_true", help="show the engine's log")


def main(given: argparse.Namespace) -> int:
    """Carry the command out; returns the exit code."""
    from tasks.publish.held import files_of, held_back
    from tasks.publish.places import output_at

    output = output_at(given.output)
    entries = held_back(output, given.patterns)
    if given.action == "retry":
        return _retry(given, output, files_of(entries))
    shown = [entry for entry in entries if entry.open or given.all]
    for entry in shown:
        if given.json:
            print(json.dumps(asdict(entry), ensure_ascii=False))
        else:
            mark = "" if entry.open else "  (put right)"
            print(f"{entry.source_uri}  {entry.expectation}{mark}")
            print(f"  {entry.table} {entry.row_id}, run {entry.run}; expected: {entry.expected}")
    if not given.json:
        print(f"{sum(entry.open for entry in shown)} held back", file=sys.stderr)
    return 0


def _retry(given: argparse.Namespace, output: Any, files: list[str]) -> int:
    from tasks.runs.record import last_record

    if not files:
        print("nothing to try again: nothing that matches is held back")
        return DONE
    last = last_record(output)
    options = dict(last.options) if last else {}
    if day := options.get("publication_date"):
        options["publication_date"] = date.fromisoformat(day)
    for name in ("full", "prune", "wait", "only", "pages_a_batch", "choice"):
        options.pop(name, None)
    inputs = given.inputs or (last.inputs if last else [])
    if not inputs:
        print("banmian: no run is on record here: give --input", file=sys.stderr)
        return FAILED
    return carry_out(inputs, str(output.root), {**options, "only": files}, verbose=given.verbose)
