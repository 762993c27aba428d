"""Relations of a row to its text and to rows of other tables, as true/false columns for the suites to ask for.

Each function takes staged Arrow tables and returns the columns that hold scalars, with the relations
beside them.  Text columns that no check asks for are left out: frames stay small.

``raw_chars`` is, for each page_id, how many characters the raw page has, white space included; null where the raw pages are
not at hand (published tables): then relations to them are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.checks import is_scalar
from expectations.units import is_known_unit
from tasks.schema import ARTICLES, INDICATORS, PAGES, Table

#: Name of a relation → whether it holds for a row.
Relations = dict[str, Callable[[dict[str, Any]], bool]]

#: Measures whose number is set against a base.
COMPARED = ("growth", "change", "contribution")


def page_frame(pages: pa.Table, raw_chars: dict[str, int] | None) -> pa.Table:
    frame = _scalars(pages, PAGES)
    rows = pages.select(["page_id", "status", "reason", "chars", "articles", "leftovers", "publication_date", "publication_date_source"])
    relations: Relations = {
        "reason_given": lambda row: (row["status"] == "published") == (row["reason"] is None),
        "date_source_given": lambda row: (row["publication_date"] is None) == (row["publication_date_source"] is None),
        "no_error_of_ours": lambda row: not (row["reason"] or "").startswith("error:"),
        "text_yields_article": lambda row: row["status"] == "rejected" or (row["chars"] or 0) < LITTLE_TEXT or (row["articles"] or 0) > 0,
    }
    if raw_chars is not None:
        relations["leftovers_inside_page"] = lambda row: all(
            span and 0 <= span["start"] <= span["end"] <= raw_chars.get(row["page_id"], 0) for span in row["leftovers"] or ()
        )
    return _with(frame, rows.to_pylist(), relations)


def published_page_frame(pages: pa.Table, articles: pa.Table, indicators: pa.Table) -> pa.Table:
    """``page_frame`` of published rows, with what the tables must say of one another."""
    rows = {name: Counter(table.column("page_id").to_pylist()) for name, table in (("articles", articles), ("indicators", indicators))}
    agree: Relations = {"counts_agree": lambda row: all(row[name] == rows[name][row["page_id"]] for name in rows)}
    return _with(page_frame(pages, None), pages.select(["page_id", *rows]).to_pylist(), agree)


#: Characters below which a page may well hold no article.
LITTLE_TEXT = 200


def article_frame(articles: pa.Table, pages: pa.Table, raw_chars: dict[str, int] | None) -> pa.Table:
    ids = set(pages.column("page_id").to_pylist())
    rows = articles.select(["page_id", "page_char_start", "page_char_end", "body"]).to_pylist()
    relations: Relations = {
        "page_exists": lambda row: row["page_id"] in ids,
        "body_holds_text": lambda row: bool((row["body"] or "").strip()),
        **_inside_page(raw_chars),
    }
    return _with(_scalars(articles, ARTICLES), rows, relations)


def indicator_frame(indicators: pa.Table, articles: pa.Table, raw_chars: dict[str, int] | None) -> pa.Table:
    bodies = dict(zip(articles.column("article_id").to_pylist(), articles.column("body").to_pylist(), strict=True))
    names = ["article_id", "page_id", "char_start", "char_end", "page_char_start", "page_char_end", "value_text", "sentence"]
    names += ["indicator_span", "period_span", "area_span", "measure", "comparison_basis", "obs_value", "unit_measure"]
    names += ["period_start", "period_end", "time_period"]

    def body(row: dict[str, Any]) -> str:
        return bodies.get(row["article_id"]) or ""

    def slots_inside(row: dict[str, Any]) -> bool:
        spans = [row["indicator_span"], row["period_span"], row["area_span"]]
        return all(span is None or _inside(span["start"], span["end"], len(body(row))) for span in spans)

    return _with(
        _scalars(indicators, INDICATORS),
        indicators.select(names).to_pylist(),
        {
            "article_exists": lambda row: row["article_id"] in bodies,
            "span_inside_body": lambda row: _inside(row["char_start"], row["char_end"], len(body(row))),
            "text_at_span_is_value_text": lambda row: (
                "".join(body(row)[row["char_start"] or 0 : row["char_end"] or 0].split()) == "".join((row["value_text"] or "").split())
            ),
            **_inside_page(raw_chars),
            "sentence_inside_body": lambda row: (row["sentence"] or "") in body(row),
            "slot_spans_inside_body": slots_inside,
            "unit_known": lambda row: is_known_unit(row["unit_measure"] or ""),
            "value_in_range": _value_in_range,
            "basis_fits_measure": lambda row: row["comparison_basis"] is None or row["measure"] in COMPARED,
            "period_in_order": lambda row: (
                row["period_start"] is None or row["period_end"] is None or row["period_start"] <= row["period_end"]
            ),
            "period_dated": lambda row: (row["time_period"] is None) == (row["period_start"] is None) == (row["period_end"] is None),
        },
    )


def _value_in_range(row: dict[str, Any]) -> bool:
    """Shares of a whole within it, ranks from 1 up in whole numbers, rates and points within reason."""
    value, unit, measure = row["obs_value"], row["unit_measure"], row["measure"]
    if value is None or value != value or value in (float("inf"), float("-inf")):
        return False
    if unit == "rank" or measure == "rank":
        return bool(value >= 1 and value == int(value))
    if measure == "share":
        return bool(0 <= value <= 100)
    if unit in ("%", "pp"):
        return bool(-10_000 <= value <= 10_000_000)
    return True


def _inside_page(raw_chars: dict[str, int] | None) -> Relations:
    if raw_chars is None:
        return {}
    return {"span_inside_page": lambda row: _inside(row["page_char_start"], row["page_char_end"], raw_chars.get(row["page_id"], 0))}


def _inside(start: int | None, end: int | None, length: int) -> bool:
    return start is not None and end is not None and 0 <= start < end <= length


def _scalars(rows: pa.Table, table: Table) -> pa.Table:
    """The columns that suites look at; of the others, whether they are given."""
    frame = rows.select([column.name for column in table.columns if is_scalar(column)])
    for column in table.columns:
        if not column.nullable and not is_scalar(column):
            frame = frame.append_column(f"{column.name}_given", pc.is_valid(rows.column(column.name)))
    return frame


def _with(frame: pa.Table, rows: Iterable[dict[str, Any]], relations: Relations) -> pa.Table:
    rows = list(rows)
    for name, holds in relations.items():
        frame = frame.append_column(name, pa.array([holds(row) for row in rows], pa.bool_()))
    return frame


def raw_characters(raw: pa.Table) -> dict[str, int]:
    """page_id → characters of the raw page."""
    return dict(zip(raw.column("page_id").to_pylist(), pc.fill_null(pc.utf8_length(raw.column("text")), 0).to_pylist(), strict=True))
