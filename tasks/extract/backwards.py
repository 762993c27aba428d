"""A cursor that walks from an amount back through its clause, word by word."""

from __future__ import annotations

from functools import cache

from tasks.extract.cues import Ending, by_kind, mapping
from tasks.extract.period_mention import PeriodMention

_MARKS = frozenset("：:“”‘’\"'")
_ADVERBS = Ending(by_kind("reading_words", "kind")["adverb"])
#: Verbs of one character that are also parts of other words.
_SINGLE = frozenset("增升涨降减跌挫泻")
_INSIDE_WORDS = "新激递公毫晋上提回起涨"


@cache
def patterns() -> dict[str, Ending]:
    """Patterns for the words of ``change_cues.tsv`` and ``basis_cues.tsv`` at the end of a range, by kind."""
    kinds = by_kind("change_cues", "kind")
    return {kind: Ending(words) for kind, words in kinds.items()} | {
        "basis": Ending(mapping("basis_cues", "word", "basis")),
        "new": Ending(by_kind("reading_words", "kind")["new"]),
        "verb": Ending((*kinds["up"], *kinds["down"])),
    }


@cache
def _skipped() -> tuple[frozenset[str], frozenset[str]]:
    """The last characters of what ``fillers`` skips, and of what ``modifiers`` does; a look at them spares most questions."""
    known = patterns()
    fill = known["fill"].lasts
    return fill | known["reach"].lasts, fill | known["basis"].lasts | _ADVERBS.lasts


@cache
def _rates() -> frozenset[str]:
    return patterns()["rate_up"].lasts | patterns()["rate_down"].lasts


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

    def take(self, words: Ending) -> str:
        """The longest of the words that ends at the cursor, which moves before it; "" if none does."""
        end = self.end
        size = words.size(self.text, self.start, end)
        if not size:
            return ""
        self.end = end - size
        return self.text[self.end : end]

    def last(self) -> str:
        """The character before the cursor; "" at the start."""
        return self.text[self.end - 1] if self.end > self.start else ""

    def _marks(self) -> None:
        """Skips spaces, colons and quotes."""
        text, end = self.text, self.end
        while end > self.start and (text[end - 1] in _MARKS or text[end - 1].isspace()):
            end -= 1
        self.end = end

    def fillers(self) -> bool:
        """Skips fillers; whether one of them says what was reached (增加到, 降至)."""
        reach = False
        known, lasts = patterns(), _skipped()[0]
        while True:
            last = self.last()
            if last in _MARKS or last.isspace():
                self._marks()
                continue
            if last not in lasts:
                return reach
            mark = self.end
            if word := self.take(known["reach"]):
                if len(word) == 1 and self.text[max(self.start, self.end - 1) : mark] in by_kind("reading_words", "kind")["whole_verb"]:
                    self.end = mark
                    return reach
                reach = True
            elif not self.take(known["fill"]):
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
        if self.last() not in _rates():
            return 0
        if self.take(patterns()["rate_up"]):
            return 1
        return -1 if self.take(patterns()["rate_down"]) else 0

    def modifiers(self) -> None:
        """Skips what stands before a verb of change: comparison bases, periods, adverbs."""
        codes, known, lasts = mapping("basis_cues", "word", "basis"), patterns(), _skipped()[1]
        while self.end > self.start:
            if self.mentions and self._mention():
                continue  # before the marks: a plan in quotes ends with one
            last = self.text[self.end - 1]
            if last in _MARKS or last.isspace():
                self._marks()
                continue
            if last not in lasts:
                return
            word = self.take(known["basis"])
            if word:
                if word == "同" and self.end > self.start and self.text[self.end - 1] in "相共合不":
                    self.end += 1
                    return
                if self.basis is None or codes[word] == "avg":
                    self.basis = codes[word]
            elif not self.take(known["fill"]) and not self.take(_ADVERBS):
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
