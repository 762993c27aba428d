"""The version of the tables' shape that files name, and whether this program may write beside them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.publish.places import SCHEMA_FILE, Output
from tasks.schema import PUBLISHED, SCHEMA_VERSION
from tasks.storage import Place, matching, opened

#: Where a file names it: in the metadata of its schema.
KEY = b"schema_version"


class OtherVersion(RuntimeError):
    """Tables of another version than this program's; the message is one line that says what to do."""


def version_in(schema: pa.Schema) -> int:
    """The version that a file's schema names; 0 where it names none, as before versions were kept."""
    return int((schema.metadata or {}).get(KEY, b"0"))


def expect_version(version: int, root: Place) -> None:
    """Raises ``OtherVersion`` where ``version``, met in the tables under ``root``, is not the one that this program writes."""
    if version < SCHEMA_VERSION:
        raise OtherVersion(
            f"the tables in {root} have schema version {version}, this program writes {SCHEMA_VERSION}: "
            f"`banmian migrate {root}` brings them up"
        )
    if version > SCHEMA_VERSION:
        raise OtherVersion(
            f"the tables in {root} have schema version {version}, newer than the {SCHEMA_VERSION} of this program: "
            "go on with the program that wrote them, or with a newer one"
        )


def check_version(output: Output) -> None:
    """Raises ``OtherVersion`` where the tables have another version than this program writes.

    A table's version is that of the file that stands first in it (``SCHEMA_FILE``), or of any other where that is missing;
    `read_day` looks at each file that it reads.
    """
    for table in PUBLISHED:
        root = output.table(table.name)
        first = root / SCHEMA_FILE
        path = first if first.exists() else next(iter(matching(root, "*/*.parquet")), None)
        if path is not None:
            expect_version(version_in(pq.read_schema(opened(path))), output.root)
