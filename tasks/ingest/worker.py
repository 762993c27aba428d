"""The process that reads files apart; started by ``tasks.ingest.apart``, never by hand.

Takes requests on stdin (a line of JSON, then the file's bytes), answers with lines of JSON on
stdout, and ends with its parent.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO

from tasks.ingest import RejectedInput

#: kind of file → module:function that reads its bytes: (data, request) → dicts of PageContent fields
READERS = {"pdf": "tasks.ingest.pdf_pages:pages", "html": "tasks.ingest.html_article:pages"}


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _die_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, also by ``kill -9``, where it can (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        sys.exit(0)


def _pages(kind: str, data: bytes, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    module, _, function = READERS[kind].partition(":")
    yield from getattr(import_module(module), function)(data, request)


def _answer(out: BinaryIO, value: dict[str, Any]) -> None:
    out.write(json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")


def _serve(source: BinaryIO, out: BinaryIO) -> None:
    while line := source.readline(4096):
        request = json.loads(line)
        data = source.read(request["bytes"])
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + request["seconds"]) + 2)
        try:
            for page in _pages(request["kind"], data, request):
                _answer(out, page)
                out.flush()
            _answer(out, {"end": True})
        except RejectedInput as rejected:
            _answer(out, {"error": rejected.reason, "detail": rejected.detail})
        except MemoryError:
            _answer(out, {"error": "memory", "detail": "the memory for one file is over"})
        except RecursionError:
            _answer(out, {"error": "too_deep", "detail": "the file is nested too deeply"})
        except Exception as failure:  # noqa: BLE001 - a fault that a file brings about is that file's, not the run's
            _answer(out, {"error": "broken", "detail": f"{type(failure).__name__}: {failure}"[:200]})
        out.flush()
        del data


def main() -> None:
    memory, parent = int(sys.argv[1]), int(sys.argv[2])
    _die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when a run is stopped
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        _limit(resource.RLIMIT_AS, memory)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    _answer(out, {"ready": True})
    out.flush()
    _serve(sys.stdin.buffer, out)


if __name__ == "__main__":
    main()
