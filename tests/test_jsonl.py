"""JSON lines: streamed, typed, plain or gzip; a bad line is one rejected row."""

from __future__ import annotations

import gzip
import json
import random
import tracemalloc
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tasks.ingest import Limits, PageContent, RejectedInput, Source
from tasks.ingest.jsonl import read_jsonl

GOOD: dict[str, Any] = {"text": "本报讯 全市外贸增长一成。"}


def pages(tmp_path: Path, data: bytes, limits: Limits = Limits()) -> list[PageContent]:
    file = tmp_path / "pages.jsonl"
    file.write_bytes(data)
    return list(read_jsonl(Source("pages.jsonl", str(file)), limits))


def one(tmp_path: Path, value: Any) -> PageContent:
    (page,) = pages(tmp_path, json.dumps(value, ensure_ascii=False).encode())
    return page


def test_a_line_is_a_page_and_an_article_when_it_has_a_headline(tmp_path: Path) -> None:
    page = one(tmp_path, GOOD)
    assert (page.text, page.headline, page.single_article, page.fragment) == (GOOD["text"], None, False, "line=1")
    page = one(tmp_path, {**GOOD, "headline": " 外贸增长 ", "publication_date": "2023-09-20", "newspaper": "某某日报", "page_no": 3})
    assert (page.headline, page.single_article, page.newspaper, page.page_no) == ("外贸增长", True, "某某日报", 3)
    assert page.publication_date == date(2023, 9, 20)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([1], "bad_type:line"),
        ("text", "bad_type:line"),
        ({}, "bad_type:text"),
        ({"text": None}, "bad_type:text"),
        ({"text": ["a"]}, "bad_type:text"),
        ({**GOOD, "headline": 5}, "bad_type:headline"),
        ({**GOOD, "newspaper": {"a": 1}}, "bad_type:newspaper"),
        ({**GOOD, "byline": 1.5}, "bad_type:byline"),
        ({**GOOD, "publication_date": 20230920}, "bad_type:publication_date"),
        ({**GOOD, "publication_date": "2023-02-30"}, "bad_type:publication_date"),
        ({**GOOD, "publication_date": "昨天"}, "bad_type:publication_date"),
        ({**GOOD, "page_no": 1.5}, "bad_type:page_no"),
        ({**GOOD, "page_no": True}, "bad_type:page_no"),
        ({**GOOD, "page_no": 0}, "bad_type:page_no"),
        ({**GOOD, "page_no": "三"}, "bad_type:page_no"),
        ({**GOOD, "page_no": 10**30}, "bad_type:page_no"),
        ({**GOOD, "page_no": "03", "headline": None, "publication_date": "20230920", "more": [1]}, None),
        ({**GOOD, "publication_date": "2023-09-20T08:00:00+08:00"}, None),
    ],
)
def test_types_are_checked(tmp_path: Path, value: Any, reason: str | None) -> None:
    assert one(tmp_path, value).reason == reason


def test_bad_lines_do_not_stop_the_file(tmp_path: Path) -> None:
    good = json.dumps(GOOD).encode()
    lines = [b"\xef\xbb\xbf" + good, b"{broken", b"", b"   ", b"\xff\xfe{}", b"[" * 100_000, b"9" * 5000, good + b"\r", b"null", good]
    found = pages(tmp_path, b"\n".join(lines))
    assert [(page.fragment, page.reason) for page in found] == [
        ("line=1", None),
        ("line=2", "bad_json"),
        ("line=5", "undecodable"),
        ("line=6", "bad_json"),
        ("line=7", "bad_json"),
        ("line=8", None),
        ("line=9", "bad_type:line"),
        ("line=10", None),
    ]


def test_each_line_has_a_checksum_of_its_own(tmp_path: Path) -> None:
    lines = [json.dumps({"text": str(i)}).encode() for i in range(3)]
    found = pages(tmp_path, b"\n".join(lines))
    assert len({page.sha256 for page in found}) == 3
    assert [page.size for page in found] == [len(line) for line in lines]


@pytest.mark.parametrize("block", [1, 7, 64, 1 << 20])
def test_lines_are_the_same_however_the_file_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    rng = random.Random(5)
    lines = [b"" if rng.random() < 0.3 else json.dumps({"text": "字" * rng.randint(0, 40)}).encode() for _ in range(60)]
    monkeypatch.setattr("tasks.ingest.jsonl.BLOCK", block)
    for data in (b"\n".join(lines), b"\n".join(lines) + b"\n\n", gzip.compress(b"\n".join(lines))):
        expected = [(f"line={i}", json.loads(line)["text"]) for i, line in enumerate(lines, 1) if line]
        assert [(page.fragment, page.text) for page in pages(tmp_path, data)] == expected


def test_gzip_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    assert [page.text for page in pages(tmp_path, gzip.compress(json.dumps(GOOD).encode()))] == [GOOD["text"]]


def test_a_cut_off_gzip_keeps_what_was_read(tmp_path: Path) -> None:
    rng = random.Random(1)
    whole = gzip.compress("\n".join(json.dumps({"text": str(rng.random())}) for _ in range(200_000)).encode())
    (tmp_path / "pages.jsonl").write_bytes(whole[: len(whole) // 2])
    found = []
    with pytest.raises(RejectedInput, match="broken_gzip"):
        for page in read_jsonl(Source("pages.jsonl", str(tmp_path / "pages.jsonl")), Limits()):
            found.append(page.reason)
    assert len(found) > 1000 and set(found) == {None}


def test_bombs_are_bounded(tmp_path: Path) -> None:
    for filling in (b"a", b"\n", b'{"text":"' + b"a" * 100 + b'"}\n'):
        bomb = gzip.compress(filling * (64 * 1024 * 1024 // len(filling)), 9)
        with pytest.raises(RejectedInput, match="too_large"):
            pages(tmp_path, bomb)


def test_a_line_too_long_is_one_rejected_row(tmp_path: Path) -> None:
    small = replace(Limits(), page_chars=1000)
    long = json.dumps({"text": "a" * 3_000_000}).encode()
    found = pages(tmp_path, b"\n".join([json.dumps(GOOD).encode(), long, json.dumps(GOOD).encode()]), small)
    assert [page.reason for page in found] == [None, "too_large", None]
    assert [page.reason for page in pages(tmp_path, json.dumps({"text": "a" * 2000}).encode(), small)] == ["too_large"]


def test_a_file_of_something_else_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(RejectedInput, match="not_json_lines"):
        pages(tmp_path, b"no json\n" * 5000)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    line = json.dumps({"text": "外贸增长一成。" * 100}).encode() + b"\n"
    file = tmp_path / "pages.jsonl"
    peaks = []
    for count in (200, 20_000):
        file.write_bytes(line * count)
        tracemalloc.start()
        assert sum(1 for _ in read_jsonl(Source("pages.jsonl", str(file)), Limits())) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 8 * 1024 * 1024
