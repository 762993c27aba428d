"""How long reading a page takes: ingest, normalise and segment, as ratios to taking its text with pypdfium2 alone.

usage: python -m benchmarks.reading [FOLDER] [--repeat N] [--json]

For each PDF in FOLDER (default: tests/pages): the CPU time of reading its text with pypdfium2 and nothing
else, of ingest (in this process, without the worker's pipe), normalise and segment from the PDF, and of
the same stages from its text.  Wall time through the worker process is given besides.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pypdfium2

from tasks.ingest import Limits, Source
from tasks.ingest.pdf import layout_rows, read_pdf
from tasks.ingest.pdf_pages import pages
from tasks.normalise import normalise
from tasks.segment import segment_page

REQUEST = {"pages": 5000, "chars": 6_000_000, "seconds": 60}


def row(text: str, layout: list[dict[str, Any]] | None) -> dict[str, Any]:
    """A row of ``NORMALISED_PAGES`` for text just normalised."""
    normal = normalise(text)
    known = dict.fromkeys(("newspaper", "publication_date", "publication_date_source", "page_no", "headline", "byline"))
    return {
        **known,
        "page_id": "0" * 16,
        "source_uri": "page",
        "text": text,
        "layout": layout,
        "single_article": False,
        "normal_text": normal.text,
        "offsets": normal.offsets,
    }


def seconds(work: Callable[[], Any], repeat: int, clock: Callable[[], float] = time.process_time) -> float:
    """Median time of a call."""
    times = []
    for _ in range(repeat):
        start = clock()
        work()
        times.append(clock() - start)
    return median(times)


def plain_text(data: bytes) -> list[str]:
    """The text of a PDF's pages with pypdfium2 alone."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [document[number].get_textpage().get_text_range() for number in range(len(document))]
    finally:
        document.close()


def stages(data: bytes) -> list[dict[str, Any]]:
    """Ingest of a PDF's bytes."""
    return list(pages(data, REQUEST))


def measure(file: Path, repeat: int) -> dict[str, Any] | None:
    """Times of one PDF in milliseconds a page; None where no page has text."""
    data = file.read_bytes()
    found = [page for page in stages(data) if "text" in page]
    if not found:
        return None
    laid = [row(page["text"], layout_rows(page["layout"])) for page in found]
    texts = ["\n".join(line.strip() for line in text.splitlines()) for text in plain_text(data)]
    flat = [row(text, None) for text in texts if text.strip()]
    count = len(found)
    alone = seconds(lambda: plain_text(data), repeat)
    ingest = seconds(lambda: stages(data), repeat)
    normal = seconds(lambda: [normalise(page["text"]) for page in laid], repeat)
    from_layout = seconds(lambda: [segment_page(page) for page in laid], repeat)
    from_text = seconds(lambda: [(normalise(page["text"]), segment_page(page)) for page in flat], repeat)
    source = Source(file.name, str(file))
    apart = seconds(lambda: list(read_pdf(source, Limits())), repeat, time.perf_counter)
    milliseconds = {"alone": alone, "ingest": ingest, "normalise": normal, "segment": from_layout, "text": from_text, "apart": apart}
    return {
        "file": file.name,
        "pages": count,
        "characters": sum(len(page["text"]) for page in found),
        **{name: round(1000 * value / count, 2) for name, value in milliseconds.items()},
        "pdf_ratio": round((ingest + normal + from_layout) / alone, 2),
        "text_ratio": round(from_text / alone, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parents[1] / "tests" / "pages")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    files = sorted(args.folder.rglob("*.pdf"))
    if not files:
        sys.exit(f"no PDFs in {args.folder}")
    results = [result for file in files if (result := measure(file, args.repeat)) is not None]
    if args.json:
        print(json.dumps(results, ensure_ascii=False))
        return
    names = ("alone", "ingest", "normalise", "segment", "text", "apart", "pdf_ratio", "text_ratio")
    print(f"{'milliseconds a page':28}" + "".join(f"{name:>11}" for name in names))
    for result in results:
        print(f"{result['file'][:27]:28}" + "".join(f"{result[name]:11.2f}" for name in names))
    print(f"{'median':28}" + "".join(f"{median(result[name] for result in results):11.2f}" for name in names))


if __name__ == "__main__":
    main()
