"""Golden cases of observations (sentence → rows), and the cases' own soundness."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from tasks.schema import MEASURES, QUALIFIERS, STANCES
from tests.observation_cases import FOLDER, Case, judge, known_failures, load
from tests.scoring import DEFAULTS, choices, complaints, days, pair, same_name

CASES = load()
KNOWN = frozenset(known_failures())
BASES = (None, "yoy", "pop", "ytd", "avg")


def is_period(text: str | None) -> bool:
    return text is None or isinstance(days(text), tuple)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: Case) -> None:
    faults = judge(case)
    if case["case"] in KNOWN:
        assert faults, "passes now: take it off KNOWN_FAILURES.txt (python -m tests.observation_cases --shrink)"
        pytest.xfail("; ".join(faults))
    assert not faults, "\n".join([case["text"], *faults])


def test_names_of_cases_are_unique_and_follow_their_file() -> None:
    assert [name for name, times in Counter(case["case"] for case in CASES).items() if times > 1] == []
    for file in FOLDER.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert f'"case": "{file.stem}-' in line


def test_texts_of_cases_are_unique() -> None:
    assert [text for text, times in Counter(case["text"] for case in CASES).items() if times > 1] == []


def test_known_failures_are_cases() -> None:
    assert KNOWN - {case["case"] for case in CASES} == set()


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case_is_sound(case: Case) -> None:
    """Amounts stand in the text, codes are of the code lists, growth and change have a basis, others none."""
    text = "".join(unicodedata.normalize("NFKC", case["text"]).split())
    assert case["published"] is None or isinstance(days(case["published"]), tuple)
    for row in case["expect"]:
        assert set(row) <= {"value_text", "obs_value", "unit_measure", "optional", *DEFAULTS}
        assert "".join(unicodedata.normalize("NFKC", row["value_text"]).split()) in text
        assert all(measure in MEASURES for measure in choices(row.get("measure", "level")))
        assert all(qualifier in QUALIFIERS for qualifier in choices(row.get("qualifier", "exact")))
        assert all(stance in STANCES for stance in choices(row.get("stance", "actual")))
        assert all(code is None or re.fullmatch(r"\d{6}", code) for code in choices(row.get("ref_area")))
        assert all(code is None or re.fullmatch(r"[A-Z]{2}", code) for code in choices(row.get("counterpart_area")))
        assert all(is_period(period) for period in choices(row.get("time_period")))
        bases = choices(row.get("comparison_basis"))
        assert all(basis in BASES or is_period(basis) for basis in bases)
        measures = set(choices(row.get("measure", "level")))
        if measures <= {"growth", "change"}:
            assert set(bases) != {None}
        if not measures & {"growth", "change", "contribution"}:
            assert bases == [None]


def test_a_case_passes_with_its_own_rows() -> None:
    for case in CASES:
        rows = [{slot: choices(row.get(slot, DEFAULTS.get(slot)))[0] for slot in {*row, *DEFAULTS}} for row in case["expect"]]
        assert complaints(case["expect"], rows) == [], case["case"]


ROW = {"value_text": "5亿元", "obs_value": 5e8, "unit_measure": "CNY", "indicator": "出口", "time_period": "2022-S1"}


def found(**slots: object) -> dict[str, object]:
    return {**DEFAULTS, **ROW, **slots}


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([found()], 0),
        ([found(time_period="2022-01-01/P6M")], 0),
        ([found(indicator="出口额")], 0),
        ([found(indicator="利用外资", qualifier="approx")], 2),
        ([found(indicator="进口")], 1),
        ([found(unit_measure="USD")], 2),  # missed and spurious
        ([found(obs_value=5.1e8)], 2),
        ([found(), found()], 1),
        ([], 1),
        ([found(subject="甲公司")], 1),
        ([found(ref_area="430100")], 1),
    ],
)
def test_complaints(rows: list[dict[str, object]], faults: int) -> None:
    assert len(complaints([ROW], rows)) == faults


def test_equal_amounts_are_paired_by_their_slots() -> None:
    want = [{**ROW, "indicator": name} for name in ("出口", "进口", "实际利用外资")]
    have = [found(indicator=name) for name in ("实际利用外资", "出口", "进口")]
    assert sorted(pair(want, have)) == [(0, 1), (1, 2), (2, 0)]
    assert complaints(want, have) == []


def test_optional_rows_cost_nothing() -> None:
    optional = {**ROW, "optional": True}
    assert complaints([optional], []) == []
    assert complaints([optional], [found(indicator="别的东西")]) == []
    assert complaints([ROW, optional], [found(stance="plan"), found()]) == []


@pytest.mark.parametrize(
    ("want", "have", "same"),
    [
        ("进出口总值", "进出口总额", True),
        ("进出口总值", "出口总值", False),
        (["城镇居民人均可支配收入", "人均可支配收入"], "人均可支配收入", True),
        ("城镇居民人均可支配收入", "农村居民人均可支配收入", False),
        ("对“一带一路”沿线国家进出口", "对一带一路沿线国家的进出口", True),
        (None, None, True),
        (None, "甲公司", False),
    ],
)
def test_same_name(want: object, have: str | None, same: bool) -> None:
    assert same_name(want, have) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2022-S1", "2022-01-01/P6M"),
        ("2022-Q4", "2022-10-01/P3M"),
        ("2022", "2022-01-01/P1Y"),
        ("2022-12", "2022-12-01/P31D"),
        ("2022-03-07/P1W", "2022-03-07/P7D"),
    ],
)
def test_periods_are_compared_by_their_days(one: str, other: str) -> None:
    assert days(one) == days(other)
