"""What is measured: the name, or names, that a group of amounts speaks of."""

from __future__ import annotations

import re

from tasks.extract.carried_names import carried
from tasks.extract.clause import Clause, body_between, cut_between
from tasks.extract.counted import counted_noun, people_counted
from tasks.extract.cues import any_of
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.lists import split_names
from tasks.extract.made_whole import LONGEST_TOPIC, quantity_before, topic_before, with_head, with_topic
from tasks.extract.naming import Cut, Name
from tasks.extract.nouns import is_noun_phrase, is_verb, names_something
from tasks.extract.quantities import has_head
from tasks.extract.share_prices import SHARE_PRICE, is_quoted, listed_firm, quoted_again
from tasks.extract.subjects import is_body
from tasks.extract.where import listed_places, opened_place, partner_items, site_of, with_subject

_ABOVE = re.compile(r"(?P<above>(?:超过?|过|达|逾)?\d*(?:\.\d+)?[十百千万亿]*元(?:以上|以下)?)(?P<what>[\u4e00-\u9fff“”]*)")
_PRONOUN = re.compile(rf"(?:这一|该|这个|此|一)?(?:{any_of('pronoun')})")
_WHOLE = re.compile(any_of("whole"))
_DOING = re.compile(any_of("doing"))
_MAGNITUDES = "十百千万亿"
_OF_WHICH = re.compile("其中|当中")
#: Places and bodies where people are.
_WHERE = re.compile(rf"(?:{any_of('whereabouts')})$")
_BARE = re.compile(any_of("bare"))
_VISITORS = re.compile(any_of("visitor"))
_TOTAL_OF = re.compile(r"其中|包括|当中|其")
_AMONG_THEM = re.compile(r"[\u4e00-\u9fff]{0,12}中，?(?:有|只有|仅有)?")
_TOPICAL = re.compile(f"(?:{any_of('needs_topic')}|{any_of('topical')})")
_NEXT_CLAUSE = re.compile(r"[，；、,;]?(?!其中|当中|包括)[^，；。,;\d]{0,8}")
#: 与上周价格相比: nothing is named before the comparison.
_ONLY_COMPARED = re.compile(r"[，、；\s]*[与和同较比跟][^，。；]{1,10}(?:(?:价格?|水平|同期)|相比|比较|(?<!之)比)")
#: 由105项|简化至|33项
_REACHES = re.compile(r"[^，。；：、\d]{1,6}[至到为成](?:约|近|超过?|逾|仅|现在的|目前的)*")
#: Where such a change begins: 由105项.
_STARTS = re.compile(r"[由从][^，。；：\d]{0,8}$")
_DIMENSION = re.compile("[长宽高深厚]$")
_DIMENSION_END = re.compile("(?:全|总)?[长宽高深厚]度?$")
_TOTALLED = re.compile(any_of("totalled"))
_NEWLY = re.compile(any_of("newly"))
_SHARE_OF = re.compile(r"占(?:到|了)?(?P<whole>[^，。；占]{2,}?)的(?:比重|比例)?(?:约|近|达到?|为|超过?|逾)*$")
_NUMBER_OF = re.compile(r"(?:人次|数量|总数|笔数|件数|宗数|数|量)$")


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
        firm = listed_firm(clause, frame)
        if firm is not None:
            return [firm]
        threshold = self._threshold(clause)
        if threshold is not None:
            return [threshold]
        words = clause.cut()
        name = self._meant(clause, words.name)
        if name is not None and is_quoted(clause, name):
            return [Item(SHARE_PRICE, (name.start, name.end), with_subject(frame, frame.place, name.text))]
        place = self._place(clause, words)
        if name is None and quoted_again(clause, frame):
            return [Item(SHARE_PRICE, None, place)]
        noun = counted_noun(clause, name)
        ranked = self._ranked(clause, name, place, bool(words.opened)) if noun is None else None
        if ranked is not None:
            return [ranked]
        if noun is not None and clause.kind == "count" and frame.kind == "count" and self._among_them(clause, noun):
            return [Item(frame.items[-1].name, None, place)]  # 122种产品中，有75种产量增长
        if noun is not None:
            self.consumed = noun.end
            if frame.aspect and len(noun.text) == 2 and has_head(noun.text):
                noun = noun._replace(text=frame.aspect + noun.text)  # 一手私宅方面，10月录1862宗注册
            return [Item(noun.text, (noun.start, noun.end), place)]
        if name is not None and clause.predicate.measure == "share" and frame.items and not clause.fresh and _WHOLE.fullmatch(name.text):
            name = None  # 营收占比: of the item spoken of before
        if clause.predicate.measure == "share" and (whole := _whole(clause)) is not None:
            of_body = name is not None and len(name.text) > 1 and is_body(name.text)
            if name is not None and of_body:
                place = with_subject(frame, place, name.text)
            if of_body or ((name is None or len(name.text) == 1) and (words.opened or words.subject)):
                return [Item(whole.text, (whole.start, whole.end), place)]  # 武汉港占全省集装箱吞吐量的87.5%
        listed = listed_places(scene, frame, words.opened, clause.count)
        if name is None:
            if listed and frame.items:
                return [Item(frame.items[0].name, None, one) for one in listed]
            return carried(clause, frame, place, bool(words.opened) or words.subject is not None)
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

    def _meant(self, clause: Clause, name: Name | None) -> Name | None:
        """The name before the amount, unless it says nothing or stands for the one before; a bare head made whole."""
        frame = self.frame
        if clause.kind == "physical" and (sized := self._dimension(clause, name)) is not None:
            return sized
        if name is None or (not has_head(name.text) and not names_something(name.text, clause.kind in ("count", "physical"))):
            return None
        if frame.items and not clause.fresh and _ONLY_COMPARED.fullmatch(clause.scene.body, clause.low, clause.name_end):
            return None  # 与上周价格相比下跌18%
        if frame.items and (_PRONOUN.fullmatch(name.text) or self._goes_on(clause, name)):
            return self._amount_of_counted(clause, name)
        if len(name.text) > 4 or clause.kind not in ("money", "physical", "count"):
            return name
        if not clause.fresh and frame.items and frame.unit == clause.first.unit_measure:
            before = frame.items[-1].name
            part = clause.scene.body.startswith("其中", clause.low) and before.startswith(name.text)
            if before.endswith(name.text) or (part and _DOING.fullmatch(name.text)):
                return name._replace(text=before)  # 累计销量 after 汽车销量; 其中冰雪季接待 after 接待游客
        if frame.aspect not in ("", name.text) and len(name.text) == 2 and has_head(name.text):
            return name._replace(text=frame.aspect + name.text)  # 新能源方面，零售…
        return name

    def _dimension(self, clause: Clause, name: Name | None) -> Name | None:
        """A length, width or height said in one character: 跑道长3600米、宽45米, the second of the thing named before."""
        match = _DIMENSION.search(clause.scene.body, clause.low, clause.name_end)
        if match is None or clause.first.unit_measure not in ("m", "km", "cm", "mm"):
            return None
        if name is not None and len(name.text) > 1:
            return name if name.text.endswith(match.group()) else None
        if clause.fresh or not self.frame.items:
            return None
        thing = _DIMENSION_END.sub("", self.frame.items[-1].name)
        return Name(thing + match.group(), match.start(), match.end())

    def _goes_on(self, clause: Clause, name: Name) -> bool:
        """Whether the words before an amount only go on with the item before: 由105项简化至33项, 31只下跌、15只上升, 拦截其中70架."""
        body, last_end, at = clause.scene.body, self.frame.last_end, clause.first.start
        if name.text.endswith(("其中", "其中的")):
            return True
        if clause.fresh:
            return False
        if clause.kind == "count" and self.frame.kind == "count" and _TOTALLED.search(body, clause.low, at) and is_verb(name.text):
            return True  # 新建基站4200个，累计建成1.8万个
        if clause.kind == "physical" and _NEWLY.fullmatch(name.text):
            return True
        if clause.low != last_end:
            return False
        if clause.kind == "physical" and name.start == last_end and is_verb(name.text):
            return True  # 400亩芡实收获达15万斤
        if clause.kind == "count" and self.frame.kind == "count" and body[at - 1] == "、":
            return is_verb(name.text.rstrip("、"))
        reaches = _REACHES.fullmatch(body, last_end, at) is not None
        return reaches and _STARTS.search(body, clause.start, clause.scene.start_before(at)) is not None

    def _amount_of_counted(self, clause: Clause, name: Name) -> Name | None:
        """金额 right after a count is the money of what was counted: 住宅金额 after 住宅5714宗; else the item goes on unnamed."""
        if clause.kind != "money" or self.frame.unit != "1" or not self.frame.levels or not name.text.endswith("金额") or clause.fresh:
            return None
        counted = _NUMBER_OF.sub("", self.frame.levels[-1].name)
        return name._replace(text=counted + name.text) if len(counted) <= LONGEST_TOPIC else name

    def _place(self, clause: Clause, words: Cut) -> Place:
        place = opened_place(clause.scene, self.frame, words.opened, clause.low, clause.start, clause.fresh)
        if words.subject is not None:
            if not words.opened:
                place.area = site_of(clause.scene, clause.low, clause.first.start, words.subject) or place.area
            return with_subject(self.frame, place, words.subject)
        if clause.fresh and not words.opened:
            for begin, stop in clause.scene.clauses_before(clause.low - 1, clause.start):
                subject = body_between(clause.scene, begin, stop)
                if subject is not None:  # a named body that opens the sentence
                    place.area = site_of(clause.scene, begin, stop, subject) or place.area
                    place.subject = with_subject(self.frame, place, subject).subject
                    break
        return place

    def _ranked(self, clause: Clause, name: Name | None, place: Place, opened: bool) -> Item | None:
        """The item that a rank speaks of, when it is the one before."""
        frame = self.frame
        if clause.predicate.measure != "rank" or clause.fresh or not frame.items:
            return None
        own = name is not None and clause.low > frame.last_end and len(name.text) > 4 and is_noun_phrase(name.text)
        if name is not None and (own or has_head(name.text)) and not _WHOLE.fullmatch(name.text):
            return None
        counted = frame.kind == "count" and not has_head(frame.items[0].name)
        item = frame.plain if counted and frame.plain else frame.items[0]
        return Item(item.name, None, place if opened and item is frame.items[0] else item.place.copy())

    def _named(self, clause: Clause, name: Name, words: Cut, place: Place, listed: list[Place]) -> list[Item]:
        """Items for a name before the amounts: one, or one for each member of a list."""
        frame = self.frame
        names = (split_names(name, clause.count) if clause.count > 1 else None) or [name.text]
        near = not clause.fresh or bool(_TOTAL_OF.match(clause.scene.body, clause.start))
        full = [with_head(one, clause, frame) if near else one for one in names]
        full = [_with_whole(one, clause, frame) for one in full]
        span = (name.start, name.end)
        if len(full) > 1:
            return [Item(one, span, place.copy()) for one in full]
        counted = frame.counted and not clause.fresh and not words.opened
        if counted and _BARE.fullmatch(full[0]) and not _of_the_whole(clause, frame, full[0]):
            full = [frame.items[-1].name + full[0]]  # 规模以上工业企业429户，实现增加值…
        elif clause.kind == "count" and clause.fresh and _does(full[0]) and (topic := _spoken_of(clause, frame)):
            full = [topic]  # 像这样的企业，目前，重庆已培育了7560多家; 商用车产量恢复增长，累计生产13.2万辆
        elif clause.kind == "count" and is_verb(full[0]):
            full = [people_counted(full[0], clause.last)]
        elif _TOPICAL.fullmatch(full[0]) and not words.opened and (whole := quantity_before(clause, frame, full[0])):
            full = [whole]  # 对东盟进出口中间品增势良好，进出口…
        elif _TOPICAL.fullmatch(full[0]) and not words.opened and (topic := topic_before(clause, frame)):
            full = [topic + full[0]]  # 新能源汽车表现抢眼，出口…
        elif near and frame.levels and not words.opened and words.subject is None:
            if _NEXT_CLAUSE.fullmatch(clause.scene.body, frame.last_end, name.start):
                full = [with_topic(full[0], frame.levels[-1].name)]
        if listed and _VISITORS.match(full[0]):
            return [Item(mention.text + full[0], span, frame.place.copy()) for mention in words.opened[-clause.count :]]
        if listed:
            return [Item(full[0], span, one) for one in listed]
        return [Item(full[0], span, place)]


def _of_the_whole(clause: Clause, frame: Frame, quantity: str) -> bool:
    """Whether the bodies counted just before were a part, and the quantity is all bodies': 茶企213家，其中龙头企业12家，从业人员…"""
    begin = clause.scene.clause_start(frame.last_end, clause.start)
    part = clause.scene.body.startswith(("其中", "当中"), begin)
    return part and not any(item.name.endswith(quantity) for item in frame.levels)


def _spoken_of(clause: Clause, frame: Frame) -> str:
    """The thing or quantity that the clause right before speaks of; "" if none."""
    return topic_before(clause, frame) or quantity_before(clause, frame)


def _whole(clause: Clause) -> Name | None:
    """The quantity of which a place or body has its share, when the words after 占 name one."""
    match = _SHARE_OF.search(clause.scene.body, clause.low, clause.first.start)
    name = cut_between(clause.scene, match.start("whole"), match.end("whole")).name if match else None
    return name if name is not None and has_head(name.text) else None


def _does(name: str) -> bool:
    """Whether a name only says what is done."""
    return is_verb(name) or _DOING.fullmatch(name) is not None


def _with_whole(name: str, clause: Clause, frame: Frame) -> str:
    """A place or body after 其中 with the people whose total was stated: 普通中学专任教师, 城镇居民."""
    if clause.first.unit_measure != "1" or clause.fresh or not frame.levels:
        return name
    if _OF_WHICH.search(clause.scene.body, frame.last_end, clause.first.start):
        frame.whole = frame.levels[-1].name.rpartition("的")[2]
        frame.whole_unit = frame.unit_text
    units = [text.lstrip(_MAGNITUDES)[:1] for text in (clause.last.unit_text, frame.whole_unit)]
    alike = frame.whole and units[0] in ("", units[1])  # 5.2万 of so many 万人
    return name + frame.whole if alike and _WHERE.search(name) and not name.endswith(frame.whole) else name
