"""Observations as rows of ``indicators``."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from tasks.extract.calendar import span
from tasks.extract.confidence import confidence
from tasks.extract.observations import Observation
from tasks.extract.places import full_name

Row = dict[str, Any]


def rows_of(observations: list[Observation], text: str, article_id: str) -> list[Row]:
    """The columns of ``indicators`` that an article's text decides, for each observation.

    The identifier is the article's with what the observation says; a number tells equal ones apart.
    """
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for found in observations:
        amount, place = found.amount, found.place
        first, last = span(found.time_period) if found.time_period else (None, None)
        stated = f"{amount.start}|{amount.end}|{found.value!r}|{found.unit_measure}"
        key = f"{stated}|{found.indicator}|{found.measure}|{amount.range_side or ''}"
        digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        seen[digest] = seen.get(digest, 0) + 1
        if seen[digest] > 1:
            digest = f"{digest}.{seen[digest]}"
        rows.append(
            {
                "observation_id": f"{article_id}-{digest}",
                "sentence": text[found.sentence[0] : found.sentence[1]].strip(),
                "char_start": amount.start,
                "char_end": amount.end,
                "value_text": amount.value_text,
                "obs_value": found.value,
                "unit_measure": found.unit_measure,
                "unit_text": amount.unit_text,
                "indicator": found.indicator,
                "indicator_code": found.indicator_code,
                "ref_area": place.area,
                "ref_area_name": full_name(place.area) if place.area else None,
                "subject": place.subject,
                "counterpart_area": place.partner,
                "time_period": found.time_period,
                "period_start": first,
                "period_end": last,
                "measure": found.measure,
                "comparison_basis": found.basis,
                "qualifier": found.qualifier,
                "stance": found.stance,
                "confidence": confidence(found),
                "indicator_span": _span(found.indicator_span),
                "period_span": _span(found.period_span),
                "area_span": _span(found.area_span),
            }
        )
    return rows


def place_on_page(rows: list[Row], offsets: Sequence[int]) -> None:
    """Adds where each amount stands in the raw page; ``offsets`` is where each character of the text does, or -1."""
    for row in rows:
        inside = offsets[row["char_start"] : row["char_end"]]
        if min(inside) < 0:  # joined in between: a space that the page does not have
            inside = [offset for offset in inside if offset >= 0]
        row["page_char_start"], row["page_char_end"] = min(inside), max(inside) + 1


def _span(span: tuple[int, int] | None) -> dict[str, int] | None:
    return None if span is None else {"start": span[0], "end": span[1]}
