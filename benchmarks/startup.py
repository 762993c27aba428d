"""What the engine costs a run, whatever its size: ``python -m benchmarks.startup [TIMES]`` (3 unless told).

`banmian run` on the sample pages, in turns with the server that Prefect would start by itself and with the one that is started
beside it (`flows.server`), and the same run without the engine.  Each in a process of its own, after one that makes the
database.  Seconds and CPU seconds of the process and its children; medians.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = "import sys; from flows.cli import main; sys.exit(main())"
BARE = """
import sys
from pathlib import Path
from flows.work import Order, Run
from tasks.publish.places import Output
assert Run(Output(Path(sys.argv[4])), Order([sys.argv[2]], full=True, workers=None)).work().success
"""
WAYS = {
    "with Prefect's own server": (COMMAND, {"PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true"}),
    "with the server beside": (COMMAND, {}),
    "without the engine": (BARE, {}),
}


def once(code: str, output: str, environment: dict[str, str]) -> tuple[float, float]:
    command = [sys.executable, "-c", code, "run", str(ROOT / "tests/samples"), "--output", output, "--full"]
    wall, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, check=True, capture_output=True, cwd=output)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as output, tempfile.TemporaryDirectory() as home:
        place = {"PREFECT_HOME": home}
        once(COMMAND, output, place)
        found: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        for _ in range(times):
            for way, (code, environment) in WAYS.items():
                found[way].append(once(code, output, {**place, **environment}))
    bare = [statistics.median(column) for column in zip(*found["without the engine"], strict=True)]
    for way, runs in found.items():
        wall, cpu = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{way:<28} {wall:5.1f} s, {cpu:5.1f} s CPU; more than without: {wall - bare[0]:5.1f} s, {cpu - bare[1]:5.1f} s CPU")


if __name__ == "__main__":
    main()
