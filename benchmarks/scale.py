"""The whole command, ``banmian run``, over few and many pages: what a page costs, what a run costs besides, and memory.

    python -m benchmarks.scale [--pages 2000 20000] [--workers 1 2] [--text DIR]

Pages are those of ``benchmarks.papers``.  Each run is a process of its own; its CPU seconds are those of all processes that it
starts, the engine's server too, and its memory is the sum of their proportional set sizes (PSS), looked at twice a second.
The run on one page is the fixed cost: cold (no database of the engine yet), then warm; it is taken off before costs are divided.
jieba.lcut goes over as much of the same text as takes some seconds, and is scaled to the whole.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import papers

ROOT = Path(__file__).parent.parent
JIEBA_PAGES = 1_000


@dataclass(slots=True)
class Cost:
    wall: float
    cpu: float
    memory: float  #: MiB
    record: dict[str, Any]


def run(scratch: Path, source: Path, output: Path, *options: str) -> Cost:
    """One ``banmian run``."""
    given = {
        **os.environ,
        "PREFECT_HOME": str(scratch / "prefect"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, "-m", "flows.cli", "run", str(source), "--output", str(output), *options]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=scratch)
    peak, over = [0.0], threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, peak, over))
    watch.start()
    said = process.communicate()[0]
    wall = time.perf_counter() - started
    over.set()
    watch.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}\n{said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    records = sorted((output / "state/runs").glob("*.json"))
    record = json.loads(records[-1].read_text(encoding="utf-8"))
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak[0], record)


def _watch(root: int, peak: list[float], over: threading.Event) -> None:
    while not over.wait(0.5):
        peak[0] = max(peak[0], sum(map(_pss, _tree(root))))


def _tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def _pss(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    except (OSError, StopIteration):
        return 0.0


def jieba_seconds(source: Path, pages: int) -> float:
    """CPU seconds of jieba.lcut over so many pages, measured on some of them."""
    import jieba

    jieba.setLogLevel(60)
    jieba.lcut("预热")
    files = sorted(source.rglob("*.txt"))
    some = files[:: max(1, len(files) // JIEBA_PAGES)][:JIEBA_PAGES]
    texts = [path.read_text(encoding="utf-8") for path in some]
    started = time.process_time()
    for text in texts:
        jieba.lcut(text)
    took = time.process_time() - started
    size = sum(len(text.encode()) for text in texts)
    whole = sum(path.stat().st_size for path in files[:pages])
    return took * whole / size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[2_000, 20_000])
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[1, 2], help="numbers of processes; all but the last only on the fewest pages"
    )
    parser.add_argument("--text", type=Path, metavar="DIR", help="folder of text to make the pages from (default: invented text)")
    given = parser.parse_args()
    counts, workers = sorted(given.pages), sorted(given.workers)
    scratch = Path(tempfile.mkdtemp(prefix="banmian-scale-"))
    try:
        _measure(scratch, counts, workers, given.text)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _measure(scratch: Path, counts: list[int], workers: list[int], text: Path | None) -> None:
    papers.write(scratch / "one", 1, text)
    cold = run(scratch, scratch / "one", scratch / "cold")
    fixed = run(scratch, scratch / "one", scratch / "warm")
    print(
        f"one page: cold {cold.wall:.1f} s ({cold.cpu:.1f} s CPU, {cold.memory:.0f} MiB), warm {fixed.wall:.1f} s ({fixed.cpu:.1f} s CPU)"
    )
    print(
        f"{'pages':>7} {'workers':>7} {'wall s':>8} {'CPU s':>8} {'ms a page':>9} {'of jieba.lcut':>13} {'pages/s':>8} {'MiB':>6}",
        flush=True,
    )
    costs: dict[tuple[int, int], Cost] = {}
    for pages in counts:
        source = scratch / f"in{pages}"
        papers.write(source, pages, text)
        words = jieba_seconds(source, pages)
        for number in workers if pages == counts[0] else workers[-1:]:
            output = scratch / f"out{pages}-{number}"
            cost = costs[pages, number] = run(scratch, source, output, "--workers", str(number))
            own = cost.cpu - fixed.cpu
            print(
                f"{pages:7} {number:7} {cost.wall:8.1f} {cost.cpu:8.1f} {1000 * own / pages:9.2f} {own / words:12.3f}×"
                f" {pages / (cost.wall - fixed.wall):8.1f} {cost.memory:6.0f}",
                flush=True,
            )
        stages = {stage: counted["cpu_seconds"] for stage, counted in cost.record["counts"]["stages"].items()}
        rest = cost.cpu - fixed.cpu - sum(stages.values())
        print(
            "        by stage, of jieba.lcut: " + ", ".join(f"{stage} {seconds / words:.3f}" for stage, seconds in stages.items()), end=""
        )
        print(f", all else {rest / words:.3f} (jieba.lcut {words:.1f} s)")
        again = run(scratch, source, scratch / f"out{pages}-{workers[-1]}")
        print(
            f"        no change: {again.wall:.1f} s, {again.wall / cost.wall:.1%} of the run ({again.cpu / cost.cpu:.1%} of its CPU)",
            flush=True,
        )
    few, many = counts[0], counts[-1]
    if len(workers) > 1:
        slow, fast = (few / (costs[few, number].wall - fixed.wall) for number in (workers[0], workers[-1]))
        print(f"{workers[-1]} workers against {workers[0]}: {fast / slow:.2f} × the pages a second")
    if many > few:
        less, more = costs[few, workers[-1]], costs[many, workers[-1]]
        page = ((more.cpu - fixed.cpu) / many) / ((less.cpu - fixed.cpu) / few)
        print(f"{many} pages against {few}: {page:.2f} × the cost a page, {more.memory / less.memory:.2f} × the memory")


if __name__ == "__main__":
    main()
