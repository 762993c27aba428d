"""Articles → observations: what each stated number says, slot by slot."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

from tasks.normalise.traditional import Script, simplified

Row = dict[str, Any]

#: Columns in the words of the text.
_WORDED = ("value_text", "unit_text", "indicator", "subject")


def extract_article(article: Row) -> list[Row]:
    """The rows of ``indicators`` (see ``tasks.schema.INDICATORS``) that one article draft states.

    ``article`` is a row of ``ARTICLE_DRAFTS``; publication date, dateline date and main area come from it.
    Spans are character offsets in ``body``; ``page_char_*`` in the raw page.
    """
    rows = extract_text(
        article["body"],
        published=article.get("publication_date"),
        area=article.get("ref_area"),
        dateline=article.get("dateline_date"),
        article_id=article["article_id"],
    )
    offsets = article["body_offsets"]
    for row in rows:
        inside = offsets[row["char_start"] : row["char_end"]]
        if min(inside) < 0:  # joined in between: a space that the page does not have
            inside = [offset for offset in inside if offset >= 0]
        row["page_char_start"], row["page_char_end"] = min(inside), max(inside) + 1
    return rows


def extract_text(
    text: str,
    published: date | None = None,
    area: str | None = None,
    newspaper: str | None = None,
    dateline: date | None = None,
    article_id: str = "",
) -> list[Row]:
    """The observations that a text states, as rows with the columns of ``indicators`` that the text decides.

    ``published`` resolves 今年 and bare months, ``area`` (GB/T 2260) is the place that 全市 and silence mean.
    """
    from tasks.extract.calendar import span
    from tasks.extract.confidence import confidence
    from tasks.extract.observations import read_observations
    from tasks.extract.places import full_name

    del newspaper
    plain = simplified(text)
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for found in read_observations(plain, published, dateline, area):
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
    if plain is not text:
        script = Script(text, plain)
        for row in rows:
            row.update((name, script.written(row[name])) for name in _WORDED if row[name])
    return rows


def _span(span: tuple[int, int] | None) -> dict[str, int] | None:
    return None if span is None else {"start": span[0], "end": span[1]}
