"""What is measured: the name, or names, that a group of amounts speaks of."""

from __future__ import annotations

import re
from dataclasses import replace

from tasks.extract.amounts import Amount
from tasks.extract.cues import any_of
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.naming import Name, cut_name, has_head, head_of, leading_name, split_names
from tasks.extract.nouns import names_something, noun_after, predicated_noun
from tasks.extract.predicates import Predicate
from tasks.extract.scene import Scene
from tasks.extract.where import listed_places, opened_place, partner_items, with_subject

_STOCK = re.compile(r"(?P<firm>[\u4e00-\u9fffA-Za-z*]{2,12}?)[（(]\d{4,6}(?:\.[A-Z]{2})?[）)]")
_WHOLE = re.compile(any_of("whole"))
_COUNTED = re.compile(rf"(?:{any_of('counted')})$")
_OWNING = re.compile(any_of("owning"))
_QUOTED = re.compile(rf"(?:{any_of('quoted')}|收)(?:于|每股)?$")
_PRONOUN = re.compile(rf"(?:这一|该|这个|此|一)?(?:{any_of('pronoun')})")
#: Quantities that say nothing alone when the bodies they belong to were counted just before: 企业429户，实现增加值…
_BARE = re.compile(any_of("bare"))
_VISITORS = re.compile(any_of("visitor"))
_TOTAL_OF = re.compile(r"其中|包括|当中|其")


class Measured:
    """Finds the items of one group after another; ``consumed`` is how far the words used so far reach."""

    def __init__(self, scene: Scene, frame: Frame) -> None:
        self.scene, self.frame = scene, frame
        self.consumed = -1

    def items(self, group: list[Amount], count: int, predicate: Predicate, start: int, clause: int, end: int, fresh: bool) -> list[Item]:
        """One item for the group, or ``count`` of them in the order of its amounts.

        ``start``/``end`` bound the sentence, ``clause`` is where the words of the group begin, ``fresh`` is
        true for the first group of a sentence.
        """
        scene, frame = self.scene, self.frame
        first, last = group[0], group[-1]
        name_end = max(clause, predicate.name_end)
        partners = partner_items(scene, frame, clause, name_end)
        if partners:
            return partners
        firm = self._listed_firm(clause, name_end, first)
        if firm is not None:
            return [firm]
        words = cut_name(
            scene.body,
            clause,
            name_end,
            scene.periods_in(clause, name_end),
            scene.places_in(clause, name_end),
            rank=predicate.measure == "rank",
        )
        name, opened = words.name, words.opened
        if name is not None and not has_head(name.text) and not names_something(name.text, first.kind == "count"):
            name = None
        if name is not None and first.kind == "money" and not has_head(name.text) and _QUOTED.search(scene.body, name.end, first.start):
            return [Item("股价", (name.start, name.end), with_subject(frame, frame.place, name.text))]
        if name is not None and frame.items and _PRONOUN.fullmatch(name.text):
            name = None
        place = opened_place(scene, frame, opened, clause, start, fresh)
        if words.subject is not None:
            place = with_subject(frame, place, words.subject)
        elif fresh and not opened:
            self._topic_subject(place, start, clause)
        listed = listed_places(scene, frame, opened, count)
        name = self._completed(name, first, fresh)
        if (
            predicate.measure == "rank"
            and frame.items
            and not fresh
            and (name is None or not has_head(name.text) or _WHOLE.fullmatch(name.text))
        ):
            item = frame.plain if frame.kind == "count" and frame.plain else frame.items[0]
            return [Item(item.name, None, place if opened and item is frame.items[0] else item.place.copy())]
        counted = self._counted(name, first, last, predicate, end, place)
        if counted is not None:
            return [counted]
        if name is not None and predicate.measure == "share" and frame.items and not fresh and _WHOLE.fullmatch(name.text):
            name = None
        if name is None:
            if listed and len(listed) == count and frame.items:
                return [Item(frame.items[0].name, None, one) for one in listed]
            return self._carried(place, bool(opened) or words.subject is not None, start, clause, fresh, count, first)
        names = split_names(name, count) if count > 1 else None
        near = not fresh or bool(_TOTAL_OF.match(scene.body, start))
        full = [self._with_head(n, first, predicate, near) for n in names or [name.text]]
        if len(full) == 1 and not fresh and frame.counted and _BARE.fullmatch(full[0]) and not opened:
            full = [frame.items[-1].name + full[0]]
        span = (name.start, name.end)
        if listed and len(listed) == count and len(full) == 1 and _VISITORS.match(full[0]):
            return [Item(p.text + full[0], span, frame.place.copy()) for p in opened[-count:]]
        if listed and len(listed) == count and len(full) == 1:
            return [Item(full[0], span, one) for one in listed]
        return [Item(n, span, place.copy()) for n in full]

    def _topic_subject(self, place: Place, start: int, clause: int) -> None:
        """A named body that opens an earlier clause of the sentence is the subject of what follows."""
        for begin, stop in self.scene.clauses_before(clause - 1, start):
            words = cut_name(self.scene.body, begin, stop, self.scene.periods_in(begin, stop), self.scene.places_in(begin, stop))
            if words.subject is not None:
                place.subject = with_subject(self.frame, place, words.subject).subject
                return

    def _completed(self, name: Name | None, first: Amount, fresh: bool) -> Name | None:
        """A bare head goes back to the full name before it (累计销量 after 汽车销量), or takes the aspect spoken of (新能源方面)."""
        frame = self.frame
        if name is None or len(name.text) > 4 or first.kind not in ("money", "physical", "count"):
            return name
        if not fresh and frame.items and frame.unit == first.unit_measure:
            before = frame.items[-1].name
            if before.endswith(name.text) and before != name.text:
                return replace(name, text=before)
        if frame.aspect and len(name.text) == 2 and has_head(name.text):
            return replace(name, text=frame.aspect + name.text)
        return name

    def _counted(self, name: Name | None, first: Amount, last: Amount, predicate: Predicate, end: int, place: Place) -> Item | None:
        """The thing counted, when it stands after its amount."""
        body = self.scene.body
        of = body[last.end : last.end + 1] == "的"
        if first.kind == "percent" and of and predicate.measure == "level" and (name is None or not has_head(name.text)):
            noun = predicated_noun(body, last.end, self.scene.next_amount(last.end, end))
            if noun is None:
                return None
            predicate.measure = "share"
        elif first.kind == "money" and name is None and body[last.end : last.end + 1] not in "，。；、":
            noun = noun_after(body, last.end, self.scene.next_amount(last.end, end))
            if noun is None or not has_head(noun.text):
                return None
        elif first.kind == "percent" and predicate.measure == "level" and name is None and self._opens(first.start):
            noun = noun_after(body, last.end, self.scene.next_amount(last.end, end))
            if noun is None:
                return None
            predicate.measure = "share"
        elif (
            first.kind == "count"
            or (first.kind == "physical" and (name is None or not has_head(name.text)))
            or (first.kind in ("money", "physical") and of)
        ):
            noun = noun_after(body, last.end, self.scene.next_amount(last.end, end), first.kind)
            if noun is None or not self._prefers(name, first, last):
                return None
        else:
            return None
        if (
            predicate.measure == "change"
            and name is None
            and predicate.basis is None
            and predicate.base is None
            and first.kind in ("count", "physical")
        ):
            predicate.measure = "level"  # 改造提升7.8万亩高标准农田
        self.consumed = noun.end
        return Item(noun.text, (noun.start, noun.end), place)

    def _opens(self, at: int) -> bool:
        return at == 0 or self.scene.body[at - 1] in "，。；：、\n"

    def _prefers(self, name: Name | None, first: Amount, last: Amount) -> bool:
        """Whether the noun after the amount names it better than the words before."""
        if name is None or _OWNING.search(self.scene.body, name.end, first.start):
            return True
        del last
        if has_head(name.text) and first.kind != "count" and not name.text.startswith(("出口", "进口")):
            return False
        return not _COUNTED.search(name.text)

    def _with_head(self, name: str, first: Amount, predicate: Predicate, near: bool) -> str:
        """Adds the head of the total (…金额, …零售额) to a name that does not say by itself what is measured."""
        frame = self.frame
        if not near or has_head(name) or not frame.items or predicate.measure not in ("growth", "level", "change"):
            return name
        if first.kind in ("count", "index", "rank", "pp", "bp"):
            return name
        if first.kind in ("physical", "money") and first.unit_measure != frame.unit:
            return name
        before = frame.items[-1].name
        if before.startswith(("进口", "出口", "新增", "销售")) and first.kind in ("physical", "money"):
            return before[:2] + name
        head = head_of(frame.items[-1].name)
        return name + head if head and not name.endswith(head) else name

    def _carried(self, place: Place, opened: bool, start: int, clause: int, fresh: bool, count: int, first: Amount) -> list[Item]:
        """The item of a clause that names none: the sentence's own topic first, then what came before."""
        frame, scene = self.frame, self.scene
        low = start if fresh else max(start, frame.last_end)
        for begin, stop in scene.clauses_before(clause - 1, low):
            name = leading_name(scene.body, begin, stop, scene.periods_in(begin, stop), scene.places_in(begin, stop))
            if name is not None:
                return [Item(name.text, (name.start, name.end), place.copy())]
        if count > 1 and len(frame.levels) >= count and len(frame.items) != count:
            return [Item(item.name, None, item.place.copy()) for item in frame.levels[-count:]]
        if first.kind in ("money", "physical", "index", "rank") and frame.items and frame.kind == "count" and frame.plain:
            return [Item(frame.plain.name, None, place if opened else frame.plain.place.copy())]
        if frame.items:
            if len(frame.items) == count:
                return [Item(item.name, None, place if opened else item.place.copy()) for item in frame.items]
            item = frame.items[-1]
            return [Item(item.name, None, place if opened or fresh else item.place.copy())]
        for begin, stop in scene.clauses_before(clause - 1, start):
            name = cut_name(scene.body, begin, stop, scene.periods_in(begin, stop), scene.places_in(begin, stop)).name
            if name is not None and len(name.text) <= 16:
                return [Item(name.text, (name.start, name.end), place)]
        return [Item("", None, place)]

    def _listed_firm(self, low: int, name_end: int, first: Amount) -> Item | None:
        """A share named with its stock code before a price or a move of it: 腾讯（00700）跌7.03%."""
        if first.kind not in ("percent", "money"):
            return None
        match = _STOCK.search(self.scene.body, low, name_end)
        if match is None or has_head(self.scene.body[match.end() : name_end]):
            return None
        firm = re.sub(r"^(?:、|及|和|当中|其中)+", "", match["firm"])
        return Item("股价", (match.end("firm") - len(firm), match.end("firm")), Place(self.frame.place.area, firm))
