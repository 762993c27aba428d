"""What looks like an amount and is none, and what is one only in a manner of speaking.

All cues are lists in ``knowledge/not_amounts.tsv``; the checks read a bounded window around a number,
so their cost does not grow with the text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from tasks.extract.amount_pattern import ENDS_IN_AHEAD
from tasks.knowledge import rows, values

_TITLES = re.compile(r"《[^《》\n]{1,60}》")
_WORDS = r"[^，。；、：！？“”（）()\s0-9]"
#: Lengths that bound a class when a noun follows (胸径60厘米以上的古树).
_SIZES = frozenset(("厘米", "毫米", "米", "英寸"))
_COUNTED = "(?:有|达到?|共)?[0-9一二两三四五六七八九十]{1,4}[个家户]"
_COUNT_OF_CLASS = r"(?:有|共|共有|达到?|新增|增至|增加到|发展到|突破|超过?)?[0-9]+(?:\.[0-9]+)?万?[余多]?[个家户座处条所]"
_BOUND = "[（(]?(?:含|及|或)?[）)]?(?:以上|以下|以内)(?:（含[^）]{0,4}）)?"
_BOUND_OPENS = tuple("（(含及或）)以")
#: What a number without a unit may stand before.
BARE_END = "，。；、\n）)和"
_QUOTES = re.compile(r"“[^“”，。；\n]{1,16}”|「[^「」，。；\n]{1,16}」")


@cache
def cues(name: str) -> tuple[str, ...]:
    """One list of cue words, the longest first."""
    for row in rows("not_amounts"):
        if row["cue"] == name:
            return tuple(sorted(values(row["words"]), key=len, reverse=True))
    raise KeyError(name)


@cache
def _any(name: str) -> str:
    return "(?:" + "|".join(map(re.escape, cues(name))) + ")"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """``<<cue>>`` in the pattern is any word of that list."""
    return re.compile(re.sub(r"<<(\w+)>>", lambda m: _any(m[1]), pattern))


def before(text: str, start: int, width: int = 12) -> str:
    """The words of the same clause just before ``start``."""
    window = text[max(0, start - width) : start]
    for at in range(len(window) - 1, -1, -1):
        if window[at] in "，。；：！？\n":
            return window[at + 1 :]
    return window


def has_cue(window: str, name: str) -> bool:
    return _compiled(f"<<{name}>>").search(window) is not None


def spans_of(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text)]


def titles(text: str) -> list[tuple[int, int]]:
    """Titles in 《》: the numbers in them are part of a name."""
    return spans_of(_TITLES, text) if "《" in text else []


def short_quotes(text: str) -> list[tuple[int, int]]:
    """Quoted words too short to be a statement: slogans, names, policy phrases."""
    return spans_of(_QUOTES, text) if "“" in text or "「" in text else []


def is_threshold(text: str, start: int, end: int, kind: str, unit: str, prefix: str) -> bool:
    """Whether an amount bounds a class of things: 亿元以上项目10个, 过10亿元企业, 持股5%以上股东.

    ``start`` is where its qualifier ``prefix`` begins, ``end`` where its unit ends.
    """
    if kind == "percent":
        return text.startswith(("以上", "以下"), end) and text.startswith(("股东", "股份的股东", "的股东"), end + 2)
    bounding = text[end : end + 1] in _BOUND_OPENS
    bound = _compiled(f"{_BOUND}的?(?=[一-龥])").match(text, end) if bounding else None
    if bound and (text[max(0, start - 2) : start] in cues("single") or (unit in _SIZES and text[bound.end() - 1] == "的")):
        return True  # 单笔5000万元以下贷款, 胸径60厘米以上的古树
    if bounding and _compiled(f"{_BOUND}的?{_WORDS}{{2,10}}?{_COUNT_OF_CLASS}").match(text, end):
        return True  # 1000万人次以上的机场达38个
    if kind == "count" and unit not in cues("person_unit"):
        return False
    noun = "threshold_noun" if kind != "count" else "org_noun"
    if bounding and _compiled(rf"{_BOUND}的?{_WORDS}{{0,10}}?<<{noun}>>").match(text, end):
        return True
    if bounding and kind != "count" and _compiled(f"{_BOUND}的?{_COUNTED}").match(text, end):
        return True  # 其中亿元以上3家: the noun is left out
    if prefix not in ("过", "超", "超过", "破", "逾", "突破", "上"):
        return False
    if prefix == "过" and _compiled(_COUNTED).match(text, end):
        return True
    after = _compiled(rf"的?{_WORDS}{{0,6}}?<<{noun}>>(?P<counted>{_WORDS}{{0,3}}[0-9])?").match(text, end)
    if after is None:
        return False
    if prefix == "过" or after["counted"]:
        return True
    return _compiled(rf"[0-9一二两三四五六七八九十][余多]?[个家]{_WORDS}{{0,8}}$").search(text, max(0, start - 12), start) is not None


def is_code(text: str, start: int, kind: str, magnitude: str, unit: str) -> bool:
    """Whether letters, dots or signs before the number make it part of a code: G60, C919, v2.0, 7×24."""
    char = text[start - 1]
    if char in "×*xX·#@_=":
        return not (char in "xX" and kind in ("percent", "money"))
    if char == "." or char == "/":
        return text[start - 2 : start - 1].isdigit()
    if char == "-" and start > 1 and text[start - 2].isascii() and text[start - 2].isalpha():
        return kind not in ("percent", "pp", "money")
    if not (char.isascii() and char.isalpha()):
        return False
    if kind in ("percent", "money", "pp", "bp", "index"):
        return False
    letters = 1
    while letters < 4 and start - letters > 0 and text[start - letters - 1].isascii() and text[start - letters - 1].isalpha():
        letters += 1
    return not (letters >= 3 or (letters == 2 and magnitude)) or not (unit or magnitude)


def moves_to(text: str, start: int, low: Decimal, high: Decimal) -> bool:
    """跌45点至1358点: a change and the level it leads to, no range."""
    return high >= 5 * low and before(text, start, 4).rstrip("约近逾超了").endswith(cues("change_verb"))


def is_sport(text: str, end: int) -> bool:
    """400米自由泳, 10米气手枪: the length names the event."""
    return _compiled(r"[×个人男女混合]{0,4}<<sport>>").match(text, end) is not None


def is_clock(text: str, start: int, end: int, value: Decimal) -> bool:
    """18点 is a time unless an index moves there."""
    if value > 24 or value != int(value):
        return False
    return not _compiled(r"(?:指数|[涨跌升降低高报挫泻扬])(?:[了约近逾超至到达]{0,2})$").search(text[max(0, start - 6) : start])


def places_in_time(text: str, start: int, end: int) -> bool:
    """近3年, 连续5年, 5年来, 3天内: the duration only says when."""
    window = before(text, start, 6)
    if window.endswith(cues("duration_cue")):
        return False
    return window.endswith(cues("placed_before")) or text.startswith(cues("placed_after"), end)


def is_quantity_of_time(text: str, start: int, end: int) -> bool:
    """缩短3天, 用时2小时, 由7天压缩至3天: the duration is what is measured."""
    return has_cue(before(text, start, 8), "duration_cue") or text.startswith(cues("duration_cue_after"), end)


def names_capacity(text: str, end: int) -> bool:
    """160MW风电项目: the number is part of the project's name."""
    return _compiled(r"[^，。；、：！？\s0-9]{0,14}?<<capacity_noun>>").match(text, end) is not None


def in_policy_phrase(text: str, end: int) -> bool:
    return text.startswith(cues("policy_noun"), end)


def is_rank_here(text: str, start: int, end: int) -> bool:
    """全省第二 is a rank, a 第二 at the head of a clause a list number, 第二产业 a name."""
    if end < len(text) and text[end] not in "，。；、：！？ \n）)”」和与及的,;":
        return False
    if _compiled("(?:[和与及、]第?[一二三四五六七八九十0-9]{1,3})+(?![位名大高低多快强])[\u4e00-\u9fff]").match(text, end):
        return False  # 第二和第三产业
    if start and text[start - 1] in "、和" and "第" in text[max(0, start - 6) : start]:
        return True
    return bool(before(text, start, 8).strip(" 、（(“”")) and text[start - 1] not in "、，。；：\n（(“”「」"


def bare_means(text: str, start: int, end: int) -> str | None:
    """What a number without unit is: ``index``, ``bare`` (something else measured), None (no amount).

    Only after words that report a value (为, 报, 达, 价 …) and before the end of a clause.
    """
    if end < len(text) and text[end] not in BARE_END:
        window = before(text, start, 24)
        moves = window.endswith(("从", "由", "的")) and text.startswith(cues("moved"), end)
        return "index" if moves and "." in text[start:end] and has_cue(window, "index_cue") else None
    reported = text.endswith(cues("bare_cue"), max(0, start - 24), start)
    if not reported and not ("." in text[start:end] and text.endswith(cues("decimal_cue"), max(0, start - 24), start)):
        return None
    window = before(text, start, 24)
    if has_cue(window, "code_cue"):
        return None
    digits = text[start:end].replace(",", "")
    is_index = has_cue(window, "index_cue")
    if digits.isdigit() and (len(digits) > 6 or (len(digits) > 1 and digits[0] == "0")):
        return None
    if digits.isdigit() and len(digits) == 4 and digits[:2] in ("19", "20") and not is_index:
        return None
    return "index" if is_index else "bare"


def is_other_word(text: str, start: int) -> bool:
    """Whether the 前 before the number ends another word (目前26个, 提前3天)."""
    return start > 1 and text[start - 2] in ENDS_IN_AHEAD


def is_noun_next(text: str, end: int) -> bool:
    """Whether a word follows at once (第5位受访者)."""
    return end < len(text) and "\u4e00" <= text[end] <= "\u9fff" and not text.startswith(cues("rank_followed"), end)


def buys(text: str, end: int) -> bool:
    """Whether what follows a number without unit is money (5000亿超长期国债)."""
    return _compiled(f"{_WORDS}{{0,6}}?<<money_noun>>").match(text, end) is not None


def moves_on(text: str, end: int, start: int) -> bool:
    """由206天增加到268天: what stands between two spans of time leads from one to the other."""
    between = text[end:start].rstrip("0123456789年的")
    return "。" not in between and between.endswith(("至", "到", "为"))


def closes_clause(text: str, start: int, end: int) -> bool:
    """新辟航线两条。: a small count after its noun, at the end of the clause, is meant as a count."""
    return (end >= len(text) or text[end] in "，。；、） \n") and len(before(text, start, 4).rstrip("“”（）、")) >= 2
