"""Which page is being worked on: the stages say it, and whoever watches over the process that they run in listens."""

from __future__ import annotations

from collections.abc import Callable

#: Called with the stage and the page's URI, or that of its file while it is read.
Listener = Callable[[str, str], None]

_listener: Listener | None = None


def listen(listener: Listener | None) -> None:
    global _listener
    _listener = listener


def at(stage: str, uri: str) -> None:
    """Say that the stage begins with a page."""
    if _listener is not None:
        _listener(stage, uri)
