"""Articles → observations: what each stated number says, slot by slot."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tasks.normalise.traditional import Script, simplified

if TYPE_CHECKING:
    from tasks.extract.scene import Scene

Row = dict[str, Any]

#: Columns in the words of the text.
_WORDED = ("value_text", "unit_text", "indicator", "subject")


def extract_article(article: Row, scene: Scene | None = None) -> list[Row]:
    """The rows of ``indicators`` (see ``tasks.schema.INDICATORS``) that one article draft states.

    ``article`` is a row of ``ARTICLE_DRAFTS``; publication date, dateline date and main area come from it.
    ``scene``: what `scene_of` found in it, where that was called before.
    Spans are character offsets in ``body``; ``page_char_*`` in the raw page.
    """
    from tasks.extract.rows import place_on_page

    rows = _rows(article["body"], scene or scene_of(article), article["article_id"])
    place_on_page(rows, article["body_offsets"])
    return rows


def scene_of(article: Row) -> Scene:
    """The amounts, times and places in one article draft.  Raises ``RejectedInput`` where there are too many."""
    return _scene(article["body"], article.get("publication_date"), article.get("dateline_date"), article.get("ref_area"))


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
    del newspaper
    return _rows(text, _scene(text, published, dateline, area), article_id)


def _scene(text: str, published: date | None, dateline: date | None, area: str | None) -> Scene:
    from tasks.extract.scene import Scene

    return Scene(simplified(text), published, dateline, area)


def _rows(text: str, scene: Scene, article_id: str) -> list[Row]:
    from tasks.extract.observations import read_observations
    from tasks.extract.rows import rows_of

    rows = rows_of(read_observations(scene), text, article_id)
    if scene.body != text:
        script = Script(text, scene.body)
        for row in rows:
            row.update((name, script.written(row[name])) for name in _WORDED if row[name])
    return rows
