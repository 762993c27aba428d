"""A batch of pages: what is wrong with one page is that page's alone, and no line costs more for standing on a long page."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import pytest

import tasks.segment
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.normalise import normalise
from tasks.normalise.batch import normalise_batch
from tasks.segment import ReadPage, add_keywords, read_page, segment_page
from tasks.segment.batch import segment_batch
from tasks.staging import read_rows

PAGE = "{}市经济平稳增长\n\u3000\u3000本报讯（记者 张三）1至8月，全市完成投资12亿元，增长5%。"


def test_a_page_that_fails_or_holds_a_wrong_type_is_rejected_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    for name in "甲乙丙丁戊":
        (tmp_path / f"in/{name}.txt").write_text(PAGE.format(name), encoding="utf-8")
    (result,) = ingest_batch(discover([tmp_path / "in"]), tmp_path / "b")
    normalise_batch(result.folder)

    def broken(row: dict[str, Any]) -> ReadPage:
        found = read_page(row)
        if row["text"].startswith("乙"):
            found.articles[0]["position"] = "first"
        if row["text"].startswith("丙"):
            found.page["page_no"] = "third"
        if row["text"].startswith("丁"):
            raise KeyError("broken")
        return found

    def broken_later(page: ReadPage) -> ReadPage:
        if (page.headlines[0] or "").startswith("戊"):
            raise ValueError("broken")
        return add_keywords(page)

    monkeypatch.setattr(tasks.segment, "read_page", broken)
    monkeypatch.setattr(tasks.segment, "add_keywords", broken_later)
    found = segment_batch(result.folder)
    reasons = {reject.source_uri: reject.reason for reject in found.rejects}
    assert reasons == {
        "in/乙.txt": "error:ArrowInvalid",
        "in/丙.txt": "error:ArrowInvalid",
        "in/丁.txt": "error:KeyError",
        "in/戊.txt": "error:ValueError",
    }
    pages = {page["source_uri"]: (page["status"], page["articles"]) for page in read_rows(Path(result.folder, "seen.arrow"))}
    assert pages == {"in/甲.txt": ("published", 1)} | dict.fromkeys(reasons, ("rejected", 0))
    assert [row["source_uri"] for row in read_rows(Path(result.folder, "drafts.arrow"))] == ["in/甲.txt"]
    assert (found.counts["pages"], found.counts["articles"], found.counts["rejected"]) == (1, 1, 4)


def _lines(count: int, length: int) -> str:
    """Lines of running text, every seventh short, every fiftieth a headline; the characters are drawn at random."""
    draw = random.Random(count)
    found = []
    for number in range(count):
        words = "".join(chr(draw.randint(0x4E00, 0x5E00)) for _ in range(length))
        found.append(words[: length // 2] if number % 50 == 0 else words[: length // 3] + "。" if number % 7 == 0 else words)
    return "\n".join(found)


def _cost(text: str) -> float:
    normal = normalise(text)
    row = {"page_id": "0" * 16, "source_uri": "page.txt", "normal_text": normal.text, "offsets": normal.offsets}
    best = float("inf")
    for _ in range(2):
        started = time.process_time()
        segment_page(row)
        best = min(best, time.process_time() - started)
    return best


@pytest.mark.parametrize(("few", "many"), [((700, 20), (5_000, 20)), ((10, 3_000), (10, 35_000))])
def test_the_cost_of_a_character_does_not_grow_with_the_page(few: tuple[int, int], many: tuple[int, int]) -> None:
    segment_page({"page_id": "0" * 16, "source_uri": "page.txt", "normal_text": _lines(60, 20), "offsets": range(2_000)})
    times = many[0] * many[1] / (few[0] * few[1])
    assert _cost(_lines(*many)) < 3 * times * _cost(_lines(*few))
