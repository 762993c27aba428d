"""Where one article of a page ends and the next begins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tasks.segment.grams import Texts, grams
from tasks.segment.paragraphs import Unit
from tasks.segment.wording import cue_pattern

#: A sum of evidence from which on a place between two paragraphs parts two articles.
ENOUGH = 2.4
#: From which on headlines without an article may part two articles there.
CANDIDATE = -0.5
#: The most that a change of words speaks for a boundary.
DRIFT = 2.0

_DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日"
_LEAD = re.compile(rf"(?:{cue_pattern('lead_time')}|{_DAY}{cue_pattern('lead_hour')}?)[，,]")
#: How a paragraph begins that goes on with what stands before.
_FURTHER = re.compile(rf"{cue_pattern('further')}|[^，。；：]{{1,8}}方面[，：]")
#: A company named with its stock code, and the day of its notice or the word for it.
_LISTED_LEAD = re.compile(rf"[^，。；（）()]{{2,14}}[（(][A-Z\d]{{2,6}}(?:\.[A-Z]{{1,2}})?[）)](?:{_DAY}|{cue_pattern('lead_time')}|昨)")
_REPORTED_LEAD = re.compile(rf"[^。；]{{0,24}}记者[^。；]{{0,24}}{cue_pattern('lead_verb')}|据[^。；]{{2,24}}消息，")
_REPORTED = re.compile("记者|^据")
#: No lead is longer, in characters.
_LEADING = 80
_BULLET = re.compile(r"[丨|■●◆▲★○□◎※·]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、]|[（(][一二三四五六七八九十\d]{1,2}[）)]")


class Words:
    """What the paragraphs of a page say, by the numbers of their units."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.paragraphs = [index for index, unit in enumerate(units) if not unit.title]
        self.place = {index: place for place, index in enumerate(self.paragraphs)}
        self.texts = Texts([units[index].text for index in self.paragraphs])
        self.texts.look_up([gram for unit in units if unit.title for gram in grams(unit.text)])

    def where(self, gram: str) -> list[int]:
        """The paragraphs that hold ``gram``."""
        return [self.paragraphs[place] for place in self.texts.where(gram)]

    def held(self, own: Iterable[str], units: Sequence[int]) -> int:
        """How many of the grams ``own`` any of these paragraphs, which follow one another, holds."""
        return self.texts.held(own, self.place[units[0]], self.place[units[-1]])

    def drift(self, left: Sequence[int], right: Sequence[int]) -> float:
        """What the words on both sides of a place say for a boundary there: -1 (the same matter) to ``DRIFT`` (another)."""
        shared = self.texts.shared([self.place[index] for index in left], [self.place[index] for index in right])
        # measured on pages: 0.00 to 0.03 where the matter changes, mostly above 0.05 where it does not
        return 0.0 if shared is None else max(-1.0, min(DRIFT, (0.045 - shared) * 50))


def evidence(units: Sequence[Unit], behind: Sequence[int], titles: Sequence[Unit], ahead: Sequence[int], words: Words) -> float:
    """How much speaks for a boundary between the paragraphs ``behind`` (an article so far) and those ``ahead``.

    ``titles`` stand between.  Neither has a dateline, a byline or a signature there, which would settle it: the width of the
    column, headlines between and the form of a lead count together.  What the words on both sides
    say (``Words.drift``) is not in it.
    """
    before, after = [units[index] for index in behind[-4:]], [units[index] for index in ahead[:4]]
    found = _width_change(before, after)
    if before[-1].soft and not titles:
        found -= 0.5
    for title in titles:
        found += _headline_like(title)
    if titles:
        found += _names(titles[-1], behind, ahead, words)
    lead = after[0].text[:_LEADING]
    if (_REPORTED.search(lead) and _REPORTED_LEAD.match(lead)) or _LISTED_LEAD.match(lead):
        found += 0.5 if not titles and len(behind) == 1 and _is_scene(units[behind[0]]) else 2.0
    elif _LEAD.match(lead):
        found += 1.0
    elif _FURTHER.match(lead):
        found -= 1.5
    return found


def _is_scene(opening: Unit) -> bool:
    """Whether a paragraph begins an article with what the reporter saw: whom he asked comes in the second one."""
    return opening.opening is None and _LEAD.match(opening.text) is not None and "记者" in opening.text[:_LEADING]


def _width_change(before: Sequence[Unit], after: Sequence[Unit]) -> float:
    last = [width for unit in before for width in unit.full[-8:]][-8:]
    first = [width for unit in after for width in unit.full[:8]][:8]
    if len(last) < 2 or len(first) < 2 or not after[0].full:
        return -0.5
    # punctuation hangs over the edge of a line or two, and numbers that are not broken leave others short: both measures must move
    change = min(abs(_part(last, part) - _part(first, part)) for part in (0.75, 0.5))
    near = abs(max(last[-2:]) - max(after[0].full[:2]))  # text beside a picture is narrower, on both sides of a paragraph's end
    if change >= 1.3 and near >= 1.2:
        return 4.0 if len(last) > 2 and len(first) > 2 else 2.0
    if change >= 1.0 and near >= 0.8:
        return 1.0 if len(last) > 2 and len(first) > 2 else 0.0
    return 0.0 if change >= 0.7 else -1.0


def _part(widths: list[float], part: float) -> float:
    """The width that so large a part of the lines falls short of; lines fall short of the column more often than they exceed it."""
    return sorted(widths)[int(part * len(widths))]


def _names(title: Unit, behind: Sequence[int], ahead: Sequence[int], words: Words) -> float:
    """How much better a title fits what follows than what stands before: 0 to 1.5."""
    own = grams(title.text)
    if len(title.text) < 9 or not own:
        return 0.0
    following, standing = words.held(own, ahead[:3]), words.held(own, behind[-4:])
    return max(0.0, min(1.5, 3.0 * (following - standing) / len(own)))


def _headline_like(title: Unit) -> float:
    """What a title between two paragraphs weighs: a long one with numbers or a pause is hardly a crosshead."""
    length = len(title.text)
    found = 0.0
    if _BULLET.match(title.text):
        return found
    if length >= 14:
        found += 1.0
    if length >= 20:
        found += 1.0
    if len(title.lines) > 1:
        found += 1.5 if length >= 14 else 0.5
    if re.search(r"\d", title.text) or " " in title.text:
        found += 0.5
    return found
