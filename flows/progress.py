"""How far a run is: the flow says it, whoever watches (the command line, the run's page) listens."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TextIO

#: Called with the stage, the batches done, the batches there are, and the share of the whole run that is done.
Listener = Callable[[str, int, int, float], None]

#: What each stage takes of a wave's time, roughly.
SHARES = {"read": 0.75, "validate": 0.2, "publish": 0.05}

listener: ContextVar[Listener | None] = ContextVar("banmian_progress", default=None)


@contextmanager
def heard_by(other: Listener) -> Iterator[None]:
    """Have another listener told too."""
    first = listener.get()

    def both(stage: str, done: int, of: int, share: float) -> None:
        if first is not None:
            first(stage, done, of, share)
        other(stage, done, of, share)

    token = listener.set(both)
    try:
        yield
    finally:
        listener.reset(token)


def tell(stage: str, done: int, of: int, wave: int = 1, waves: int = 1) -> None:
    heard = listener.get()
    if heard is not None:
        heard(stage, done, of, share_done(stage, done, of, wave, waves))


def share_done(stage: str, done: int, of: int, wave: int = 1, waves: int = 1) -> float:
    """Share of the run that is done, 0 to 1.  ``wave``: from 1."""
    names = list(SHARES)
    if stage not in SHARES:  # what a run does beside its waves is done by itself, or after them
        return done / of if of else 1.0
    before = sum(SHARES[name] for name in names[: names.index(stage)])
    return (wave - 1 + before + SHARES[stage] * (done / of if of else 1.0)) / waves


class Terminal:
    """One line that is written over on a terminal; a line a stage where output goes to a file."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.live = self.stream.isatty()
        self.width = 0

    def __call__(self, stage: str, done: int, of: int, share: float) -> None:
        text = f"  {stage:<10} {done}/{of}" if of else f"  {stage}"
        if self.live:
            text += f"  {share:.0%}"
            print(f"\r{text:<{self.width}}", end="", file=self.stream, flush=True)
            self.width = len(text)
        elif done == of:
            print(text, file=self.stream, flush=True)

    def close(self) -> None:
        if self.live and self.width:
            print(f"\r{'':<{self.width}}\r", end="", file=self.stream, flush=True)
            self.width = 0
