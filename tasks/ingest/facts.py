"""Newspaper, day and page number of a page, as far as they are known before its text is read.

In this order: a parameter of the run, a sidecar file, the path, the document itself.  (The masthead
and the text's own dates come later, in ``tasks.segment``.)  A line of a file of JSON lines speaks
for itself before the file's path does.

A sidecar stands beside its page and is called like it with ``.json`` after:
``03.txt.json`` = ``{"newspaper": "湖南日报", "publication_date": "2023-09-20", "page_no": 3}``, each key optional.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from tasks.ingest import PageContent, RejectedInput, Source
from tasks.knowledge import rows, values

DAY = re.compile(r"(?<!\d)((?:18|19|20)\d\d)[-_./年]?(0[1-9]|1[0-2]|[1-9](?=[-_./月]))[-_./月]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d))日?(?!\d)")
#: After the day: ``_03``, ``/03``, ``-A03``, ``/第3版``, ``/p3``, and ``_2-05`` (article 2 of page 5).
PAGE_AFTER_DAY = re.compile(r"^[\W_]*(?:第|版|page|p|A)?[\W_]*(?:\d+-(?=\d\d(?:\.|$)))?(\d{1,3})(?=版|[\W_]|$)", re.IGNORECASE)
PAGE_NAMED = re.compile(r"第(\d{1,3})版|(?<![a-z])page[-_ ]?(\d{1,3})(?!\d)", re.IGNORECASE)
#: A word of a path that may be a newspaper's name: 湖南日报 in ``湖南日报/2023-09/20/03.txt``.
HAN_WORD = re.compile(r"[\u4e00-\u9fff]{3,12}")
#: A long run of hex digits with letters in it is a checksum, not a day.
CHECKSUM = re.compile(r"(?=[0-9]*[a-f])[0-9a-f]{12,}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What one source of facts says of a page; null where it says nothing."""

    newspaper: str | None = None
    publication_date: date | None = None
    page_no: int | None = None


def from_path(uri: str) -> Facts:
    """What a path says: its last valid day, the page number after that day, a newspaper's name."""
    path = uri.partition("#")[0]
    checksums = [found.span() for found in CHECKSUM.finditer(path)]
    day, page_no = None, None
    for found in DAY.finditer(path):
        if any(start <= found.start() and found.end() <= end for start, end in checksums):
            continue
        try:
            day = date(*(int(part) for part in found.groups()))
        except ValueError:
            continue
        after = PAGE_AFTER_DAY.match(path[found.end() :])
        page_no = int(after[1]) if after else None
    if page_no is None and (named := PAGE_NAMED.search(path)):
        page_no = int(named[1] or named[2])
    newspaper = next((word for word in reversed(HAN_WORD.findall(path)) if word.endswith(_paper_endings())), None)
    return Facts(newspaper, day, page_no or None)


def from_sidecar(source: Source) -> Facts:
    """What the sidecar of a source says.  ``RejectedInput("bad_sidecar")`` when it can't be understood."""
    try:
        found = source.sidecar()
        if found is None:
            return Facts()
        content = found.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RejectedInput("bad_sidecar", f"can't be read: {error.__class__.__name__}") from None
    try:
        said = json.loads(content)
        if not isinstance(said, dict):
            raise ValueError("not a JSON object")
        newspaper, day, page_no = said.get("newspaper"), said.get("publication_date"), said.get("page_no")
        if not isinstance(newspaper, str | None) or isinstance(page_no, bool) or not isinstance(page_no, int | None):
            raise ValueError("newspaper is a string and page_no a whole number")
        return Facts(newspaper or None, date.fromisoformat(day) if day else None, page_no)
    except (ValueError, TypeError, RecursionError) as error:
        raise RejectedInput("bad_sidecar", str(error).splitlines()[0][:200]) from None


def settle(page: PageContent, given: Facts, sidecar: Facts, path: Facts) -> dict[str, Any]:
    """Newspaper, publication_date, publication_date_source and page_no for a row of ``RAW_PAGES``."""
    document = Facts(page.newspaper, page.publication_date, page.page_no)
    if page.fragment.startswith("page=") and page.fragment != "page=1":
        path = Facts(path.newspaper, path.publication_date)  # the path numbers the file's first page only
    order = [("parameter", given), ("sidecar", sidecar), ("path", path), ("document", document)]
    if page.fragment.startswith("line="):
        order[2:] = [order[3], order[2]]
    known = next(((facts.publication_date, name) for name, facts in order if facts.publication_date), (None, None))
    return {
        "newspaper": next((facts.newspaper for _, facts in order if facts.newspaper), None),
        "publication_date": known[0],
        "publication_date_source": known[1],
        "page_no": next((facts.page_no for _, facts in order if facts.page_no), None),
    }


@cache
def _paper_endings() -> tuple[str, ...]:
    """How names of newspapers end (日报, 晚报 …), from the table of media."""
    words = [word for row in rows("media") if row["kind"] == "suffix" for word in values(row["words"])]
    return tuple(word for word in words if len(word) > 1 and word.endswith("报"))
