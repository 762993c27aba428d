"""Pages a second of extract alone and of normalise, segment and extract in a row, beside jieba.lcut over the same text.

    python -m benchmarks.extract [PATH …] [--seconds N] [--profile N]

PATH: folders of .txt and .md pages, or single files; without one, the samples in ``tests/samples``.  All is measured in
one process, in turns, in CPU seconds; the texts are gone through again until each turn has taken ``--seconds``.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.extract import extract_article
from tasks.ingest.facts import from_path
from tasks.normalise import normalise
from tasks.segment import segment_page

SAMPLES = Path(__file__).parent.parent / "tests" / "samples"
KINDS = (".txt", ".md")
ROUNDS = 3

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read, and its article drafts."""

    path: Path
    raw: str
    drafts: list[Row]


def draft(path: Path, raw: str) -> list[Row]:
    """normalise and segment one page."""
    normal, facts = normalise(raw), from_path(path.as_posix())
    row: Row = {
        "page_id": path.stem,
        "source_uri": path.as_posix(),
        "newspaper": facts.newspaper,
        "publication_date": facts.publication_date,
        "publication_date_source": "path" if facts.publication_date else None,
        "page_no": facts.page_no,
        "normal_text": normal.text,
        "offsets": normal.offsets,
    }
    return segment_page(row).articles


def pages(given: Sequence[Path]) -> list[Page]:
    files = [file for path in given for file in (sorted(path.rglob("*")) if path.is_dir() else [path]) if file.suffix in KINDS]
    texts = [(file, file.read_text(encoding="utf-8-sig", errors="replace")) for file in files]
    return [Page(file, raw, draft(file, raw)) for file, raw in texts]


def clock(work: Callable[[Page], Any], over: Sequence[Page], seconds: float) -> float:
    """CPU seconds that ``work`` takes for all pages once: the least of some rounds, each long enough to be measured."""
    best = float("inf")
    for _ in range(ROUNDS):
        times, started = 0, time.process_time()
        while times == 0 or time.process_time() - started < seconds / ROUNDS:
            for page in over:
                work(page)
            times += 1
        best = min(best, (time.process_time() - started) / times)
    return best


def extract(page: Page) -> int:
    return sum(len(extract_article(article)) for article in page.drafts)


def chain(page: Page) -> int:
    return sum(len(extract_article(article)) for article in draft(page.path, page.raw))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", type=Path, nargs="*", default=[SAMPLES], help="folders or files of text pages")
    parser.add_argument("--seconds", type=float, default=3.0, help="CPU seconds each measure takes at least (default 3)")
    parser.add_argument("--profile", type=int, default=0, metavar="N", help="also show the N functions that extract spends most time in")
    given = parser.parse_args()

    import jieba

    jieba.setLogLevel(60)
    jieba.lcut("预热")
    over = pages(given.paths)
    if not over:
        parser.exit(1, f"no {' or '.join(KINDS)} pages in {', '.join(map(str, given.paths))}\n")
    rows = sum(map(extract, over))  # loads all tables
    size = sum(len(page.raw.encode("utf-8", "surrogatepass")) for page in over)
    works: tuple[tuple[str, Callable[[Page], Any]], ...] = (
        ("jieba.lcut", lambda page: jieba.lcut(page.raw)),
        ("normalise", lambda page: normalise(page.raw)),
        ("normalise + segment", lambda page: draft(page.path, page.raw)),
        ("extract", extract),
        ("normalise + segment + extract", chain),
    )
    costs = {name: clock(work, over, given.seconds) for name, work in works}
    print(f"{len(over)} pages, {size / 1e6:.3f} MB, {sum(len(page.drafts) for page in over)} articles, {rows} observations")
    print(f"{'':30}  pages/s  ms a page    MB/s  of jieba.lcut")
    for name, cost in costs.items():
        ratio = cost / costs["jieba.lcut"]
        print(f"{name:30} {len(over) / cost:8.1f} {1000 * cost / len(over):10.2f} {size / 1e6 / cost:7.3f} {ratio:9.2f} ×")
    if given.profile:
        profile = cProfile.Profile()
        profile.runcall(lambda: [extract(page) for page in over])
        pstats.Stats(profile).sort_stats("tottime").print_stats(given.profile)


if __name__ == "__main__":
    main()
