"""All days of a wave take their places together: written aside first, then a list of moves, then the moves.

::

    staging/<run>/<wave>/aside/0001.parquet …   days as they shall be, flushed
    staging/<run>/<wave>/aside/commit.json      [[["0001.parquet", "articles/publication_month=…/….parquet"], …], …]

The list has turns: moves of an earlier turn are made before those of a later one.  A place without a file (null) is one whose
file goes.  A run that dies before
``commit.json`` stands has changed nothing; what it leaves is thrown away.  One that dies after it is finished by the
next run: on disk, the moves still to be made are those whose file is still aside; in a bucket (``tasks.publish.bucket``)
all are made again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from tasks.publish import bucket
from tasks.publish.files import flush
from tasks.publish.places import COMMIT, Output
from tasks.s3 import Key
from tasks.storage import Place

#: A file that stands aside, and its place under the output's root; none where the file that stands there goes.
Move = tuple[Path | None, str]


def commit(turns: Sequence[Sequence[Move]], output: Output, aside: Path) -> None:
    """Move files that stand in ``aside`` to their places under the output, turn by turn, in the order given.

    Raises ``OSError``; once ``commit.json`` stands, `recover` makes the moves that were not made.
    """
    if not any(turns):
        return
    listed = [[(source.relative_to(aside).as_posix() if source else None, target) for source, target in turn] for turn in turns]
    if isinstance(output.root, Key):
        bucket.commit(listed, output.root, aside, _there(aside, output))
        return
    for folder in sorted({(output.root / target).parent for turn in turns for _, target in turn}):
        folder.mkdir(parents=True, exist_ok=True)
    for source in (source for turn in turns for source, _ in turn if source):
        flush(source)  # one after the other, after all were written: most are on the disk by now
    draft = aside / f"{COMMIT}.tmp"
    with open(draft, "w", encoding="utf-8") as stream:
        json.dump(listed, stream, ensure_ascii=False, indent=0)
        stream.flush()
        os.fsync(stream.fileno())
    flush(aside)
    os.replace(draft, aside / COMMIT)
    flush(aside)
    _move(aside, output.root)


def resume(aside: Path, output: Output) -> bool:
    """Make the moves of a list that stands in ``aside``, and empty it: a publish that is tried again starts anew."""
    if isinstance(output.root, Key):
        stands = bucket.resume(output.root, _there(aside, output))
    else:
        stands = (aside / COMMIT).exists()
        if stands:
            _move(aside, output.root)
    shutil.rmtree(aside, ignore_errors=True)
    return stands


def recover(output: Output) -> tuple[int, int]:
    """Finish what dead runs had decided to publish, and take away all else that they left.

    To be called by whoever holds the output.  Returns the waves finished and the runs cleaned up after.
    """
    finished, left = 0, set[str]()
    if isinstance(output.staging, Key):
        finished, left = bucket.recover(output)
    elif output.staging.exists():
        finished = sum(resume(listing.parent, output) for listing in sorted(output.staging.glob(f"*/*/aside/{COMMIT}")))
        left = _cleared(output.staging)
    if output.work != output.staging and output.work.exists():
        left |= _cleared(output.work)
    return finished, len(left)


def leftovers(output: Output) -> bool:
    """Whether there is something for `recover` to do."""
    folders: set[Place] = {output.staging, output.work}
    return any(any(folder.glob("*") if isinstance(folder, Path) else folder.files()) for folder in folders)


def _cleared(staging: Path) -> set[str]:
    """Empty a folder; what stood in it."""
    left = sorted(staging.iterdir())
    for path in left:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return {path.name for path in left}


def _there(aside: Path, output: Output) -> Key:
    """Where in the bucket stands what is in ``aside`` on this machine: ``staging/<run>/<wave>/aside``."""
    assert isinstance(output.staging, Key)
    return output.staging / "/".join(aside.parts[-3:])


def _move(aside: Path, root: Path) -> None:
    turns = json.loads((aside / COMMIT).read_text(encoding="utf-8"))
    moves = [(source and aside / source, root / target) for turn in turns for source, target in turn]
    for source, target in moves:
        if source is None:
            target.unlink(missing_ok=True)
        elif source.exists():  # else it was moved before the last run died
            os.replace(source, target)
    for folder in sorted({target.parent for _, target in moves}):
        flush(folder)
    (aside / COMMIT).unlink()
