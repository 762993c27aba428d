"""The names of a clause that names nothing: the topic of its sentence, or what came before."""

from __future__ import annotations

import re
from dataclasses import replace

from tasks.extract.clause import Clause, cut_between, leading_between
from tasks.extract.cues import any_of
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.lists import split_names
from tasks.extract.made_whole import with_head
from tasks.extract.naming import ETC
from tasks.extract.quantities import CLASS_END, head_of
from tasks.extract.tidying import tidy

_OF_THESE = re.compile(r"[，、；\s]*其中(?:的|有)?")
#: 像双河村这样的|茶叶专业村，
_SUCH_AS = re.compile(r"像[^，。；]{0,12}这样的(?P<what>[^，。；的]{2,12})[，,]$")
_BOTH = re.compile(any_of("both"))
#: 累计达, 总数达: all of them, no longer only the new.
_TOTALLED = re.compile(any_of("totalled"))
_NEW = re.compile(rf"^(?:{any_of('newly')})")


def carried(clause: Clause, frame: Frame, place: Place, opened: bool) -> list[Item]:
    """The items of a clause that names none; ``opened``: the clause says where it belongs, at ``place``."""
    items = _topical(clause, frame, place) or _before(clause, frame, place, opened)
    total = clause.kind == "count" and not clause.fresh and _TOTALLED.search(clause.scene.body, frame.last_end, clause.first.start)
    return [replace(item, name=_NEW.sub("", item.name) or item.name) for item in items] if total else items


def _topical(clause: Clause, frame: Frame, place: Place) -> list[Item]:
    """The items that a clause of the same sentence speaks of, nearest first; none when no clause has a topic."""
    scene, body = clause.scene, clause.scene.body
    if frame.items and _OF_THESE.fullmatch(body, clause.low, clause.name_end):
        return []
    such = _SUCH_AS.search(body, clause.start, clause.low)
    if such:
        return [Item(such["what"], such.span("what"), place)]
    share = clause.predicate.measure == "share"
    for begin, stop in scene.clauses_before(clause.low - 1, clause.start if clause.fresh else max(clause.start, frame.last_end)):
        name = leading_between(scene, begin, stop)
        after_count = begin == frame.last_end and not clause.fresh
        if name is None or (after_count and (name.text == body[begin:stop] or (share and frame.kind == "count"))):
            continue  # what follows the amount before is counted by it: 1862宗注册，较9月…; 238家企业利润增长，占57.8%
        if frame.items and clause.predicate.cue.startswith(("增产", "减产")):
            return [Item(frame.items[-1].name, None, place)]  # 播种面积增加，增产5亿斤
        etc = ETC.search(name.whole)
        listed = name.whole[: etc.start()].split("、") if etc else []
        if etc and len(listed) == clause.count > 1:
            head = head_of(name.whole[etc.end() :])  # 有色、电气机械等行业利润增长较快，分别增长…
            return [Item(tidy(one) + head, (name.start, name.end), place.copy()) for one in listed]
        names = (split_names(name, clause.count) if clause.count > 1 else None) or [with_head(name.text, clause, frame)]
        return [Item(one, (name.start, name.end), place.copy()) for one in names]
    return [Item(frame.aspect, None, place)] if clause.fresh and frame.aspect else []  # 一手私宅方面，10月录1862宗注册


def _before(clause: Clause, frame: Frame, place: Place, opened: bool) -> list[Item]:
    """The items stated before the clause, or what its sentence begins with when there are none."""
    scene = clause.scene
    if clause.count > 1 and len(frame.levels) >= clause.count and len(frame.items) != clause.count:
        return [Item(item.name, None, item.place.copy()) for item in frame.levels[-clause.count :]]
    if clause.kind in ("money", "physical", "index", "rank") and frame.kind == "count" and frame.plain:
        return [Item(frame.plain.name, None, place if opened else frame.plain.place.copy())]
    if len(frame.items) == clause.count:
        return [Item(item.name, None, place if opened else item.place.copy()) for item in frame.items]
    if frame.items:
        item = frame.items[-1]
        both = len(frame.items) == 2 and _BOTH.search(scene.body, clause.low, clause.name_end) is not None
        said = f"{frame.items[0].name}、{item.name}" if both else item.name
        return [Item(said, None, place if opened or clause.fresh else item.place.copy())]
    for begin, stop in scene.clauses_before(clause.low - 1, clause.start):
        name = cut_between(scene, begin, stop).name
        if name is not None and CLASS_END.search(name.text):
            name = name._replace(text=name.text.rpartition("的")[2])  # 像这样的小巨人企业，深圳有1333家
        if name is not None and len(name.text) <= 16:
            return [Item(name.text, (name.start, name.end), place)]
    return [Item("", None, place)]
