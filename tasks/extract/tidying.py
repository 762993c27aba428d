"""A name without what clings to it: unpaired quotes, long brackets, leftover verbs."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tasks.extract.cues import any_of, by_kind, union

QUOTES = {"“": "”", "‘": "’", "《": "》", "「": "」", "（": "）", "(": ")", "『": "』", "【": "】"}
CLOSERS = {close: open_ for open_, close in QUOTES.items()}
EDGE = " \t\u3000，,、。；;：:·—-–…!！?？/|.」』】"
_BLANK = re.compile(r"[\s\x00]+")
#: Characters without which a name has nothing to tidy but leftover verbs.
_UNTIDY = re.compile(r"[\s\x00为向给每" + re.escape("".join((*QUOTES, *CLOSERS))) + "]")
#: Brackets that only explain: long ones, and those that say what is counted in.
_ASIDE = re.compile(r"[（(](?:[^（）()]{9,}|(?:不?含|包括|按|以|即|下同)[^（）()]*)[）)]|[（(][^（）()]*\+[^（）()]*[）)]")
#: 为住户提供食品 is about what is provided.
FOR_WHOM = re.compile(rf".*?(?:为|向|给)[^，。]{{2,16}}?(?=(?:每\d+[股份])?(?:{any_of('giving')}))")
_PER = re.compile(rf"每\d*(?:{any_of('per')})?(?:卖|售)?$")


@cache
def _dropped() -> re.Pattern[str]:
    roles = by_kind("name_cues", "role")
    return re.compile(f"({union(roles['inside'])})|{union(roles['drop'])}")


@cache
def _droppable() -> re.Pattern[str]:
    """Finds what may be dropped, sooner than ``_dropped`` finds that there is none."""
    return re.compile(union(by_kind("name_cues", "role")["drop"]))


@lru_cache(8192)
def tidy(name: str) -> str:
    """A name without unpaired quotes, long brackets and leftover verbs."""
    if _UNTIDY.search(name):
        name = _BLANK.sub("", name)
        name = _ASIDE.sub("", name)
        name = FOR_WHOM.sub("", name, count=1)
        name = _PER.sub("", name)
        name = _paired(name)
    short = _dropped().sub(r"\1", name) if len(name) > 3 and _droppable().search(name) else name
    if short == "投资":
        short = "完成投资" if "完成" in name else short
    return short.strip(EDGE + "的")


def _paired(name: str) -> str:
    """The part of a name that no unpaired quote cuts off."""
    opens = [i for i, c in enumerate(name) if c in QUOTES and QUOTES[c] not in name[i:]]
    closes = [i for i, c in enumerate(name) if c in CLOSERS and CLOSERS[c] not in name[:i]]
    if closes:
        return name[max(closes) + 1 :] if max(closes) < len(name) - 1 else name[: closes[0]]
    return name[opens[-1] + 1 :] if opens else name
