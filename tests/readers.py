"""Readers that scan all three tables, again and again, while runs publish: no error, no duplicate, no half day.

``python -m tests.readers`` (or ``make readers``): pandas and DuckDB loop in processes of their own during three full
republishes that each replace most files.  The test suite runs a short form.  With ``--s3`` the tables are in a bucket, and
pandas and Polars read them; a reader may be refused there while a file is replaced, and says so, but must never see what is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests import store
from tests.crash import run, world

IDENTIFIERS = {"articles": "article_id", "indicators": "observation_id", "pages": "page_id"}


def with_pandas(root: Path | str, identifier: str) -> list[tuple[str, str, str]]:
    import pandas as pd

    frame = pd.read_parquet(root, dtype_backend="pyarrow")
    days = zip(frame["newspaper"].astype(str), frame["publication_date"].astype(str), strict=True)
    return [(one, f"{paper} {day}", uri) for one, (paper, day), uri in zip(frame[identifier], days, frame["source_uri"], strict=True)]


def with_duckdb(root: Path, identifier: str) -> list[tuple[str, str, str]]:
    import duckdb

    select = f"select {identifier}, newspaper || ' ' || publication_date, source_uri"
    with duckdb.connect() as connection:
        return connection.execute(f"{select} from read_parquet('{root}/**/*.parquet', hive_partitioning = true)").fetchall()


def with_polars(root: Path | str, identifier: str) -> list[tuple[str, str, str]]:
    import polars as pl

    endpoint = {"aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"], "aws_allow_http": "true"}
    columns = [identifier, "newspaper", "publication_date", "source_uri"]
    rows = pl.scan_parquet(f"{root}/**/*.parquet", storage_options=endpoint).select(columns).collect().rows()
    return [(one, f"{paper} {day}", uri) for one, paper, day, uri in rows]


READERS: dict[str, Callable[[Any, str], list[tuple[str, str, str]]]] = {
    "pandas": with_pandas,
    "duckdb": with_duckdb,
    "polars": with_polars,
}


def scan(kind: str, output: str, stop: Path) -> dict[str, Any]:
    """Scan until the file ``stop`` exists; what was seen, what was wrong, and how often the reader was refused."""
    scans, wrong, refused, states = 0, [], Counter[str](), {name: Counter[str]() for name in IDENTIFIERS}
    while not stop.exists():
        for name, identifier in IDENTIFIERS.items():
            try:
                rows = READERS[kind](f"{output}/{name}", identifier)
            except Exception as error:  # noqa: BLE001 - whatever a reader meets
                if output.startswith("s3://"):
                    refused[f"{type(error).__name__}: {error}"[:100]] += 1
                else:
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
    counts = {name: len(counts) for name, counts in states.items()}
    return {"kind": kind, "scans": scans, "wrong": wrong, "refused": dict(refused), "states": counts}


def watched(scratch: Path, output: str, kinds: Sequence[str], republishes: int) -> list[dict[str, Any]]:
    """Publish, and publish all anew so many times, from input that changes every time, under the readers' eyes."""
    source, stop = scratch / "in/papers", scratch / "stop"
    world(source, 1)
    assert run(source, output)
    command = [sys.executable, "-m", "tests.readers", "--scan"]
    readers = [
        subprocess.Popen([*command, kind, output, str(stop)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        for kind in kinds
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
    parser.add_argument("--s3", action="store_true", help="tables in a bucket")
    parser.add_argument("--scan", nargs=3, metavar=("KIND", "OUTPUT", "STOP"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.scan:
        kind, output, stop = given.scan
        print(json.dumps(scan(kind, output, Path(stop))))
        return 0
    with tempfile.TemporaryDirectory(prefix="banmian-readers-") as scratch, store.server() if given.s3 else nullcontext():
        output = str(store.bucket("tables") / "out") if given.s3 else f"{scratch}/out"
        reports = watched(Path(scratch), output, ("pandas", "polars") if given.s3 else ("pandas", "duckdb"), given.republishes)
    for report in reports:
        wrong = report["wrong"]
        refused = f", {sum(report['refused'].values())} refused" if given.s3 else ""
        print(f"{report['kind']}: {report['scans']} scans during {given.republishes} republishes, {len(wrong)} wrong{refused}")
        for said, count in report["refused"].items():
            print(f"  {count} times {said}")
        for said in wrong[:5]:
            print(f"  {said}")
    return any(report["wrong"] or not report["scans"] for report in reports)


if __name__ == "__main__":
    sys.exit(main())
