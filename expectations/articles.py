"""What a row of ``articles`` must be."""

from __future__ import annotations

from expectations.checks import Between, Check, Holds, Matches, Unique, from_schema
from expectations.pages import FIRST_DAY, LAST_DAY
from tasks.schema import ARTICLES

CHECKS: list[Check] = [
    *from_schema(ARTICLES),
    Unique(column="article_id"),
    Matches(column="article_id", pattern=r"^[0-9a-f]{16}-[0-9a-z-]+$"),
    Between(column="publication_date", low=FIRST_DAY, high=LAST_DAY),
    Between(column="dateline_date", low=FIRST_DAY, high=LAST_DAY),
    Between(column="position", low=1, high=100_000),
    Matches(column="ref_area", pattern=r"^[1-9][0-9]{5}$", why=", a GB/T 2260 code"),
    Holds(column="page_exists", why="the article's page exists"),
    Holds(column="span_inside_page", why="the article's span lies inside the raw page"),
    Holds(column="body_holds_text", why="the body holds text"),
]
