"""A name cut down to what is measured: without who did it, who has it, and the way it came."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.extract.cues import any_of
from tasks.extract.quantities import has_head, heads

#: 中国电信共|受理投诉: who did it stands before 共.
_IN_ALL = re.compile(r"[^共]{2,12}(?<![公总一中国])共(?![同享建有产和青育赢用管治济识商])(?P<what>[^共]{3,})")
#: 二龙村有|茶园: who has it stands before 有.
_HAVING = re.compile(r".{1,10}[村镇乡园院校厂社场馆心团司台地学]有(?![限效机色线人])(?P<what>.{2,})")
#: 经满洲里口岸出境的|班列
_BY_WAY_OF = re.compile(r"^(?:经由?|途经|经过|发往)(?![营济贸常])[^的，。]{2,18}?(?:的|口岸|通道)(?=..)")
#: 住院报销比例|在三级医院 before 为70%
_WHERE = re.compile(r"(?P<what>.{3,})在[^的在]{2,10}")
#: 省人社厅组织|线上招聘会: an authority and what it does stand before the thing.
_BY_AUTHORITY = re.compile(rf".{{0,10}}?(?:{any_of('authority')})(?:{any_of('authority_act')})出?(?P<what>.{{3,}})")
#: 已连续10年|供水, 共|新开航线
_SO_LONG = re.compile(r"^(?:已?连续[\d一二三四五六七八九十]+(?:年|个月|个季度|天|周)|共(?![同享建有产和青育赢用管治济识商]))(?=..)")
#: 跨国公司总部|新增: said of what is counted, as 新增跨国公司总部.
_NEWLY = re.compile(r"(?P<what>.{3,})(?P<new>净?新增)")
_DOING = re.compile(rf"(?:{any_of('doing')})$")


@lru_cache(8192)
def narrowed(name: str) -> str:
    """The quantity itself, or the thing counted (薪酬总额 of 高管领取的薪酬总额, 线上招聘会 of 省人社厅组织线上招聘会)."""
    before, of, rest = name.rpartition("的")
    if of and len(rest) >= 2 and has_head(rest) and _DOING.search(before):
        name = rest
    name = _BY_WAY_OF.sub("", name)
    if name.startswith("涉及") and "的" not in name and has_head(name):
        name = name[2:]  # 涉及总投资
    name = _SO_LONG.sub("", name)
    if "在" in name and (where := _WHERE.fullmatch(name)) and has_head(where["what"]):
        name = where["what"]
    if "共" in name and (in_all := _IN_ALL.fullmatch(name)):
        what = in_all["what"]
        name = name[: in_all.start("what") - 1] + what if has_head(what) else what
    elif (by := _BY_AUTHORITY.fullmatch(name)) is not None:
        name = by["what"]
    elif "有" in name and (having := _HAVING.fullmatch(name)):
        name = having["what"]
    elif name.endswith("新增") and (newly := _NEWLY.fullmatch(name)):
        name = newly["new"] + newly["what"]
    before, of, rest = name.rpartition("中")
    if of and len(rest) >= 2 and rest[0] not in "的位" and has_head(rest) and heads()[0].ends(before):
        name = rest
    return name
