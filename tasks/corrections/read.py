"""The file of corrections, checked line by line against the schema."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from tasks.schema import ARTICLES, INDICATORS, PAGES, Column, Table
from tasks.storage import Place, place

COLUMNS = ("page", "row", "slot", "was", "now", "reason")
DROP = "*"

#: What may be corrected: everything that says something; not identifiers, texts and their places.
SLOTS: dict[str, tuple[Table, tuple[str, ...]]] = {
    "page": (PAGES, ("newspaper", "publication_date", "page_no")),
    "article": (
        ARTICLES,
        (
            "headline",
            "subheadline",
            "kicker",
            "source",
            "dateline_date",
            "dateline_place",
            "reporters",
            "correspondents",
            "ref_area",
            "ref_area_name",
        ),
    ),
    "amount": (
        INDICATORS,
        (
            *("obs_value", "unit_measure", "indicator", "indicator_code", "ref_area", "ref_area_name", "subject", "counterpart_area"),
            *("time_period", "period_start", "period_end", "measure", "comparison_basis", "qualifier", "stance"),
        ),
    ),
}


class CorrectionError(ValueError):
    """A line of the file that can't be understood; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the file."""

    page: str
    row: str
    slot: str
    was: str
    now: str
    reason: str
    line: int = 0

    @property
    def kind(self) -> str:
        """page, article or amount"""
        return self.row.partition(":")[0] or "page"

    @property
    def which(self) -> str:
        return self.row.partition(":")[2]

    @property
    def column(self) -> Column:
        return SLOTS[self.kind][0].column(self.slot)

    def name(self) -> str:
        return f"line {self.line} ({self.page} {self.row} {self.slot})".replace("  ", " ")


def read_corrections(path: str | Place) -> list[Correction]:
    """The corrections in a file.  Raises ``CorrectionError`` at the first line that is wrong, and ``OSError``."""
    try:
        text = place(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CorrectionError(f"{path} is not UTF-8") from None
    found: list[Correction] = []
    names: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        if names is None:
            if tuple(cells) != COLUMNS:
                raise CorrectionError(f"{path}:{number}: the columns are {' '.join(COLUMNS)}, with tabs between")
            names = cells
            continue
        if len(cells) > len(names):
            raise CorrectionError(f"{path}:{number}: {len(cells)} cells for {len(names)} columns")
        correction = Correction(**dict(zip(names, cells + [""] * (len(names) - len(cells)), strict=True)), line=number)
        if problem := _problem(correction):
            raise CorrectionError(f"{path}:{number}: {problem}")
        if any((other.page, other.row, other.slot) == (correction.page, correction.row, correction.slot) for other in found):
            raise CorrectionError(f"{path}:{number}: corrects {correction.slot} of the same row twice")
        found.append(correction)
    return found


def value(column: Column, cell: str) -> Any:
    """A cell as the column's type has it; nothing is null.  Raises ``ValueError``."""
    if pa.types.is_list(column.type):
        return [part for part in cell.split("|") if part]
    if not cell:
        return None
    if pa.types.is_date(column.type):
        return date.fromisoformat(cell)
    if pa.types.is_integer(column.type):
        return int(cell)
    return float(cell) if pa.types.is_floating(column.type) else cell


def of_pages(corrections: Iterable[Correction]) -> dict[str, list[Correction]]:
    """URI of a file → corrections of its pages."""
    found: dict[str, list[Correction]] = defaultdict(list)
    for correction in corrections:
        found[correction.page.partition("#")[0]].append(correction)
    return dict(found)


def digest(corrections: Sequence[Correction]) -> str:
    """What enters the fingerprint of a file that these apply to: not where they stand, nor why."""
    if not corrections:
        return ""
    said = [{**asdict(correction), "line": 0, "reason": ""} for correction in corrections]
    said.sort(key=lambda one: (one["page"], one["row"], one["slot"]))
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _problem(correction: Correction) -> str | None:
    """What is wrong with a line, if anything."""
    if not correction.page or not correction.slot:
        return "page and slot are needed"
    if not correction.reason:
        return "a correction says its reason"
    if correction.kind not in SLOTS or (correction.kind != "page") != bool(correction.which):
        return f"{correction.row!r} is no row: nothing for the page, article:2, amount:12.5%"
    if correction.slot == DROP:
        return (
            None
            if correction.kind != "page" and not correction.now and correction.was
            else "* takes an article or amount away: was is needed, now is not"
        )
    _, slots = SLOTS[correction.kind]
    if correction.slot not in slots:
        return f"{correction.slot} of a {correction.kind} can't be corrected; these can: {', '.join(slots)}"
    if correction.was == correction.now:
        return "was and now are the same"
    column = correction.column
    try:
        value(column, correction.was)
        now = value(column, correction.now)
    except ValueError:
        return f"{correction.slot} is a {column.type}: {correction.was!r}, {correction.now!r}"
    if now is None and not column.nullable:
        return f"{correction.slot} can't be empty"
    if column.codes and now is not None and now not in column.codes:
        return f"{correction.slot} is one of {', '.join(column.codes)}"
    return None
