"""Datelines, bylines and signatures: golden cases, one line each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tasks.segment.bylines import read_closing, read_opening
from tasks.segment.people import Credits

CASES = Path(__file__).parent / "cases"


def _cases(name: str) -> list[Any]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["case"]) for case in map(json.loads, lines)]


def _people(found: Credits) -> dict[str, Any]:
    return {"source": found.source, "place": found.place, "reporters": found.reporters, "correspondents": found.correspondents}


@pytest.mark.parametrize("case", _cases("datelines.jsonl"))
def test_dateline(case: dict[str, Any]) -> None:
    found = read_opening(case["text"])
    expect = case["expect"]
    if expect["rest"] is None:
        assert found is None
        return
    assert found is not None
    days = [str(part) if part else "" for part in (found.year, found.month, found.day)]
    date = "-".join(days).removeprefix("-") if found.day else None
    rest = case["text"][found.end :]
    assert {"rest": rest, "date": date, **_people(found)} == expect


@pytest.mark.parametrize("case", _cases("bylines.jsonl"))
def test_byline(case: dict[str, Any]) -> None:
    text, expect = case["text"], case["expect"]
    found = read_opening(text) if case["where"] == "start" else read_closing(text)
    if expect["rest"] is None:
        assert found is None
        return
    assert found is not None
    rest = text[found.end :] if case["where"] == "start" else text[: found.start].rstrip()
    assert {"rest": rest, **_people(found)} == expect
