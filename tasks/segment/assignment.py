"""Titles outside of articles → headlines, subheadlines and kickers of the articles they name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.segment.headlines import best_matching, grams, rarity
from tasks.segment.lines import Line
from tasks.segment.paragraphs import Unit


@dataclass(slots=True)
class Article:
    """An article as it is put together: its paragraphs and crossheads, and the lines of its titles."""

    units: list[Unit]
    headline: list[Line] = field(default_factory=list)
    subheadline: list[Line] = field(default_factory=list)
    kicker: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Group:
    """Lines of one title, and how many articles stand before them."""

    lines: list[Line]
    after: int
    #: Whether an article begins right behind these lines, and whether one ends right before them.
    adjoins: bool = False
    #: What speaks for these lines being one title, from where they are joined.
    bond: float = 0.0


#: What a title's standing right before an article is worth, in telling grams.
_BEFORE, _AFTER = 2.5, 0.8


def assign_titles(articles: Sequence[Article], titles: Sequence[tuple[int, Unit]]) -> list[Line]:
    """Give ``articles`` their headlines from ``titles`` (each with the number of articles before it).

    All are matched at once; lines of titles that go to no article are returned.
    """
    lines = [(after, line) for after, title in titles for line in title.lines]
    if not articles or not lines:
        return [line for _, line in lines]
    profiles = [grams("".join(unit.text for unit in article.units)) for article in articles]
    weights = rarity(profiles)
    groups = [_Group([line], after) for after, line in lines]
    groups = _joined(groups, profiles, weights)
    gain = [_gains(group, groups, profiles, weights) for group in groups]
    loose: list[Line] = []
    for group, column in zip(groups, best_matching(gain), strict=True):
        if column is None:
            loose += group.lines
        else:
            _entitle(articles[column], group.lines)
    return loose


def _gains(group: _Group, groups: Sequence[_Group], profiles: Sequence[set[str]], weights: dict[str, float]) -> list[float]:
    own = grams("".join(line.text for line in group.lines))
    total = sum(weights.get(gram, 1.0) for gram in own) or 1.0
    found = []
    last = [other for other in groups if other.after == group.after][-1]
    for number, profile in enumerate(profiles):
        shared = sum(weights.get(gram, 1.0) * (1.5 if gram[0].isdigit() else 1.0) for gram in own if gram in profile)
        place = (_BEFORE if last is group else _BEFORE / 2) if number == group.after else _AFTER if number == group.after - 1 else 0.0
        enough = shared / total >= 0.2 or place >= _BEFORE
        found.append(shared + place + group.bond if enough else 0.0)
    return found


def _joined(groups: list[_Group], profiles: Sequence[set[str]], weights: dict[str, float]) -> list[_Group]:
    """Groups joined where that lets more of the page's titles fit its articles."""

    def worth(trial: list[_Group]) -> float:
        gain = [_gains(group, trial, profiles, weights) for group in trial]
        return sum(gain[row][column] for row, column in enumerate(best_matching(gain)) if column is not None)

    if len(groups) > 30:
        return groups
    best = worth(groups)
    while len(groups) > 1:
        options = []
        for at in range(len(groups) - 1):
            one, two = groups[at], groups[at + 1]
            if one.after != two.after or len(one.lines) + len(two.lines) > 4:
                continue
            both = _Group([*one.lines, *two.lines], one.after, bond=one.bond + two.bond + bond(one.lines[-1].text, two.lines[0].text))
            trial = [*groups[:at], both, *groups[at + 2 :]]
            options.append((worth(trial), at, trial))
        if not options:
            break
        value, _, trial = max(options, key=lambda option: (option[0], -option[1]))
        if value <= best + 0.2:
            break
        best, groups = value, trial
    return groups


def bond(one: str, two: str) -> float:
    """How much speaks for two lines being one headline broken in two."""
    found = 0.0
    if len(two) <= 6 or len(one) <= 5:
        found += 1.0
    if two[0] in "（(" or re.match(r"[\d.%]", two) and one[-1].isdigit():
        found += 1.0
    return found


def _entitle(article: Article, lines: list[Line]) -> None:
    article.headline = lines
