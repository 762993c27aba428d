"""Titles outside of articles → headlines of the articles they name, as one best matching over the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from tasks.segment.headlines import best_matching, grams, rarity
from tasks.segment.lines import Line, width_of
from tasks.segment.wording import cue_pattern, ends_open, starts_open, starts_verbal, word_crosses

#: What a title's standing right before an article, or right after it, is worth, in telling grams.
_BEFORE, _AFTER = 2.5, 0.6
#: What it is worth for two lines of a title that they stand together right before an article.
_HEADS = 3.0
#: Share of a title's grams that an article it does not stand before must hold.
_LIKE = 0.2
#: Two lines of a title no wider than this are one headline.
_SHORT_LINE = 10.5
#: More lines of titles than this are taken one by one.
_MANY = 24
#: Shorter parts of a title's line, in characters, are no headlines of their own.
_PHRASE = 4.5


@dataclass(slots=True)
class TitleLine:
    """A phrase of the ``printed`` line of the title ``block`` outside of articles; ``before`` is the number of the article that
    begins right behind it, ``after`` that of the one that ends right before it (-1: none);
    ``heads`` says that nothing but titles stands between it and the next article."""

    line: Line
    printed: Line
    block: int
    before: int
    after: int
    heads: bool = False


@dataclass(slots=True)
class Group:
    """Lines of one title; ``bond`` is what speaks for their being one (``weakest``: of any two lines), ``gains`` for
    each article how well they fit it."""

    lines: list[TitleLine]
    words: frozenset[str]
    bond: float = 0.0
    weakest: float = 9.0
    gains: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Matching:
    """Groups of title lines, the article each goes to (None: none), and how well all fit."""

    groups: list[Group]
    articles: list[int | None]
    worth: float

    @property
    def named(self) -> int:
        """How many articles have a title."""
        return sum(number is not None for number in self.articles)


class Titles:
    """The matching of titles to articles of one page.

    ``where`` gives for a gram the articles that hold it; ``spaced`` says that blank lines part most
    lines of the page, so that lines without one between them were one block in print.
    """

    def __init__(self, lines: Sequence[TitleLine], articles: int, where: Callable[[str], Collection[int]], spaced: bool) -> None:
        self.count = articles
        self.where = where
        self.spaced = spaced
        self.blocks = Counter(line.block for line in lines if line.line is line.printed or not line.line.phrase)
        #: Where every line has a blank one before it, that says nothing.
        self.parted = not spaced or any(not line.printed.apart for line in lines)
        self.bonds: dict[tuple[int, int, bool], float] = {}
        self.groups = [self._measured(Group([line], frozenset(grams(line.line.text)))) for line in lines]

    def match(self) -> Matching:
        """Lines joined to titles, and titles given to articles, so that the sum of what fits is greatest."""
        groups = self.groups
        best = self._matched(groups)
        while 1 < len(best.groups) <= _MANY:
            options = [self._matched(trial) for trial in self._merges(best)]
            better = max(options, key=lambda option: option.worth, default=None)
            if better is None or better.worth <= best.worth + 0.1:
                break
            best = better
        self._by_order(best)
        return best

    def _by_order(self, matching: Matching) -> None:
        """Titles and articles that are left over in equal numbers go together in their order, where a word is shared."""
        named = set(matching.articles)
        free = [number for number in range(self.count) if number not in named]
        alone = [row for row, number in enumerate(matching.articles) if number is None]
        if len(free) == len(alone):
            for row, number in zip(alone, free, strict=True):
                words = matching.groups[row].words
                if len(words) > 4 and any(number in self.where(gram) for gram in words):
                    matching.articles[row] = number

    def _merges(self, now: Matching) -> list[list[Group]]:
        """The groups with two neighbours joined, for each two that may gain by it."""
        groups = now.groups
        found = []
        for at in range(len(groups) - 1):
            one, two = groups[at], groups[at + 1]
            if one.lines[-1].block != two.lines[0].block or len(one.lines) + len(two.lines) > 4:
                continue
            bond = self.bond(one.lines[-1], two.lines[0], len(one.lines) > 1)
            if bond <= 0 and now.articles[at] is not None and now.articles[at + 1] is not None:
                continue
            text = "".join(other.line.text for other in (*one.lines, *two.lines))
            both = self._measured(
                Group([*one.lines, *two.lines], frozenset(grams(text)), one.bond + two.bond + bond, min(one.weakest, two.weakest, bond))
            )
            found.append([*groups[:at], both, *groups[at + 2 :]])
        return found

    def _matched(self, groups: list[Group]) -> Matching:
        gain = [group.gains for group in groups]
        articles = best_matching(gain)
        worth = sum(gain[row][column] for row, column in enumerate(articles) if column is not None)
        # a joined title that goes to no article is worth its bond all the same
        worth += sum(group.bond for group, column in zip(groups, articles, strict=True) if column is None and group.bond)
        return Matching(groups, articles, worth)

    def _measured(self, group: Group) -> Group:
        shared = [0.0] * self.count
        total = 0.0
        for gram in group.words:
            holders = self.where(gram)
            weight = rarity(len(holders), self.count) * (1.5 if gram[0].isdigit() else 1.0)
            total += weight
            for number in holders:
                shared[number] += weight
        for number, fit in enumerate(shared):
            place = _BEFORE if number == group.lines[-1].before else _AFTER if number == group.lines[0].after else 0.0
            group.gains.append(max(0.01, fit + place + group.bond) if fit >= _LIKE * total > 0 or place >= _BEFORE else 0.0)
        return group

    def bond(self, first: TitleLine, second: TitleLine, rest: bool) -> float:
        """How much speaks for ``second`` belonging to the headline that ``first`` begins, or is the ``rest`` of."""
        key = (first.line.start, second.line.start, rest)
        found = self.bonds.get(key)
        if found is None:
            found = self.bonds[key] = self._bond(first, second, rest)
        return found

    def _heads(self, first: TitleLine, second: TitleLine) -> bool:
        """Whether both are in a block of few lines right before an article, on a page with other blocks or of one article."""
        return first.block == second.block and second.heads and self.blocks[first.block] <= 3 and (len(self.blocks) > 1 or self.count == 1)

    def _bond(self, first: TitleLine, second: TitleLine, rest: bool) -> float:
        if second.line.phrase:
            return 2.5 if min(first.line.width, second.line.width) < 8 else 1.5
        one, two = first.printed, second.printed
        if one.width <= 6.5 and (rest or starts_verbal(one.text)):  # what was left over of a broken line ends the headline
            return 0.5 if word_crosses(one.text, two.text) else -3.0
        found = 2.5 if goes_on(one.text, two.text, self.where) else 0.0
        if two.text[0] in "（(":
            found += 1.5
        if self._heads(first, second):
            found += _HEADS
        elif one.width >= 8 and two.width >= 8:
            found -= 2.5
        if one.vertical or two.vertical:
            return -10.0
        if two.apart and not self.parted:  # a short line that begins as a phrase does may belong to the next
            found -= 1.5 if two.width <= 6.5 <= one.width and not _continues(one.text, two.text) else 0.0
        elif two.apart:
            found -= 2.5
        elif self.spaced:
            found += 4.0
        return found


_NUMBER_FIRST = re.compile(r"(?:[近超逾达约增降涨跌升]{1,2}\d|\d+(?:\.\d+)?[%万亿个家倍])|[%万亿元]")


def _continues(one: str, two: str) -> bool:
    return word_crosses(one, two) or ends_open(one) or starts_open(two) or starts_verbal(two)


_CLAUSES = re.compile("[，！？!?]")


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
    main = widths.index(min(widths))
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
    if re.search(cue_pattern("document") + "(?:（[^）]*）)?$", two.text) and not re.search(cue_pattern("document"), one.text):
        return True  # the title of a notice, which names its kind last
    return max(one.width, two.width) <= _SHORT_LINE or (two.width <= _SHORT_LINE - 2 and two.width < one.width)


def _is_kicker(lines: Sequence[TitleLine]) -> bool:
    """Whether the first of a title's lines is a label over it: a column's name, a place, or short over two lines more."""
    if len(lines) < 2 or lines[1].line.phrase or lines[0].line.width > 6.5:
        return False
    one, two = lines[0].line, lines[1].line
    if word_crosses(one.text, two.text) or ends_open(one.text):
        return False
    if (one.width <= 3 or re.search(cue_pattern("column_name") + "$", one.text)) and lines[1].printed.width >= one.width + 3:
        return True
    return len(lines) > 2 and not any(title.line.phrase for title in lines) and (one.width <= 4.5 or not starts_open(two.text))


def _is_deck(before: Sequence[TitleLine], title: TitleLine) -> bool:
    """Whether a line begins as one does that adds to a headline that is whole."""
    whole = sum(line.line.width for line in before) >= 10 and not word_crosses(before[-1].line.text, title.line.text)
    return whole and re.match(cue_pattern("deck_start"), title.line.text) is not None


def _states(part: Sequence[TitleLine]) -> bool:
    return any(char.isdigit() for title in part for char in title.line.text)


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
    return re.fullmatch(rf"[\u3400-\u9fff]{{2,14}}{cue_pattern('office')}", text) is not None


_PLACE_LABEL = re.compile(r"[\u3400-\u9fff]{1,5}[省市县区州旗盟镇乡]")


def is_label(text: str) -> bool:
    """Whether a title is a place's name: a label over a column rather than a headline (云溪区, not 振兴老区)."""
    if _PLACE_LABEL.fullmatch(text) is None:
        return False
    if text[-1] in "镇乡":  # too many for any table
        return len(text) <= 4 and not starts_open(text)
    from tasks.extract.place_mentions import gazetteer

    return any(place.start == 0 and place.end == len(text) for place in gazetteer().find(text))
