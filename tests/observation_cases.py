"""The golden cases of observations, and the list of those that are known to fail.

One file a phenomenon, one line a case: ``case`` its name, ``text`` one to four sentences of our own,
``published`` and ``area`` what the page would say (null: unknown), ``expect`` the rows.  A row gives
``value_text``, ``obs_value``, ``unit_measure``, ``indicator`` and the slots that are not at their default
(``tests.scoring.DEFAULTS``); a list is a choice; ``"optional": true`` marks what may be missed.  New
cases go to the end of a file, so that names stay.

``python -m tests.observation_cases`` prints the share of cases that pass for each phenomenon, and
how many faults there are of each kind (a slot that is wrong, a row missed, a row too many);
``--faults NAME`` shows what is wrong with the cases whose name begins so; ``--shrink`` takes the
cases that pass by now off the list of known failures (it never adds one).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tests.scoring import complaints

FOLDER = Path(__file__).parent / "cases" / "observations"
KNOWN = FOLDER / "KNOWN_FAILURES.txt"

Case = dict[str, Any]


@cache
def load() -> tuple[Case, ...]:
    """Every case of every file, in the files' order."""
    texts = (file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.jsonl")))
    return tuple(json.loads(line) for text in texts for line in text.splitlines() if line.strip())


def known_failures() -> list[str]:
    """Names of the cases that are known to fail: one a line, ``#`` begins a comment."""
    if not KNOWN.exists():
        return []
    lines = (line.split("#")[0].strip() for line in KNOWN.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def judge(case: Case) -> list[str]:
    """Runs the extractor on a case; returns its faults."""
    from tasks.extract import extract_text
    from tasks.normalise import normalise

    published = date.fromisoformat(case["published"]) if case["published"] else None
    return complaints(case["expect"], extract_text(normalise(case["text"]).text, published=published, area=case["area"], newspaper=None))


def phenomenon(case: Case) -> str:
    return str(case["case"]).rpartition("-")[0]


def kind(fault: str) -> str:
    """What a fault is about: ``missed``, ``spurious``, or the slot that is wrong."""
    head, _, rest = fault.partition(": ")
    return head if head in ("missed", "spurious") else rest.split(" ", 1)[0]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--faults", metavar="NAME", help="show the faults of the cases whose name begins so")
    arguments.add_argument("--shrink", action="store_true", help="take cases that pass off the list of known failures")
    options = arguments.parse_args()
    failing: dict[str, list[str]] = {}
    count: dict[str, int] = defaultdict(int)
    passed: dict[str, int] = defaultdict(int)
    for case in load():
        faults = judge(case)
        count[phenomenon(case)] += 1
        passed[phenomenon(case)] += not faults
        if faults:
            failing[case["case"]] = faults
        if faults and options.faults is not None and case["case"].startswith(options.faults):
            print(f"{case['case']}  {case['text']}", *(f"    {fault}" for fault in faults), sep="\n")
    for name, total in sorted(count.items()):
        print(f"{name:24} {passed[name]:4} of {total:4}")
    print(f"{'all':24} {sum(passed.values()):4} of {sum(count.values()):4}")
    kinds = Counter(kind(fault) for faults in failing.values() for fault in faults)
    print("faults:", ", ".join(f"{name} {times}" for name, times in kinds.most_common()))
    listed = known_failures()
    if options.shrink and listed:
        left = [name for name in listed if name in failing]
        KNOWN.write_text("\n".join(["# Cases known to fail; take off what passes, add nothing.", *left, ""]), encoding="utf-8")
        print(f"known failures: {len(listed)} before, {len(left)} now")


if __name__ == "__main__":
    main()
