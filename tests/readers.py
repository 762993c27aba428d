"""Readers that scan all three tables, again and again, while runs publish: no error, no duplicate, no half day.

``python -m tests.readers`` (or ``make readers``): pandas and DuckDB loop in processes of their own during three full
republishes that each replace most files.  The test suite runs a short form.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.crash import run, world

IDENTIFIERS = {"articles": "article_id", "indicators": "observation_id", "pages": "page_id"}


def with_pandas(root: Path, identifier: str) -> list[tuple[str, str, str]]:
    import pandas as pd

    frame = pd.read_parquet(root, dtype_backend="pyarrow", partitioning=None)
    days = zip(frame["newspaper"].astype(str), frame["publication_date"].astype(str), strict=True)
    return [(one, f"{paper} {day}", uri) for one, (paper, day), uri in zip(frame[identifier], days, frame["source_uri"], strict=True)]


def with_duckdb(root: Path, identifier: str) -> list[tuple[str, str, str]]:
    import duckdb

    select = f"select {identifier}, newspaper || ' ' || publication_date, source_uri"
    with duckdb.connect() as connection:
        return connection.execute(f"{select} from read_parquet('{root}/**/*.parquet', hive_partitioning = true)").fetchall()


READERS: dict[str, Callable[[Path, str], list[tuple[str, str, str]]]] = {"pandas": with_pandas, "duckdb": with_duckdb}


def scan(kind: str, output: Path, stop: Path) -> dict[str, Any]:
    """Scan until the file ``stop`` exists; what was seen, and what was wrong."""
    scans, wrong, states = 0, [], {name: Counter[str]() for name in IDENTIFIERS}
    while not stop.exists():
        for name, identifier in IDENTIFIERS.items():
            try:
                rows = READERS[kind](output / name, identifier)
            except Exception as error:  # noqa: BLE001 - whatever a reader meets
                wrong.append(f"{name}: {type(error).__name__}: {error}"[:300])
                continue
            scans += 1
            twice = [one for one, count in Counter(one for one, _, _ in rows).items() if count > 1]
            if twice:
                wrong.append(f"{name}: {len(twice)} rows twice, {twice[0]}")
            days: dict[str, list[str]] = {}
            for one, day, _ in rows:
                days.setdefault(day, []).append(one)
            for day, ones in days.items():
                states[name][f"{day}: {hash(tuple(sorted(ones)))}"] += 1
    return {"kind": kind, "scans": scans, "wrong": wrong, "states": {name: len(counts) for name, counts in states.items()}}


def watched(scratch: Path, republishes: int) -> list[dict[str, Any]]:
    """Publish, and publish all anew so many times, from input that changes every time, under the readers' eyes."""
    source, output, stop = scratch / "in/papers", scratch / "out", scratch / "stop"
    world(source, 1)
    assert run(source, output)
    command = [sys.executable, "-m", "tests.readers", "--scan"]
    readers = [
        subprocess.Popen([*command, kind, str(output), str(stop)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        for kind in READERS
    ]
    time.sleep(3)  # for them to come up
    for number in range(republishes):
        world(source, 2 - number % 2)
        assert run(source, output, full=True)
    stop.touch()
    return [json.loads(reader.communicate(timeout=120)[0].splitlines()[-1]) for reader in readers]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--republishes", type=int, default=3)
    parser.add_argument("--scan", nargs=3, metavar=("KIND", "OUTPUT", "STOP"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.scan:
        kind, output, stop = given.scan
        print(json.dumps(scan(kind, Path(output), Path(stop))))
        return 0
    with tempfile.TemporaryDirectory(prefix="banmian-readers-") as scratch:
        reports = watched(Path(scratch), given.republishes)
    for report in reports:
        wrong = report["wrong"]
        print(f"{report['kind']}: {report['scans']} scans during {given.republishes} republishes, {len(wrong)} wrong")
        for said in wrong[:5]:
            print(f"  {said}")
    return any(report["wrong"] or not report["scans"] for report in reports)


if __name__ == "__main__":
    sys.exit(main())
