"""PDFs written by hand: broken, cut off, locked, and made to take all memory and time there is."""

from __future__ import annotations

import zlib

from tests.hostile.recipes import file
from tests.hostile.texts import UTF, noise

MB = 1024 * 1024
#: A page whose font needs no file: readers bring STSong-Light.
SHOWN = "<" + "前8个月长沙市进出口总值158.5亿元同比增长12.5%。".encode("utf-16-be").hex() + ">"
CONTENT = "\n".join(f"BT /F1 12 Tf 40 {760 - 16 * n} Td {SHOWN} Tj ET" for n in range(30)).encode()
FONT = {
    5: b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
    6: b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
    b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
}


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(data), more) + data + b"\nendstream"


def packed(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter [" + b"/FlateDecode " * times + b"]")


def pdf(objects: dict[int, bytes] | None = None, page: bytes = b"", trailer: bytes = b"", content: bytes | None = None) -> bytes:
    """A document of one page; ``objects`` take the place of its own."""
    all_objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> " + page + b" >>",
        4: stream(CONTENT) if content is None else content,
        **FONT,
        **(objects or {}),
    }
    out, at = bytearray(b"%PDF-1.7\n"), {}
    for number, content_of in sorted(all_objects.items()):
        at[number] = len(out)
        out += b"%d 0 obj\n" % number + content_of + b"\nendobj\n"
    start, size = len(out), max(all_objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % at[number] if number in at else b"0000000000 65535 f \n"
    return bytes(out + b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))


GOOD = pdf()
LOCKED = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >> /ID [<01> <01>]"
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X %d 0 R >> >>"

file("empty.pdf", b"", "rejected broken_pdf")
file("head_only.pdf", b"%PDF-1.7\n", "rejected broken_pdf")
file("half.pdf", GOOD[: len(GOOD) // 2], "rejected broken_pdf")
file("quarter.pdf", GOOD[: len(GOOD) // 4], "rejected broken_pdf")
file("no_xref.pdf", GOOD[: GOOD.index(b"xref")], "rejected broken_pdf")
file("xref_of_lies.pdf", GOOD.replace(b"startxref\n", b"startxref\n9"), "published")
file("noise.pdf", b"%PDF-1.7\n" + noise(50_000), "rejected broken_pdf")
file("noise_within.pdf", GOOD[:200] + noise(300) + GOOD[200:], "empty no_articles")
file("text_called.pdf", UTF, "rejected broken_pdf")
file("locked.pdf", pdf(trailer=LOCKED), "rejected encrypted")
file("unknown_lock.pdf", pdf(trailer=b"/Encrypt << /Filter /Nobody /V 9 >> /ID [<01> <01>]"), "rejected encrypted")
file("no_pages.pdf", pdf({2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), "rejected broken_pdf")
file("million_pages_said.pdf", pdf({2: b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>"}), "rejected too_large")
file(
    "million_pages.pdf",
    lambda: pdf({2: b"<< /Type /Pages /Kids [" + b"3 0 R " * 1_000_000 + b"] /Count 1000000 >>"}),
    "rejected too_large",
    heavy=True,
)
file(
    "pages_in_a_loop.pdf",
    pdf({2: b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>"}),
    {"#page=1": "published", "#page=2": "rejected broken_pdf"},
)
file("page_is_no_page.pdf", pdf({3: b"<< /Type /Font >>"}), "rejected broken_pdf")
file("page_missing.pdf", pdf({3: b"null"}), "rejected broken_pdf")
file("blank_page.pdf", pdf(content=stream(b"")), "rejected no_text_layer")
file("page_of_no_size.pdf", pdf(page=b"/MediaBox [0 0 0 0]"), "published")
file("page_of_huge_size.pdf", pdf(page=b"/MediaBox [0 0 1e30 1e30]"), "published")
file("content_bomb.pdf", lambda: pdf(content=packed(b" " * (700 * MB))), "rejected memory", heavy=True)
file("content_bomb_twice.pdf", lambda: pdf(content=packed(bytes(600 * MB), 2)), "rejected memory")
file("content_endless.pdf", lambda: pdf(content=packed(b"q " * 20_000_000)), "rejected memory", heavy=True)
file("glyphs.pdf", lambda: pdf(content=packed(CONTENT * 2500)), "rejected too_large", heavy=True)
file(
    "forms_in_a_loop.pdf",
    pdf({7: stream(b"/X Do", FORM % 7)}, page=b"/Resources << /XObject << /X 7 0 R >> >>", content=stream(b"/X Do")),
    "rejected no_text_layer",
)
file(
    "forms_doubling.pdf",
    pdf(
        {7 + n: stream(b"/X Do /X Do", FORM % (8 + n)) for n in range(30)} | {37: stream(CONTENT, FORM % 37)},
        page=b"/Resources << /XObject << /X 7 0 R >> >>",
        content=stream(b"/X Do"),
    ),
    "rejected memory",
)
file("broken_flate.pdf", pdf(content=stream(noise(2000), b"/Filter /FlateDecode")), "rejected no_text_layer")
file("length_of_lies.pdf", GOOD.replace(b"/Length %d" % len(CONTENT), b"/Length 999999999"), "published")
file("script.pdf", pdf({1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while(1){}) >> >>"}), "published")
file("launch.pdf", pdf({1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/sh) >> >>"}), "published")
file("deep_arrays.pdf", pdf({7: b"[" * 300_000}), "published")
