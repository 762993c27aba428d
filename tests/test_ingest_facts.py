"""What is known of a page before its text is read: by path, sidecar, parameter and document, in their order."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tasks.ingest import PageContent, RejectedInput, Source
from tasks.ingest.facts import Facts, from_path, from_sidecar, settle

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases/paths.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_path(case: dict[str, Any]) -> None:
    facts = from_path(case["text"])
    found = {
        "newspaper": facts.newspaper,
        "publication_date": facts.publication_date and str(facts.publication_date),
        "page_no": facts.page_no,
    }
    assert {name: value for name, value in found.items() if value is not None} == case["expect"]


PARAMETER = Facts("甲报", date(2001, 1, 1))
SIDECAR = Facts("乙报", date(2002, 2, 2), 2)
PATH = Facts("丙报", date(2003, 3, 3), 3)
DOCUMENT = PageContent(text="", newspaper="丁报", publication_date=date(2004, 4, 4), page_no=4)


@pytest.mark.parametrize(
    ("known", "newspaper", "year", "source", "page_no"),
    [
        ((PARAMETER, SIDECAR, PATH), "甲报", 2001, "parameter", 2),
        ((Facts(), SIDECAR, PATH), "乙报", 2002, "sidecar", 2),
        ((Facts(), Facts(), PATH), "丙报", 2003, "path", 3),
        ((Facts(), Facts(), Facts()), "丁报", 2004, "document", 4),
        ((Facts("甲报"), Facts(), PATH), "甲报", 2003, "path", 3),
    ],
)
def test_order(known: tuple[Facts, Facts, Facts], newspaper: str, year: int, source: str, page_no: int) -> None:
    settled = settle(DOCUMENT, *known)
    assert (settled["newspaper"], settled["publication_date"].year, settled["publication_date_source"], settled["page_no"]) == (
        newspaper,
        year,
        source,
        page_no,
    )


def test_nothing_known_is_null() -> None:
    assert set(settle(PageContent(text=""), Facts(), Facts(), Facts()).values()) == {None}


def test_line_of_json_speaks_for_itself_before_the_path_of_its_file() -> None:
    line = PageContent(text="", fragment="line=7", publication_date=date(2004, 4, 4))
    assert settle(line, Facts(), Facts(), PATH)["publication_date_source"] == "document"


def test_path_numbers_only_the_first_page_of_a_file() -> None:
    assert settle(PageContent(text="", fragment="page=1"), Facts(), Facts(), PATH)["page_no"] == 3
    assert settle(PageContent(text="", fragment="page=2"), Facts(), Facts(), PATH)["page_no"] is None


def _source(folder: Path, sidecar: str | bytes | None) -> Source:
    page = folder / "a.txt"
    page.write_text("文", encoding="utf-8")
    if sidecar is not None:
        (folder / "a.txt.json").write_bytes(sidecar if isinstance(sidecar, bytes) else sidecar.encode())
    return Source("x/a.txt", str(page))


def test_sidecar(tmp_path: Path) -> None:
    said = '{"newspaper": "湖南日报", "publication_date": "2023-09-20", "page_no": 3, "note": "more is left alone"}'
    assert from_sidecar(_source(tmp_path, said)) == Facts("湖南日报", date(2023, 9, 20), 3)
    assert from_sidecar(_source(tmp_path, b"\xef\xbb\xbf{}")) == Facts()


def test_no_sidecar(tmp_path: Path) -> None:
    assert from_sidecar(_source(tmp_path, None)) == Facts()


@pytest.mark.parametrize(
    "said",
    [
        b"{",
        b"[]",
        b"null",
        b'{"page_no": "3"}',
        b'{"page_no": true}',
        b'{"publication_date": "20 Sep"}',
        b'{"publication_date": 1}',
        b"\xff\xfe\x00",
    ],
)
def test_bad_sidecar_is_said(tmp_path: Path, said: bytes) -> None:
    with pytest.raises(RejectedInput) as raised:
        from_sidecar(_source(tmp_path, said))
    assert raised.value.reason == "bad_sidecar"
