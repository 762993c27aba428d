"""What a row of ``pages`` must be."""

from __future__ import annotations

from datetime import date

from expectations.checks import Between, Check, Holds, Matches, Unique, from_schema
from tasks.schema import PAGES

FIRST_DAY, LAST_DAY = date(1815, 1, 1), date(2100, 12, 31)  # of newspapers in Chinese

CHECKS: list[Check] = [
    *from_schema(PAGES),
    Unique(column="page_id"),
    Matches(column="page_id", pattern=r"^[0-9a-f]{16}$"),
    Matches(column="sha256", pattern=r"^[0-9a-f]{64}$"),
    Between(column="publication_date", low=FIRST_DAY, high=LAST_DAY),
    Between(column="page_no", low=1, high=999),
    Between(column="bytes", low=0, high=2**40),
    Between(column="chars", low=0, high=10_000_000),
    Holds(column="reason_given", why="a page that is empty or rejected says why, and only such a page does"),
    Holds(column="date_source_given", why="a publication date says how it is known"),
    Holds(column="leftovers_inside_page", why="spans of leftovers lie inside the raw page"),
    Holds(column="text_yields_article", why="a page with text yields at least one article", tolerated=0.5),
    Holds(column="no_error_of_ours", why="no stage stumbles over a page", tolerated_rows=1),
]

#: What is asked of published pages besides.
PUBLISHED = [Holds(column="counts_agree", why="the tables hold as many articles and indicators of the page as it says")]

#: Checks that say something of a page's reading without making its rows wrong: the page is listed in
#: quarantine and still stands in the tables.
REPORTED = {"text_yields_article", "no_error_of_ours"}
