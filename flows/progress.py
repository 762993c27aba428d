"""How far a run is: the flow says it, whoever watches (the command line) listens."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import TextIO

#: Called with the stage, the batches done and the batches there are.
Listener = Callable[[str, int, int], None]

listener: ContextVar[Listener | None] = ContextVar("banmian_progress", default=None)


def tell(stage: str, done: int, of: int) -> None:
    heard = listener.get()
    if heard is not None:
        heard(stage, done, of)


class Terminal:
    """One line that is written over on a terminal; a line a stage where output goes to a file."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.width = 0

    def __call__(self, stage: str, done: int, of: int) -> None:
        text = f"  {stage:<10} {done}/{of}" if of else f"  {stage}"
        if self.live:
            print(f"\r{text:<{self.width}}", end="", file=self.stream, flush=True)
            self.width = len(text)
        elif done == of:
            print(text, file=self.stream, flush=True)

    def close(self) -> None:
        if self.live and self.width:
            print(f"\r{'':<{self.width}}\r", end="", file=self.stream, flush=True)
            self.width = 0
