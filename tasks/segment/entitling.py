"""The lines of one title → kicker, main headline and subheadline."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from tasks.segment.assignment import TitleLine
from tasks.segment.lines import Line, width_of
from tasks.segment.title_words import goes_on
from tasks.segment.wording import cue_pattern, ends_open, starts_open, word_crosses

_NOTICE = re.compile(cue_pattern("document") + "(?:（[^）]*）)?$")
_DOCUMENT = re.compile(cue_pattern("document"))
_COLUMN_NAME = re.compile(cue_pattern("column_name") + "$")
_DECK = re.compile(cue_pattern("deck_start"))
#: What a line under a headline may begin with, and no headline does.
DASHED = re.compile("—|--|──")

#: Two lines of a title no wider than this are one headline.
_SHORT_LINE = 10.5


def entitle(lines: Sequence[TitleLine], where: Callable[[str], Collection[int]]) -> tuple[list[Line], list[Line], list[Line]]:
    """The lines of one title parted into kicker, main headline and subheadline.

    Lines that go on with one another are one part, and two short lines are one headline.  Of
    several parts the main headline is the one that states the figure, else the shortest, which is
    set in the largest type.
    """
    first = int(_is_kicker(lines))
    parts: list[list[TitleLine]] = []
    for title in lines[first:]:
        before = parts[-1] if parts else []
        if before and (title.line.phrase or (not _is_deck(before, title) and _joins(before, title, where))):
            before.append(title)
        else:
            parts.append([title])
    widths = [sum(_printed(title.line.text) for title in part) for part in parts]
    dashed = next((number for number, part in enumerate(parts) if number and DASHED.match(part[0].line.text)), len(parts))
    main = widths.index(min(widths[:dashed]))
    if len(parts) > 1 and (_is_deck(parts[0], parts[1][0]) or _states(parts[0]) > _states(parts[1])):
        main = 0
    kicker = [title.line for part in ([*lines[:first]], *parts[:main]) for title in part]
    subheadline = [title.line for part in parts[main + 1 :] for title in part]
    return kicker, [title.line for title in parts[main]], subheadline


def _printed(text: str) -> float:
    """The width of ``text`` in large type, which sets quotation marks on half the width."""
    return width_of(text) - 0.5 * sum(char in "“”‘’《》" for char in text)


def _joins(before: Sequence[TitleLine], title: TitleLine, where: Callable[[str], Collection[int]]) -> bool:
    """Whether ``title`` goes on with the lines ``before``, in words or as the second of two short lines."""
    one, two = before[-1].printed, title.printed
    if title.line.text[0] in "（(" or goes_on(one.text, two.text, where):
        return True
    if len(before) > 1:
        return False
    if _NOTICE.search(two.text) and not _DOCUMENT.search(one.text):
        return True  # the title of a notice, which names its kind last
    return max(one.width, two.width) <= _SHORT_LINE or (two.width <= _SHORT_LINE - 2 and two.width < one.width)


def _is_kicker(lines: Sequence[TitleLine]) -> bool:
    """Whether the first of a title's lines is a label over it: a column's name, a place, or short over two lines more."""
    if len(lines) < 2 or lines[1].line.phrase or lines[0].line.width > 6.5:
        return False
    one, two = lines[0].line, lines[1].line
    if word_crosses(one.text, two.text) or ends_open(one.text):
        return False
    if (one.width <= 3 or _COLUMN_NAME.search(one.text)) and lines[1].printed.width >= one.width + 3:
        return True
    return len(lines) > 2 and not any(title.line.phrase for title in lines) and (one.width <= 4.5 or not starts_open(two.text))


def _is_deck(before: Sequence[TitleLine], title: TitleLine) -> bool:
    """Whether a line begins as one does that adds to a headline that is whole."""
    if DASHED.match(title.line.text):
        return True
    if _DECK.match(title.line.text) is None or sum([line.line.width for line in before], 0.0) < 10:
        return False
    return not word_crosses(before[-1].line.text, title.line.text)


def _states(part: Sequence[TitleLine]) -> bool:
    return any(char.isdigit() for title in part for char in title.line.text)
