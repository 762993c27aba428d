"""Where everything stands under the output folder.

::

    articles/    publication_month=2023-09/湖南日报-2023-09-20.parquet   a table's root holds nothing but its files
    indicators/  publication_month=2023-09/湖南日报-2023-09-20.parquet
    pages/       publication_month=2023-09/湖南日报-2023-09-20.parquet
                 publication_month=2023-08/month-5e0c….parquet           … or, of months that were compacted, many days
    quarantine/  one file a run: rows held back and pages rejected
    docs/        Data Docs of the last runs
    staging/     work of runs under way
    state/       the lock, and a record of each of the last runs

The output is a folder of this machine, or one in a bucket (``s3://…``).  Work under way is always done on this machine.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tasks.s3 import Key
from tasks.storage import Place, place

PARTITION = "publication_month"
#: Month of pages of unknown date.  A text as the months are: Hive's name for null makes pandas fail on the column, and a filter on months
#: from some month on leaves these out, as they sort before all.
UNDATED = "0000-undated"
#: A file without rows that is listed first in every table and never replaced: DuckDB takes the columns from the first
#: file that it lists, opens that one a second time, and fails where it was replaced in between.
NO_MONTH = "0000-00"
SCHEMA_FILE = f"{PARTITION}={NO_MONTH}/schema.parquet"
#: The list of moves of a wave, beside the files that are moved.
COMMIT = "commit.json"
#: File names stay under the 255 bytes that file systems allow.
NAME_BYTES = 150


@dataclass(frozen=True, slots=True)
class Output:
    """The output folder and the places in it.  ``scratch``: where work under way is done; else under the output, or where
    the system keeps temporary files when the output is in a bucket."""

    root: Place
    scratch: Path | None = None

    def table(self, name: str) -> Place:
        return self.root / name

    @property
    def quarantine(self) -> Place:
        return self.root / "quarantine"

    @property
    def docs(self) -> Place:
        return self.root / "docs"

    @property
    def staging(self) -> Place:
        """What is about to take its place in the tables; nothing else in a bucket."""
        return self.root / "staging"

    @property
    def work(self) -> Path:
        """A folder of this machine, and of this output only, for work under way."""
        if self.scratch is None and isinstance(self.root, Path):
            return self.root / "staging"
        name = str(self.root) if isinstance(self.root, Key) else str(self.root.absolute())
        mine = f"banmian-{os.getuid()}-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
        return (self.scratch or Path(tempfile.gettempdir())).absolute() / mine

    def aside(self, run: str, wave: str) -> Path:
        """The folder of this machine where a run writes the days of a wave: on the tables' file system, if they are on one."""
        home = self.root / "staging" if isinstance(self.root, Path) else self.work
        return home / run / wave / "aside"

    @property
    def lock(self) -> Place:
        return self.root / "state" / "lock"

    @property
    def runs(self) -> Place:
        return self.root / "state" / "runs"

    @property
    def checksums(self) -> Place:
        return self.root / "state" / "objects.parquet"


def output_at(given: str | Place, scratch: str | None = None) -> Output:
    """The output as a user names it, and the folder for work under way, where one is given.  Raises ``StorageError``."""
    return Output(place(given), Path(scratch) if scratch else None)


def day_file(newspaper: str | None, day: date | None) -> str:
    """Path of a newspaper's day under a table's root; it is the same in all three tables.

    Pages of unknown date stand in a partition of their own.
    """
    month = f"{day:%Y-%m}" if day else UNDATED
    return f"{PARTITION}={month}/{_plain(newspaper or 'unknown')}-{day or 'undated'}.parquet"


def month_file(month: str, digest: str) -> str:
    """Path under a table's root of a file that holds many days of a month, once it is compacted; no day's file has such a name."""
    return f"{PARTITION}={month}/month-{digest}.parquet"


def digest_in(path: str) -> str | None:
    """The digest in the name of a month's file, given its path under a table's root; None for another file."""
    found = re.fullmatch(r"month-([0-9a-f]{16})(?:-\d+)?\.parquet", path.rpartition("/")[2])
    return found and found[1]


def _plain(name: str) -> str:
    """The name with all but letters and digits percent-encoded (a leading ``_`` or ``.`` hides files from readers)."""
    plain = "".join(char if char.isalnum() else "".join(f"%{byte:02X}" for byte in char.encode()) for char in name)
    if len(plain.encode()) <= NAME_BYTES:
        return plain
    return f"{plain.encode()[:NAME_BYTES].decode('utf-8', 'ignore')}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def file_uri(source_uri: str) -> str:
    """URI of the file that holds a page: the page's own without its fragment."""
    return source_uri.partition("#")[0]
