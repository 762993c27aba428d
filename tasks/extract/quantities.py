"""The words of a name that say what quantity is meant: 进出口总值, 增加值, …率.

Which words they are is kept in ``metric_heads.tsv``, and with the nouns before them in ``reading_words.tsv``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tasks.extract.cues import Ending, any_of, beginning, by_kind, union

_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_LAST_BRACKET = re.compile(r"[（(][^（）()]*[）)]$")
#: Nouns that name whose quantity it is: what follows the last of them is the quantity itself.
CLASS_NOUN = re.compile(rf"(?!(?<=[失就创毕开停营作事])业)(?:{any_of('class_noun')})")
CLASS_END = re.compile(f"(?:{any_of('class_noun')}|{any_of('closing')})$")
_COMMON_HEAD = re.compile(rf"(?:{any_of('common_head')})$")


@cache
def heads() -> tuple[Ending, re.Pattern[str]]:
    """What ends the name of a quantity, and what opens one."""
    places = by_kind("metric_heads", "place")
    return Ending(places["end"]), beginning(places["start"])


@cache
def inner_head() -> re.Pattern[str]:
    """A head anywhere in a clause."""
    return re.compile(f"(?:{union(by_kind('metric_heads', 'place')['end'])})(?![据字码])")


@lru_cache(8192)
def has_head(name: str) -> bool:
    """Whether a name says by itself what quantity is meant (…额, …率, 出口…)."""
    end, start = heads()
    bare = _LAST_BRACKET.sub("", name) if name.endswith(("）", ")")) else name
    return bool(end.ends(bare) or start.match(bare))


@lru_cache(8192)
def head_of(name: str) -> str:
    """The words at the end of a name that say the quantity: 外资金额 of 服务业外资金额; "" if none do."""
    bare = _BRACKET.sub("", name)
    if not has_head(bare):
        return ""
    common = _COMMON_HEAD.search(bare)
    if common:
        return common.group()
    for match in reversed(list(CLASS_NOUN.finditer(bare))):
        rest = bare[match.end() :]
        if len(rest) >= 2 and has_head(rest):
            return rest.rpartition("的")[2]
    return ""
