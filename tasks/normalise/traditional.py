"""Texts in traditional characters: read in simplified ones, which all knowledge is kept in, and given back as written."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property
from operator import ne

from tasks.knowledge import rows

#: One of these is in nearly every traditional text of a few sentences; looking for them costs other texts next to nothing.
_COMMON = "國個來時會這們為對報點億萬與學後發說過現業產長開"
#: The least share of characters that are not written so in simplified texts: traditional ones hold a third, names and quotes a few.
_SHARE = 0.1


@cache
def _table() -> dict[int, str]:
    return {ord(row["traditional"]): row["simplified"] for row in rows("traditional")}


def simplified(text: str) -> str:
    """``text`` in simplified characters, each in its place; ``text`` itself where it is not written in traditional ones.

    >>> simplified("出口總值為三億港元")
    '出口总值为三亿港元'
    """
    if not any(map(text.__contains__, _COMMON)):
        return text
    plain = in_simplified(text)
    changed = sum(map(ne, text, plain))
    return plain if changed > _SHARE * len(text) else text


def in_simplified(text: str) -> str:
    """``text`` with each traditional character in it replaced by its simplified one, whatever it is written in."""
    return text.translate(_table())


class Script:
    """How a text writes the characters that ``plain``, its simplified form, has in the same places."""

    def __init__(self, text: str, plain: str) -> None:
        self.text = "".join(text.split())
        self.plain = "".join(plain.split())

    def written(self, words: str) -> str:
        """Simplified ``words`` of the text as the text writes them; words put together of several places character by character."""
        place = self.plain.find(words)
        if place >= 0:
            return self.text[place : place + len(words)]
        return words.translate(self._commonest)

    @cached_property
    def _commonest(self) -> dict[int, str]:
        counted = Counter(zip(self.plain, self.text, strict=True))
        return {ord(plain): text for (plain, text), _ in reversed(counted.most_common())}
