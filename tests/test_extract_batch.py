"""A batch of drafts: pages that can't be worked on are rejected one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import tasks.extract
from tasks.extract.batch import extract_batch
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.normalise.batch import normalise_batch
from tasks.segment.batch import segment_batch
from tasks.staging import read_rows

PAGE = "甲市经济平稳增长\n　　1至8月，甲市完成投资{}亿元，增长5%。全市新增企业12家，比上年多3家，其中外资企业2家。"


def test_a_page_that_fails_or_holds_a_wrong_type_is_rejected_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    for name, value in (("good", 12), ("odd", 34), ("failing", 56)):
        (tmp_path / f"in/{name}.txt").write_text(PAGE.format(value), encoding="utf-8")
    (result,) = ingest_batch(discover([tmp_path / "in"]), tmp_path / "b")
    normalise_batch(result.folder)
    segment_batch(result.folder)
    real = tasks.extract.extract_article

    def broken(article: dict[str, Any], *scene: Any) -> list[dict[str, Any]]:
        rows = real(article, *scene)
        if "34亿元" in article["body"]:
            rows[0]["obs_value"] = "many"
        if "56亿元" in article["body"]:
            raise KeyError("broken")
        return rows

    monkeypatch.setattr("tasks.extract.extract_article", broken)
    found = extract_batch(result.folder)
    reasons = {reject.source_uri: reject.reason for reject in found.rejects}
    assert reasons == {"in/odd.txt": "error:ArrowInvalid", "in/failing.txt": "error:KeyError"}
    pages = {page["source_uri"]: page for page in read_rows(Path(result.folder, "read.arrow"))}
    assert {uri: page["status"] for uri, page in pages.items()} == {
        "in/good.txt": "published",
        "in/odd.txt": "rejected",
        "in/failing.txt": "rejected",
    }
    rows = read_rows(Path(result.folder, "observed.arrow"))
    assert {row["source_uri"] for row in rows} == {"in/good.txt"}
    assert len(rows) == found.counts["indicators"] == pages["in/good.txt"]["indicators"] > 2
    assert (found.counts["articles"], found.counts["rejected"]) == (1, 2)
