"""Relations of a row to its text and to rows of other tables, as true/false columns for the suites to ask for.

Each function takes staged Arrow tables and returns the columns that hold scalars, with the relations
beside them.  Text columns that no check asks for are left out: frames stay small.

``raw_chars`` has, for each ``page_id``, how many ``chars`` the raw page has, white space included; it is None where the raw
pages are not at hand (published tables): then relations to them are left out.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.checks import is_scalar
from expectations.units import is_known_unit
from tasks.schema import ARTICLES, INDICATORS, PAGES, Table

#: Name of a relation → whether it holds, for each row.
Relations = dict[str, pa.Array]

#: Measures whose number is set against a base.
COMPARED = ("growth", "change", "contribution")
#: Characters below which a page may well hold no article.
LITTLE_TEXT = 200


def page_frame(pages: pa.Table, raw_chars: pa.Table | None) -> pa.Table:
    reason = pages.column("reason")
    relations: Relations = {
        "reason_given": pc.equal(_is(pages.column("status"), "published"), pc.is_null(reason)),
        "date_source_given": pc.equal(pc.is_null(pages.column("publication_date")), pc.is_null(pages.column("publication_date_source"))),
        "no_error_of_ours": pc.invert(pc.fill_null(pc.starts_with(reason, "error:"), False)),
        "text_yields_article": _any(
            _is(pages.column("status"), "rejected"),
            pc.less(pc.fill_null(pages.column("chars"), 0), LITTLE_TEXT),
            pc.greater(pc.fill_null(pages.column("articles"), 0), 0),
        ),
    }
    if raw_chars is not None:
        spans = pa.table({"page": pc.list_parent_indices(pages.column("leftovers")), "span": pc.list_flatten(pages.column("leftovers"))})
        start, end = (pc.struct_field(spans.column("span"), name) for name in ("start", "end"))
        length = _length(pages.column("page_id"), raw_chars).take(spans.column("page"))
        wrong = pc.invert(_all(pc.greater_equal(start, 0), pc.less_equal(start, end), pc.less_equal(end, length)))
        numbers = pa.array(range(pages.num_rows), pa.int64())
        relations["leftovers_inside_page"] = pc.invert(pc.is_in(numbers, value_set=pc.unique(spans.column("page").filter(wrong))))
    return _with(_scalars(pages, PAGES), relations)


def published_page_frame(pages: pa.Table, articles: pa.Table, indicators: pa.Table) -> pa.Table:
    """``page_frame`` of published rows, with what the tables must say of one another."""
    agree = []
    for name, table in (("articles", articles), ("indicators", indicators)):
        counts = pc.value_counts(table.column("page_id"))
        place = pc.index_in(pages.column("page_id"), value_set=counts.field("values"), skip_nulls=True)
        agree.append(pc.equal(pages.column(name), pc.fill_null(counts.field("counts").take(place), 0)))
    return _with(page_frame(pages, None), {"counts_agree": _all(*agree)})


def article_frame(articles: pa.Table, pages: pa.Table, raw_chars: pa.Table | None) -> pa.Table:
    relations: Relations = {
        "page_exists": pc.is_in(articles.column("page_id"), value_set=_flat(pages.column("page_id"))),
        "body_holds_text": pc.greater(pc.fill_null(pc.utf8_length(pc.utf8_trim_whitespace(articles.column("body"))), 0), 0),
        **_inside_page(articles, raw_chars),
    }
    return _with(_scalars(articles, ARTICLES), relations)


def indicator_frame(indicators: pa.Table, articles: pa.Table, raw_chars: pa.Table | None) -> pa.Table:
    column = indicators.column
    place = _flat(pc.index_in(column("article_id"), value_set=_flat(articles.column("article_id")), skip_nulls=True))
    length = pc.fill_null(pc.utf8_length(_flat(articles.column("body"))).take(place), 0)
    at_span, holds_sentence = _texts(indicators, articles, place)
    slots = []
    for name in ("indicator_span", "period_span", "area_span"):
        start, end = (pc.struct_field(_flat(column(name)), part) for part in ("start", "end"))
        slots.append(_any(pc.is_null(_flat(column(name))), _inside(start, end, length)))
    units = pc.unique(column("unit_measure"))
    known = pa.array([unit for unit in units.to_pylist() if is_known_unit(unit or "")], units.type)
    period, first, last = (pc.is_null(column(name)) for name in ("time_period", "period_start", "period_end"))
    return _with(
        _scalars(indicators, INDICATORS),
        {
            "article_exists": pc.is_valid(place),
            "span_inside_body": _inside(column("char_start"), column("char_end"), length),
            "text_at_span_is_value_text": at_span,
            **_inside_page(indicators, raw_chars),
            "sentence_inside_body": holds_sentence,
            "slot_spans_inside_body": _all(*slots),
            "unit_known": pc.is_in(column("unit_measure"), value_set=known),
            "value_in_range": _value_in_range(column("obs_value"), column("unit_measure"), column("measure")),
            "basis_fits_measure": _any(pc.is_null(column("comparison_basis")), _is(column("measure"), *COMPARED)),
            "period_in_order": pc.fill_null(pc.less_equal(column("period_start"), column("period_end")), True),
            "period_dated": _all(pc.equal(period, first), pc.equal(first, last)),
        },
    )


def _texts(indicators: pa.Table, articles: pa.Table, place: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Whether the body holds ``value_text`` at its span, white space apart, and whether it holds the sentence.

    Row by row: the bodies of all rows side by side would be a hundred times the text.
    """
    bodies = [body or "" for body in articles.column("body").to_pylist()]
    names = ("char_start", "char_end", "value_text", "sentence")
    at_span, holds_sentence = [], []
    for number, start, end, value, sentence in zip(
        place.to_pylist(), *(indicators.column(name).to_pylist() for name in names), strict=True
    ):
        body = "" if number is None else bodies[number]
        found, value = body[start or 0 : end or 0], value or ""
        at_span.append(found == value or "".join(found.split()) == "".join(value.split()))
        holds_sentence.append((sentence or "") in body)
    return pa.array(at_span, pa.bool_()), pa.array(holds_sentence, pa.bool_())


def _value_in_range(value: pa.Array, unit: pa.Array, measure: pa.Array) -> pa.Array:
    """Shares of a whole within it, ranks from 1 up in whole numbers, rates and points within reason."""
    value = pc.if_else(pc.is_finite(value), value, None)
    rank = _any(_is(unit, "rank"), _is(measure, "rank"))
    return pc.case_when(
        pc.make_struct(rank, _is(measure, "share"), _is(unit, "%", "pp")),
        _all(pc.greater_equal(value, 1), pc.equal(value, pc.floor(value))),
        _all(pc.greater_equal(value, 0), pc.less_equal(value, 100)),
        _all(pc.greater_equal(value, -10_000), pc.less_equal(value, 10_000_000)),
        pc.is_valid(value),
    )


def _inside_page(rows: pa.Table, raw_chars: pa.Table | None) -> Relations:
    if raw_chars is None:
        return {}
    length = _length(rows.column("page_id"), raw_chars)
    return {"span_inside_page": _inside(rows.column("page_char_start"), rows.column("page_char_end"), length)}


def _length(page_ids: pa.Array, raw_chars: pa.Table) -> pa.Array:
    """Characters of the raw page that each row is of; 0 where there is none."""
    place = pc.index_in(page_ids, value_set=_flat(raw_chars.column("page_id")), skip_nulls=True)
    return pc.fill_null(_flat(raw_chars.column("chars")).take(_flat(place)), 0)


def _inside(start: pa.Array, end: pa.Array, length: pa.Array) -> pa.Array:
    return _all(pc.greater_equal(start, 0), pc.less(start, end), pc.less_equal(end, length))


def _is(column: pa.Array, *values: str) -> pa.Array:
    """Whether a value is one of these; null is none of them."""
    return pc.is_in(column, value_set=pa.array(values, pa.string()))


def _all(*conditions: pa.Array) -> pa.Array:
    """Whether all hold; a null does not."""
    found = conditions[0]
    for condition in conditions[1:]:
        found = pc.and_(found, condition)
    return pc.fill_null(found, False)


def _any(*conditions: pa.Array) -> pa.Array:
    found = pc.fill_null(conditions[0], False)
    for condition in conditions[1:]:
        found = pc.or_(found, pc.fill_null(condition, False))
    return found


def _flat(column: Any) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _scalars(rows: pa.Table, table: Table) -> pa.Table:
    """The columns that suites look at; of the others, whether they are given."""
    frame = rows.select([column.name for column in table.columns if is_scalar(column)])
    for column in table.columns:
        if not column.nullable and not is_scalar(column):
            frame = frame.append_column(f"{column.name}_given", pc.is_valid(rows.column(column.name)))
    return frame


def _with(frame: pa.Table, relations: Relations) -> pa.Table:
    for name, holds in relations.items():
        frame = frame.append_column(name, holds)
    return frame


def raw_characters(raw: pa.Table) -> pa.Table:
    """``page_id`` and ``chars``: characters of each raw page."""
    return pa.table({"page_id": raw.column("page_id"), "chars": pc.fill_null(pc.utf8_length(raw.column("text")), 0)})
