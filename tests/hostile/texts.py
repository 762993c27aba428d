"""Text that is none, is too much, or lies about its encoding."""

from __future__ import annotations

import random
from pathlib import Path

from tests.hostile.recipes import Make, file, files

PAGE = "外贸稳步增长\n本报讯（记者 甲某）前8个月，长沙市进出口总值158.5亿元，同比增长12.5%。其中，对韩国出口13亿元，下降3%。\n"
GB = PAGE.encode("gb18030")
UTF = PAGE.encode()
MB = 1024 * 1024


def beside(sidecar: bytes) -> Make:
    def make(folder: Path) -> None:
        (folder / "a.txt").write_bytes(UTF)
        (folder / "a.txt.json").write_bytes(sidecar)

    return make


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


file("empty.txt", b"", "empty no_text")
file("blank.txt", b" \n\t\r\n" * 500, "empty no_text")
file("mark_only.txt", b"\xef\xbb\xbf", "empty no_text")
file("mark16_only.txt", b"\xff\xfe", "empty no_text")
file("ideographic_spaces.txt", "\u3000\n".encode() * 300, "empty no_text")
file("noise.txt", noise(50_000), "rejected binary")
file("all_bytes.txt", bytes(range(256)) * 4, "rejected binary")
file("elf.txt", b"\x7fELF\x02\x01\x01" + bytes(60) + noise(4000), "rejected binary")
file("zip.txt", b"PK\x03\x04" + noise(3000), "rejected binary")
file("png.txt", b"\x89PNG\r\n\x1a\n" + noise(3000), "rejected binary")
file("gzip.txt", b"\x1f\x8b\x08" + noise(3000), "rejected binary")
file("nul_within.txt", UTF[:60] + b"\0" + UTF[60:], "rejected binary")
file("nul_tail.txt", UTF + bytes(4096), "rejected binary")
file("all_nul.txt", bytes(100_000), "rejected binary")
file("cut_inside_character.txt", UTF[:-2], "rejected undecodable")
file("cut_inside_gb.txt", GB[:-3], "published")
file("two_encodings.txt", UTF + GB, "rejected undecodable")
file("utf16_no_mark.txt", PAGE.encode("utf-16-le"), "published")
file("utf16_odd.txt", PAGE.encode("utf-16") + b"\x4e", "rejected undecodable")
file("utf16_lone_surrogate.txt", b"\xff\xfe" + PAGE.encode("utf-16-le") + b"\x00\xd8", "rejected undecodable")
file("utf32.txt", PAGE.encode("utf-32"), "published")
file("utf7.txt", PAGE.encode("utf-7"), "published")
file("shift_jis.txt", ("経済成長は続いている。" * 40).encode("shift_jis"), "rejected undecodable")
file("latin1.txt", ("Économie générale à l'été, façade " * 40).encode("latin-1"), "rejected undecodable")
file("mojibake.txt", UTF.decode("latin-1").encode(), "empty no_articles")
file("gb_called_utf8_mark.txt", b"\xef\xbb\xbf" + GB, "rejected undecodable")
file("overlong_utf8.txt", UTF + b"\xc0\xaf\xe0\x80\xaf", "rejected undecodable")
file("surrogates_in_utf8.txt", UTF + b"\xed\xa0\x80", "rejected undecodable")
file("controls.txt", PAGE.replace("，", "\x0b\x0c\x1b[31m").encode(), "rejected binary")
file("only_carriage_returns.txt", PAGE.replace("\n", "\r").encode(), "published")
file("right_to_left_override.txt", ("\u202e" + PAGE + "\u2066\u200b\ufeff").encode(), "published")
file("combining_tower.txt", ("增长" + "\u0301" * 50_000 + PAGE).encode(), "published")
file("private_use.txt", ("\ue000\uf8ff" * 2000 + "\n" + PAGE).encode(), "published")
file("astral.txt", ("𠀀𠮷🀄" * 3000 + "\n" + PAGE).encode(), "published")
file("digits.txt", b"9" * 2_000_000, "rejected too_large")
file("long_numbers.txt", ("增长" + "1" * 5000 + "亿元，" + "二" * 5000 + "万元。\n").encode() * 20, "published")
file("exponents.txt", "进出口总值1e999亿元，增长9e9999%，下降1E+400%。\n".encode() * 50, "published")
file("brackets.txt", ("（" * 60_000 + "12.5%" + "）" * 60_000 + "\n").encode(), "published")
file("quotes.txt", ("“" * 100_000 + PAGE).encode(), "published")
file("bylines.txt", ("本报讯（记者 甲某 通讯员 乙某）" * 5000).encode(), "published")
file("one_word_again.txt", ("亿元" * 400_000).encode(), "rejected too_many_amounts", heavy=True)
file("percents.txt", ("增长1%、" * 60_000).encode(), "rejected too_many_amounts", heavy=True)
file("places.txt", ("湖南省长沙市岳麓区" * 40_000).encode(), "published")
file("dates.txt", ("2023年9月20日" * 50_000).encode(), "published")
file("short_lines.txt", ("增\n" * 300_000).encode(), "published", heavy=True)
file("letters_apart.txt", (" ".join(PAGE) * 2000).encode(), "published", heavy=True)
file("line_of_5_mb.txt", (PAGE.replace("\n", "") * 22_000).encode(), "rejected too_large")
file("line_of_2_mb.txt", (PAGE.replace("\n", "") * 9_000).encode(), "rejected too_many_amounts", heavy=True)
file("line_of_100_mb.txt", lambda: ("增长" * 17).encode() * MB, "rejected too_large")
file("over_the_limit.txt", lambda: b"a" * (257 * MB), "rejected too_large")
for name, said in {
    "broken": b"{",
    "wrong_types": b'{"page_no": "three"}',
    "nested": b"[" * 200_000,
    "of_no_calendar": b'{"publication_date": "0000-00-00"}',
    "not_utf8": b'{"newspaper": "\xff\xfe"}',
}.items():
    files(f"sidecar_{name}", beside(said), {"a.txt": "rejected bad_sidecar"}, heavy=True)
