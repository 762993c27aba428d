"""The printed lines of a page's text, and those of them that belong to no article."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from tasks.extract.cues import union
from tasks.knowledge import rows, values
from tasks.segment.reading import Span
from tasks.segment.wording import cue_pattern


@dataclass(slots=True)
class Line:
    """A printed line: its place in the page's text, its words, and its look.

    ``width`` is in characters of full width (a Latin letter or digit counts half); ``apart`` says
    that a blank line stands before it, ``indented`` that it begins with a space, ``spread`` that
    it is printed letter-spaced (justified to the width of its column), ``phrase`` that it goes on with
    the printed line of the one before.  ``vertical`` are the places of the characters of a headline set downward.
    """

    start: int
    end: int
    text: str
    width: float
    apart: bool = False
    indented: bool = False
    spread: bool = False
    vertical: tuple[int, ...] = ()
    phrase: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def width_of(text: str) -> float:
    """Printed width of ``text`` in characters of full width."""
    return len(text) - 0.5 * len(text.encode("ascii", "ignore"))


def read_lines(text: str, offsets: Sequence[int] | None = None) -> list[Line]:
    """The lines of ``text`` that hold anything, without the white space around them.

    ``offsets``, the places of its characters in the raw page, tell which lines were letter-spaced.
    """
    found: list[Line] = []
    at = breaks = 0  # the line's start, the line breaks since the last line that holds anything
    if offsets is not None and (not len(offsets) or offsets[-1] - offsets[0] < len(offsets)):
        offsets = None  # nothing was left out between the page's first character and its last: no line is letter-spaced
    for whole in text.split("\n"):
        bare = whole.strip()
        if bare:
            length = len(bare)
            start = at if whole[0] == bare[0] else at + len(whole) - len(whole.lstrip())
            spread = offsets is not None and length > 5 and offsets[start + length - 1] - offsets[start] > 1.35 * length
            found.append(Line(start, start + length, bare, width_of(bare), breaks > 1, start > at, spread))
            breaks = 0
        at += len(whole) + 1
        breaks += 1
    return found


class _Cues(NamedTuple):
    """The words that are furniture in themselves by where they stand in a line, what such lines begin and end with, what else
    lines that may be furniture hold, and the patterns of each kind."""

    first: frozenset[str]
    last: frozenset[str]
    hint: re.Pattern[str]
    starts: re.Pattern[str]
    inside: re.Pattern[str]
    ends: re.Pattern[str]
    kinds: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _furniture() -> _Cues:
    kinds: list[tuple[str, re.Pattern[str]]] = []
    found: dict[str, list[str]] = {"start": [], "whole": [], "any": [], "end": []}
    for row in rows("furniture_cues"):
        found[row["where"]] += values(row["words"])
        words = "|".join(map(re.escape, values(row["words"])))
        shape = {"start": rf"(?:{words})", "end": rf".*(?:{words})[）)]?$", "any": rf".*(?:{words})", "whole": rf"(?:{words})$"}
        kinds.append((row["kind"], re.compile(shape[row["where"]])))
    starts = [*found["start"], *found["whole"]]
    return _Cues(
        frozenset(_BULLETS) | {word[0] for word in starts},
        frozenset("）)") | {word[-1] for word in found["end"]},
        re.compile(union([*found["any"], *_FURTHER])),
        re.compile(union(starts)),
        re.compile(union(found["any"])),
        re.compile(rf"(?:{union(found['end'])})[）)]?$"),
        tuple(kinds),
    )


_BULLETS = "●■◆★□○◎※ "
#: What lines with a price or with degrees hold.
_FURTHER = ("电话", "热线", "地址", "℃", "°", "度")
_PRICE = re.compile(r"\d元")
_PHONE = re.compile(r"电话|热线|地址|\d{3,4}-\d{3}")
_DEGREES = re.compile(r"\d\s*(?:℃|°C|度)")
_SKY = re.compile(r"[晴阴雨雪风]|多云")
_SIGNED = re.compile(r"(?:记者|通讯员|图|[/ ])\S{0,8}(?:摄|图)[）)]?$")
_CAPTION_MARK = re.compile(r"[▲△▼↑↓←→◀▶●■]?\s*图为|[▲△▼↑↓←→◀▶]")


def furniture(text: str, lines: Sequence[Line]) -> dict[int, str]:
    """The lines of ``text`` that belong to no article, by their indexes, and why.

    Cues inside lines are looked for in the whole text at once.
    """
    cues = _furniture()
    first, last = cues.first, cues.last
    maybe = {index for index, line in enumerate(lines) if line.text[0] in first or line.text[-1] in last}
    starts = [line.start for line in lines]
    for match in cues.hint.finditer(text):
        maybe.add(bisect_right(starts, match.start()) - 1)
    if "-" in text:  # of a telephone number
        maybe.update(index for index, line in enumerate(lines) if "-" in line.text)
    found = {index: furniture_kind(lines[index].text) for index in sorted(maybe)}
    return {index: kind for index, kind in found.items() if kind is not None}


def furniture_kind(text: str) -> str | None:
    """Why the line ``text`` belongs to no article (editors, contact, weather, advertisement, caption), or None."""
    if len(text) > 90:
        return None
    text = text.lstrip(_BULLETS) or text
    cues = _furniture()
    hinted = cues.starts.match(text) or cues.inside.search(text) or cues.ends.search(text, max(0, len(text) - 8))
    for kind, pattern in cues.kinds if hinted else ():
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


#: The longest heading of a small notice, in characters.
_HEADING = 8


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
        if len(lines[at].text) > _HEADING or not head.fullmatch(lines[at].text):
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
