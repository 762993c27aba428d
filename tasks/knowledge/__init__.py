"""Knowledge kept as data: small tab-separated tables, each with its source named in its head.

A table is a ``.tsv`` file beside this module.  Lines that begin with ``#`` are comments (the
first ones say what the table holds and where it comes from); the first other line names the
columns; cells are plain text, empty for null, and ``|`` separates several values in one cell.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    """The rows of ``<table>.tsv`` as dicts keyed by column name.

    Raises ``ValueError`` with file and line when a row has more cells than the header.
    """
    names: list[str] | None = None
    found: list[dict[str, str]] = []
    text = files(__name__).joinpath(f"{table}.tsv").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = line.split("\t")
        if names is None:
            names = cells
            continue
        if len(cells) > len(names):
            raise ValueError(f"{table}.tsv:{number}: {len(cells)} cells for {len(names)} columns")
        found.append(dict(zip(names, cells + [""] * (len(names) - len(cells)), strict=True)))
    return tuple(found)


def values(cell: str) -> list[str]:
    """The values of one cell: ``"a|b"`` is two, ``""`` none."""
    return [value for value in cell.split("|") if value]
