"""The thing counted, when it stands after its amount: 38家智能终端企业, 3.2万名农户."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.extract.cues import any_of
from tasks.extract.naming import Name, tidy
from tasks.extract.segmenter import tagged

_STOP = re.compile(
    r"[，。；：！？,;:（）()\n…]|、(?=[\d约近超逾])|(?<!规模)以上|以下|左右|等(?![\u4e00-\u9fff]{2,6}(?:$|[，。；、]))|同比|环比|增长|下降|占|其中|[较比](?![例重率值较])"
)
#: Nouns that end what is counted: words before them belong to it, verbs or not (汽车制造及配套服务企业).
_CLOSING = re.compile(any_of("closing"))
_BREAKING = re.compile(any_of("breaking"))
_LIMIT = 24


def noun_after(text: str, start: int, end: int, kind: str = "count") -> Name | None:
    """The noun phrase that begins at ``start``, right after an amount; None when no noun does.

    Of goods weighed or measured (``kind`` other than count) the phrase ends before 的: 390吨香蕉的列车.
    """
    limit = min(end, start + _LIMIT)
    at = start
    if text[at : at + 1] in ("、", "和", "及", "与"):
        return None
    if text[at : at + 1] == "的":
        at += 1
    match = _STOP.search(text, at, limit)
    stop = match.start() if match else limit
    if stop <= at:
        return None
    words = tagged(text[at:stop])
    taken, last = at, at
    noun = False
    pos = at
    for word, tag in words:
        if (kind != "count" and word == "的" and noun) or (noun and len(word) > 1 and _BREAKING.fullmatch(word)):
            break
        pos += len(word)
        if re.fullmatch(r"[A-Za-z0-9]{1,2}", word):
            continue
        if tag[0] in "nNjz" or tag in ("vn", "an", "b", "eng", "g", "k", "h", "ng", "vg"):
            noun = True
            last = pos
            continue
        if tag in ("a", "m", "x", "i", "l", "t", "ad", "d", "u", "uj", "c") or word in _VERBS_INSIDE:
            if tag in ("d", "ad") and not word.startswith(("非", "超", "高", "多")):
                break
            continue
        if tag.startswith("v"):
            # A verb inside a noun phrase stands before a noun at once (增资扩产项目); a verb of its own ends the phrase.
            if noun and len(word) > 1 and tag == "v" and not _leads_to_noun(words, word):
                break
            continue
        break
    closing = _CLOSING.search(text, at, stop)
    if closing and _is_verb_next(words, closing.end() - at):
        noun, last = True, closing.end()  # 超1万家企业启动了…
    if closing and match is None and stop == end and not _BREAKING.search(text, at, closing.start()):
        noun, last = True, closing.end()  # 68家景区门票收入1.06亿元: what follows belongs to the next amount
    elif closing and closing.end() > last and not _BREAKING.search(text, at, closing.start()):
        noun, last = True, closing.end()
    if not noun or last <= taken:
        return None
    name = tidy(text[at:last])
    if not name or re.fullmatch(r"[\d.%]+", name):
        return None
    return Name(name, at, last)


def _is_verb_next(words: list[tuple[str, str]], at: int) -> bool:
    """Whether a verb begins at offset ``at`` of the tagged words, with something of its own after it."""
    pos = 0
    for i, (word, tag) in enumerate(words):
        if pos == at:
            return tag in ("v", "vn", "d") and i + 1 < len(words) and not word.startswith(("合作", "技术"))
        pos += len(word)
    return False


def predicated_noun(text: str, start: int, end: int) -> Name | None:
    """Of whom a share is: 有招工需求的中小企业 of ``的中小企业表示有招工需求``, the rest of the clause turned before its noun."""
    match = _STOP.search(text, start, min(end, start + 40))
    stop = match.start() if match else min(end, start + 40)
    noun = noun_after(text, start, stop)
    if noun is None:
        return None
    said = tidy(re.sub(r"^(?:表示|认为|反映|称|预计)?", "", text[noun.end : stop]))
    if said and len(said) <= 16:
        return Name(f"{said}的{noun.text}", noun.start, stop)
    return noun


@lru_cache(8192)
def names_something(words: str, counted: bool = False) -> bool:
    """Whether a short run of words holds a noun at all (报, 大幅 and 创新高 do not).

    Of things ``counted`` a verb of two characters is enough: 审结2.31万件.
    """
    if len(words) > 6:
        return True
    if counted and len(words) >= 2 and all(tag[0] == "v" for _, tag in tagged(words)):
        return True
    return any(tag[0] in "njlzgN" or tag in ("vn", "an", "eng", "nz", "b", "f", "s") for _, tag in tagged(words))


_VERBS_INSIDE = {"和", "及", "与", "的"}


def _leads_to_noun(words: list[tuple[str, str]], word: str) -> bool:
    for i, (w, _) in enumerate(words):
        if w == word:
            rest = words[i + 1 : i + 2]
            return bool(rest) and (rest[0][1][0] in "n" or rest[0][1] in ("uj", "u")) and i + 2 >= len(words)
    return False
