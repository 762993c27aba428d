"""Confidence: a chance, the same each time, made of features that the weights know, and telling right rows from wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks import calibration
from benchmarks.judged import Judged, from_cases, from_pages, from_tables
from tasks.extract import extract_text
from tasks.extract.confidence import confidence, features
from tasks.extract.observations import Observation, read_observations
from tasks.extract.scene import Scene
from tasks.knowledge import rows
from tests.pipeline import run

PLAIN = "1至8月，长沙市进出口总值1958.6亿元，同比增长12.5%。"
ODD = "板块指数后跌破7900元。"


def _read(text: str) -> list[Observation]:
    return read_observations(Scene(text, date(2023, 9, 20), None, "430100"))


def test_confidence_is_a_chance_and_the_same_each_time() -> None:
    for observation in _read(PLAIN + ODD):
        chance = confidence(observation)
        assert 0 < chance < 1
        assert chance == confidence(observation)


def test_a_plain_statement_is_surer_than_an_odd_one() -> None:
    plain = min(row["confidence"] for row in extract_text(PLAIN, date(2023, 9, 20), "430100"))
    odd = [row["confidence"] for row in extract_text(ODD, date(2023, 9, 20), None)]
    assert odd
    assert plain > max(odd)


def test_each_question_is_answered_once() -> None:
    for observation in _read(PLAIN + ODD):
        questions = [feature.partition("=")[0] for feature in features(observation)]
        assert len(questions) == len(set(questions))
        assert all(feature.partition("=")[2] for feature in features(observation))


def test_weights_are_of_questions_that_are_asked() -> None:
    asked = {feature.partition("=")[0].partition(" of ")[0] for feature in features(_read(PLAIN)[0])}
    weights = {row["feature"]: float(row["weight"]) for row in rows("confidence")}
    assert "always" in weights
    assert {name.partition("=")[0].partition(" of ")[0] for name in weights if name != "always"} <= asked


def test_score_is_the_logistic_of_the_weights() -> None:
    weights = {row["feature"]: float(row["weight"]) for row in rows("confidence")}
    found = _read(PLAIN)
    judged = [Judged(True, confidence(one), tuple(features(one)), "") for one in found]
    assert calibration.chances(judged, weights) == pytest.approx([confidence(one) for one in found], abs=6e-4)


def test_sure_rows_of_the_golden_cases_are_right_more_often() -> None:
    judged = from_cases()
    sure = [row.right for row in judged if row.confidence > calibration.SURE]
    rest = [row.right for row in judged if row.confidence <= calibration.SURE]
    assert len(sure) > len(judged) / 10
    assert np.mean(sure) > 0.9
    assert 1 - np.mean(sure) < (1 - np.mean(rest)) / 2  # wrong half as often: few golden cases fail, so no difference of means tells


def test_fit_finds_what_tells() -> None:
    good = [Judged(i % 10 != 0, 0.5, ("a=yes", "b=same"), f"p{i % 7}") for i in range(200)]
    bad = [Judged(i % 10 == 0, 0.5, ("a=no", "b=same"), f"p{i % 7}") for i in range(200)]
    weights = calibration.fit([*good, *bad])
    assert weights["a=yes"] > 0 > weights["a=no"]
    chance = calibration.chances([good[0], bad[0]], weights)
    assert chance[0] > 0.75 and chance[1] < 0.25
    assert calibration.area(calibration.rights([*good, *bad]), calibration.crossed([*good, *bad])) > 0.85


def test_weights_are_written_as_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibration, "WEIGHTS", tmp_path / "confidence.tsv")
    calibration.write({"b=1": -0.25, "always": 1.5, "tiny=1": 0.0001}, "a test")
    lines = (tmp_path / "confidence.tsv").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["feature\tweight", "always\t1.500", "b=1\t-0.250"]


def test_report_says_how_far_to_trust(capsys: pytest.CaptureFixture[str]) -> None:
    calibration.report("here", np.array([1.0, 1.0, 0.0, 1.0]), np.array([0.95, 0.96, 0.4, 0.6]))
    said = capsys.readouterr().out
    assert "4 rows, 0.750 right" in said
    assert "50% of the rows, 1.000 right; the rest: 0.500 right" in said


def _gold_page(folder: Path) -> None:
    """A page of one article with a row that is right, one whose indicator isn't, one optional and one not found."""
    body = f"长沙外贸稳中有进\n{PLAIN}全市有外贸企业380家。\n"
    slots = {"ref_area": "430100", "time_period": "2023-01-01/P8M", "comparison_basis": None, "qualifier": "exact", "stance": "actual"}
    level = {**slots, "text": "1958.6亿元", "value": 195860000000, "unit_measure": "CNY", "indicator": "进出口总值", "measure": "level"}
    growth = {
        **slots,
        "text": "12.5%",
        "value": 12.5,
        "unit_measure": "%",
        "indicator": "用电量",
        "measure": "growth",
        "comparison_basis": "yoy",
    }
    count = {**slots, "text": "380家", "value": 380, "unit_measure": "1", "indicator": "外贸企业", "measure": "level", "optional": True}
    missed = {**slots, "text": "7万人", "value": 70000, "unit_measure": "1", "indicator": "人口", "measure": "level"}
    article = {"id": "a", "body_head": "1至8月，长沙市", "observations": [level, growth, count, missed]}
    for name in ("pages", "gold"):
        (folder / name).mkdir()
    (folder / "pages/20230920_03.txt").write_text(body, encoding="utf-8")
    (folder / "gold/20230920_03.json").write_text(json.dumps({"page": "20230920_03", "articles": [article]}), encoding="utf-8")


def test_gold_pages_are_judged_alike_when_read_and_when_published(tmp_path: Path) -> None:
    _gold_page(tmp_path)
    read = from_pages(tmp_path)
    assert [row.right for row in read] == [True, False]
    run([tmp_path / "pages"], tmp_path / "out", tmp_path / "scratch")
    published = from_tables(tmp_path / "out", tmp_path / "gold", ".txt")
    assert sorted((row.right, row.confidence) for row in published) == sorted((row.right, row.confidence) for row in read)
    assert from_tables(tmp_path / "out", tmp_path / "gold", ".pdf") == []
