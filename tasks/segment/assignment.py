"""Titles outside of articles → headlines of the articles they name, as one best matching over the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from operator import sub
from typing import NamedTuple

from tasks.segment.grams import grams, rarity
from tasks.segment.lines import Line
from tasks.segment.matching import priced_matching
from tasks.segment.title_words import continues, goes_on
from tasks.segment.wording import starts_verbal, word_crosses

#: What a title's standing right before an article, or right after it, is worth, in telling grams.
_BEFORE, _AFTER = 2.5, 0.6
#: What it is worth for two lines of a title that they stand together right before an article.
_HEADS = 3.0
#: What a joining of lines must be worth to be made.
_LEAST = 0.1
#: Sums that differ by less are the same: of two joinings worth the same the first is made.
_SAME = 1e-6
#: Share of a title's grams that an article it does not stand before must hold.
_LIKE = 0.2
#: More lines of titles than this are taken one by one.
_MANY = 24


@dataclass(slots=True)
class TitleLine:
    """A phrase of the ``printed`` line of a title outside of articles; titles with nothing between them are of one ``block``;
    ``before`` is the number of the article that begins right behind it, ``after`` that of the one that ends right before it (-1: none);
    ``heads`` says that nothing but titles stands between it and the next article."""

    line: Line
    printed: Line
    block: int
    before: int
    after: int
    heads: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """Lines of one title; ``bond`` is what speaks for their being one (``weakest``: of any two lines), ``gains`` for
    each article how well they fit it."""

    lines: list[TitleLine]
    words: tuple[str, ...]
    bond: float = 0.0
    weakest: float = 9.0
    gains: list[float] = field(default_factory=list)
    #: The group behind it, what speaks for joining both (None: they stand apart), and both as one.
    following: Group | None = None
    tie: float | None = None
    union: Group | None = None
    #: Of these prices of articles: the article that gains most above its price, and how much.
    prices: list[float] | None = None
    article: int | None = None
    price: float = 0.0

    def worth(self, article: int | None) -> float:
        """What it is worth that ``article`` has this title; a joined title that no article has is worth its bond all the same."""
        return self.bond if article is None else self.gains[article]


@dataclass(slots=True)
class Matching:
    """Groups of title lines, the article each goes to (None: none), and how well all fit.

    ``group_prices`` and ``article_prices`` prove that no other articles for these groups are worth more (see ``Priced``).
    """

    groups: list[Group]
    articles: list[int | None]
    worth: float
    group_prices: list[float]
    article_prices: list[float]

    @property
    def named(self) -> int:
        """How many articles have a title."""
        return sum(number is not None for number in self.articles)


class _Joined(NamedTuple):
    """What a matching is worth when the groups at ``at`` and behind it are joined to ``both``, and the matching where it was worked out."""

    worth: float
    at: int
    both: Group
    matching: Matching | None = None

    def less_than(self, worth: float, at: int) -> bool:
        """Whether another joining is better: worth more, or the same and made before."""
        return (round(self.worth, 9), -self.at) < (round(worth, 9), -at)


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
        self.telling: dict[str, tuple[float, Collection[int]]] = {}
        self.rarities = [rarity(count, articles) for count in range(articles + 1)]
        self.groups = [self._measured(Group([line], grams(line.line.text))) for line in lines]

    def match(self) -> Matching:
        """Lines joined to titles, and titles given to articles, so that the sum of what fits is greatest."""
        best = self._matched(self.groups)
        while 1 < len(best.groups) <= _MANY and (better := self._better(best)):
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

    def _better(self, now: Matching) -> Matching | None:
        """The best matching with two neighbouring groups joined, None when none is worth more.

        Most are read off the prices of ``now``; of the others the prices tell what they can be worth at most.
        """
        best: _Joined | None = None
        least = now.worth + _LEAST
        contested: list[tuple[float, int, Group]] = []
        most_of: list[float] = []  # what each group can be worth at most
        ceiling = 0.0
        for at in range(len(now.groups) - 1):
            both = self._union(now, at)
            if both is None:
                continue
            worth = self._read_off(now, at, both)
            if worth is not None:
                if worth > least and (best is None or best.less_than(worth, at)):
                    best = _Joined(worth, at, both)
                continue
            if not contested:
                most_of = [max(price, group.bond) for price, group in zip(now.group_prices, now.groups, strict=True)]
                ceiling = sum(now.article_prices, 0.0) + sum(most_of, 0.0)
            most = ceiling - most_of[at] - most_of[at + 1] + max(0.0, both.bond, both.price)
            if most >= least - _SAME:
                contested.append((most, at, both))
        contested.sort(key=lambda option: -option[0])
        for most, at, both in contested:
            if best is not None and most < best.worth - _SAME:
                break
            trial = self._matched([*now.groups[:at], both, *now.groups[at + 2 :]])
            if trial.worth > least and (best is None or best.less_than(trial.worth, at)):
                best = _Joined(trial.worth, at, both, trial)
        return self._joined(now, best) if best else None

    def _joined(self, now: Matching, joined: _Joined) -> Matching:
        if joined.matching is not None:
            return joined.matching
        at, both = joined.at, joined.both
        groups = [*now.groups[:at], both, *now.groups[at + 2 :]]
        articles = [*now.articles[:at], both.article, *now.articles[at + 2 :]]
        prices = [*now.group_prices[:at], max(0.0, both.price), *now.group_prices[at + 2 :]]
        return self._weighed(groups, articles, prices, now.article_prices)

    def _read_off(self, now: Matching, at: int, both: Group) -> float | None:
        """What the best matching is worth with two groups joined to ``both``, where the prices of ``now`` tell; else None."""
        prices = now.article_prices
        if both.prices is not prices:
            worths = list(map(sub, both.gains, prices))
            both.price = max(worths)
            both.article = worths.index(both.price) if both.price > 0 else None
            both.prices = prices
        article, one, two = both.article, now.articles[at], now.articles[at + 1]
        if article is not None and article != one and article != two and article in now.articles:
            return None  # another group has it
        if (one is not None and one != article and prices[one] > 0) or (two is not None and two != article and prices[two] > 0):
            return None  # others may want what is free now
        return now.worth - now.groups[at].worth(one) - now.groups[at + 1].worth(two) + both.worth(article)

    def _union(self, now: Matching, at: int) -> Group | None:
        """Two neighbouring groups joined, None where nothing can be gained by it."""
        one, two = now.groups[at], now.groups[at + 1]
        if one.following is not two:
            one.following, one.union = two, None
            if one.lines[-1].block != two.lines[0].block or len(one.lines) + len(two.lines) > 4:
                one.tie = None
            else:
                one.tie = self.bond(one.lines[-1], two.lines[0], len(one.lines) > 1)
        bond = one.tie
        if bond is None or (bond <= 0 and now.articles[at] is not None and now.articles[at + 1] is not None):
            return None
        if one.union is None:
            lines = [*one.lines, *two.lines]
            words = grams("".join([other.line.text for other in lines]))
            one.union = self._measured(Group(lines, words, one.bond + two.bond + bond, min(one.weakest, two.weakest, bond)))
        return one.union

    def _matched(self, groups: list[Group]) -> Matching:
        return self._weighed(groups, *priced_matching([group.gains for group in groups]))

    def _weighed(self, groups: list[Group], articles: list[int | None], group_prices: list[float], article_prices: list[float]) -> Matching:
        worth = sum([group.worth(number) for group, number in zip(groups, articles, strict=True)], 0.0)
        return Matching(groups, articles, worth, group_prices, article_prices)

    def _measured(self, group: Group) -> Group:
        shared = [0.0] * self.count
        total = 0.0
        telling = self.telling
        for gram in group.words:
            told = telling.get(gram) or self._tells(gram)
            weight = told[0]
            total += weight
            for number in told[1]:
                shared[number] += weight
        bond, least = group.bond, _LIKE * total
        gains = [0.0] * self.count
        if least > 0:
            for number, fit in enumerate(shared):
                if fit >= least:
                    gains[number] = fit + bond if fit + bond > 0.01 else 0.01
        before, after = group.lines[-1].before, group.lines[0].after
        if after >= 0 and gains[after]:
            gains[after] = max(0.01, shared[after] + _AFTER + bond)
        if before >= 0:
            gains[before] = max(0.01, shared[before] + _BEFORE + bond)
        group.gains = gains
        return group

    def _tells(self, gram: str) -> tuple[float, Collection[int]]:
        """How telling a gram is, and the articles that hold it."""
        holders = self.where(gram)
        found = self.rarities[len(holders)] * (1.5 if gram[0].isdigit() else 1.0), holders
        self.telling[gram] = found
        return found

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
            found -= 1.5 if two.width <= 6.5 <= one.width and not continues(one.text, two.text) else 0.0
        elif two.apart:
            found -= 2.5
        elif self.spaced:
            found += 4.0
        return found
