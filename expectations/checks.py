"""The kinds of expectation: each finds its failing rows itself, and says itself to Great Expectations.

Great Expectations gates a batch and writes the Data Docs; the failing rows come from ``failing``, which
is far cheaper than its complete result format.  Both must count the same (`tasks.validate.gate` compares).
A null (or NaN) passes every check but `NotNull`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tasks.schema import Column, Table

#: Share of a table's rows that may fail an expectation before the batch does.
TOLERATED = 0.05
#: A few rows may always fail: in a small batch their share says nothing.
TOLERATED_ROWS = 10


@dataclass(frozen=True, kw_only=True)
class Check:
    """An expectation on one column.  ``why`` completes the sentence that is shown with a failing row."""

    column: str
    why: str = ""
    tolerated: float = TOLERATED
    tolerated_rows: int = TOLERATED_ROWS

    @property
    def name(self) -> str:
        """``<column>.<kind>``: what stands in the quarantine table, after the table's name."""
        return f"{self.column}.{self.kind}"

    @property
    def kind(self) -> str:
        raise NotImplementedError

    @property
    def expected(self) -> str:
        """What is asked for, in words."""
        raise NotImplementedError

    def failing(self, frame: pa.Table) -> pa.BooleanArray:
        """True for each row that fails."""
        raise NotImplementedError

    def said(self, mostly: float) -> Any:
        """The same as an expectation of Great Expectations."""
        raise NotImplementedError

    def _meta(self) -> dict[str, str]:
        return {"name": self.name, "notes": self.expected}


@dataclass(frozen=True, kw_only=True)
class NotNull(Check):
    kind = "not_null"

    @property
    def expected(self) -> str:
        return f"{self.column} is never null"

    def failing(self, frame: pa.Table) -> pa.BooleanArray:
        return pc.invert(_present(_flat(frame.column(self.column))))

    def said(self, mostly: float) -> Any:
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToNotBeNull(column=self.column, mostly=mostly, meta=self._meta())


@dataclass(frozen=True, kw_only=True)
class Unique(Check):
    kind = "unique"

    @property
    def expected(self) -> str:
        return f"{self.column} is unique"

    def failing(self, frame: pa.Table) -> pa.BooleanArray:
        column = _flat(frame.column(self.column))
        counts = pc.value_counts(column)
        repeated = counts.field("values").filter(pc.greater(counts.field("counts"), 1)).drop_null()
        return pc.is_in(column, value_set=repeated)

    def said(self, mostly: float) -> Any:
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToBeUnique(column=self.column, mostly=mostly, meta=self._meta())


@dataclass(frozen=True, kw_only=True)
class OneOf(Check):
    values: Collection[str]
    kind = "in_list"

    @property
    def expected(self) -> str:
        few = ", ".join(sorted(self.values)) if len(self.values) <= 12 else f"the {len(self.values):,} known ones"
        return f"{self.column} is one of {few}{self.why}"

    def failing(self, frame: pa.Table) -> pa.BooleanArray:
        column = _flat(frame.column(self.column))
        return _but_nulls(pc.invert(pc.is_in(column, value_set=pa.array(sorted(self.values), column.type))), column)

    def said(self, mostly: float) -> Any:
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToBeInSet(column=self.column, value_set=sorted(self.values), mostly=mostly, meta=self._meta())


@dataclass(frozen=True, kw_only=True)
class Between(Check):
    low: float | date
    high: float | date
    kind = "in_range"

    @property
    def expected(self) -> str:
        return f"{self.column} lies between {self.low} and {self.high}{self.why}"

    def failing(self, frame: pa.Table) -> pa.BooleanArray:
        column = _flat(frame.column(self.column))
        low, high = (pa.scalar(limit, column.type) for limit in (self.low, self.high))
        return _but_nulls(pc.or_(pc.less(column, low), pc.greater(column, high)), column)

    def said(self, mostly: float) -> Any:
        from great_expectations import expectations as gxe

        low, high = (int(f"{limit:%Y%m%d}") if isinstance(limit, date) else limit for limit in (self.low, self.high))
        return gxe.ExpectColumnValuesToBeBetween(column=self.column, min_value=low, max_value=high, mostly=mostly, meta=self._meta())


@dataclass(frozen=True, kw_only=True)
class Matches(Check):
    """``pattern`` is written in the syntax that RE2 and Python share, and anchored at both ends."""

    pattern: str
    kind = "in_form"

    @property
    def expected(self) -> str:
        return f"{self.column} has the form {self.pattern}{self.why}"

    def failing(self, frame: pa.Table) -> pa.BooleanArray:
        column = _flat(frame.column(self.column))
        return _but_nulls(pc.invert(pc.match_substring_regex(column, self.pattern)), column)

    def said(self, mostly: float) -> Any:
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToMatchRegex(column=self.column, regex=self.pattern, mostly=mostly, meta=self._meta())


@dataclass(frozen=True, kw_only=True)
class Holds(Check):
    """A relation of the row to its text or to other rows: a true/false column made in ``relations``."""

    kind = "holds"

    @property
    def expected(self) -> str:
        return self.why

    @property
    def name(self) -> str:
        return self.column

    def failing(self, frame: pa.Table) -> pa.BooleanArray:
        column = _flat(frame.column(self.column))
        return _but_nulls(pc.invert(column), column)

    def said(self, mostly: float) -> Any:
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToBeInSet(column=self.column, value_set=[True], mostly=mostly, meta=self._meta())


#: Long texts: relations look at them, suites only at whether they are given.
TEXTS = frozenset({"body", "sentence", "headline", "subheadline", "kicker"})


def is_scalar(column: Column) -> bool:
    """Whether a column is short enough for a suite to look at its values."""
    return column.name not in TEXTS and not pa.types.is_nested(column.type)


def from_schema(table: Table) -> list[Check]:
    """What the schema module itself says: columns that may not be null, and closed lists of codes."""
    found: list[Check] = []
    for column in table.columns:
        if not column.nullable and is_scalar(column):
            found.append(NotNull(column=column.name))
        elif not column.nullable:
            found.append(Holds(column=f"{column.name}_given", why=f"{column.name} is never null"))
        if column.codes:
            found.append(OneOf(column=column.name, values=column.codes))
    return found


def _flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _but_nulls(failing: pa.BooleanArray, column: pa.Array) -> pa.BooleanArray:
    return pc.and_(pc.fill_null(failing, False), _present(column))


def _present(column: pa.Array) -> pa.BooleanArray:
    """NaN counts as null: pandas, which Great Expectations looks through, can't tell them apart."""
    return pc.invert(pc.is_null(column, nan_is_null=True))
