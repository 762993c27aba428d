"""All days of a wave take their places together: written aside first, then a list of moves, then the moves.

::

    staging/<run>/<wave>/aside/0001.parquet …   days as they shall be, flushed
    staging/<run>/<wave>/aside/commit.json      [["0001.parquet", "articles/publication_month=…/….parquet"], …]

A run that dies before ``commit.json`` stands has changed nothing; what it leaves is thrown away.  One that
dies after it is finished by the next run: the moves still to be made are those whose file is still aside.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tasks.publish.files import flush
from tasks.publish.places import Output

COMMIT = "commit.json"


def commit(moves: Sequence[tuple[Path, Path]], output: Output, aside: Path) -> None:
    """Move files that stand flushed in ``aside`` to their places under the output, in the order given.

    Raises ``OSError``; once ``commit.json`` stands, `recover` makes the moves that were not made.
    """
    if not moves:
        return
    for folder in sorted({target.parent for _, target in moves}):
        folder.mkdir(parents=True, exist_ok=True)
    listed = [[source.relative_to(aside).as_posix(), target.relative_to(output.root).as_posix()] for source, target in moves]
    draft = aside / f"{COMMIT}.tmp"
    with open(draft, "w", encoding="utf-8") as stream:
        json.dump(listed, stream, ensure_ascii=False, indent=0)
        stream.flush()
        os.fsync(stream.fileno())
    flush(aside)
    os.replace(draft, aside / COMMIT)
    flush(aside)
    _move(aside, output)


def resume(aside: Path, output: Output) -> bool:
    """Make the moves of a list that stands in ``aside``, and empty it: a publish that is tried again starts anew."""
    stands = (aside / COMMIT).exists()
    if stands:
        _move(aside, output)
    shutil.rmtree(aside, ignore_errors=True)
    return stands


def recover(output: Output) -> tuple[int, int]:
    """Finish what dead runs had decided to publish, and take away all else that they left.

    To be called by whoever holds the output.  Returns the waves finished and the runs cleaned up after.
    """
    if not output.staging.exists():
        return 0, 0
    finished = sum(resume(listing.parent, output) for listing in sorted(output.staging.glob(f"*/*/aside/{COMMIT}")))
    left = sorted(output.staging.iterdir())
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return finished, len(left)


def _move(aside: Path, output: Output) -> None:
    moves = [(aside / source, output.root / target) for source, target in json.loads((aside / COMMIT).read_text(encoding="utf-8"))]
    for source, target in moves:
        if source.exists():  # else it was moved before the last run died
            os.replace(source, target)
    for folder in sorted({target.parent for _, target in moves}):
        flush(folder)
    (aside / COMMIT).unlink()
