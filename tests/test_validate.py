"""Every expectation catches what it is for; rows that fail are held back; a batch that fails is not fit to publish."""

from __future__ import annotations

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from expectations import articles, indicators, pages
from expectations.units import is_known_unit
from tasks.ingest.batch import ingest_batch
from tasks.ingest.files import discover
from tasks.schema import ARTICLES, INDICATORS, PAGES, QUARANTINE
from tasks.staging import read_rows
from tasks.validate.batch import Verdict, validate_batches
from tests.rows import extracted, page

#: table, column → a wrong value, the expectation that says so
FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("pages", {"sha256": "abc"}, "sha256.in_form"),
    ("pages", {"page_id": "XYZ"}, "page_id.in_form"),
    ("pages", {"publication_date": date(1500, 1, 1)}, "publication_date.in_range"),
    ("pages", {"publication_date": None}, "date_source_given"),
    ("pages", {"publication_date_source": "guess"}, "publication_date_source.in_list"),
    ("pages", {"status": "fine"}, "status.in_list"),
    ("pages", {"page_no": 0}, "page_no.in_range"),
    ("pages", {"bytes": -1}, "bytes.in_range"),
    ("pages", {"reason": "why"}, "reason_given"),
    ("pages", {"leftovers": None}, "leftovers_given"),
    ("pages", {"leftovers": [{"start": 0, "end": 9999, "reason": "weather"}]}, "leftovers_inside_page"),
    ("pages", {"logic_version": None}, "logic_version.not_null"),
    ("articles", {"article_id": None}, "article_id.not_null"),
    ("articles", {"article_id": "a b"}, "article_id.in_form"),
    ("articles", {"page_id": "0" * 16}, "page_exists"),
    ("articles", {"position": 0}, "position.in_range"),
    ("articles", {"body": None}, "body_given"),
    ("articles", {"body": " \n"}, "body_holds_text"),
    ("articles", {"reporters": None}, "reporters_given"),
    ("articles", {"ref_area": "43010"}, "ref_area.in_form"),
    ("articles", {"dateline_date": date(2399, 1, 1)}, "dateline_date.in_range"),
    ("articles", {"page_char_end": 9999}, "span_inside_page"),
    ("articles", {"page_char_start": 5, "page_char_end": 2}, "span_inside_page"),
    ("indicators", {"observation_id": None}, "observation_id.not_null"),
    ("indicators", {"article_id": "0" * 16 + "-0"}, "article_exists"),
    ("indicators", {"obs_value": None}, "obs_value.not_null"),
    ("indicators", {"obs_value": math.nan}, "value_in_range"),
    ("indicators", {"obs_value": math.inf}, "value_in_range"),
    ("indicators", {"obs_value": 101.0, "unit_measure": "%", "measure": "share", "comparison_basis": None}, "value_in_range"),
    ("indicators", {"obs_value": -1.0, "unit_measure": "%", "measure": "share", "comparison_basis": None}, "value_in_range"),
    ("indicators", {"obs_value": 1e9, "unit_measure": "%"}, "value_in_range"),
    ("indicators", {"obs_value": 0.0, "unit_measure": "rank", "measure": "rank", "comparison_basis": None}, "value_in_range"),
    ("indicators", {"obs_value": 1.5, "unit_measure": "rank", "measure": "rank", "comparison_basis": None}, "value_in_range"),
    ("indicators", {"indicator": ""}, "indicator.in_form"),
    ("indicators", {"unit_measure": "smoots"}, "unit_known"),
    ("indicators", {"measure": "size"}, "measure.in_list"),
    ("indicators", {"qualifier": "maybe"}, "qualifier.in_list"),
    ("indicators", {"stance": "wish"}, "stance.in_list"),
    ("indicators", {"comparison_basis": "2019-13"}, "comparison_basis.in_form"),
    ("indicators", {"measure": "level"}, "basis_fits_measure"),
    ("indicators", {"time_period": "2023-Q5"}, "time_period.in_form"),
    ("indicators", {"time_period": "2023-8"}, "time_period.in_form"),
    ("indicators", {"period_start": None}, "period_dated"),
    ("indicators", {"period_start": date(2023, 9, 1)}, "period_in_order"),
    ("indicators", {"period_end": date(2500, 1, 1)}, "period_end.in_range"),
    ("indicators", {"ref_area": "010203"}, "ref_area.in_form"),
    ("indicators", {"counterpart_area": "XX"}, "counterpart_area.in_list"),
    ("indicators", {"confidence": 1.2}, "confidence.in_range"),
    ("indicators", {"char_end": 9999}, "span_inside_body"),
    ("indicators", {"char_start": 0, "char_end": 3}, "text_at_span_is_value_text"),
    ("indicators", {"page_char_start": -1}, "span_inside_page"),
    ("indicators", {"sentence": "不在文中。"}, "sentence_inside_body"),
    ("indicators", {"indicator": None}, "indicator.not_null"),
    ("indicators", {"area_span": {"start": 3, "end": 9999}}, "slot_spans_inside_body"),
]


def _validate(scratch: Path, staged: list[dict[str, Any]]) -> tuple[Verdict, dict[str, list[dict[str, Any]]]]:
    folder = extracted(scratch / "batch", staged)
    verdict = validate_batches([folder], scratch / "checked", "run-1", scratch / "store")
    names = [PAGES.name, ARTICLES.name, INDICATORS.name, QUARANTINE.name]
    return verdict, {name: read_rows(scratch / f"checked/{name}.arrow") for name in names}


def test_right_rows_pass(tmp_path: Path) -> None:
    verdict, tables = _validate(tmp_path, [page("a"), page("b", None, None)])
    assert (verdict.success, verdict.quarantined, verdict.findings) == (True, 0, [])
    assert {name: len(rows) for name, rows in tables.items()} == {"pages": 2, "articles": 2, "indicators": 4, "quarantine": 0}


def test_every_fault_is_found_by_its_expectation(tmp_path: Path) -> None:
    """All faults in one batch, each on a page of its own: Great Expectations is asked once."""
    staged = [page(f"good/{number}") for number in range(3)]
    for number, (table, wrong, _) in enumerate(FAULTS):
        bad = page(f"bad/{number:02d}")
        bad[table][-1].update(wrong)
        staged.append(bad)
    _, tables = _validate(tmp_path, staged)
    found = {(row["table"], row["source_uri"], row["expectation"]) for row in tables["quarantine"]}
    for number, (table, wrong, expectation) in enumerate(FAULTS):
        assert (table, f"bad/{number:02d}", expectation) in found, wrong
    assert all(row["source_uri"].startswith("bad/") for row in tables["quarantine"])
    good = [row for row in tables["pages"] if row["source_uri"].startswith("good/")]
    assert [(row["status"], row["articles"], row["indicators"], row["quarantined"]) for row in good] == [("published", 1, 2, 0)] * 3


def test_expectations_are_named_once() -> None:
    for suite in (pages, articles, indicators):
        names = [check.name for check in suite.CHECKS]
        assert len(names) == len(set(names))
        assert all(check.expected for check in suite.CHECKS)


def test_every_expectation_has_a_fault_that_shows_it() -> None:
    """But those that the schema makes for each column, and those shown below."""
    shown = {(table, expectation) for table, _, expectation in FAULTS}
    elsewhere = {"page_id.unique", "article_id.unique", "observation_id.unique", "text_yields_article", "no_error_of_ours", "reason_given"}
    for table, suite in (("pages", pages), ("articles", articles), ("indicators", indicators)):
        for check in suite.CHECKS:
            if not check.name.endswith(("not_null", "_given", "in_range", "in_form", "in_list")) and check.name not in elsewhere:
                assert (table, check.name) in shown


def test_a_row_held_back_names_what_was_expected(tmp_path: Path) -> None:
    bad = page("a")
    bad["indicators"][0]["unit_measure"] = "smoots"
    verdict, tables = _validate(tmp_path, [bad, page("b")])
    (row,) = tables["quarantine"]
    assert (row["table"], row["expectation"], row["run_id"]) == ("indicators", "unit_known", "run-1")
    assert "units table" in row["expected"] and json.loads(row["row"])["unit_measure"] == "smoots"
    assert verdict.success and verdict.findings[0]["expectation"] == "indicators.unit_known"
    about = next(row for row in tables["pages"] if row["source_uri"] == "a")
    assert (about["status"], about["indicators"], about["quarantined"]) == ("published", 1, 1)


def test_an_article_held_back_takes_its_observations_along(tmp_path: Path) -> None:
    bad = page("a")
    bad["articles"][0]["ref_area"] = "1"
    _, tables = _validate(tmp_path, [bad, page("b")])
    assert {(row["table"], row["expectation"]) for row in tables["quarantine"]} == {
        ("articles", "ref_area.in_form"),
        ("indicators", "article_passed"),
    }
    assert [row["source_uri"] for row in tables["indicators"]] == ["b", "b"]
    about = next(row for row in tables["pages"] if row["source_uri"] == "a")
    assert (about["status"], about["reason"], about["quarantined"]) == ("rejected", "expectation:no_article_passed", 3)


def test_a_page_that_fails_keeps_its_row_and_loses_its_articles(tmp_path: Path) -> None:
    bad = page("a")
    bad["pages"][0]["publication_date"] = date(1, 1, 1)
    verdict, tables = _validate(tmp_path, [bad, page("b")])
    assert [row["source_uri"] for row in tables["articles"]] == ["b"]
    about = next(row for row in tables["pages"] if row["source_uri"] == "a")
    assert (about["status"], about["reason"]) == ("rejected", "expectation:publication_date.in_range")
    assert verdict.success


def test_identifiers_that_repeat_are_held_back(tmp_path: Path) -> None:
    one = page("a")
    one["articles"].append({**one["articles"][0], "position": 2})
    _, tables = _validate(tmp_path, [one, page("b")])
    assert [row["source_uri"] for row in tables["articles"]] == ["b"]
    assert "article_id.unique" in {row["expectation"] for row in tables["quarantine"]}


def test_a_page_with_text_and_no_article_is_reported_and_kept(tmp_path: Path) -> None:
    bare = page("a")
    bare["pages"][0].update(status="empty", reason="no_articles", articles=0, indicators=0, chars=500)
    verdict, tables = _validate(tmp_path, [{**bare, "articles": [], "indicators": []}, page("b")])
    assert [row["expectation"] for row in tables["quarantine"]] == ["text_yields_article"]
    assert next(row for row in tables["pages"] if row["source_uri"] == "a")["status"] == "empty"
    assert verdict.success


def test_rows_that_only_great_expectations_finds_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from expectations.checks import OneOf

    bad = page("a")
    bad["indicators"][0]["stance"] = "wish"
    monkeypatch.setattr(OneOf, "failing", lambda self, frame: pa.array([False] * frame.num_rows))
    with pytest.raises(RuntimeError, match=r"stance\.in_list: 0 rows fail, but Great Expectations counts some"):
        _validate(tmp_path, [bad, page("b")])


@pytest.mark.parametrize(("stumbled", "success"), [(1, True), (2, False)])
def test_a_stage_may_stumble_over_one_page_not_over_many(tmp_path: Path, stumbled: int, success: bool) -> None:
    staged = [page(f"{number}") for number in range(5)]
    for one in staged[:stumbled]:
        one["pages"][0].update(status="rejected", reason="error:KeyError", articles=0, indicators=0)
        one.update(articles=[], indicators=[])
    verdict, tables = _validate(tmp_path, staged)
    assert verdict.success == success
    assert [row["reason"] for row in tables["pages"]].count("error:KeyError") == stumbled


def test_one_bad_page_never_fails_a_batch_and_many_do(tmp_path: Path) -> None:
    bad = page("bad")
    for number in range(30):
        bad["indicators"].append(
            {**bad["indicators"][0], "observation_id": f"{bad['articles'][0]['article_id']}-f{number:x}", "unit_measure": "smoots"}
        )
    verdict, _ = _validate(tmp_path / "one", [bad, *(page(f"{number}") for number in range(20))])
    assert verdict.success and verdict.quarantined == 30

    staged = [page(f"{number}") for number in range(30)]
    for one in staged[:15]:
        one["indicators"][0]["stance"] = "wish"
    verdict, _ = _validate(tmp_path / "many", staged)
    assert not verdict.success
    assert [(found["expectation"], found["rows"], found["fatal"]) for found in verdict.findings] == [
        ("indicators.stance.in_list", 15, True)
    ]


def test_pages_rejected_before_are_listed_with_their_reason(tmp_path: Path) -> None:
    from tasks.extract.batch import extract_batch
    from tasks.normalise.batch import normalise_batch
    from tasks.segment.batch import segment_batch

    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_bytes(bytes(range(256)))
    (result,) = ingest_batch(discover([tmp_path / "in"]), tmp_path / "b")
    for stage in (normalise_batch, segment_batch, extract_batch):
        stage(result.folder)
    verdict = validate_batches([result.folder], tmp_path / "v", "run-1", tmp_path / "store")
    (row,) = read_rows(tmp_path / "v/quarantine.arrow")
    assert (row["table"], row["expectation"], row["source_uri"]) == ("pages", "binary", "in/a.txt") and row["expected"]
    (about,) = read_rows(tmp_path / "v/pages.arrow")
    assert (about["status"], about["reason"], verdict.success) == ("rejected", "binary", True)


@pytest.mark.parametrize("code", ["CNY", "USD", "t", "%", "pp", "rank", "1", "t.km", "CNY/m2", "CNY/{股}", "kW.h", "har", "mu"])
def test_units_known(code: str) -> None:
    assert is_known_unit(code)


@pytest.mark.parametrize("code", ["", "XYZ", "CNY/", "/", "t..km", "CNY/{}", "元"])
def test_units_unknown(code: str) -> None:
    assert not is_known_unit(code)
