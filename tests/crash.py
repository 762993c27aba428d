"""Kill a run at every write step, and at random instants; the next run must end with the tables of one never interrupted.

``python -m tests.crash`` (or ``make crash``) kills a run over changed input at each of its write steps and at 100 random
instants, with SIGKILL; ``--migrate`` does so to a migration of old tables; the test suite runs short forms.  The run is that of
``flows.work`` without the engine, in a process forked from one that has everything loaded, so that a hundred runs take minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.pipeline import checksums

PAPERS = ("江北日报", "江南晚报")
EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate")


def text(number: int, day: int, change: str = "") -> str:
    return (
        f"第{number}条：外贸稳步增长\n本报讯（记者 甲某）前{day}个月，长沙市进出口总值{number + 100}.5亿元，"
        f"同比增长{day}.{number}%{change}。\n"
        f"其中，对韩国出口{number + 3}亿元，下降{day}%。全年预计完成投资{number * 7 + 11}万元。\n"
    )


def lines(days: dict[int, int], change: str = "") -> str:
    """A file of JSON lines whose lines belong to several days."""
    rows = [
        {"text": text(number, 3, change), "headline": "各地动态", "newspaper": "江心时报", "publication_date": f"2024-05-{day:02d}"}
        for number, day in days.items()
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def world(folder: Path, version: int) -> None:
    """The input as it stands before (1) and after (2) a night: pages corrected, added and gone, lines moved between days."""
    shutil.rmtree(folder, ignore_errors=True)
    for paper in PAPERS:
        for day in range(1, 4 + version):
            home = folder / paper / f"2024-05-{day:02d}"
            home.mkdir(parents=True)
            for number in range(1, 3):
                change = "，创新高" if version == 2 and day == 2 else ""
                (home / f"{number:02d}.txt").write_text(text(number, day, change), encoding="utf-8")
    if version == 2:
        (folder / PAPERS[0] / "2024-05-01" / "02.txt").unlink()
    (folder / "binary.txt").write_bytes(bytes(range(256)))
    (folder / "lines.jsonl").write_text(lines({1: 1, 2: 2, 3: 3} if version == 1 else {1: 2, 2: 2, 3: 1, 4: 9}), encoding="utf-8")


def gate(table: str, frame: object, checks: Sequence[tuple[object, int, int]], store: object) -> bool:
    """The verdict without Great Expectations, which takes seconds and writes nothing that is published."""
    return all(count <= allowed for _, count, allowed in checks)


def run(source: Path | str, output: Path | str, *, full: bool = False, scratch: Path | None = None) -> bool:
    """One run in this process: several waves, several batches."""
    from flows import steps, waves, work
    from tasks.publish.places import output_at
    from tasks.validate import batch

    waves.BATCHES_A_WAVE, waves.BATCHES_A_GROUP = 2, 1
    batch.gate = gate
    steps.build_docs = lambda *_: None
    place = output_at(output, str(scratch) if scratch else None)
    outcome = work.Run(place, work.Order([str(source)], prune=True, full=full, pages_a_batch=6)).work()
    if not outcome.success:
        print(outcome.message, file=sys.stderr)
    return outcome.success


def preload() -> None:
    """Load what a run needs, but start no threads: children are forked from here."""
    import flows.work  # noqa: F401
    from tasks.extract import extract_article
    from tasks.logic import logic_version
    from tasks.normalise import normalise
    from tasks.segment import segment_page

    logging.getLogger("banmian").setLevel(logging.CRITICAL)
    logic_version()
    normal = normalise(text(1, 2))
    for article in segment_page({"normal_text": normal.text, "offsets": normal.offsets, "page_id": "0" * 16, "source_uri": "a"}).articles:
        extract_article(article)


def forked(work: Callable[[], bool], kill_after: float | None = None) -> int:
    """Do something in a forked process; its exit code, or minus the signal that ended it."""
    child = os.fork()
    if not child:
        code = 1
        try:
            os.setpgid(0, 0)
            code = 0 if work() else 1
        finally:
            sys.stderr.flush()
            os._exit(code)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def at_step(number: int, under: Path, log: Path | None = None) -> Callable[[], None]:
    """Have this process killed just before its write number ``number`` under a folder; 0 only counts, into ``log``."""
    count, root = 0, str(under)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event not in EVENTS or not isinstance(arguments[0], (str, Path)) or not str(arguments[0]).startswith(root):
            return
        if event == "open" and arguments[1] is not None and not set(str(arguments[1])) & set("wax+"):
            return
        count += 1
        if log is not None:
            log.write_text(str(count))
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return lambda: sys.addaudithook(hook)


class Crashes:
    """A run over changed input, to be interrupted again and again."""

    def __init__(self, scratch: Path) -> None:
        self.scratch, self.source, self.base = scratch, scratch / "in/papers", scratch / "base"
        preload()
        self.prepare()
        whole = self.fresh("whole")
        started = time.monotonic()
        assert forked(lambda: self.work(whole)) == 0
        self.seconds = time.monotonic() - started
        self.expected = checksums(whole)
        assert self.expected != checksums(self.base)
        counted, log = self.fresh("counted"), scratch / "steps"
        assert forked(lambda: (at_step(0, counted, log)(), self.work(counted))[1]) == 0
        self.steps = int(log.read_text())

    def prepare(self) -> None:
        """Make the input, and the output as it stands before."""
        world(self.source, 1)
        assert forked(lambda: run(self.source, self.base)) == 0
        world(self.source, 2)

    def work(self, output: Path) -> bool:
        return run(self.source, output)

    def fresh(self, name: str) -> Path:
        output = self.scratch / name
        shutil.rmtree(output, ignore_errors=True)
        shutil.copytree(self.base, output)
        return output

    def step(self, number: int) -> str | None:
        output = self.fresh("step")
        code = forked(lambda: (at_step(number, output)(), self.work(output))[1])
        return self.judge(output, f"step {number}") if code == -signal.SIGKILL else f"step {number}: not killed ({code})"

    def instant(self, seconds: float) -> str | None:
        output = self.fresh("instant")
        forked(lambda: self.work(output), kill_after=seconds)
        return self.judge(output, f"after {seconds:.3f} s")

    def judge(self, output: Path, what: str) -> str | None:
        """What is wrong after the next run, if anything."""
        import pyarrow.parquet as pq

        from tasks.publish.compact import NOTICE

        for path in output.glob("[aip]*/*/*"):
            try:
                pq.ParquetFile(path)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with a table's file
                if path.read_bytes() == NOTICE:
                    continue
                return f"{what}: {path} can't be read before the next run: {error}"
        if forked(lambda: self.work(output)) != 0:
            return f"{what}: the next run failed"
        found = checksums(output)
        if found != self.expected:
            wrong = sorted(name for name in found.keys() | self.expected.keys() if found.get(name) != self.expected.get(name))
            return f"{what}: {len(wrong)} files differ: {', '.join(wrong[:3])}"
        left = [*output.glob("staging/*"), *output.glob("**/*.tmp")]
        return f"{what}: left behind {left[:3]}" if left else None


class Compactions(Crashes):
    """A run over changed input and over compacted tables, which are then compacted again."""

    def prepare(self) -> None:
        world(self.source, 1)
        assert forked(lambda: self.work(self.base)) == 0
        world(self.source, 2)

    def work(self, output: Path) -> bool:
        from flows.cli import main

        with contextlib.redirect_stdout(io.StringIO()):
            return run(self.source, output) and main(["compact", str(output), "--before", "2024-06"]) == 0


class Migrations(Crashes):
    """A migration of tables that an older version wrote."""

    def prepare(self) -> None:
        world(self.source, 2)
        assert forked(lambda: run(self.source, self.base)) == 0
        assert forked(lambda: older(self.base, 1)) == 0

    def work(self, output: Path) -> bool:
        from flows.cli import main

        with contextlib.redirect_stdout(io.StringIO()):
            return main(["migrate", str(output)]) == 0


def older(output: Path, version: int) -> bool:
    """Write the tables of an output as an older version did: the same rows, another version in their metadata, or none."""
    import pyarrow.parquet as pq

    from tasks.publish.files import WRITING

    for path in [*output.glob("[aip]*/*/*.parquet"), *output.glob("quarantine/*.parquet")]:
        rows = pq.ParquetFile(path).read()
        kept = {**rows.schema.metadata, b"schema_version": str(version).encode()}
        if not version:
            kept = {}
            rows = rows.drop_columns(["input_id"]) if "input_id" in rows.column_names else rows
        pq.write_table(rows.replace_schema_metadata(kept), path, **WRITING)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--migrate", action="store_true", help="interrupt a migration rather than a run")
    parser.add_argument("--compact", action="store_true", help="interrupt a run over compacted tables, and their next compaction")
    parser.add_argument("--instants", type=int, default=100)
    parser.add_argument("--every", type=int, default=1, help="kill at every so-manieth write step")
    parser.add_argument("--seed", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="banmian-crash-") as scratch:
        crashes = (Migrations if given.migrate else Compactions if given.compact else Crashes)(Path(scratch))
        print(f"it takes {crashes.seconds:.2f} s, {crashes.steps} write steps; the tables are {len(crashes.expected)} files", flush=True)
        numbers = range(1, crashes.steps + 1, given.every)
        wrong = [said for number in numbers if (said := crashes.step(number))]
        print(f"killed at {len(numbers)} write steps: {len(wrong)} wrong", flush=True)
        chance = random.Random(given.seed)
        late = [said for _ in range(given.instants) if (said := crashes.instant(chance.uniform(0, crashes.seconds)))]
        print(f"killed at {given.instants} random instants: {len(late)} wrong")
    for said in wrong + late:
        print(said)
    return bool(wrong + late)


if __name__ == "__main__":
    sys.exit(main())
