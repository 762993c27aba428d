"""What is measured: the name, or names, that a group of amounts speaks of."""

from __future__ import annotations

import re
from dataclasses import replace

from tasks.extract.clause import Clause, cut_between, leading_between
from tasks.extract.counted import counted_noun
from tasks.extract.cues import any_of, by_kind
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.lists import split_names
from tasks.extract.naming import ETC, Cut, Name
from tasks.extract.nouns import is_noun_phrase, is_verb, names_something
from tasks.extract.quantities import CLASS_END, CLASS_NOUN, has_head, head_of
from tasks.extract.tidying import tidy
from tasks.extract.where import listed_places, opened_place, partner_items, with_subject

_STOCK = re.compile(r"(?P<firm>[\u4e00-\u9fffA-Za-z*]{2,12}?)[（(]\d{4,6}(?:\.[A-Z]{2})?[）)]")
_LIST_LEAD = re.compile(r"^(?:、|及|和|当中|其中)+")
_QUOTED = re.compile(rf"(?:{any_of('quoted')}|收)(?:于|每股)?$")
_ABOVE = re.compile(r"(?P<above>(?:超过?|过|达|逾)?\d*(?:\.\d+)?[十百千万亿]*元(?:以上|以下)?)(?P<what>[\u4e00-\u9fff“”]*)")
_COMMODITY = re.compile(any_of("commodity"))
_PRONOUN = re.compile(rf"(?:这一|该|这个|此|一)?(?:{any_of('pronoun')})")
_WHOLE = re.compile(any_of("whole"))
_BARE = re.compile(any_of("bare"))
_VISITORS = re.compile(any_of("visitor"))
_TOTAL_OF = re.compile(r"其中|包括|当中|其")
_AMONG_THEM = re.compile(r"[\u4e00-\u9fff]{0,12}中，?(?:有|只有|仅有)?")
_OF_THESE = re.compile(r"[，、；\s]*其中(?:的|有)?")
_NEEDS_TOPIC = re.compile(f"(?:{any_of('needs_topic')})")
_TOPICAL = re.compile(f"(?:{any_of('needs_topic')}|{any_of('topical')})")
#: Words of a clause that says something, rather than naming a topic.
_STATEMENT = re.compile(r"[了着过\d]|连续")
_NEXT_CLAUSE = re.compile(r"[，；、,;]?(?!其中|当中|包括)[^，；。,;\d]{0,8}")
#: 由105项|简化至|33项
_REACHES = re.compile(r"[^，。；：、\d]{1,6}[至到为成](?:约|近|超过?|逾|仅|现在的|目前的)*")
_STARTS = re.compile(r"[由从][^，。；：\d]{0,8}$")
_NUMBER_OF = re.compile(r"(?:人次|数量|总数|笔数|件数|宗数|数|量)$")
_LONG_TOPIC = 12
#: 累计达, 总数达: all of them, no longer only the new.
_TOTALLED = re.compile(any_of("totalled"))
_NEW = re.compile(rf"^(?:{any_of('newly')})")
_PREFIXED = by_kind("reading_words", "kind")["prefixed"]
SHARE_PRICE = "股价"


class Measured:
    """Finds the items of one clause after another; ``consumed`` is how far the words used so far reach."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.consumed = -1

    def items(self, clause: Clause) -> list[Item]:
        """One item for the clause's group, or ``clause.count`` of them in the order of its amounts."""
        frame, scene = self.frame, clause.scene
        partners = partner_items(scene, frame, clause.low, clause.name_end, clause.count)
        if partners:
            return partners
        firm = self._listed_firm(clause)
        if firm is not None:
            return [firm]
        threshold = self._threshold(clause)
        if threshold is not None:
            return [threshold]
        words = clause.cut()
        name = self._meant(clause, words.name)
        if name is not None and self._quoted(clause, name):
            return [Item(SHARE_PRICE, (name.start, name.end), with_subject(frame, frame.place, name.text))]
        place = self._place(clause, words)
        noun = counted_noun(clause, name)
        ranked = self._ranked(clause, name, place, bool(words.opened)) if noun is None else None
        if ranked is not None:
            return [ranked]
        if noun is not None and clause.kind == "count" and frame.kind == "count" and self._among_them(clause, noun):
            return [Item(frame.items[-1].name, None, place)]  # 122种产品中，有75种产量增长
        if noun is not None:
            self.consumed = noun.end
            return [Item(noun.text, (noun.start, noun.end), place)]
        if name is not None and clause.predicate.measure == "share" and frame.items and not clause.fresh and _WHOLE.fullmatch(name.text):
            name = None  # 营收占比: of the item spoken of before
        listed = listed_places(scene, frame, words.opened, clause.count)
        if name is None:
            if listed and frame.items:
                return [Item(frame.items[0].name, None, one) for one in listed]
            return self._totalled(clause, self._carried(clause, place, bool(words.opened) or words.subject is not None))
        return self._named(clause, name, words, place, listed)

    def _among_them(self, clause: Clause, noun: Name) -> bool:
        """Whether a number among those counted before is said to have the quantity that follows."""
        body, frame = clause.scene.body, self.frame
        return len(noun.text) <= 4 and has_head(noun.text) and _AMONG_THEM.fullmatch(body, frame.last_end, clause.first.start) is not None

    def _threshold(self, clause: Clause) -> Item | None:
        """过50亿元4个 after 过10亿元项目10个: the same things above another threshold."""
        if clause.kind != "count" or not self.frame.items:
            return None
        before = _ABOVE.match(self.frame.items[-1].name)
        here = _ABOVE.fullmatch(clause.scene.body[clause.low : clause.name_end].strip("、，和其中 "))
        if before is None or here is None or before["what"] == "" or here["what"] != "":
            return None
        item = self.frame.items[-1]
        return Item(here["above"] + before["what"], (clause.low, clause.name_end), item.place.copy())

    def _quoted(self, clause: Clause, name: Name) -> bool:
        """Whether the price of a share is stated: 魅力科技收报26.30元."""
        if clause.kind != "money" or has_head(name.text) or _COMMODITY.search(name.text):
            return False
        return _QUOTED.search(clause.scene.body, name.end, clause.first.start) is not None

    def _meant(self, clause: Clause, name: Name | None) -> Name | None:
        """The name before the amount, unless it says nothing or stands for the one before; a bare head made whole."""
        frame = self.frame
        if name is None or (not has_head(name.text) and not names_something(name.text, clause.kind == "count")):
            return None
        if frame.items and (_PRONOUN.fullmatch(name.text) or self._goes_on(clause, name)):
            return self._amount_of_counted(clause, name)
        if len(name.text) > 4 or clause.kind not in ("money", "physical", "count"):
            return name
        if not clause.fresh and frame.items and frame.unit == clause.first.unit_measure:
            before = frame.items[-1].name
            if before.endswith(name.text) and before != name.text:
                return name._replace(text=before)  # 累计销量 after 汽车销量
        if frame.aspect not in ("", name.text) and len(name.text) == 2 and has_head(name.text):
            return name._replace(text=frame.aspect + name.text)  # 新能源方面，零售…
        return name

    def _goes_on(self, clause: Clause, name: Name) -> bool:
        """Whether the words before an amount only go on with the item before: 由105项简化至33项, 31只下跌、15只上升, 拦截其中70架."""
        body, last_end, at = clause.scene.body, self.frame.last_end, clause.first.start
        if name.text.endswith(("其中", "其中的")):
            return True
        if clause.fresh or clause.low != last_end:
            return False
        if clause.kind == "count" and self.frame.kind == "count" and body[at - 1] == "、":
            return is_verb(name.text.rstrip("、"))
        reaches = _REACHES.fullmatch(body, last_end, at) is not None
        return reaches and _STARTS.search(body, clause.start, clause.scene.start_before(at)) is not None

    def _amount_of_counted(self, clause: Clause, name: Name) -> Name | None:
        """金额 right after a count is the money of what was counted: 住宅金额 after 住宅5714宗; else the item goes on unnamed."""
        if clause.kind != "money" or self.frame.unit != "1" or not self.frame.levels or not name.text.endswith("金额") or clause.fresh:
            return None
        counted = _NUMBER_OF.sub("", self.frame.levels[-1].name)
        return name._replace(text=counted + name.text) if len(counted) <= _LONG_TOPIC else name

    def _place(self, clause: Clause, words: Cut) -> Place:
        place = opened_place(clause.scene, self.frame, words.opened, clause.low, clause.start, clause.fresh)
        if words.subject is not None:
            return with_subject(self.frame, place, words.subject)
        if clause.fresh and not words.opened:
            for begin, stop in clause.scene.clauses_before(clause.low - 1, clause.start):
                subject = cut_between(clause.scene, begin, stop).subject
                if subject is not None:  # a named body that opens the sentence
                    place.subject = with_subject(self.frame, place, subject).subject
                    break
        return place

    def _ranked(self, clause: Clause, name: Name | None, place: Place, opened: bool) -> Item | None:
        """The item that a rank speaks of, when it is the one before."""
        frame = self.frame
        if clause.predicate.measure != "rank" or clause.fresh or not frame.items:
            return None
        if name is not None and has_head(name.text) and not _WHOLE.fullmatch(name.text):
            return None
        item = frame.plain if frame.kind == "count" and frame.plain else frame.items[0]
        return Item(item.name, None, place if opened and item is frame.items[0] else item.place.copy())

    def _named(self, clause: Clause, name: Name, words: Cut, place: Place, listed: list[Place]) -> list[Item]:
        """Items for a name before the amounts: one, or one for each member of a list."""
        frame = self.frame
        names = (split_names(name, clause.count) if clause.count > 1 else None) or [name.text]
        near = not clause.fresh or bool(_TOTAL_OF.match(clause.scene.body, clause.start))
        full = [self._with_head(one, clause) if near else one for one in names]
        span = (name.start, name.end)
        if len(full) > 1:
            return [Item(one, span, place.copy()) for one in full]
        if not clause.fresh and frame.counted and _BARE.fullmatch(full[0]) and not words.opened and not self._among_others(clause):
            full = [frame.items[-1].name + full[0]]  # 规模以上工业企业429户，实现增加值…
        elif clause.kind == "count" and clause.fresh and is_verb(full[0]) and (topic := self._topic(clause)):
            full = [topic]  # 像这样的企业，目前，重庆已培育了7560多家
        elif _TOPICAL.fullmatch(full[0]) and not words.opened and (whole := self._whole_topic(clause, full[0])):
            full = [whole]  # 对东盟进出口中间品增势良好，进出口…
        elif _TOPICAL.fullmatch(full[0]) and not words.opened and (topic := self._topic(clause)):
            full = [topic + full[0]]  # 新能源汽车表现抢眼，出口…
        elif near and frame.levels and not words.opened and words.subject is None:
            if _NEXT_CLAUSE.fullmatch(clause.scene.body, frame.last_end, name.start):
                full = [_of_topic(full[0], frame.levels[-1].name)]
        if listed and _VISITORS.match(full[0]):
            return [Item(mention.text + full[0], span, frame.place.copy()) for mention in words.opened[-clause.count :]]
        if listed:
            return [Item(full[0], span, one) for one in listed]
        return [Item(full[0], span, place)]

    def _among_others(self, clause: Clause) -> bool:
        """Whether the bodies counted just before were a part of others: 茶企213家，其中龙头企业12家，从业人员…"""
        begin = clause.scene.clause_start(self.frame.last_end, clause.start)
        return clause.scene.body.startswith(("其中", "当中"), begin)

    def _topic(self, clause: Clause) -> str:
        """What the clause right before speaks of, when it states no amount: a thing without a quantity of its own; "" if none."""
        floor = clause.start if clause.fresh else max(clause.start, self.frame.last_end)
        before = clause.scene.clauses_before(clause.low - 1, floor)
        begin, stop = next((b for b in before if not self._only_time(clause, b)), (0, 0))
        if stop - begin < 3:
            return ""
        phrase = clause.scene.body[begin:stop].rpartition("的")[2]
        if CLASS_END.search(phrase) or (len(phrase) < stop - begin and is_noun_phrase(phrase)):
            name = cut_between(clause.scene, begin, stop).name
            name = name and name._replace(text=name.text.rpartition("的")[2])
        else:
            name = leading_between(clause.scene, begin, stop)
        fits = name is not None and 2 <= len(name.text) <= 12 and not has_head(name.text) and not _STATEMENT.search(name.text)
        return name.text if name is not None and fits else ""

    def _whole_topic(self, clause: Clause, quantity: str) -> str:
        """The quantity that the clause right before speaks of, when ``quantity`` repeats it in short; "" if it does not."""
        floor = clause.start if clause.fresh else max(clause.start, self.frame.last_end)
        begin, stop = next(iter(clause.scene.clauses_before(clause.low - 1, floor)), (0, 0))
        if stop - begin < 3 or quantity not in clause.scene.body[begin:stop]:
            return ""
        name = leading_between(clause.scene, begin, stop)
        return name.text if name is not None and quantity in name.text and len(name.text) <= _LONG_TOPIC else ""

    @staticmethod
    def _only_time(clause: Clause, bounds: tuple[int, int]) -> bool:
        begin, stop = bounds
        return any(p.start <= begin and stop <= p.end for p in clause.scene.periods_in(begin, stop))

    def _with_head(self, name: str, clause: Clause) -> str:
        """Adds the head of the total (…金额, …零售额) to a name that does not say by itself what is measured."""
        frame = self.frame
        if has_head(name) or not frame.items or clause.predicate.measure not in ("growth", "level", "change"):
            return name
        if clause.kind in ("physical", "money"):
            if clause.first.unit_measure != frame.unit:
                return name
            before = frame.items[-1].name
            if before.startswith(_PREFIXED):
                return before[:2] + name
        elif clause.kind not in ("percent", "multiple"):
            return name
        head = head_of(frame.items[-1].name)
        if clause.predicate.measure == "growth" and head.endswith("率"):
            return name  # 住客增加96.3% after 客房入住率
        return name + head if head and not name.endswith(head) else name

    def _carried(self, clause: Clause, place: Place, opened: bool) -> list[Item]:
        """The items of a clause that names none: the sentence's own topic first, then what came before."""
        frame, scene, fresh = self.frame, clause.scene, clause.fresh
        of_these = frame.items and _OF_THESE.fullmatch(scene.body, clause.low, clause.name_end)
        for begin, stop in (
            () if of_these else scene.clauses_before(clause.low - 1, clause.start if fresh else max(clause.start, frame.last_end))
        ):
            name = leading_between(scene, begin, stop)
            if name is not None and frame.items and clause.predicate.cue.startswith(("增产", "减产")):
                return [Item(frame.items[-1].name, None, place)]  # 播种面积增加，增产5亿斤
            if name is not None:
                etc = ETC.search(name.whole)
                listed = name.whole[: etc.start()].split("、") if etc else []
                if etc and len(listed) == clause.count > 1:
                    head = head_of(name.whole[etc.end() :])  # 有色、电气机械等行业利润增长较快，分别增长…
                    return [Item(tidy(one) + head, (name.start, name.end), place.copy()) for one in listed]
                names = split_names(name, clause.count) if clause.count > 1 else None
                if names:
                    return [Item(one, (name.start, name.end), place.copy()) for one in names]
                return [Item(self._with_head(name.text, clause), (name.start, name.end), place.copy())]
        if fresh and frame.aspect:
            return [Item(frame.aspect, None, place)]  # 一手私宅方面，10月录1862宗注册
        if clause.count > 1 and len(frame.levels) >= clause.count and len(frame.items) != clause.count:
            return [Item(item.name, None, item.place.copy()) for item in frame.levels[-clause.count :]]
        if clause.kind in ("money", "physical", "index", "rank") and frame.kind == "count" and frame.plain:
            return [Item(frame.plain.name, None, place if opened else frame.plain.place.copy())]
        if len(frame.items) == clause.count:
            return [Item(item.name, None, place if opened else item.place.copy()) for item in frame.items]
        if frame.items:
            item = frame.items[-1]
            return [Item(item.name, None, place if opened or fresh else item.place.copy())]
        for begin, stop in scene.clauses_before(clause.low - 1, clause.start):
            name = cut_between(scene, begin, stop).name
            if name is not None and CLASS_END.search(name.text):
                name = name._replace(text=name.text.rpartition("的")[2])  # 像这样的小巨人企业，深圳有1333家
            if name is not None and len(name.text) <= 16:
                return [Item(name.text, (name.start, name.end), place)]
        return [Item("", None, place)]

    def _totalled(self, clause: Clause, items: list[Item]) -> list[Item]:
        """The items without 新增 where the amounts are their totals: 新增上市公司9家，累计达296家."""
        if clause.kind != "count" or clause.fresh or _TOTALLED.search(clause.scene.body, self.frame.last_end, clause.first.start) is None:
            return items
        return [replace(item, name=_NEW.sub("", item.name) or item.name) for item in items]

    def _listed_firm(self, clause: Clause) -> Item | None:
        """A share named with its stock code before a price or a move of it: 腾讯（00700）跌7.03%."""
        if clause.kind not in ("percent", "money"):
            return None
        body = clause.scene.body
        match = _STOCK.search(body, clause.low, clause.name_end)
        if match is None or has_head(body[match.end() : clause.name_end]):
            return None
        firm = _LIST_LEAD.sub("", match["firm"])
        return Item(SHARE_PRICE, (match.end("firm") - len(firm), match.end("firm")), Place(self.frame.place.area, firm))


def _of_topic(name: str, before: str) -> str:
    """A bare quantity with the topic of the one before: 医保基金支出 after 医保基金收入."""
    head = head_of(before)
    if not head or not before.endswith(head) or not _NEEDS_TOPIC.fullmatch(name):
        return name
    topic = before[: len(before) - len(head)]
    end = max((match.end() for match in CLASS_NOUN.finditer(topic)), default=len(topic))
    return topic[:end] + name if end >= 2 and names_something(topic[:end]) else name
