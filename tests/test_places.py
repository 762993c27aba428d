"""Places: golden cases, and what must hold of any text."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract import gazetteer as table
from tasks.extract.lexicon import Lexicon
from tasks.extract.places import (
    article_area,
    at_year,
    counterparts,
    find_zones,
    full_name,
    gazetteer,
    is_code,
    level,
    parent,
    resolve_deictic,
    within,
)

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "places.jsonl").read_text(encoding="utf-8").splitlines()]


def found(case: dict[str, Any]) -> Any:
    """What the code makes of a case, in the shape of its ``expect``."""
    text = case["text"]
    if case["of"] == "find":
        places = gazetteer().find(text, case.get("home"), case.get("year"))
        return [[p.text, p.kind, p.code] + ([p.org] if p.org else []) for p in places]
    if case["of"] == "deictic":
        places = gazetteer().find(text, case["area"])
        at = next(i for i, p in enumerate(places) if p.text == case["word"])
        return resolve_deictic(places[at], places[:at], case["area"])
    if case["of"] == "aside":
        return [[p.text, p.aside] for p in gazetteer().find(text)]
    if case["of"] == "partners":
        return [[text[start:end], code] for start, end, code, _ in counterparts(text)]
    return article_area(case["headline"], case.get("subheadline"), case.get("kicker"), text, case.get("place"), case.get("paper"))[0]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assert found(case) == case["expect"]


def test_codes_form_a_tree() -> None:
    for code, area in table.areas().items():
        assert len(code) == 6 and code.isdigit()
        if code != table.COUNTRY:
            above = parent(code)
            assert above is not None and is_code(above)
            assert within(code, above) and not within(above, code)
        assert full_name(code).endswith(area.name)
        if area.successor:
            assert table.areas()[area.successor].valid_to is None


def test_levels_and_names() -> None:
    assert full_name("430112") == "湖南省长沙市望城区"
    assert full_name("110105") == "北京市朝阳区"
    assert full_name("429004") == "湖北省仙桃市"
    assert (level("100000"), level("430000"), level("430100"), level("430112")) == ("country", "province", "prefecture", "county")
    assert not is_code("999999") and not is_code(None)
    assert at_year("361103", 2012) == "361122" and at_year("361103", 2022) == "361103"


def test_zones_have_the_code_of_the_place_that_holds_them() -> None:
    assert [(z.name, z.code) for z in find_zones("郑州综保区与洛阳高新区")] == [("郑州综保区", "410100"), ("洛阳高新区", "410300")]


PIECES = st.sampled_from(
    [
        "湖南省",
        "长沙",
        "市",
        "望城",
        "区",
        "、",
        "和",
        "，",
        "全市",
        "该县",
        "有限公司",
        "综保区",
        "对",
        "美",
        "日",
        "出口",
        "欧盟",
        "“一带一路”沿线国家",
        "3%",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)), st.sampled_from([None, "430100", "110000", "bad", ""]))
def test_spans_lie_inside_and_in_order(text: str, home: str | None) -> None:
    at = 0
    for place in gazetteer().find(text, home):
        assert at <= place.start < place.end <= len(text)
        assert text[place.start : place.end] == place.text
        assert place.kind in {"area", "country", "group", "zone", "deictic"}
        assert place.kind != "area" or is_code(place.code)
        at = place.end
    for start, end, _, name in counterparts(text):
        assert 0 <= start < end <= len(text) and name
    code, whole = article_area(text, None, None, text, text, text)
    assert (code is None) == (whole is None)


def slowly(words: set[str], text: str) -> list[tuple[int, int, str]]:
    found, at = [], 0
    while at < len(text):
        fits = [word for word in words if text.startswith(word, at)]
        if fits:
            word = max(fits, key=len)
            found.append((at, at + len(word), word))
        at += len(max(fits, key=len)) if fits else 1
    return found


@settings(max_examples=200, deadline=None)
@given(st.sets(st.text("甲乙丙^-]𠮷𠮸", min_size=2, max_size=5), max_size=12), st.text("甲乙丙丁^-]𠮷𠮸\ud800", max_size=40))
def test_lexicon_finds_leftmost_longest(words: set[str], text: str) -> None:
    lexicon = Lexicon({word: word for word in words})
    long = "丁" * 200  # long texts are looked through another way
    for whole in (text, text + long + text):
        assert lexicon.scan(whole) == slowly(words, whole)
        assert lexicon.scan(whole, 1, len(whole) - 1) == [
            (start + 1, end + 1, word) for start, end, word in slowly(words, whole[1 : max(1, len(whole) - 1)])
        ]


def test_lexicon_refuses_single_characters() -> None:
    with pytest.raises(ValueError, match="one character"):
        Lexicon({"甲": 1})


@pytest.mark.parametrize("unit", ["长沙", "合作", "望城", "全市", "对美、日、", "湖南省长沙市望城区有限", "（“", "1", "长"])
def test_time_grows_with_the_text_only(unit: str) -> None:
    def spent(times: int) -> float:
        text = unit * times
        begun = time.process_time()
        gazetteer().find(text)
        article_area(None, None, None, text)
        counterparts(text)
        return time.process_time() - begun

    spent(10)
    small, large = max(spent(2_000), 0.002), spent(16_000)
    assert large < 40 * small + 0.1
