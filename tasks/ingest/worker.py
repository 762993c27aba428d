"""The process that reads files apart; started by ``tasks.ingest.apart``, never by hand.

Takes requests on stdin (a line of JSON, then the file's bytes), answers with lines of JSON on
stdout, and ends with its parent.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from tasks.ingest import RejectedInput
from tasks.process import answer, serving

#: kind of file → module:function that reads its bytes: (data, request) → dicts of PageContent fields
READERS = {"pdf": "tasks.ingest.pdf_pages:pages", "html": "tasks.ingest.html_article:pages"}


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _pages(kind: str, data: bytes, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    module, _, function = READERS[kind].partition(":")
    yield from getattr(import_module(module), function)(data, request)


def _serve(source: BinaryIO, out: BinaryIO) -> None:
    while line := source.readline(4096):
        request = json.loads(line)
        data = source.read(request["bytes"])
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + request["seconds"]) + 2)
        try:
            for page in _pages(request["kind"], data, request):
                answer(out, page)
                out.flush()
            answer(out, {"end": True})
        except RejectedInput as rejected:
            answer(out, {"error": rejected.reason, "detail": rejected.detail})
        except MemoryError:
            answer(out, {"error": "memory", "detail": "the memory for one file is over"})
        except RecursionError:
            answer(out, {"error": "too_deep", "detail": "the file is nested too deeply"})
        except Exception as failure:  # noqa: BLE001 - a fault that a file brings about is that file's, not the run's
            answer(out, {"error": "broken", "detail": f"{type(failure).__name__}: {failure}"[:200]})
        out.flush()
        del data


def main() -> None:
    parent, memory = int(sys.argv[1]), int(sys.argv[2])
    source, out = serving(parent)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, memory)
    answer(out, {"ready": True})
    out.flush()
    _serve(source, out)


if __name__ == "__main__":
    main()
