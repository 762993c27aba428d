"""What a row of ``indicators`` must be."""

from __future__ import annotations

from datetime import date

from expectations.checks import Between, Check, Holds, Matches, OneOf, Unique, from_schema
from expectations.pages import FIRST_DAY, LAST_DAY
from tasks.knowledge import rows
from tasks.schema import BASES, INDICATORS

#: SDMX time periods: 2022, 2023-08, 2023-Q3, 2022-S1, 2023-09-17, 2023-01-01/P8M.
PERIOD = r"\d{4}(?:-(?:Q[1-4]|S[12]|(?:0[1-9]|1[0-2])(?:-\d\d(?:/P\d+[DWMY])?)?))?"

#: Codes of countries.
PARTNERS = frozenset(row["code"] for row in rows("countries"))

CHECKS: list[Check] = [
    *from_schema(INDICATORS),
    Unique(column="observation_id"),
    Matches(column="observation_id", pattern=r"^[0-9a-f]{16}-[0-9a-z-]+$"),
    Holds(column="article_exists", why="the observation's article exists"),
    Holds(column="span_inside_body", why="the amount's span lies inside the body"),
    Holds(column="text_at_span_is_value_text", why="the body's text at the span, stray spaces removed, is value_text"),
    Holds(column="span_inside_page", why="the amount's span in the raw page lies inside it"),
    Holds(column="sentence_inside_body", why="the sentence stands in the body"),
    Holds(column="slot_spans_inside_body", why="spans of indicator, period and place lie inside the body"),
    Matches(column="indicator", pattern=r"^\S", why=": something is named"),
    Holds(column="unit_known", why="the unit, or each part of a compound, is in the units table"),
    Holds(
        column="value_in_range",
        why="the value is finite; a share lies in 0 to 100, a rank is a whole number from 1, a rate lies within reason",
    ),
    Holds(column="basis_fits_measure", why="only growth, change and contribution have a comparison basis"),
    Matches(column="comparison_basis", pattern=f"^(?:{'|'.join(BASES)}|{PERIOD})$"),
    Matches(column="time_period", pattern=f"^{PERIOD}$"),
    Holds(column="period_dated", why="a period has its first and last day, and only a period does"),
    Holds(column="period_in_order", why="a period's first day is not after its last"),
    Between(column="period_start", low=date(1000, 1, 1), high=date(2300, 12, 31)),
    Between(column="period_end", low=date(1000, 1, 1), high=date(2300, 12, 31)),
    Between(column="publication_date", low=FIRST_DAY, high=LAST_DAY),
    Matches(column="ref_area", pattern=r"^[1-9][0-9]{5}$", why=", a GB/T 2260 code"),
    OneOf(column="counterpart_area", values=PARTNERS, why=", ISO 3166-1 alpha-2"),
    Between(column="confidence", low=0.0, high=1.0),
]
