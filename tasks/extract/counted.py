"""The thing counted or shared, when its words stand after the amount."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract.amounts import Amount
from tasks.extract.clause import Clause
from tasks.extract.cues import any_of, by_kind
from tasks.extract.naming import Name
from tasks.extract.nouns import is_verb, noun_after, predicated_noun
from tasks.extract.quantities import has_head
from tasks.knowledge import rows

_COUNTED = re.compile(rf"(?:{any_of('counted')})$")
_OWNING = re.compile(any_of("owning"))
_SPENT = re.compile(rf"(?:{any_of('spent')})(?:了|约|近|一笔|共)*$")
_GROWN = re.compile(r"的(?P<what>[\u4e00-\u9fff]{2,12}?)(?:增速|增长|增幅|涨幅|降幅|下降)")
#: 55%的目标, 2311万人次的历史新高: what the amount is, not whose.
_OF_AMOUNT = re.compile(any_of("of_amount"))
#: 造成261人死亡, 带动2500余人就业: who is counted is not said, but what became of them.
_OUTCOME = re.compile(
    rf"(?:不幸|仍|已|被|均|因[\u4e00-\u9fff]{{1,8}}?|紧急)?(?P<what>{any_of('outcome')})(?![\u4e00-\u9fff]{{0,2}}(?:人|者|户|的))"
)
_BRINGING = re.compile(rf"(?P<verb>{any_of('bringing')})(?:了|当地|周边|约|近|超过?|逾)*$")
_DEAL = re.compile(rf"(?:的?(?:价格|总价|底价|高价|报价))?(?P<what>{any_of('deal')})")
#: 400亿元的|全产业链规模
_OF_QUANTITY = re.compile(r"的(?P<what>[\u4e00-\u9fff“”]{2,12})(?=[，。；、！]|$)")
#: 实施8次打击: what was done so many times.
_TIMES = by_kind("reading_words", "kind")["times"]
_ACT = re.compile(r"[\u4e00-\u9fff]{2}(?=[，。；、！])")
_DEED = re.compile(r"(?:的)?(?P<what>[\u4e00-\u9fff]{2})(?=[，。；、！]|$)")
#: 通达26个国家, 覆盖全国31个省份: the noun alone says nothing.
_REACHING = re.compile(
    rf"(?P<verb>{any_of('reaching')})(?:[^，。；：]{{1,40}}?(?:{any_of('reached')})[、和及与的]?)?(?:了|超过?|约|近|逾|[\u4e00-\u9fff]{{2,3}}(?<!的))*$"
)
_REACHED = re.compile(any_of("reached"))
_PERSONS = frozenset("人名户位")
_ATTRIBUTE = re.compile(rf"(?:{any_of('attribute')})$")
#: Characters of a thing that its quantity may be named with.
_SHORT = 6
_MAGNITUDES = "十百千万亿"
_OPENING = "，。；：、\n"


def counted_noun(clause: Clause, name: Name | None) -> Name | None:
    """The noun after the amount when it names what is measured better than ``name`` before it.

    Turns a percentage of somebody (51.2%的中小企业) into a share, and a change of things built (改造提升7.8万亩农田)
    into a level.
    """
    body, predicate = clause.scene.body, clause.predicate
    stop = clause.scene.next_amount(clause.last.end, clause.end)
    of = body[clause.last.end : clause.last.end + 1] == "的"
    headless = name is None or not has_head(name.text)
    noun: Name | None = None
    spent = _SPENT.search(body, clause.low, clause.first.start) if clause.kind == "money" else None
    grown = _GROWN.match(body, clause.last.end, stop) if clause.kind == "percent" and headless else None
    if grown:
        what = grown["what"] + "增长" if grown["what"].endswith("经济") else grown["what"]
        noun = Name(what, grown.start("what"), grown.end("what"))  # 年均3%的能源消费增速
    elif clause.kind == "percent" and (predicate.measure == "level" or (predicate.measure == "share" and not predicate.cue)):
        if of and (headless or (name is not None and _SPENT.search(name.text))):
            noun = predicated_noun(body, clause.last.end, stop)
        elif name is None and _opens(body, clause.first.start):
            noun = noun_after(body, clause.last.end, stop)
        if noun is not None:
            predicate.measure = "share"
    elif clause.kind == "money" and (deal := _DEAL.match(body, clause.last.end, stop)) and body[clause.first.start - 1] in "以价":
        noun = Name(deal["what"], deal.start("what"), deal.end("what"))  # 由滨和集团以19亿元竞得
    elif of and clause.kind in ("money", "physical") and name is not None and (said := _ATTRIBUTE.search(name.text)) and said.start():
        noun = _of_thing(name, said.group(), noun_after(body, clause.last.end, stop, clause.kind))
    elif clause.kind == "money" and not of and (name is None or spent):
        noun = noun_after(body, clause.last.end, stop)
        noun = noun if noun is not None and (spent or has_head(noun.text)) else None
        if noun is not None and name is not None and noun.text == "资金":
            noun = Name(name.text[-2:] + noun.text, noun.start, noun.end)
    elif of and headless and clause.kind in ("money", "physical") and (quantity := _quantity_after(clause, stop)) is not None:
        noun = quantity
    elif clause.kind == "count" and (outcome := _outcome(clause)) is not None:
        noun = outcome
    elif _may_be_followed(clause, name, of):
        noun = noun_after(body, clause.last.end, stop, "count" if clause.kind == "bare" else clause.kind)
        noun = noun if noun is not None and _prefers(clause, name) else None
        if clause.kind == "count" and headless:
            noun = _unit_noun(clause.last) or noun
        noun = _with_verb(clause, noun) if noun is not None else None
        bare = predicate.basis is None and predicate.base is None
        if noun is not None and predicate.measure == "change" and (name is None or is_verb(name.text)) and bare and clause.kind != "money":
            predicate.measure = "level"
    elif clause.kind == "rank" and clause.last.value_text.endswith("大"):
        noun = noun_after(body, clause.last.end, stop)  # 第四大天然气生产国
        noun = None if noun is not None and noun.text.endswith("幅") else noun
    return None if noun is not None and _OF_AMOUNT.match(noun.text) else noun


def _may_be_followed(clause: Clause, name: Name | None, of: bool) -> bool:
    """Whether the thing measured may stand after an amount of this kind."""
    if clause.kind == "physical":
        return of or name is None or not has_head(name.text)
    return clause.kind == "count" or (clause.kind == "bare" and name is None) or (of and clause.kind == "money")


def _outcome(clause: Clause) -> Name | None:
    """What was done so many times, or what became of the people counted (带动就业: with a verb that brings it about)."""
    body, last = clause.scene.body, clause.last
    if last.unit_text in _TIMES:
        act = _ACT.match(body, last.end, clause.end)
        return Name(act.group(), act.start(), act.end()) if act and is_verb(act.group()) else None
    match = _OUTCOME.match(body, last.end, clause.end) if last.unit_text[-1:] in _PERSONS else None
    if match is None:
        deed = _DEED.match(body, last.end, clause.end)
        said = deed is not None and has_head(deed["what"]) and is_verb(deed["what"])
        return Name(deed["what"], deed.start("what"), deed.end("what")) if deed and said else None  # 录得18宗成交
    bringing = _BRINGING.search(body, clause.low, clause.first.start)
    return Name((bringing["verb"] if bringing else "") + match["what"], match.start("what"), match.end("what"))


def _of_thing(name: Name, quantity: str, thing: Name | None) -> Name:
    """总投资21亿元的锂盐项目: the quantity, with the thing it is said of where that is short."""
    short = thing is not None and len(thing.text) <= _SHORT
    return name._replace(text=thing.text + quantity if thing is not None and short else quantity)


def _quantity_after(clause: Clause, stop: int) -> Name | None:
    """The quantity that an amount is said to be, as a name after 的: 400亿元的全产业链规模."""
    match = _OF_QUANTITY.match(clause.scene.body, clause.last.end, stop)
    return Name(match["what"], match.start("what"), match.end("what")) if match and has_head(match["what"]) else None


def _with_verb(clause: Clause, noun: Name) -> Name:
    """A noun that says nothing alone, with the verb that reaches what it counts: 通达国家."""
    if _REACHED.fullmatch(noun.text) is None:
        return noun
    body = clause.scene.body
    match = _REACHING.search(body, clause.scene.clause_start(clause.first.start, clause.start), clause.first.start)
    return noun._replace(text=match["verb"] + noun.text) if match else noun


@cache
def _unit_nouns(after_verb: str) -> dict[str, str]:
    return {row["word"]: row["noun"] for row in rows("unit_nouns") if row["after_verb"] == after_verb}


def people_counted(verb: str, amount: Amount) -> str:
    """A verb alone with the number of those it is done to: 惠及人数 of 惠及6.3万人; the verb where the measure word says nothing."""
    return verb + _unit_nouns("yes").get(amount.unit_text.lstrip(_MAGNITUDES), "")


def _unit_noun(amount: Amount) -> Name | None:
    """The measure word when it is the thing counted: 5省区推进保护."""
    noun = _unit_nouns("").get(amount.unit_text.lstrip(_MAGNITUDES))
    return Name(noun, amount.end - len(amount.unit_text), amount.end) if noun else None


def _opens(body: str, at: int) -> bool:
    return at == 0 or body[at - 1] in _OPENING


def _prefers(clause: Clause, name: Name | None) -> bool:
    """Whether the noun after the amount names it better than the words before."""
    if name is None or _OWNING.search(clause.scene.body, name.end, clause.first.start):
        return True
    if has_head(name.text) and clause.kind != "count" and not name.text.startswith(("出口", "进口")):
        return False
    return not _COUNTED.search(name.text)
