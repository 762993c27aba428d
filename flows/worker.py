"""The process that reads batches of pages, or checks them; started by ``flows.apart``, never by hand.

What comes in is the pickled call of a step; what goes out are lines of JSON: which page is worked on, what is logged, and
at the end the pickled result or error.  Both ends are this program.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import pickle
import sys
import time
from typing import Any, BinaryIO

from flows import steps
from tasks import pace
from tasks.process import answer, serving

#: Seconds between two words of which page is worked on, where not every one is asked for.
EVERY = 1.0


class _Forward(logging.Handler):
    """Has the parent log what is logged here."""

    def __init__(self, out: BinaryIO) -> None:
        super().__init__()
        self.out = out

    def emit(self, record: logging.LogRecord) -> None:
        _say(self.out, {"log": [record.name, record.levelno, self.format(record)]})


def main() -> None:
    source, out = serving(int(sys.argv[1]))
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("500")  # where memory runs out, this process goes, and not the run or its engine
    logger = logging.getLogger("banmian")
    logger.addHandler(_Forward(out))
    logger.setLevel(logging.INFO)
    logger.propagate = False
    _say(out, {"ready": True})
    while line := source.readline(4096):
        request = json.loads(line)
        pace.listen(_Pace(out, 0.0 if request["exact"] else EVERY))
        _say(out, _call(*pickle.loads(source.read(request["bytes"]))))


class _Pace:
    """Says which page is worked on."""

    def __init__(self, out: BinaryIO, every: float) -> None:
        self.out, self.every, self.said = out, every, time.monotonic()

    def __call__(self, stage: str, uri: str) -> None:
        if time.monotonic() - self.said >= self.every:
            _say(self.out, {"at": [stage, uri]})
            self.said = time.monotonic()


def _call(step: str, arguments: tuple[Any, ...]) -> dict[str, str]:
    try:
        return {"result": _packed(getattr(steps, step)(*arguments))}
    except Exception as error:  # noqa: BLE001 - it is raised again in the parent
        try:
            return {"raised": _packed(error)}
        except Exception:  # noqa: BLE001 - one that can't be sent
            return {"raised": _packed(RuntimeError(f"{type(error).__name__}: {error}"))}


def _packed(value: Any) -> str:
    data = pickle.dumps(value)
    pickle.loads(data)
    return base64.b64encode(data).decode()


def _say(out: BinaryIO, value: dict[str, Any]) -> None:
    answer(out, value)
    out.flush()


if __name__ == "__main__":
    main()
