"""A cursor that walks from an amount back through its clause, word by word."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract.cues import Ending, by_kind, mapping
from tasks.extract.period_mention import PeriodMention

_SKIP = re.compile(r"[\s：:“”‘’\"']+$")
_ADVERBS = Ending(by_kind("reading_words", "kind")["adverb"])
#: Verbs of one character that are also parts of other words.
_SINGLE = frozenset("增升涨降减跌挫泻")
_INSIDE_WORDS = "新激递公毫晋上提回起涨"
#: How far back a word is looked for, in characters: longer than any cue.
_REACH = 24


@cache
def patterns() -> dict[str, Ending]:
    """Patterns for the words of ``change_cues.tsv`` and ``basis_cues.tsv`` at the end of a range, by kind."""
    kinds = by_kind("change_cues", "kind")
    return {kind: Ending(words) for kind, words in kinds.items()} | {
        "basis": Ending(mapping("basis_cues", "word", "basis")),
        "new": Ending(by_kind("reading_words", "kind")["new"]),
        "verb": Ending((*kinds["up"], *kinds["down"])),
    }


def sign_of(word: str) -> int:
    """-1 for a word of decrease, 1 for any other."""
    kinds = by_kind("change_cues", "kind")
    return -1 if word in kinds["down"] or word in kinds["rate_down"] or word in kinds["less"] else 1


class Backwards:
    """Stands at ``end`` in ``text[start:end]`` and takes words off one by one.

    What it meets on the way is kept: ``basis`` (a code), ``base`` (a period compared with) and ``earlier`` (a
    period whose own value is stated).
    """

    __slots__ = ("base", "basis", "earlier", "end", "mentions", "start", "text")

    def __init__(self, text: str, start: int, end: int, mentions: list[PeriodMention]) -> None:
        self.text, self.start, self.end = text, start, end
        self.mentions = mentions
        self.basis: str | None = None
        self.base: PeriodMention | None = None
        self.earlier: PeriodMention | None = None

    @property
    def rest(self) -> str:
        """What is left of the clause."""
        return self.text[self.start : self.end]

    def take(self, pattern: re.Pattern[str] | Ending) -> str:
        """The word of the pattern that ends at the cursor, which moves before it; "" if none does."""
        match = pattern.search(self.text, max(self.start, self.end - _REACH), self.end)
        if match is None:
            return ""
        self.end = match.start()
        return match.group()

    def fillers(self) -> bool:
        """Skips fillers; whether one of them says what was reached (增加到, 降至)."""
        reach = False
        while True:
            if self.take(_SKIP):
                continue
            mark = self.end
            if word := self.take(patterns()["reach"]):
                if len(word) == 1 and self.text[max(self.start, self.end - 1) : mark] in by_kind("reading_words", "kind")["whole_verb"]:
                    self.end = mark
                    return reach
                reach = True
            elif not self.take(patterns()["fill"]):
                return reach

    def verb(self) -> str:
        """Takes a verb of change; "" when none ends at the cursor."""
        mark = self.end
        word = self.take(patterns()["verb"])
        if word in _SINGLE and self.end > self.start and self.text[self.end - 1] in _INSIDE_WORDS:
            self.end = mark
            return ""
        return word

    def rate(self) -> int:
        """Takes a noun for a rate: 1 for 增速, -1 for 降幅, 0 for none."""
        if self.take(patterns()["rate_up"]):
            return 1
        return -1 if self.take(patterns()["rate_down"]) else 0

    def modifiers(self) -> None:
        """Skips what stands before a verb of change: comparison bases, periods, adverbs."""
        codes = mapping("basis_cues", "word", "basis")
        while self.end > self.start:
            if self.take(_SKIP) or self._mention():
                continue
            word = self.take(patterns()["basis"])
            if word:
                if word == "同" and self.end > self.start and self.text[self.end - 1] in "相共合不":
                    self.end += 1
                    return
                if self.basis is None or codes[word] == "avg":
                    self.basis = codes[word]
            elif not self.take(patterns()["fill"]) and not self.take(_ADVERBS):
                return

    def _mention(self) -> bool:
        """Takes a period that is compared with, or an earlier one."""
        for mention in reversed(self.mentions):
            if mention.end != self.end or mention.start < self.start:
                continue
            before = self.text[mention.start - 1] if mention.start > self.start else ""
            if mention.role == "base" or (mention.role in ("period", "earlier") and before in ("比", "较")):
                self.base = self.base or mention
            elif mention.role == "earlier":
                self.earlier = mention
            else:
                return False
            self.end = mention.start
            if before and before in "比较同与":
                self.end -= 1
            return True
        return False
