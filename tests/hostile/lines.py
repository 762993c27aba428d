"""JSON lines of wrong types, packed too tight, or without an end."""

from __future__ import annotations

import gzip
import json

from tests.hostile.recipes import file
from tests.hostile.texts import PAGE, noise

MB = 1024 * 1024
GOOD = json.dumps({"text": PAGE, "headline": "外贸稳步增长", "publication_date": "2024-05-06"}, ensure_ascii=False).encode() + b"\n"


def line(**fields: object) -> bytes:
    return json.dumps({"text": PAGE, **fields}).encode() + b"\n"


file("empty.jsonl", b"", "rejected no_pages")
file("blank.jsonl", b"\n\n \n", "rejected no_pages")
file("text_is_number.jsonl", line(text=5) + GOOD, {"#line=1": "rejected bad_type:text", "#line=2": "published"})
file("text_is_null.jsonl", line(text=None) + GOOD, {"#line=1": "rejected bad_type:text", "#line=2": "published"})
file("text_is_list.jsonl", line(text=[PAGE]) + GOOD, {"#line=1": "rejected bad_type:text", "#line=2": "published"})
file("headline_is_object.jsonl", line(headline={"a": 1}) + GOOD, {"#line=1": "rejected bad_type:headline", "#line=2": "published"})
file(
    "date_is_number.jsonl",
    line(publication_date=20240506) + GOOD,
    {"#line=1": "rejected bad_type:publication_date", "#line=2": "published"},
)
file(
    "date_of_no_calendar.jsonl",
    line(publication_date="2024-02-31") + GOOD,
    {"#line=1": "rejected bad_type:publication_date", "#line=2": "published"},
)
file("page_number_negative.jsonl", line(page_no=-3) + GOOD, {"#line=1": "rejected bad_type:page_no", "#line=2": "published"})
file("page_number_huge.jsonl", line(page_no=10**30) + GOOD, {"#line=1": "rejected bad_type:page_no", "#line=2": "published"})
file("a_list.jsonl", b"[1, 2]\n" + GOOD, {"#line=1": "rejected bad_type:line", "#line=2": "published"})
file("a_string.jsonl", b'"text"\n' + GOOD, {"#line=1": "rejected bad_type:line", "#line=2": "published"})
file("not_a_number.jsonl", b"NaN\n" + GOOD, {"#line=1": "rejected bad_type:line", "#line=2": "published"})
file("deep.jsonl", b'{"text":' + b"[" * 200_000 + b"\n" + GOOD, {"#line=1": "rejected bad_json", "#line=2": "published"})
file("half_a_surrogate.jsonl", b'{"text": "\\ud800"}\n' + GOOD, {"#line=1": "rejected undecodable", "#line=2": "published"})
file("nul_in_text.jsonl", b'{"text": "\\u0000\\u0001"}\n' + GOOD, {"#line=1": "empty no_articles", "#line=2": "published"})
file("gb18030.jsonl", GOOD.decode().encode("gb18030") + GOOD, {"#line=1": "rejected undecodable", "#line=2": "published"})
file("cut_off.jsonl", GOOD + GOOD[:80], {"#line=1": "published", "#line=2": "rejected bad_json"})
file(
    "huge_integer.jsonl",
    b'{"text": "a", "page_no": ' + b"9" * 100_000 + b"}\n" + GOOD,
    {"#line=1": "rejected bad_json", "#line=2": "published"},
)
file("keys_again.jsonl", b'{"text": "a", "text": "b"}\n' + GOOD, {"#line=1": "empty no_articles", "#line=2": "published"})
file("noise.jsonl", noise(40_000).replace(b"\n", b"") + b"\n" + GOOD, {"#line=1": "rejected undecodable", "#line=2": "published"})
file(
    "nothing_but_noise.jsonl",
    b"x\n" * 3000,
    {f"#line={n}": "rejected bad_json" for n in range(1, 1001)} | {"#after=1000": "rejected not_json_lines"},
)
file(
    "line_of_100_mb.jsonl",
    lambda: b'{"text": "' + b"a" * (100 * MB) + b'"}\n' + GOOD,
    {"#line=1": "rejected too_large", "#line=2": "published"},
)
file("cut_off.jsonl.gz", gzip.compress(GOOD * 2000, mtime=0)[:-40], "rejected broken_gzip")
file("bad_checksum.jsonl.gz", gzip.compress(GOOD, mtime=0)[:-8] + bytes(8), "rejected broken_gzip")
file("no_gzip.jsonl.gz", b"\x1f\x8b" + noise(500), "rejected broken_gzip")
file("bomb.jsonl.gz", lambda: gzip.compress(bytes(400 * MB), 9, mtime=0), "rejected too_large")
file("bomb_of_lines.jsonl.gz", lambda: gzip.compress(b"\n" * (400 * MB), 9, mtime=0), "rejected too_large", heavy=True)
