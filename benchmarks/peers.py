"""Finding amounts, periods and places beside what others find: ``python -m benchmarks.peers [PATH …] [--rounds N]``.

JioNLP (money, time, location) and Microsoft's recognizers-text-suite (currency, dimension, percentage, datetime; it has no
places) read the same articles in the same run by their public interfaces, whole articles at a time, which is also how they are
fastest.  They stand in an environment of their own, which ``make bench-peers`` sets up from ``benchmarks/peers.txt``: jiojio,
which JioNLP needs, is under the GPL, and nothing of it may stand among banmian's dependencies.

PATH: folders of .txt and .md pages, or single files; without one, pages of ``benchmarks.papers``.  Every reader is a process
of its own that reads the sample pages to warm up and then every text once; the readers take turns, and of ``--rounds`` turns
the median counts.  CPU seconds; a KB is 1,000 bytes of UTF-8.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import papers
from benchmarks._readers import READERS
from benchmarks.extract import SAMPLES, pages

ROOT = Path(__file__).parent.parent
PYTHON_OF_PEERS = ROOT / ".venv-peers" / "bin" / "python"
PEERS = ("JioNLP", "recognizers-text-suite")
UNDATED = date(2020, 1, 1)


def articles(paths: Sequence[Path]) -> list[tuple[str, str, str | None]]:
    """Body, day and area of the articles of pages."""
    drafts = [draft for page in pages(paths) for draft in page.drafts]
    return [(draft["body"], (draft["publication_date"] or UNDATED).isoformat(), draft["ref_area"]) for draft in drafts]


def read(name: str, texts: Path, peers: Path) -> dict[str, Any]:
    """What one reader in a process of its own says of the texts."""
    python = str(peers) if name in PEERS else sys.executable
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [python, "-m", "benchmarks._readers", name, str(texts)]
    done = subprocess.run(command, cwd=texts.parent, env=environment, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"{name}: exit code {done.returncode}\n{done.stderr}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def show(said: dict[str, list[dict[str, Any]]], size: int) -> None:
    parts = {
        name: {part: statistics.median(turn["parts"][part][0] for turn in turns) for part in turns[0]["parts"]}
        for name, turns in said.items()
    }
    cost = {name: sum(seconds.values()) for name, seconds in parts.items()}
    print(f"{'':28} {'CPU s':>8} {'KB/s':>8} {'found':>7} {'failed':>7}  " + "  ".join(f"{peer} takes" for peer in PEERS))
    for name, turns in said.items():
        slower = "  ".join(f"{cost[peer] / cost[name]:{len(peer) + 4}.1f} ×" for peer in PEERS)
        print(f"{name:28} {cost[name]:8.3f} {size / 1000 / cost[name]:8.0f} {'':15}  {slower}")
        for part, seconds in parts[name].items():
            _, found, failed = turns[0]["parts"][part]
            print(f"  {part:26} {seconds:8.3f} {size / 1000 / seconds:8.0f} {found:7,} {failed:7,}")
    versions = (f"{package} {number}" for turns in said.values() for package, number in turns[0]["versions"].items())
    print(f"Python {sys.version.split()[0]}, {', '.join(versions)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="*", help="folders or files of text pages (default: invented pages)")
    parser.add_argument("--pages", type=int, default=16, help="invented pages (default 16, 100 KB)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each reader (default 3)")
    parser.add_argument("--peers", type=Path, default=PYTHON_OF_PEERS, help="the peers' Python (default: .venv-peers)")
    given = parser.parse_args()
    if not given.peers.exists():
        print(f"no {given.peers}: `make bench-peers` sets the peers up")
        return
    with tempfile.TemporaryDirectory() as scratch:
        if not given.paths:
            papers.write(Path(scratch, "pages"), given.pages)
        texts = articles(given.paths or [Path(scratch, "pages")])
        if not texts:
            parser.exit(1, f"no articles in {', '.join(map(str, given.paths))}\n")
        file = Path(scratch, "texts.json")
        file.write_text(json.dumps({"warm": articles([SAMPLES]), "texts": texts}), encoding="utf-8")
        size = sum(len(body.encode("utf-8", "surrogatepass")) for body, _, _ in texts)
        print(f"{len(texts)} articles, {size / 1000:.0f} KB", flush=True)
        said: dict[str, list[dict[str, Any]]] = {name: [] for name in READERS}
        for _ in range(given.rounds):
            for name, turns in said.items():
                turns.append(read(name, file, given.peers.absolute()))
    show(said, size)


if __name__ == "__main__":
    main()
