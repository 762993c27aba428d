"""The gate under accuracy: it shuts on a lower score, on other pages, and floors only rise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from expectations import accuracy

SUMS = {"gold/a.json": "1", "pages/a.txt": "2"}
PINNED = {"floors": {".txt": {"detection.f1": 0.9, "headline": 0.8}}, "sha256": SUMS}


def test_scores_at_their_floors_pass() -> None:
    assert accuracy.problems({".txt": {"detection.f1": 0.9, "headline": 0.95}}, SUMS, PINNED) == []


@pytest.mark.parametrize(
    ("scores", "sums", "says"),
    [
        ({".txt": {"detection.f1": 0.8999, "headline": 0.9}}, SUMS, "detection.f1: 0.8999 is under its floor"),
        ({".txt": {"detection.f1": 0.95}}, SUMS, "headline: no score"),
        ({}, SUMS, "no score"),
        ({".txt": {"detection.f1": 0.9, "headline": 0.8}}, {**SUMS, "gold/a.json": "x"}, "gold/a.json is not the file"),
        ({".txt": {"detection.f1": 0.9, "headline": 0.8}}, {"gold/a.json": "1"}, "pages/a.txt is missing"),
    ],
)
def test_gate_shuts(scores: accuracy.Scores, sums: dict[str, str], says: str) -> None:
    assert says in "\n".join(accuracy.problems(scores, sums, PINNED))


def test_floors_rise_and_are_cut_not_rounded() -> None:
    new = accuracy.raised({".txt": {"detection.f1": 0.98766, "headline": 0.8}, ".pdf": {"headline": 1.0}}, SUMS, PINNED)
    assert new["floors"] == {".txt": {"detection.f1": 0.9876, "headline": 0.8}, ".pdf": {"headline": 1.0}}


@pytest.mark.parametrize("now", [{"detection.f1": 0.99}, {"detection.f1": 0.99, "headline": 0.79}])
def test_no_floor_falls(now: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"headline would fall from 0\.8000"):
        accuracy.raised({".txt": now}, SUMS, PINNED)


def _shared(folder: Path) -> Path:
    for name, content in {"accuracy.py": "", "gold/a.json": "{}", "pages/a.txt": "一", "pages/a.pdf": "%PDF"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_command_raises_then_gates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shared, floors = _shared(tmp_path / "shared"), tmp_path / "floors.json"
    floors.write_text('{"floors": {}, "sha256": {}}', encoding="utf-8")
    scores: accuracy.Scores = {".txt": {"headline": 0.9}, ".pdf": {"headline": 1.0}}
    monkeypatch.setattr(accuracy, "FLOORS", floors)
    monkeypatch.setattr(accuracy, "measure", lambda shared, output: scores)

    assert accuracy.main(["--shared", str(shared), "--raise"]) == 0
    assert len(json.loads(floors.read_text(encoding="utf-8"))["sha256"]) == 4
    assert accuracy.main(["--shared", str(shared)]) == 0

    scores[".txt"]["headline"] = 0.5
    before = floors.read_bytes()
    assert accuracy.main(["--shared", str(shared)]) == 1
    assert accuracy.main(["--shared", str(shared), "--raise"]) == 1
    assert floors.read_bytes() == before
    assert "under its floor" in capsys.readouterr().err

    scores[".txt"]["headline"] = 0.9
    (shared / "gold/a.json").write_text("{ }", encoding="utf-8")
    assert accuracy.main(["--shared", str(shared)]) == 1


def test_without_gold_pages_the_gate_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accuracy.main(["--shared", str(tmp_path)]) == 0
    assert "not measured" in capsys.readouterr().out


def test_pinned_file_is_whole() -> None:
    pinned = json.loads(accuracy.FLOORS.read_text(encoding="utf-8"))
    assert set(pinned) == {"floors", "sha256"}
    assert all(0 <= floor <= 1 for floors in pinned["floors"].values() for floor in floors.values())
