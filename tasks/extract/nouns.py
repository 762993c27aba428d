"""The thing counted, when it stands after its amount: 38家智能终端企业, 3.2万名农户."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.extract.cues import any_of, by_kind
from tasks.extract.naming import Name
from tasks.extract.quantities import has_head
from tasks.extract.segmenter import tagged
from tasks.extract.tidying import tidy

_STOP = re.compile(
    r"[，。；：！？,;:（）()\n…]|、(?=[\d约近超逾])|(?<!规模)(?<![及级])以上|以下|左右|等(?![\u4e00-\u9fff]{2,6}(?:$|[，。；、]))|同比|环比|增长|下降|占|其中|[较比](?![例重率值较])"
)
#: 农|户均增收: the last character of the noun begins the next word.
_EACH = re.compile("[户人亩]均")
_ON_AVERAGE = re.compile("[年日月户人亩]均$")
#: A list goes on after the amount, unless 和 opens a word (和平鸽).
_AND = re.compile(r"[、及与]|和(?![平谐田县牛睦])")
#: Nouns that end what is counted: words before them belong to it, verbs or not (汽车制造及配套服务企业).
_CLOSING = re.compile(any_of("closing"))
_BREAKING = re.compile(any_of("breaking"))
#: Nouns that the segmenter takes for verbs (举措, 需求).
_NOUNS = re.compile(any_of("noun"))
#: 提供担保: what is given is a thing, whatever the segmenter takes it for.
_GIVEN = re.compile(f"(?:{any_of('giving')}).{{2,4}}")
#: Verbs that the segmenter takes for nouns (惠及).
_VERBS = re.compile(f"{any_of('reaching')}|{any_of('bringing')}")
#: 207个“某某调解室”: the thing is named in quotes.
_QUOTED = re.compile(r"[“「](?P<what>[\u4e00-\u9fff]{2,12})[”」](?=[，。；])")
#: What may open a thing weighed or paid although it is a verb: 新增科研经费.
_NEW = re.compile(rf"{any_of('new')}|进口|出口")
_FIGURES = re.compile(r"[\d.%]+")
_SEPARATED = re.compile("[，。；,;]")
_CLASS = re.compile(any_of("class_counted"))
#: 在轨卫星, 在建项目: no clause begins here.
_STATE = re.compile(any_of("state"))
#: 充电|桩, 安置|点, which the segmenter takes for a verb and a measure word.
_NOUN_END = frozenset(by_kind("reading_words", "kind")["noun_end"])
_NOUN_OF_VERB = re.compile(f"..(?:{any_of('noun_end')})$")
#: First letters of the tags of words with a meaning of their own: of four characters of them, verbs are names too (清洁取暖改造41.2万户).
_CONTENT = frozenset("vanbijlz")
_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万亿两几数多大半零〇]+(?:多|余)?$|[一几数多许]")
_LIMIT = 24
#: With the words before 的.
_LONG = 44


def noun_after(text: str, start: int, end: int, kind: str = "count") -> Name | None:
    """The noun phrase that begins at ``start``, right after an amount; None when no noun does.

    A clause before 的 is left out (长期未解决的问题), and so is what belongs to the thing counted (传感器的信息).  Of goods
    weighed or measured (``kind`` other than count) the phrase ends before 的: 390吨香蕉的列车.
    """
    if _AND.match(text, start):
        return None
    at = start + 1 if text[start : start + 1] in ("的", "为", "是") else start
    if quoted := _QUOTED.match(text, at, end):
        return Name(quoted["what"], quoted.start("what"), quoted.end("what"))
    match = _STOP.search(text, at, min(end, at + _LONG))
    stop = match.start() if match else min(end, at + _LIMIT)
    if stop <= at:
        return None
    words = tagged(text[at:stop])
    directly = match is None and stop == end  # the next amount follows: what it measures stands here too
    begin, last, noun = _walk(words, at, kind if at == start else "count", directly)
    closing = _CLOSING.search(text, begin, stop)
    if closing and closing.end() - begin <= _LIMIT:
        whole = _BREAKING.search(text, begin, closing.start()) is None and not _said_between(words, last - at, closing.end() - at)
        if _is_verb_next(words, closing.end() - at) or (whole and (directly or closing.end() > last)):
            noun, last = True, closing.end()  # 超1万家企业启动了…; 68家景区门票收入1.06亿元
    for match in _CLASS.finditer(text, begin, last):
        if has_head(text[match.end() : last]) and _SEPARATED.search(text, last, end):
            last = match.end()  # 27个行业增加值增长
            break
    if not noun or last <= begin:
        return None
    if last - begin > 2 and _EACH.match(text, last - 1):
        last -= 1
    name = _ON_AVERAGE.sub("", tidy(text[begin:last]))
    if not name or _FIGURES.fullmatch(name):
        return None
    return Name(name, begin, last)


#: Ends of words that say where (境内, 区间), not what (街区).
_SIDES = "内外上下前后中间旁边里处"
#: Ends of words for those who do something.
_PERSONS = "民户员者生人工众"
_OF_ALL_KINDS = ("各类", "各种", "各式")
#: Tags of words that may be nouns, besides those of nouns.
_NOMINAL = ("vn", "an", "b", "eng", "g", "k", "h", "ng", "vg")


def _counted_phrase(words: list[tuple[str, str]]) -> bool:
    """Whether the first word is a noun of several (无人机, 大项) that the segmenter's dictionary has as a phrase or a number."""
    word, tag = words[0]
    following = words[1][1] if len(words) > 1 else "x"
    return len(word) > 1 and ((tag == "l" and len(word) == 3) or (tag == "m" and following == "x" and _NUMBER.match(word) is None))


@lru_cache(1024)
def _ends_with_noun(phrase: str) -> bool:
    """Whether a phrase of the segmenter's dictionary is one of nouns (珍贵文物, 救灾物资), no saying (脱颖而出)."""
    word, tag = tagged(phrase[-2:])[-1]
    return len(word) == 2 and tag == "n"


def _walk(words: list[tuple[str, str]], at: int, kind: str, directly: bool) -> tuple[int, int, bool]:
    """Where the noun phrase of the words begins and ends, and whether it holds a noun; ``at`` is where the words begin.

    ``directly``: an amount follows at once.
    """
    begin = last = pos = at
    noun = clause = said = False
    for i, (word, tag) in enumerate(words):
        if word == "的" and (clause or (i and words[i - 1][1][0] in ("vamq" if noun else "vamqilz"))):
            pos += 1
            begin, last, noun, clause, said, kind = pos, pos, False, False, False, "count"
            continue
        if noun and (word == "的" or (len(word) > 1 and _BREAKING.fullmatch(word))):
            break
        pos += len(word)
        if (len(word) <= 2 and word.isascii() and word.isalnum()) or (i == 0 and _STATE.match("".join(w for w, _ in words[:2]))):
            continue
        if tag[0] in "nNjz" or tag in _NOMINAL or _NOUNS.fullmatch(word) or (i == 0 and _counted_phrase(words)):
            noun, last = True, pos
        elif tag == "s" and (noun or i) and word[-1] not in _SIDES and word[:2] != "当地":
            noun, last = True, pos  # 老旧街区
        elif tag in ("i", "l") and len(word) > 2 and _ends_with_noun(word):
            noun, last = True, pos
        elif word in _NOUN_END and i and words[i - 1][1] == "v" and len(words[i - 1][0]) > 1:
            noun, last, clause = True, pos, False
        elif tag == "r" and not noun and (word.startswith("各") or word[0] in "我本该"):
            begin = last = begin if word.startswith("各") and word not in _OF_ALL_KINDS else pos
        elif tag in ("d", "ad") and not word.startswith(("非", "超", "高", "多")):
            if noun:
                break
            clause, said = True, said or _BREAKING.fullmatch(word) is not None
        elif tag.startswith("v"):
            if not noun:
                if kind != "count" and pos - len(word) == begin and not _NEW.fullmatch(word):
                    break
                clause = clause or not _NEW.fullmatch(word)
            elif directly and tag == "v" and words[i - 1][0][-1] in _PERSONS:
                break  # 1.2万户农民|种植柑橘8.6万亩
            elif len(word) > 1 and tag == "v" and not _leads_to_noun(words, i) and (directly or not _modifies(words, i)):
                break
        elif tag == "p" and not noun:
            clause, said = True, said or _BREAKING.fullmatch(word) is not None
        elif (
            tag not in ("a", "m", "x", "i", "l", "t", "ad", "d", "u", "uj", "c", "q", "f") and word not in _INSIDE and (noun or tag != "s")
        ):
            break
    return begin, last, noun and not said


def _said_between(words: list[tuple[str, str]], start: int, end: int) -> bool:
    """Whether an idiom or a preposition stands in the offsets: a clause, no attribute (建设者全力以赴保障工程)."""
    pos = 0
    for word, tag in words:
        if start <= pos < end and tag in ("i", "p"):
            return True
        pos += len(word)
    return False


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
    said = tidy(re.sub(r"^(?:表示|认为|反映|称|预计|和|及|与|、)?", "", text[noun.end : stop]))
    if said and len(said) <= 16:
        return Name(f"{said}的{noun.text}", noun.start, stop)
    return noun


@lru_cache(8192)
def names_something(words: str, counted: bool = False) -> bool:
    """Whether a short run of words holds a noun at all (报, 大幅 and 创新高 do not).

    Of things ``counted`` a verb of two characters is enough: 审结2.31万件.
    """
    if len(words) > 6 or _NOUNS.search(words) or _GIVEN.fullmatch(words):
        return True
    if counted and len(words) >= 2:
        kinds = {tag[0] for _, tag in tagged(words)}
        if _NOUN_OF_VERB.search(words) or kinds == {"v"} or (len(words) > 3 and kinds <= _CONTENT):
            return True
    return any(tag[0] in "njlzgN" or tag in ("vn", "an", "eng", "nz", "b", "f", "s") for _, tag in tagged(words))


def is_verb(words: str) -> bool:
    """Whether a name is a verb alone (培育, 建成)."""
    return len(words) <= 3 and (_VERBS.fullmatch(words) is not None or all(tag == "v" for _, tag in tagged(words)))


def is_noun_phrase(words: str) -> bool:
    """Whether a run of words holds nouns and their attributes only."""
    tags = [tag for _, tag in tagged(words)]
    return bool(tags) and all(tag[0] in "nbaj" or tag in ("vn", "eng") for tag in tags[1:]) and tags[-1][0] in "nv"


_INSIDE = {"和", "及", "与", "的"}


def _leads_to_noun(words: list[tuple[str, str]], at: int) -> bool:
    """Whether the verb at index ``at`` stands inside a noun phrase: before a noun that ends it (制度集成创新案例)."""
    at += 1
    while at < len(words) - 1 and words[at][1] in ("v", "vn"):
        at += 1
    rest = words[at:]
    return bool(rest) and len(rest) <= 2 and all(tag[0] == "n" or _NOUNS.fullmatch(word) for word, tag in rest)


def _modifies(words: list[tuple[str, str]], at: int) -> bool:
    """Whether the verb at index ``at`` ends a clause before 的: 企业参与的项目."""
    return words[at + 1 : at + 2] == [("的", "uj")]
