"""Lists of names: 出口、进口; 粮油、饮料零售额; 第一、二、三产业增加值."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract.cues import any_of, union
from tasks.extract.naming import CLASS_AFTER_ETC, ETC, Name
from tasks.extract.quantities import has_head, head_of
from tasks.extract.tidying import tidy
from tasks.knowledge import rows

_AND = re.compile(r"、|以及|及其|及|和|与|或")
_PAIRED = re.compile(any_of("paired"))


@cache
def _joint() -> dict[str, tuple[str, str]]:
    """Words for two quantities at once, with the two: 产销量 is 产量 and 销量."""
    return {row["word"]: (row["first"], row["second"]) for row in rows("joint_names")}


_JOINT = re.compile(union(_joint()))
_GOODS_VERB = re.compile(rf"(?:{any_of('goods_verb')})$")
_CLASSED = re.compile(r"(?:(?!业|保险).){2,6}(?P<rest>(?:业|保险).{2,})")
#: 东三条通道开行量: the number of members stands before what they share.
_NUMBERED = re.compile(r"[两三四五六七八九十\d]+[条个大类项种]")
_INDUSTRIES = ("第一产业", "第二产业", "第三产业")
_INDUSTRY = re.compile(r"第?[一二三]产业")
_ORDINAL = re.compile(r"第?[一二三]")


def split_names(name: Name, count: int) -> list[str] | None:
    """The ``count`` names that one coordination holds, each with the head they share; None if it holds another number."""
    text = re.sub(r"分别$", "", name.text)
    if count == len(_INDUSTRIES) and "三次产业" in text:
        return [text.replace("三次产业", one) for one in _INDUSTRIES]
    joint = _JOINT.search(text) if count == 2 else None
    if joint:
        return [text[: joint.start()] + one + text[joint.end() :] for one in _joint()[joint.group()]]
    etc = ETC.search(name.whole)
    if etc and len(name.whole) > etc.end():
        listed, head = name.whole[: etc.start()], CLASS_AFTER_ETC.sub("", name.whole[etc.end() :]) or name.whole[etc.end() :]
        for parts in (listed.split("、"), _AND.split(listed)):
            if len(parts) == count and all(parts):
                return [tidy(p) + tidy(head) for p in parts]
    parts = [p for p in text.split("、") if p]
    if len(parts) + 1 == count:
        cut = next((m for m in _AND.finditer(parts[-1]) if 0 < m.start() and m.end() < len(parts[-1])), None)
        if cut is not None:
            parts = [*parts[:-1], parts[-1][: cut.start()], parts[-1][cut.end() :]]
    tidied = [tidy(p) for p in parts]
    return share_head(tidied) if len(tidied) == count and all(tidied) else None


def share_head(parts: list[str]) -> list[str]:
    """Gives every name of a list the head that only the last one carries: 第一、二产业和居民用电, 粮油、饮料零售额."""
    ordinal = next((m for m in map(_INDUSTRY.match, parts) if m), None)
    if ordinal:
        parts = [f"第{p[-1]}产业" if _ORDINAL.fullmatch(p) else f"第{p}" if p[0] in "一二三" and p[1:3] == "产业" else p for p in parts]
        tail = ordinal.string[ordinal.end() :]
        parts = [p + tail if p.endswith("产业") else p for p in parts]
    if len(parts[-1]) > 2 and all(len(p) == 1 for p in parts[:-1]):
        tail = _NUMBERED.sub("", parts[-1][1:], count=1)  # 内、外贸吞吐量; 西、中、东三条通道开行量
        return [p[0] + tail for p in parts]
    size = len(parts[0])
    if size < len(parts[-1]) and (parts[0][-1] == parts[-1][size - 1] or (_PAIRED.fullmatch(parts[0]) and _PAIRED.match(parts[-1]))):
        # 一线、二线、三线城市房价; 城镇和农村居民收入: what follows the matching words is shared
        return [p + parts[-1][size:] if len(p) == size else p for p in parts[:-1]] + [parts[-1]]
    classed = _CLASSED.fullmatch(parts[-1])
    if classed and has_head(classed["rest"]) and not any(classed["rest"][0] in p for p in parts[:-1]):
        return [*(p if has_head(p) and len(p) > 2 else p + classed["rest"] for p in parts[:-1]), parts[-1]]  # 住宿、餐饮业营业额
    after = _after_alike(parts)
    if after and has_head(after):
        return [p if has_head(p) else p + after for p in parts[:-1]] + [parts[-1]]
    head = head_of(parts[-1])
    done = _GOODS_VERB.search(parts[-1][: len(parts[-1]) - len(head)])
    head = done.group() + head if head and done else head
    if head and len(head) < len(parts[-1]):
        parts = [p if has_head(p) or p.endswith(head) else p + head for p in parts]
    return parts


def _after_alike(parts: list[str]) -> str:
    """What follows, in the last part, the ending that the first one has too: 采购经理指数 of 高技术制造业、装备制造业采购经理指数."""
    first, last = parts[0], parts[-1]
    for size in range(min(len(first), len(last)) - 1, 1, -1):
        at = last.find(first[-size:])
        if at > 0:
            return last[at + size :]
    return ""
