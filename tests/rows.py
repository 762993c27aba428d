"""Rows of the tables as the stages stage them: right in every column, for tests to spoil."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tasks.ingest.batch import page_identity
from tasks.schema import ARTICLE_DRAFTS, ARTICLES, INDICATORS, PAGES, RAW_PAGES
from tasks.staging import write_rows

Row = dict[str, Any]
BODY = "1至8月，长沙市进出口总值1958.6亿元，增长12.5%。"


def page(uri: str, newspaper: str | None = "湖南日报", day: date | None = date(2023, 9, 20), content: str = "") -> dict[str, list[Row]]:
    """A page with one article and two observations, as lists of rows by table."""
    sha256 = hashlib.sha256((content + uri).encode()).hexdigest()
    about = {"page_id": page_identity(sha256, uri), "source_uri": uri, "newspaper": newspaper, "publication_date": day}
    dated = {"publication_date_source": "path" if day else None, "page_no": None}
    article_id = f"{about['page_id']}-0a1b2c3d"
    text = f"{content}{BODY}"
    article: Row = {
        **about,
        **dated,
        "article_id": article_id,
        "position": 1,
        "headline": "外贸稳中有进",
        "reporters": ["甲"],
        "correspondents": [],
        "ref_area": "430100",
        "body": text,
        "keywords": ["进出口"],
        "page_char_start": 0,
        "page_char_end": len(text),
        "body_offsets": list(range(len(text))),
    }
    observations = [
        _observation(about, article_id, text, *slots)
        for slots in (("1958.6亿元", 195860000000.0, "CNY", "level"), ("12.5%", 12.5, "%", "growth"))
    ]
    seen: Row = {
        **about,
        **dated,
        "sha256": sha256,
        "bytes": len(text.encode()),
        "media_type": "text/plain",
        "encoding": "utf-8",
        "status": "published",
        "chars": len(text),
        "articles": 1,
        "indicators": 2,
        "quarantined": 0,
        "interleaved": False,
        "leftovers": [],
        "logic_version": "0" * 12,
    }
    return {"raw": [{**about, "text": text, "single_article": False}], "pages": [seen], "articles": [article], "indicators": observations}


def _observation(about: Row, article_id: str, text: str, value_text: str, value: float, unit: str, measure: str) -> Row:
    start = text.index(value_text)
    return {
        **about,
        "observation_id": f"{article_id}-{start:x}",
        "article_id": article_id,
        "sentence": text,
        "char_start": start,
        "char_end": start + len(value_text),
        "page_char_start": start,
        "page_char_end": start + len(value_text),
        "value_text": value_text,
        "obs_value": value,
        "unit_measure": unit,
        "unit_text": unit,
        "indicator": "进出口总值",
        "ref_area": "430100",
        "counterpart_area": "KR",
        "time_period": "2023-01-01/P8M",
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 8, 31),
        "measure": measure,
        "comparison_basis": "yoy" if measure == "growth" else None,
        "qualifier": "exact",
        "stance": "actual",
        "confidence": 0.5,
        "indicator_span": {"start": 0, "end": 3},
    }


def extracted(folder: Path, pages: Sequence[dict[str, list[Row]]]) -> str:
    """Stage pages as `extract` leaves them."""
    folder.mkdir(parents=True)
    tables = {"raw": RAW_PAGES, "pages": PAGES, "articles": ARTICLE_DRAFTS, "indicators": INDICATORS}
    files = {"raw": "raw.arrow", "pages": "read.arrow", "articles": "drafts.arrow", "indicators": "observed.arrow"}
    for name, table in tables.items():
        write_rows(folder / files[name], table, [row for one in pages for row in one[name]])
    return str(folder)


def validated(folder: Path, pages: Sequence[dict[str, list[Row]]]) -> str:
    """Stage pages as `validate` leaves them."""
    folder.mkdir(parents=True)
    for table in (PAGES, ARTICLES, INDICATORS):
        write_rows(folder / f"{table.name}.arrow", table, [row for one in pages for row in one[table.name]])
    return str(folder)
