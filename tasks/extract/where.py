"""Where a number belongs: the place its clause opens with, the topic of its sentence, partners in trade."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract import gazetteer
from tasks.extract.cues import any_of
from tasks.extract.frame import Frame, Item, Place
from tasks.extract.places import PlaceMention, counterparts, own_customs, resolve_deictic
from tasks.extract.scene import SEPARATORS, Scene
from tasks.extract.tidying import tidy
from tasks.knowledge import rows, values

_TRADE = re.compile(any_of("trade"))
_PARTNER_HEAD = re.compile(any_of("with_partner"))
_AFTER_PARTNERS = re.compile(r"^(?:等[^进出贸投实F]{0,10}|地区|国家|在[\u4e00-\u9fff]{1,4}?(?=[FDI实投进出]))")
_FILLERS = re.compile(r"^(?:的|货物|合计|分别|均|都|等)+")
#: 在全省排名第1: the place ranks are given in is not the one measured.
_RANKED = re.compile(rf"[^，。；]{{0,8}}?(?:{any_of('placing')}|第[一二三四五六七八九十\d])")
_COMPANY = re.compile("[，,]?(?:该|本)?公司(?!股价|于|在)")
#: 澄海锂能|4月20日披露: the name of a company that begins like a place.
_ANNOUNCES = re.compile(rf"[^，。；]{{0,6}}?(?:{any_of('announcing')})")
_FROM_THERE = re.compile(any_of("visitor"))
_ENTERED = re.compile(rf"(?:{any_of('entering')})[于在]?$")
#: 浦东|、虹桥两机场: parts counted together.
_TOGETHER = re.compile(r"[、和与及][\u4e00-\u9fff]{2,6}?[两双三四等](?!日|年|月)")
#: 长沙、株洲、湘潭|三市
_COLLECTIVE = re.compile(r"等(?!于)|[两三四五六七八九十\d]{1,2}个?[省市县区州地国]")
#: 福州、宁德|等5市31个县: the areas are counted, and what follows is said of all of them.
_COUNTED_AREAS = re.compile(r"等?[两三四五六七八九十\d]{1,3}个?(?:设区)?[省市县区州盟旗](?!域)")
#: 粤港澳大湾区最大…在广东佛山投运: what it is the first of, not where it is.
_FIRST_OF = re.compile(rf"(?:{any_of('first_of')})")
_PERSONS = re.compile(any_of("person"))


@cache
def _blocs() -> frozenset[str]:
    """Names of groups of countries."""
    return frozenset(name for row in rows("area_groups") if row["kind"] == "bloc" for name in (row["name"], *values(row["alias"])))


def place_of(scene: Scene, frame: Frame, mention: PlaceMention) -> Place | None:
    """What a mention says of the place measured; None when it says nothing that can be told."""
    span = (mention.start, mention.end)
    if mention.kind == "area":
        return Place(mention.code, None, None, span)
    if mention.kind == "deictic":
        named = [place for place in scene.places_before(mention.start) if not _FROM_THERE.match(scene.body, place.end)]
        code = mention.code or resolve_deictic(mention, named, scene.area)
        return Place(code, None, None, span) if code else None
    if mention.kind == "zone":
        return Place(mention.code or frame.place.area, mention.text, None, span)
    if mention.kind in ("group", "country"):
        return Place(None, mention.name, None, span)
    return None


def topic(scene: Scene, frame: Frame, start: int, end: int) -> Place | None:
    """The place that stands as the topic of a clause in the range: 长沙市…, 在许昌，…; the last one named."""
    body = scene.body
    found = None
    for mention in scene.places_in(start, end):
        if mention.in_name or mention.kind == "country" or (mention.aside and not _sets_scene(body, mention)):
            continue
        before = body[max(start, mention.start - 1) : mention.start]
        opens = mention.start == start or before in SEPARATORS or (before == "“" and body[mention.start - 2] in SEPARATORS)
        if not opens:
            low = max(start, mention.start - 20)
            opens = any(p.end == mention.start for p in scene.periods_in(low, mention.start))
        opens = opens or _ENTERED.search(body, max(start, mention.start - 4), mention.start) is not None
        if not opens and before in "在于" and mention.kind in ("area", "deictic"):
            head = body[scene.clause_start(mention.start, start) : mention.start - 1]
            opens = (len(head) <= 6 and not re.search(r"[对向与]", head)) or _FIRST_OF.search(head) is not None
        if opens and _FIRST_OF.match(body, mention.end) and mention.kind != "area":
            continue
        if opens and _RANKED.match(body, mention.end, end):
            continue
        if not opens or (mention.name in _blocs() and _TRADE.search(body, mention.end, end)):
            continue
        if _PERSONS.match(body, mention.end) or _is_firm(scene, mention):
            continue
        found = place_of(scene, frame, mention) or found
    return found


def _common_area(scene: Scene, last: PlaceMention) -> str | None:
    """The area that holds all places of the list that ends with a mention, where they are spoken of together (长沙、株洲、湘潭三市)."""
    if not _COLLECTIVE.match(scene.body, last.end):
        return None
    listed = [last]
    for mention in reversed(scene.places_before(last.start)):
        if mention.end + 1 != listed[0].start or scene.body[mention.end] not in "、和与及":
            break
        listed.insert(0, mention)
    codes = [mention.code for mention in listed if mention.kind == "area" and mention.code is not None]
    if len(codes) < 2 or len(codes) < len(listed):
        return None
    above: str | None = codes[0]
    while above is not None and not all(gazetteer.within(code, above) for code in codes):
        above = gazetteer.parent(above)
    return above


def _is_firm(scene: Scene, mention: PlaceMention) -> bool:
    """Whether a short name and two to four more characters before a day announce figures: a listed company."""
    if mention.kind != "area" or mention.text[-1] in "省市县区":
        return False
    day = next((p for p in scene.periods_in(mention.end + 2, mention.end + 5) if p.form == "day"), None)
    return day is not None and _ANNOUNCES.match(scene.body, day.end) is not None


def _whole_of(body: str, mention: PlaceMention) -> str | None:
    """The area that holds a listed part, which its name begins with, where the parts are spoken of together (上海浦东、虹桥两机场)."""
    if mention.kind != "area" or mention.code is None or not _TOGETHER.match(body, mention.end):
        return None
    above = gazetteer.parent(mention.code)
    while above is not None and above != gazetteer.COUNTRY:
        if mention.text[:2] == gazetteer.name(above)[:2]:
            return above
        above = gazetteer.parent(above)
    return None


def _sets_scene(body: str, mention: PlaceMention) -> bool:
    """在洮南，…: a place after 在 that a comma closes holds for what follows."""
    return body[mention.start - 1 : mention.start] in ("在", "于") and body[mention.end : mention.end + 1] == "，"


def opened_place(scene: Scene, frame: Frame, opened: list[PlaceMention], low: int, start: int, fresh: bool) -> Place:
    """The place that the clause opens with, else the sentence's topic, else the one in force."""
    place = None
    opened = [
        mention
        for mention in opened
        if not (mention.aside and mention.kind == "deictic" and not scene.body.startswith("平均", mention.end))
    ]
    if opened and _send_visitors(scene, opened[-1]):
        opened = []
    if len(opened) > 1 and opened[-1].text == "内地":
        opened = opened[:-1]  # 粤港澳大湾区内地9市 is the region, not the mainland
    if opened:
        last = opened[-1]
        among = _among_partners(frame) and (not fresh or scene.body.startswith("其中", start))
        foreign = (last.kind == "country" or last.name in _blocs()) and scene.area is not None
        if foreign and (last.aside or among) and _TRADE.search(scene.body, last.end, min(len(scene.body), last.end + 24)):
            if among and last.kind == "country":
                kept = frame.items[-1].place.copy()  # 对欧盟进出口增长5%，其中德国进出口增长3%
                kept.partner, kept.subject, kept.span = last.code, None, (last.start, last.end)
                return kept
            kept = frame.place.copy()
            kept.area = kept.area or scene.area
            kept.subject = last.name
            return kept
        place = place_of(scene, frame, last)
        if place is not None and (whole := _whole_of(scene.body, last) or _common_area(scene, last)):
            place = Place(whole, None, None, place.span)
    if place is None:
        place = topic(scene, frame, start if fresh else max(start, frame.last_end), low)
    if place is None:
        if scene.area is None and _of_company(scene, low):
            frame.place.area = None  # not the last place that the company was said to build at
        return frame.place.copy()
    if opened and opened[-1].aside and not _COUNTED_AREAS.match(scene.body, opened[-1].end):
        return place.copy()
    if place.area is not None or place.subject is None or (opened and opened[-1].kind == "group"):
        frame.place = place
    return place.copy()


def _among_partners(frame: Frame) -> bool:
    """Whether the clause before spoke of trade with partners: what follows may be one of them."""
    before = frame.items[-1].place if frame.items else None
    return before is not None and (before.partner is not None or before.subject in _blocs())


def _send_visitors(scene: Scene, mention: PlaceMention) -> bool:
    """Whether visitors come from a place, and from those listed after it (香港及台湾旅客)."""
    end = mention.end
    for other in scene.places_in(end + 1, end + 24):
        if other.start != end + 1 or scene.body[end] not in "、及和与":
            break
        end = other.end
    return _FROM_THERE.match(scene.body, end) is not None


def _of_company(scene: Scene, low: int) -> bool:
    """Whether a clause speaks of 公司: the one that the article is about."""
    period = next(iter(scene.periods_in(low, low + 1)), None)
    return _COMPANY.match(scene.body, period.end if period else low) is not None


def with_subject(frame: Frame, place: Place, subject: str) -> Place:
    """A place with a named body measured in it; 公司 alone is the body named before."""
    if subject in ("公司", "集团", "该公司", "企业"):
        subject = frame.place.subject or subject
    place = place.copy()
    place.subject = subject
    frame.place = place
    return place.copy()


def site_of(scene: Scene, start: int, end: int, subject: str) -> str | None:
    """The area that the name of a site begins with, when that site is the body measured (枣庄市台儿庄古城景区)."""
    for mention in scene.places_in(start, end):
        if mention.org != "site" or mention.kind != "area" or mention.code is None or not subject.startswith(mention.text):
            continue
        inner = gazetteer.level(mention.code) == "county" and mention.text[-1] not in "县市区旗"
        if inner and mention.text[:2] != gazetteer.name(mention.code)[:2]:
            return gazetteer.parent(mention.code)  # 广州|白云机场
        return mention.code
    return None


def listed_places(scene: Scene, frame: Frame, opened: list[PlaceMention], count: int) -> list[Place]:
    """One place for each of ``count`` amounts, when the clause opens with as many."""
    if count < 2 or len(opened) < count:
        return []
    return [place for place in (place_of(scene, frame, mention) for mention in opened[-count:]) if place is not None]


#: Classes of bodies that trade.
_TRADING = re.compile(rf"[\u4e00-\u9fff]{{0,6}}(?:{any_of('trading')})")


def partner_items(scene: Scene, frame: Frame, low: int, name_end: int, count: int = 1) -> list[Item]:
    """Trade or investment with partners, an item each: 对韩国进出口, 对东盟、欧盟分别进出口; empty when there are none."""
    body = scene.body
    partners = [p for p in counterparts(body[low:name_end]) if p[2] is not None or p[3] in _blocs() or "一带一路" in p[3] or "国家" in p[3]]
    if home := own_customs(scene.area):
        partners = [p for p in partners if p[2] != home]  # 台湾出口 in an article on Taiwan
    if not partners:
        return []
    first, last = partners[0], partners[-1]
    if low + last[1] >= name_end:
        return []
    lead = low + first[0]
    opened = [p for p in scene.places_in(low, lead) if p.end <= lead and not p.in_name and p.kind in ("area", "deictic")]
    place = opened_place(scene, frame, opened, low, low, False)
    place.area = place.area or scene.area
    head = tidy(_FILLERS.sub("", _AFTER_PARTNERS.sub("", body[low + last[1] : name_end])))
    if not head or not _PARTNER_HEAD.search(head):
        return []
    classes = _classes(scene, low, lead, count) if len(partners) == 1 else [""]
    prefix = body[lead - 1 : lead] if lead > low and body[lead - 1] in "对自从与向" else "对"
    items = []
    for begin, end, code, name in partners:
        where = place.copy()
        where.partner = code
        if code is None:
            where.subject = name
        said = body[low + begin : low + end]
        gap = " " if head[0].isascii() and said[-1].isascii() else ""  # RCEP FDI到资
        for bodies in classes:
            label = bodies + (head if code else f"{prefix}{said}{gap}{head}")
            items.append(Item(label, (low + begin, name_end), where.copy()))
    return items


def _classes(scene: Scene, low: int, lead: int, count: int) -> list[str]:
    """The class of bodies that trades with a partner (民营企业 in 民营企业对东盟进出口), ``count`` of them, or none: [""]."""
    ends = [p.end for p in scene.places_in(low, lead)] + [p.end for p in scene.periods_in(low, lead)]
    start = max((end for end in ends if end <= lead), default=low)
    words = tidy(scene.body[start:lead].rstrip("对自从与和同向").lstrip("，、中的"))
    found = re.split("、|和|及|以及", words)
    if not all(_TRADING.fullmatch(one) for one in found):
        return [""]
    return found if len(found) == count else [words] if len(found) == 1 else [""]
