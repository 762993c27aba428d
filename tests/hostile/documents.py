"""HTML that is deep, scripted, endless, or no HTML; formats that nobody reads."""

from __future__ import annotations

from tests.hostile.recipes import file
from tests.hostile.texts import PAGE, UTF, noise

BODY = "".join(f"<p>{PAGE}</p>" for _ in range(4))


def html(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><meta charset=utf-8><title>外贸稳步增长</title>{head}</head><body>{body}</body></html>".encode()


file("empty.html", b"", "rejected no_text")
file("scripts.html", html("<script>while(1){document.write('增长99%')}</script>" * 50 + BODY), "published")
file("only_scripts.html", html("<script>" + "var a='增长5%';" * 5000 + "</script>"), "empty no_text")
file("script_without_end.html", html(BODY + "<script>" + "x" * 100_000), "published")
file("event_handlers.html", html(f"<img src=x onerror='alert(1)'><article onclick='x()'>{BODY}</article>"), "published")
file("style_hidden.html", html("<div style='display:none'>增长77%</div>" + BODY), "published")
file("deep_divs.html", html("<div>" * 50_000 + BODY), "rejected too_deep")
file("deep_tables.html", html("<table><tr><td>" * 5000 + BODY), "rejected too_deep")
file("open_tags.html", html(BODY + "<a" * 100_000), "published")
file("attributes.html", html("<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">" + BODY), "rejected timeout", heavy=True)
file("entities.html", html("&amp;" * 200_000 + BODY), "published")
file("entity_bomb.html", b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + html("&b;" * 1000 + BODY), "published")
file("external_entity.xhtml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + html("&x;" + BODY), "published")
file("nul.html", html(BODY).replace(b"<p>", b"<p>\0"), "published")
file("noise.html", noise(60_000), "rejected binary")
file("wrong_charset.html", html(BODY).replace(b"utf-8", b"gb2312"), "published")
file("unknown_charset.html", html(BODY).replace(b"utf-8", b"klingon"), "published")
file("pdf_inside.html", b"%PDF-1.7\n" + html(BODY), "published")
file("refresh.html", html(BODY, "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>"), "published")
file("base_and_frames.html", html("<iframe src='http://127.0.0.1:9/'></iframe>" + BODY, "<base href='http://127.0.0.1:9/'>"), "published")
file("big.html", lambda: html(BODY * 9000), "rejected too_large", heavy=True)
file("word.docx", b"PK\x03\x04" + noise(5000), "rejected unsupported_format")
file("picture.jpg", b"\xff\xd8\xff" + noise(5000), "rejected unsupported_format")
file("table.csv", b"a,b\n1,2\n", "rejected unsupported_format")
file("no_suffix", UTF, "rejected unsupported_format")
file("upper_case.TXT", UTF, "published")
