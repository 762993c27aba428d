"""What commands share that work on published tables between runs: the output, and holding it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.publish.places import Output


def tables_at(given: str) -> Output | None:
    """The output as a user names it; None, said on stderr, where there is no such folder.  Raises ``StorageError``."""
    from tasks.publish.places import output_at

    output = output_at(given)
    if isinstance(output.root, Path) and not output.root.is_dir():
        print(f"banmian: no such folder: {output.root}", file=sys.stderr)
        return None
    return output


@contextmanager
def held(output: Output, work: str) -> Iterator[str]:
    """Hold the output, with what dead runs left finished before and what this leaves after; gives the work's name in staging.

    Raises ``Busy`` and ``OSError``.
    """
    from tasks.publish.commit import recover
    from tasks.runs.lock import hold

    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{work}"
    with hold(output.lock, name):
        recover(output)
        try:
            yield name
        finally:
            recover(output)
