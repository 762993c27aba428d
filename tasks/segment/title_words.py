"""What the words of titles' lines say: whether one goes on with another, and lines that are no headlines."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from tasks.segment.lines import Line, width_of
from tasks.segment.wording import cue_pattern, ends_open, starts_open, starts_verbal, word_crosses

#: Shorter parts of a title's line, in characters, are no headlines of their own.
_PHRASE = 4.5
_NUMBER_FIRST = re.compile(r"(?:[近超逾达约增降涨跌升]{1,2}\d|\d+(?:\.\d+)?[%万亿个家倍])|[%万亿元]")
_CLAUSES = re.compile("[，！？!?]")
_OFFICE = re.compile(rf"[\u3400-\u9fff]{{2,14}}{cue_pattern('office')}")
_PLACE_LABEL = re.compile(r"[\u3400-\u9fff]{1,5}[省市县区州旗盟镇乡]")


def continues(one: str, two: str) -> bool:
    """Whether ``two`` goes on with a word or a phrase that ``one`` leaves open."""
    return word_crosses(one, two) or ends_open(one) or starts_open(two) or starts_verbal(two)


def goes_on(one: str, two: str, where: Callable[[str], Collection[int]]) -> bool:
    """Whether ``two`` goes on with the phrase that ``one`` leaves open; ``where`` finds grams in the page's texts."""
    if width_of(two) <= 6.5 or width_of(one) <= 5:
        return True
    if one.count('"') % 2 or any(one.count(opening) > one.count(closing) for opening, closing in ("（）", "“”", "《》")):
        return True
    if width_of(two) >= width_of(one) + 3:  # what is left over of a broken line is not longer than it
        return word_crosses(one, two) or ends_open(one)
    if word_crosses(one, two) or ends_open(one) or (min(one[-1], two[0]) >= "\u3400" and bool(where(one[-1] + two[0]))):
        return True
    return not _CLAUSES.search(two) and (starts_open(two) or bool(_NUMBER_FIRST.match(two)))


def phrases(line: Line) -> list[Line]:
    """A title's line parted at its blanks: readers put headlines that stand side by side on one line."""
    if " " not in line.text or line.vertical:
        return [line]
    texts: list[str] = []
    for text in line.text.split(" "):
        if texts and (width_of(texts[-1]) < _PHRASE or width_of(text) < _PHRASE):
            texts[-1] += " " + text
        else:
            texts.append(text)
    found: list[Line] = []
    at = line.start
    for text in texts:
        found.append(Line(at, at + len(text), text, width_of(text), line.apart and at == line.start, phrase=at > line.start))
        at += len(text) + 1
    return found


def is_signature(text: str) -> bool:
    """Whether a line is the name of an office, as it signs a notice."""
    return _OFFICE.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """Whether a title is a place's name: a label over a column rather than a headline (云溪区, not 振兴老区)."""
    if _PLACE_LABEL.fullmatch(text) is None:
        return False
    if text[-1] in "镇乡":  # too many for any table
        return len(text) <= 4 and not starts_open(text)
    from tasks.extract.place_mentions import gazetteer

    return any(place.start == 0 and place.end == len(text) for place in gazetteer().find(text))
