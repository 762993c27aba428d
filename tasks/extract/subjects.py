"""Named bodies that a clause opens with: 宁德时代一季度毛利率, 哈尔滨机场完成旅客吞吐量."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract.cues import any_of, by_kind, one_of, starting, union

#: A short name with no telling ending stands out when a period parts it from what is measured.
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z·]{3,8}")
_NOT_NAMES = re.compile(any_of("not_body"))

_NOT_OPENING = re.compile(any_of("not_opening"))
_SAYING = re.compile(rf"(?:{any_of('saying')})$")


@cache
def _named() -> re.Pattern[str]:
    words = by_kind("bodies", "kind")
    return re.compile(
        rf"{one_of(words['known'])}(?:{union(words['end'])})?|[\u4e00-\u9fffA-Za-z·（）()]{{1,18}}?{one_of(words['end'])}(?!{_GOES_ON})"
    )


#: What may follow such an ending inside a longer word: 银行业, 汽车零售额, 电子商务.
_GOES_ON = f"(?:{any_of('goes_on')})"


@cache
def _brand() -> re.Pattern[str]:
    known = one_of(by_kind("bodies", "kind")["known"])
    ends = any_of("brand_end")
    return re.compile(rf"{known}(?:{ends})|[\u4e00-\u9fff]{{2,3}}(?:{ends})(?={any_of('acting')})")


@cache
def _telling() -> re.Pattern[str]:
    """Words that a body's name ends in or is: where none stands, no pattern finds one."""
    words = by_kind("bodies", "kind")
    return re.compile(union((*words["known"], *words["end"], *by_kind("reading_words", "kind")["brand_end"])))


@cache
def _class() -> re.Pattern[str]:
    return re.compile(f"(?:{union(by_kind('bodies', 'kind')['class'])})")


def opening_subject(words: str, at: int, high: int, parted: int) -> int:
    """Where the name of a body that opens ``words[at:high]`` ends; ``at`` when none opens it.

    ``parted`` is where a period stood in the words (-1: nowhere): a plain name before it is a body too.
    """
    if _NOT_OPENING.match(words, at, high):
        return at
    for pattern in (_brand(), _named()) if _telling().search(words, at) else ():
        match = pattern.match(words, at)
        if match and match.end() < high and "在" not in match.group() and not _class().search(words, at, match.end()):
            return match.end()
    if at < parted < high:
        end = parted - 1 if words[parted - 1] in "于在将拟把已" else parted
        if _PLAIN.fullmatch(words, at, end) and not _NOT_NAMES.match(words, at, end) and not _quantity_or_verb(words, at, end):
            return end
    return at


def _quantity_or_verb(words: str, at: int, end: int) -> bool:
    """Whether words before a period name a quantity (创业板指数) or say something, and so are no name of a body."""
    return bool(_SAYING.search(words, at, end) or _quantity().search(words, at, end))


@cache
def _quantity() -> re.Pattern[str]:
    return re.compile(f"(?:{union(by_kind('metric_heads', 'place')['end'])})$")


def is_body(words: str) -> bool:
    """Whether words are the name of a body and nothing more: 苏州港港区."""
    return bool(_named().fullmatch(words) or _site().fullmatch(words)) and not _class().search(words)


@cache
def _site() -> re.Pattern[str]:
    kinds = by_kind("bodies", "kind")
    ends, harbour = (*kinds["end"], *kinds["site"]), "港(?![资商股澳]|[^，。；]{0,4}项目)"
    any_end = f"{starting((*ends, harbour))}(?:{union(kinds['end'])}|{union(kinds['site'])}|{harbour})"
    return re.compile(rf"[\u4e00-\u9fff]{{0,6}}?{any_end}(?!{_GOES_ON})")


def site_end(words: str, at: int, high: int, parted: int) -> int:
    """Where the rest of a body's name ends that a place begins: 临沂|商城, 横琴|口岸, 厦门|航空 before a period; ``at`` when none."""
    match = _site().match(words, at, high)
    if match and match.end() < high and not _class().search(words, at, match.end()):
        return match.end()
    if at < parted < high and parted - at <= 6 and not _NOT_NAMES.match(words, at, parted) and not _quantity_or_verb(words, at, parted):
        return parted
    return at
