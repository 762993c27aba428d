"""A run with nothing to do against the full one: ``python -m benchmarks.again [PAGES]`` (20,000 unless told).

Pages are made here, ten a newspaper's day, of five paragraphs each; runs are without the engine, whose fixed cost both would pay
(the command line starts no engine when there is nothing to do).
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from flows.work import Order, Run
from tasks.publish.places import Output

PAGES_A_DAY = 10


def page(number: int) -> str:
    paragraphs = [
        f"本报讯（记者 甲某）前{1 + (number + part) % 11}个月，长沙市进出口总值{number + part}.{part}亿元，"
        f"同比增长{1 + number % 19}.{part}%；"
        f"其中，对韩国出口{number % 97 + 1}亿元，下降{part + 1}.{number % 10}%。"
        f"有关负责人介绍，下一步将优化服务，帮助企业开拓市场，稳定预期。"
        for part in range(5)
    ]
    return "外贸稳步增长\n" + "\n".join(paragraphs) + "\n"


def make(folder: Path, pages: int) -> None:
    for number in range(pages):
        day = date(2015, 1, 1) + timedelta(number // PAGES_A_DAY)
        home = folder / f"{day:%Y-%m}" / f"{day:%d}"
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{number % PAGES_A_DAY + 1:02d}.txt").write_text(page(number), encoding="utf-8")


def timed(source: Path, output: Path) -> tuple[str, float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = Run(Output(output), Order([str(source)])).work()
    assert outcome.success, outcome.message
    return outcome.message, time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as scratch:
        source, output = Path(scratch, "in/江北日报"), Path(scratch, "out")
        make(source, pages)
        said, full, cpu = timed(source, output)
        print(f"full:      {said}, {full:.1f} s ({cpu:.1f} s CPU)", flush=True)
        said, again, cpu = timed(source, output)
        print(f"no change: {said}, {again:.2f} s ({cpu:.2f} s CPU)")
        print(f"share:     {again / full:.1%}")


if __name__ == "__main__":
    main()
