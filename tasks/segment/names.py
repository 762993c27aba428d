"""People's names in bylines: parted at separators, and where none is printed by surname."""

from __future__ import annotations

import re
from functools import cache

from tasks.knowledge import rows, values

_SEPARATORS = re.compile(r"[\s、,，/；;]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")


@cache
def _surnames(kind: str) -> frozenset[str]:
    return next(frozenset(values(row["surnames"])) for row in rows("surnames") if row["kind"] == kind)


@cache
def _name() -> re.Pattern[str]:
    han, double = "[\u3400-\u9fff]", "|".join(_surnames("double"))
    return re.compile(f"[{''.join(_surnames('single'))}]{han}{{1,2}}|(?:{double}){han}{{1,2}}|{han}+(?:·{han}+)+")


def is_name(word: str) -> bool:
    """Whether ``word`` has the form of one person's name: a surname and one or two characters more.

    Names of other peoples written with a middle dot count as well.
    """
    return _name().fullmatch(word) is not None and len(word) <= 20


def is_common_name(word: str) -> bool:
    """Whether ``word`` is a name with a frequent surname, and so hardly that of a place."""
    return is_name(word) and word[0] in _surnames("common")


def split_names(text: str) -> list[str]:
    """The names in ``text``, which holds nothing else: ``"甲某 乙某某、丙某"`` → three.

    Names run together are parted so that each begins with a surname; a word that can't be parted
    so is kept whole.
    """
    if is_name(text):
        return [text]
    found: list[str] = []
    letters: list[str] = []
    for word in _SEPARATORS.split(text):
        if len(word) == 1 and _HAN.match(word):
            letters.append(word)  # a name printed with a space inside: 王 某
            if len(letters) == 2:
                found.append("".join(letters))
                letters.clear()
            continue
        letters.clear()
        if word:
            found.extend(_parted(word) or [word])
    return found


def _parted(word: str) -> list[str] | None:
    """``word`` as a sequence of names, those of three characters preferred; None if it is none."""
    if is_name(word) or len(word) > 24:
        return [word]
    best: list[list[str] | None] = [None] * (len(word) + 1)
    best[0] = []
    for end in range(2, len(word) + 1):
        for length in (3, 2, 4):
            before = best[end - length] if end >= length else None
            if before is not None and is_name(word[end - length : end]):
                longer = [*before, word[end - length : end]]
                known = best[end]
                if known is None or len(longer) < len(known):
                    best[end] = longer
    return best[-1]


def name_before_place(word: str) -> str | None:
    """The name at the start of ``word``, whose rest is a place's name: ``王某某巴黎`` → ``王某某``."""
    for length in (3, 2, 4):
        if len(word) - length >= 2 and is_name(word[:length]):
            return word[:length]
    return None
