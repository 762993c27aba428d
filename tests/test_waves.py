"""Many pages: waves and groups of batches give the same tables as one batch does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pipeline import checksums

COPIES = 4

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def many(tmp_path: Path, samples: Path) -> Path:
    """Copies of the samples, no two alike, in folders of their own days."""
    for copy in range(COPIES):
        folder = tmp_path / f"in/2024-01-{copy + 1:02d}"
        folder.mkdir(parents=True)
        for number, sample in enumerate(sorted(samples.glob("*.txt"))):
            (folder / f"{number}.txt").write_text(f"{sample.read_text(encoding='utf-8')}\n（{copy}）\n", encoding="utf-8")
    return tmp_path / "in"


def test_waves_and_groups(tmp_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import pages, waves

    def flow(output: str, **more: Any) -> Any:
        state = pages.read_pages([str(many)], str(tmp_path / output), return_state=True, workers=0, **more)
        assert state.is_completed(), state.message
        return state.result()

    whole = flow("whole")
    monkeypatch.setattr(waves, "BATCHES_A_WAVE", 3)
    monkeypatch.setattr(waves, "BATCHES_A_GROUP", 2)
    parted = flow("waves", pages_a_batch=2)
    assert checksums(tmp_path / "whole") == checksums(tmp_path / "waves")
    assert whole.published == parted.published
    assert whole.pages == parted.pages == 4 * COPIES
    batches = {stage: counts["batches"] for stage, counts in parted.stages.items()}
    assert batches == {"ingest": 8, "normalise": 8, "segment": 8, "extract": 8, "validate": 5, "publish": 3}


def test_a_wave_that_fails_leaves_the_others_published(tmp_path: Path, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import pages, waves
    from tasks import extract

    real = extract.extract_article

    def spoiling(article: Any, *scene: Any) -> Any:
        spoilt = "2024-01-01" in article["source_uri"]
        return [{**row, "stance": "wish"} if spoilt else row for row in real(article, *scene)]

    monkeypatch.setattr(extract, "extract_article", spoiling)
    monkeypatch.setattr(waves, "BATCHES_A_WAVE", 2)
    state = pages.read_pages([str(many)], str(tmp_path / "out"), return_state=True, pages_a_batch=2, workers=0)
    assert state.is_failed() and "stance.in_list" in state.message
    summary = state.result(raise_on_failure=False)
    assert summary.stages["publish"]["batches"] == COPIES - 1
    assert not any("2024-01-01" in name for name in checksums(tmp_path / "out"))
    assert any("2024-01-02" in name for name in checksums(tmp_path / "out"))
