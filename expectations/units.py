"""Which unit codes are known: those of the units table, and compounds of them."""

from __future__ import annotations

import re
from functools import cache

from tasks.knowledge import rows

#: Codes that the guideline names and no unit word stands for.
SPECIAL = frozenset({"1", "%", "pp", "bp", "index", "rank"})
#: A counted thing in braces, as UCUM writes annotations: ``CNY/{股}``.
COUNTED = re.compile(r"\{[^{}\s]{1,12}\}")


@cache
def known_units() -> frozenset[str]:
    return SPECIAL | {row["code"] for table in ("units", "currencies") for row in rows(table)}


@cache
def is_known_unit(code: str) -> bool:
    """Whether the code, or each part of it between dots and slashes, is known.  ``t.km``, ``CNY/m2``, ``CNY/{股}`` are."""
    if code in known_units():
        return True
    parts = re.split(r"[./]", code)
    return len(parts) > 1 and all(part in known_units() or COUNTED.fullmatch(part) for part in parts)
