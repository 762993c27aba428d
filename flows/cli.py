"""The command ``banmian``.  Exit codes: 0 done, 1 the run failed, 2 bad arguments, 130 interrupted."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn

from flows import alarms, compact, migrate, quarantine, serve
from flows import parameters as par
from flows.foreground import BAD_ARGUMENTS, FAILED, INTERRUPTED, carry_out, check, line_of
from tasks.compiled import in_use
from tasks.s3 import StorageError
from tasks.storage import absolute, in_bucket, place

EXAMPLES = """\
examples:
  banmian run pages/ --output output
  banmian run 03.txt 04.pdf --output output --publication-date 2023-09-20 --newspaper 湖南日报
  banmian run archive/2023-09 --base archive --output output
  banmian run pages/ --dry-run
  banmian backfill pages/ --from 2023-09-01 --to 2023-09-03
  banmian validate output
  banmian run s3://papers/2023-09 --output s3://tables/banmian

A run works on files that are new, that changed (content, options, sidecar, corrections), or that another version of the logic
read; --dry-run shows which. It can be killed at any moment and run again.

The publication date, newspaper and page number of a page come from, in this order: the options, a sidecar
(03.txt.json), the path (2023-09/20/03.txt, 20230920_03.txt), the document, the masthead, the text's own dates.
Exit codes: 0 done, 1 the run failed, 2 bad arguments.
"""

BACKFILL = """\
Read the pages of a range of days again, whether they changed or not; --everything reads all. A file is left out only where it is
known to lie outside: by the days that the tables have of its pages, or, for a file never read before, by options, sidecar and path.
"""
CHECK = "Check the published tables against their suites of expectations. Exit code 1 where a row fails one."

#: Commands that stand in modules of their own.
OTHERS: dict[str, Callable[[argparse.Namespace], int]] = {
    "quarantine": quarantine.main,
    "migrate": migrate.main,
    "compact": compact.main,
    "freshness": alarms.main,
    "alarms": alarms.main,
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_ARGUMENTS, f"{self.prog}: {message} (try {self.prog} --help)\n")


class Version(argparse.Action):
    """Looks at the build of compiled stages only when it is asked."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        print(f"banmian {_version()}{' (compiled)' if in_use() else ''}")
        parser.exit()


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code (``--help`` and bad arguments exit themselves)."""
    parser = Parser(prog="banmian", description="Chinese newspaper pages in, tables of articles and economic indicators out.")
    said = "show the version, and whether the stages are compiled"
    parser.add_argument("--version", action=Version, nargs=0, dest=argparse.SUPPRESS, default=argparse.SUPPRESS, help=said)
    commands = parser.add_subparsers(dest="command", metavar="command", required=True, parser_class=Parser)
    formatter = argparse.RawDescriptionHelpFormatter
    about = "Read newspaper pages (.txt, .pdf, .html, .jsonl; folders recursively) into Parquet tables."
    run = commands.add_parser("run", help="read pages into the tables", description=about, epilog=EXAMPLES, formatter_class=formatter)
    _reading(run)
    run.add_argument("--full", action="store_true", help=par.said(par.Full))
    run.add_argument("--prune", action="store_true", help=par.said(par.Prune))
    again = commands.add_parser(
        "backfill", help="read the pages of a range of days again", description=BACKFILL, epilog=EXAMPLES, formatter_class=formatter
    )
    _reading(again)
    again.add_argument("--from", dest="start_date", type=_day, metavar="D", help=par.said(par.StartDate))
    again.add_argument("--to", dest="end_date", type=_day, metavar="D", help=par.said(par.EndDate))
    again.add_argument(
        "--of", dest="newspapers", action="append", type=_name, metavar="N", help=f"{par.said(par.Newspapers)} (may be given several times)"
    )
    again.add_argument("--everything", action="store_true", help=par.said(par.Everything))
    checking = commands.add_parser("validate", help="check the published tables", description=CHECK)
    checking.add_argument(
        "output", nargs="?", default="output", metavar="OUTPUT", help="folder of the tables, or s3://bucket/… (default: output)"
    )
    _common(checking)
    daily = serve.add_command(commands)
    _pages(daily)
    quarantine.add_commands(commands)
    migrate.add_command(commands)
    compact.add_command(commands)
    alarms.add_commands(commands, _day)
    given = parser.parse_args(arguments)
    try:
        if given.command == "validate":
            return check(given.output, given.wait, verbose=given.verbose)
        if given.command in OTHERS:
            return OTHERS[given.command](given)
        return _run(given, {"run": run, "backfill": again, "serve": daily}[given.command])
    except KeyboardInterrupt:
        print("banmian: interrupted; what was published stays whole", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:
        if getattr(given, "verbose", False):
            raise
        print(f"banmian: failed: {line_of(error)} (--verbose shows more)", file=sys.stderr)
        return FAILED


def _pages(parser: argparse.ArgumentParser) -> None:
    """What all commands that read pages have in common."""
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="a file, or a folder of files; of this machine, or s3://bucket/…")
    parser.add_argument("--output", default="output", metavar="DIR", help="folder of the tables, or s3://bucket/… (default: output)")
    parser.add_argument("--newspaper", type=_name, metavar="N", help=par.said(par.Newspaper))
    parser.add_argument("--base", metavar="DIR", help=par.said(par.Base))
    parser.add_argument("--staging", metavar="DIR", help=par.said(par.Staging))
    parser.add_argument("--corrections", metavar="FILE", help=f"{par.said(par.Corrections)} (see docs/reliability.md)")
    parser.add_argument("--workers", type=_workers, metavar="N", help=par.said(par.Workers))
    parser.add_argument("--scheduler", type=_name, metavar="ADDRESS", help=par.said(par.Scheduler))


def _reading(parser: argparse.ArgumentParser) -> None:
    """What ``run`` and ``backfill`` have in common."""
    _pages(parser)
    parser.add_argument("--publication-date", type=_day, metavar="D", help=par.said(par.PublicationDate))
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and do nothing")
    _common(parser)


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait",
        nargs="?",
        type=_seconds,
        const=math.inf,
        default=0.0,
        metavar="SECONDS",
        help="wait for another run over the same output to end (without SECONDS: as long as it takes)",
    )
    parser.add_argument("--verbose", action="store_true", help="show the engine's log")


def _run(given: argparse.Namespace, parser: Parser) -> int:
    missing = [path for path in given.inputs if not in_bucket(path) and not os.path.lexists(path)]
    if missing:
        parser.error(f"no such file or folder: {', '.join(missing)}")
    if given.base and not in_bucket(given.base) and not Path(given.base).is_dir():
        parser.error(f"--base is not a folder: {given.base}")
    try:
        output = place(given.output)
        if isinstance(output, Path):
            output.mkdir(parents=True, exist_ok=True)
        else:
            output.reach()
    except StorageError as error:
        parser.error(f"can't use the output: {error}")
    except OSError as error:
        parser.error(f"can't make the output folder {given.output}: {error.strerror or error}")
    if isinstance(output, Path) and not os.access(output, os.W_OK | os.X_OK):
        parser.error(f"can't write to the output folder {output}")
    if given.corrections and not in_bucket(given.corrections) and not os.path.isfile(given.corrections):
        parser.error(f"no such file: {given.corrections}")
    if given.command == "serve":
        return _serve(given)
    apart = ("inputs", "output", "command", "dry_run", "verbose")
    options = {name: value for name, value in vars(given).items() if name not in apart}
    return carry_out(given.inputs, str(output), options, again=given.command == "backfill", dry_run=given.dry_run, verbose=given.verbose)


def _serve(given: argparse.Namespace) -> int:
    """Serve deployments, whose runs start in other folders."""
    options = {name: getattr(given, name) for name in ("newspaper", "base", "corrections", "workers", "scheduler", "staging")}
    options = {name: value for name, value in options.items() if value is not None}
    for name in ("base", "corrections", "staging"):
        if name in options:
            options[name] = absolute(options[name])
    return serve.main([absolute(path) for path in given.inputs], absolute(given.output), options, given)


def _seconds(text: str) -> float:
    try:
        if (seconds := float(text)) >= 0:
            return seconds
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")


def _workers(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of processes")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day such as 2023-09-20") from None


def _name(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return text.strip()


def _version() -> str:
    try:
        return version("banmian")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
