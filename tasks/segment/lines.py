"""The printed lines of a page's text, and those of them that belong to no article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from tasks.knowledge import rows, values
from tasks.segment.reading import Span
from tasks.segment.wording import cue_pattern


@dataclass(slots=True)
class Line:
    """A printed line: its place in the page's text, its words, and its look.

    ``width`` is in characters of full width (a Latin letter or digit counts half); ``apart`` says
    that a blank line stands before it, ``indented`` that it begins with a space, ``spread`` that
    it is printed letter-spaced (justified to the width of its column), ``phrase`` that it goes on with
    the printed line of the one before.
    """

    start: int
    end: int
    text: str
    width: float
    apart: bool = False
    indented: bool = False
    spread: bool = False
    vertical: bool = False
    phrase: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


_LINE = re.compile(r"[^\n]+")


def width_of(text: str) -> float:
    """Printed width of ``text`` in characters of full width."""
    return len(text) - 0.5 * len(text.encode("ascii", "ignore"))


def read_lines(text: str, offsets: Sequence[int] | None = None) -> list[Line]:
    """The lines of ``text`` that hold anything, without the white space around them.

    ``offsets``, the places of its characters in the raw page, tell which lines were letter-spaced.
    """
    found: list[Line] = []
    last = 0
    for match in _LINE.finditer(text):
        whole = match.group()
        bare = whole.strip()
        if not bare:
            continue
        start = match.start() + len(whole) - len(whole.lstrip())
        apart = text.count("\n", last, start) > 1
        spread = offsets is not None and len(bare) > 5 and offsets[start + len(bare) - 1] - offsets[start] > 1.35 * len(bare)
        found.append(Line(start, start + len(bare), bare, width_of(bare), apart, start > match.start(), spread))
        last = start + len(bare)
    return found


@cache
def _furniture() -> tuple[re.Pattern[str], re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """What a line that may be furniture begins with or holds, how such lines may end, and the patterns of each kind."""
    patterns: list[tuple[str, re.Pattern[str]]] = []
    starts: list[str] = []
    inside: list[str] = []
    ends: list[str] = []
    for row in rows("furniture_cues"):
        words = "|".join(map(re.escape, values(row["words"])))
        shape = {"start": rf"(?:{words})", "end": rf".*(?:{words})[）)]?$", "any": rf".*(?:{words})", "whole": rf"(?:{words})$"}
        patterns.append((row["kind"], re.compile(shape[row["where"]])))
        {"start": starts, "whole": starts, "any": inside, "end": ends}[row["where"]].append(words)
    hint = re.compile(rf"(?:{'|'.join(starts)})|.*?(?:{'|'.join(inside)})")
    return hint, re.compile(rf"(?:{'|'.join(ends)})[）)]?$"), tuple(patterns)


_PRICE = re.compile(r"\d元")
_PHONE = re.compile(r"电话|热线|地址|\d{3,4}-\d{3}")
_DEGREES = re.compile(r"\d\s*(?:℃|°C|度)")
_SKY = re.compile(r"[晴阴雨雪风]|多云")
_SIGNED = re.compile(r"(?:记者|通讯员|图|[/ ])\S{0,8}(?:摄|图)[）)]?$")
_CAPTION_MARK = re.compile(r"[▲△▼↑↓←→◀▶●■]?\s*图为|[▲△▼↑↓←→◀▶]")


def furniture_kind(text: str) -> str | None:
    """Why the line ``text`` belongs to no article (editors, contact, weather, advertisement, caption), or None."""
    if len(text) > 90:
        return None
    text = text.lstrip("●■◆★□○◎※ ") or text
    hint, end, patterns = _furniture()
    for kind, pattern in patterns if hint.match(text) or end.search(text, max(0, len(text) - 8)) else ():
        if not pattern.match(text):
            continue
        if kind == "caption" and not _CAPTION_MARK.match(text) and (len(text) > 60 or ("，" in text and not _SIGNED.search(text))):
            continue
        if kind in ("editors", "contact", "weather") and (text[-1] in "。，；" or "。" in text):
            continue
        return kind
    if text.endswith(("。", "，")):
        return None
    if _PRICE.search(text) and _PHONE.search(text):
        return "advertisement"
    if len(text) <= 60 and _DEGREES.search(text) and _SKY.search(text) and "。" not in text and text.count("，") <= 2:
        return "weather"
    return None


@cache
def _notices() -> tuple[re.Pattern[str], re.Pattern[str]]:
    head, act, end = map(cue_pattern, ("notice_head", "notice_act", "notice_end"))
    return re.compile(rf"[\u3400-\u9fff]{{0,4}}{head}"), re.compile(rf"[^。；]{{0,30}}{act}[^。；]{{2,80}}{end}。?")


def notice_lines(lines: Sequence[Line]) -> set[int]:
    """Indexes of the small notices on a page (lost and found): a heading that names them, and the sentences below it."""
    head, notice = _notices()
    found: set[int] = set()
    at = 0
    while at < len(lines):
        if not head.fullmatch(lines[at].text):
            at += 1
            continue
        start = at
        at += 1
        while stop := next((stop for stop in range(at + 1, at + 5) if notice.fullmatch("".join(line.text for line in lines[at:stop]))), 0):
            found.update(range(start, min(stop, len(lines))))
            start = at = min(stop, len(lines))
    return found


def typical_width(lines: Sequence[Line]) -> float | None:
    """Median width of the lines that do not end a sentence; None when there is none."""
    widths = sorted(line.width for line in lines if line.text[-1] not in "。！？；：…”」』）")
    return widths[len(widths) // 2] if widths else None
