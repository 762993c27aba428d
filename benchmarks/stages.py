"""CPU seconds of each stage over the sample pages, many times over, beside jieba.lcut over the same text.

The pages are copies of tests/samples, each with a line of its own so that no two are alike.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tasks.extract.batch import extract_batch
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.normalise.batch import normalise_batch
from tasks.publish.batch import publish_batches
from tasks.publish.places import Output
from tasks.segment.batch import segment_batch
from tasks.validate.batch import validate_batches

SAMPLES = Path(__file__).parent.parent / "tests/samples"
COPIES = 100


def pages(folder: Path) -> int:
    """Write the copies; returns their bytes."""
    size = 0
    for copy in range(COPIES):
        day = folder / f"2024{1 + copy // 28:02d}{1 + copy % 28:02d}"
        day.mkdir()
        for number, sample in enumerate(sorted(SAMPLES.glob("*.txt"))):
            data = sample.read_bytes() + f"\n（{copy}）\n".encode()
            (day / f"{number:02d}.txt").write_bytes(data)
            size += len(data)
    return size


def main() -> None:
    import jieba

    jieba.setLogLevel(60)
    jieba.lcut("预热")
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        (root / "in").mkdir()
        size = pages(root / "in")
        costs: dict[str, float] = {}

        def clock(stage: str, work: Callable[[], Any]) -> Any:
            started = time.process_time()
            result = work()
            costs[stage] = costs.get(stage, 0.0) + time.process_time() - started
            return result

        # what is loaded once (tables, automata, engines) is not a cost of the pages
        for warm in ingest_batch(discover([SAMPLES]), root / "warm"):
            for stage in (normalise_batch, segment_batch, extract_batch):
                stage(warm.folder)
            validate_batches([warm.folder], root / "warm-checked", "warm", root / "warm-checks")

        folders = [result.folder for result in clock("ingest", lambda: ingest_batch(discover([root / "in"]), root / "b"))]
        for name, stage in (("normalise", normalise_batch), ("segment", segment_batch), ("extract", extract_batch)):
            clock(name, lambda stage=stage: [stage(folder) for folder in folders])
        verdict = clock("validate", lambda: validate_batches(folders, root / "v", "bench", root / "checks"))
        clock("publish", lambda: publish_batches([verdict.folder], Output(root / "out"), root / "aside"))
        texts = [path.read_text(encoding="utf-8") for path in sorted((root / "in").rglob("*.txt"))]
        started = time.process_time()
        for text in texts:
            jieba.lcut(text)
        words = time.process_time() - started
    whole = sum(costs.values())
    print(f"{COPIES * 4} pages, {size / 1e6:.2f} MB")
    for stage, cost in costs.items():
        print(f"{stage:<10} {cost:7.2f} s  {1000 * cost / (COPIES * 4):6.2f} ms a page")
    print(f"{'whole':<10} {whole:7.2f} s\njieba.lcut {words:7.2f} s\nratio      {whole / words:7.2f}")


if __name__ == "__main__":
    main()
