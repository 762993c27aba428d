"""The catalogue of canonical indicators: golden look-ups, and the table's own soundness."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from tasks.extract.catalogue import indicator_code
from tasks.knowledge import rows, values

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "catalogue.jsonl").read_text(encoding="utf-8").splitlines()
]
ENTRIES = rows("indicators")


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert indicator_code(case["text"], case["unit_measure"], case["measure"]) == case["expect"]


def test_there_are_enough_entries_and_cases() -> None:
    assert len(ENTRIES) >= 150
    assert len({case["case"] for case in CASES}) == len(CASES) >= 100


def test_codes_are_unique_and_plain() -> None:
    codes = [row["code"] for row in ENTRIES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]+", code) for code in codes)


def test_every_entry_has_names_and_units() -> None:
    for row in ENTRIES:
        assert row["name_zh"] and row["name_en"] and row["units"], row["code"]
        assert row["name_en"].isascii(), row["code"]


def test_dimensions_are_pairs() -> None:
    for row in ENTRIES:
        for dimension in values(row["dimensions"]):
            assert re.fullmatch(r"[A-Z]+=[A-Z0-9_]+", dimension), (row["code"], dimension)


def test_parents_are_entries_and_there_is_no_ring() -> None:
    parent = {row["code"]: row["parent"] for row in ENTRIES}
    for code in parent:
        line = [code]
        while parent[line[-1]]:
            assert parent[line[-1]] in parent, line
            line.append(parent[line[-1]])
            assert len(set(line)) == len(line), line


@pytest.mark.parametrize("row", ENTRIES, ids=[row["code"] for row in ENTRIES])
def test_every_name_leads_to_its_own_entry(row: dict[str, str]) -> None:
    unit = values(row["units"])[0]
    for name in (row["name_zh"], *values(row["aliases"])):
        assert indicator_code(name, unit, "level") == row["code"], name
        assert indicator_code("全省" + name, unit, "level") == row["code"], name
        assert indicator_code(name, "%", "growth") == row["code"], name


def test_a_level_needs_a_unit_of_the_entry() -> None:
    for row in ENTRIES:
        assert indicator_code(row["name_zh"], "no-such-unit", "level") is None


def test_looking_up_stays_fast_on_hostile_names() -> None:
    names = ["全市" * 20 + "进出口" + "总额" * 20, "全市" * 29, "总额" * 29, "占" * 59, "（" * 50, "省" * 10_000]
    started = time.perf_counter()
    for number in range(200):
        for name in names:
            indicator_code(name[number % 7 :], "CNY", "share")
    assert time.perf_counter() - started < 2
