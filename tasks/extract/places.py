"""Where: places in a text, the place an article is about, partners in trade.  One door to the modules beside it."""

from __future__ import annotations

from tasks.extract.areas import article_area, home_of, resolve_deictic
from tasks.extract.gazetteer import COUNTRY, ancestor, full_name, is_code, level, parent, within
from tasks.extract.partners import counterparts, own_customs
from tasks.extract.place_mentions import Gazetteer, PlaceMention, at_year, find_zones, gazetteer

__all__ = [
    "COUNTRY",
    "Gazetteer",
    "PlaceMention",
    "ancestor",
    "article_area",
    "at_year",
    "counterparts",
    "find_zones",
    "full_name",
    "gazetteer",
    "home_of",
    "is_code",
    "level",
    "own_customs",
    "parent",
    "resolve_deictic",
    "within",
]
