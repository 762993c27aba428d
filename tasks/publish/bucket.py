"""Tables in a bucket: days are made on this machine from a copy of those that are there, and all of a wave take their places together.

::

    staging/<run>/<wave>/aside/0001.parquet …   days as they shall be, each put whole
    staging/<run>/<wave>/aside/commit.json      then the list of moves, as on disk

An object store knows no renaming: a move is a copy made by the store, of which readers see all or nothing.  The files aside
stay until the list is gone, so that whoever finds the list can make all its moves (again) from the bucket alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from tasks.publish.places import COMMIT, SCHEMA_FILE, Output
from tasks.s3 import Key, StorageError, ahead, remove
from tasks.schema import PUBLISHED
from tasks.storage import upload

#: A file's name aside, or none where what stands there goes, and its place under the output's root.
Listed = Sequence[str | None]


def copied(output: Output, days: Iterable[str], home: Path) -> Path:
    """A folder of this machine with the tables' files of some days, as they stand: the output itself, if it is on this machine."""
    if isinstance(output.root, Path):
        return output.root
    names = [f"{table.name}/{day}" for day in {SCHEMA_FILE, *days} for table in PUBLISHED]
    for name, content in zip(names, ahead(_content, [output.root / name for name in names]), strict=True):
        if content is not None:
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(content)
    return home


def commit(turns: Sequence[Sequence[Listed]], root: Key, aside: Path, there: Key) -> None:
    """Put the files of the moves into the bucket, then the list, then make the moves."""
    upload([(aside / source, there / source) for turn in turns for source, _ in turn if source])
    (there / COMMIT).put(json.dumps(turns, ensure_ascii=False, indent=0).encode())
    if not resume(root, there):
        raise StorageError(f"{there} was cleared by another run: nothing of this wave was published")


def resume(root: Key, there: Key) -> bool:
    """Make the moves of a list, and take away what stands beside it.

    A list whose files are not all there is of a run that lost its hold and was cleaned up after: it is no list any more.
    """
    present = {entry.key for entry in there.files()}
    stands = there / COMMIT in present
    if stands:
        turns = json.loads((there / COMMIT).read_text())
        stands = all(there / source in present for turn in turns for source, _ in turn if source)
        for turn in turns if stands else ():
            remove([root / target for source, target in turn if source is None])
            days: dict[str, list[tuple[Key, Key]]] = {}
            for source, target in (move for move in turn if move[0]):
                days.setdefault(target.partition("/")[2], []).append((there / source, root / target))
            for _ in ahead(_made, days.values()):
                pass
        (there / COMMIT).unlink()
    remove(sorted(present - {there / COMMIT}))
    return stands


def recover(output: Output) -> tuple[int, set[str]]:
    """Finish the lists of moves that stand, and clear the staging; how many there were, and the runs that left something."""
    assert isinstance(output.root, Key) and isinstance(output.staging, Key)
    left = [entry.key for entry in output.staging.files()]
    lists = [key for key in left if key.name == COMMIT]
    finished = sum(resume(output.root, key.parent) for key in lists)
    remove([key for key in left if not any(key.parent == made.parent for made in lists)])
    return finished, {str(key).removeprefix(f"{output.staging}/").partition("/")[0] for key in left}


def _made(moves: Sequence[tuple[Key, Key]]) -> None:
    """Make the moves of one day, table after table."""
    for source, target in moves:
        source.copy_to(target)


def _content(key: Key) -> bytes | None:
    try:
        return key.read_bytes()
    except FileNotFoundError:
        return None
