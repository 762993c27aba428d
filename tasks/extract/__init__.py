"""Articles → observations: what each stated number says, slot by slot."""

from __future__ import annotations

from datetime import date
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
    from tasks.extract.rows import place_on_page

    rows = extract_text(
        article["body"],
        published=article.get("publication_date"),
        area=article.get("ref_area"),
        dateline=article.get("dateline_date"),
        article_id=article["article_id"],
    )
    place_on_page(rows, article["body_offsets"])
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
    from tasks.extract.observations import read_observations
    from tasks.extract.rows import rows_of

    del newspaper
    plain = simplified(text)
    rows = rows_of(read_observations(plain, published, dateline, area), text, article_id)
    if plain is not text:
        script = Script(text, plain)
        for row in rows:
            row.update((name, script.written(row[name])) for name in _WORDED if row[name])
    return rows
