"""CPU seconds of each stage, beside jieba.lcut over the same text: ``python -m benchmarks.stages [--pages N] [--text DIR]``.

The pages are those of ``benchmarks.papers``; all runs in this process, one stage after the other.  What is loaded once
(tables, automata, Great Expectations) is loaded before and not counted; what a run costs besides its pages is for
``benchmarks.scale``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import papers
from tasks.extract.batch import extract_batch
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.normalise.batch import normalise_batch
from tasks.publish.batch import publish_batches
from tasks.publish.places import Output
from tasks.segment.batch import segment_batch
from tasks.validate.batch import validate_batches

READING = {"normalise": normalise_batch, "segment": segment_batch, "extract": extract_batch}
WARM = 8


def words(files: list[Path]) -> float:
    """CPU seconds of jieba.lcut over the files' text."""
    import jieba

    jieba.setLogLevel(60)
    jieba.lcut("预热")
    texts = [path.read_text(encoding="utf-8") for path in files]
    started = time.process_time()
    for text in texts:
        jieba.lcut(text)
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--text", type=Path, metavar="DIR", help="folder of text to make the pages from (default: invented text)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        size = papers.write(root / "in", given.pages, given.text)
        sources = discover([root / "in"])
        costs: dict[str, float] = {}

        def clock(stage: str, work: Callable[[], Any]) -> Any:
            started = time.process_time()
            result = work()
            costs[stage] = costs.get(stage, 0.0) + time.process_time() - started
            return result

        for warm in ingest_batch(sources[:WARM], root / "warm"):
            for stage in READING.values():
                stage(warm.folder)
            validate_batches([warm.folder], root / "warm-checked", "warm", root / "warm-checks")

        folders = [result.folder for result in clock("ingest", lambda: ingest_batch(sources, root / "b"))]
        for name, stage in READING.items():
            clock(name, lambda stage=stage: [stage(folder) for folder in folders])
        verdict = clock("validate", lambda: validate_batches(folders, root / "v", "bench", root / "checks"))
        clock("publish", lambda: publish_batches([verdict.folder], Output(root / "out"), root / "aside"))
        costs["whole"] = sum(costs.values())
        costs["jieba.lcut"] = words([Path(source.location) for source in sources])
    print(f"{given.pages} pages, {size / 1e6:.2f} MB; {', '.join(f'{count} {name}' for name, count in verdict.rows.items())}")
    print(f"{'':10} {'seconds':>8} {'ms a page':>10} {'of jieba.lcut':>14}")
    for stage, cost in costs.items():
        print(f"{stage:10} {cost:8.2f} {1000 * cost / given.pages:10.2f} {cost / costs['jieba.lcut']:13.3f}×")


if __name__ == "__main__":
    main()
