"""Prices of shares, stated without the word: 腾讯（00700）跌7.03%, 魅力科技收报26.30元."""

from __future__ import annotations

import re

from tasks.extract.clause import Clause
from tasks.extract.cues import any_of
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.naming import Name
from tasks.extract.quantities import has_head

SHARE_PRICE = "股价"
_STOCK = re.compile(r"(?P<firm>[\u4e00-\u9fffA-Za-z*]{2,12}?)[（(]\d{4,6}(?:\.[A-Z]{2})?[）)]")
_LIST_LEAD = re.compile(r"^(?:、|及|和|当中|其中)+")
_QUOTED = re.compile(rf"(?:{any_of('quoted')}|收)(?:于|每股)?$")
_COMMODITY = re.compile(any_of("commodity"))
#: 收市报 with nothing before it.
_ONLY_QUOTED = re.compile(rf"[，、\s]*(?:收市|收盘|最新|现|昨)?(?:{any_of('quoted')})(?:于|每股)?")
#: What a share costs when it is first sold, or in a deal: the price quoted after it is another.
_OFFERED = re.compile(any_of("offered"))


def listed_firm(clause: Clause, frame: Frame) -> Item | None:
    """A share named with its stock code before a price or a move of it."""
    if clause.kind not in ("percent", "money"):
        return None
    body = clause.scene.body
    match = _STOCK.search(body, clause.low, clause.name_end)
    if match is None or has_head(body[match.end() : clause.name_end]):
        return None
    firm = _LIST_LEAD.sub("", match["firm"])
    return Item(SHARE_PRICE, (match.end("firm") - len(firm), match.end("firm")), Place(frame.place.area, firm))


def is_quoted(clause: Clause, name: Name) -> bool:
    """Whether the price of the share ``name`` is stated."""
    if clause.kind != "money" or has_head(name.text) or _COMMODITY.search(name.text):
        return False
    return _QUOTED.search(clause.scene.body, name.end, clause.first.start) is not None


def quoted_again(clause: Clause, frame: Frame) -> bool:
    """Whether a share whose price of offer was stated is quoted: 发行价18.6元，收盘报27.9元."""
    if clause.kind != "money" or not frame.items or not _OFFERED.search(frame.items[-1].name):
        return False
    return _ONLY_QUOTED.fullmatch(clause.scene.body, clause.low, clause.first.start) is not None
