"""What a page's masthead lines say: the newspaper, the day, the number of the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from tasks.extract.numerals import chinese
from tasks.segment.lines import Line
from tasks.segment.names import is_name
from tasks.segment.reading import Masthead
from tasks.segment.wording import cue_pattern

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_NUMERALS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}

_DAY = re.compile(r"(?P<year>(?:19|20)\d{2})\s?(?:年|[-./])\s?(?P<month>\d{1,2})\s?(?:月|[-./])\s?(?P<day>\d{1,2})(?!\d)\s?日?")
_DAY_IN_WORDS = re.compile(
    r"(?P<year>[二一][〇零○一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_FIRST = re.compile(rf"(?P<name>{_MONTH})\s?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s?,?\s?(?P<year>(?:19|20)\d{{2}})", re.I)
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s?(?P<name>{_MONTH})\s?,?\s?(?P<year>(?:19|20)\d{{2}})", re.I)
_LATIN = re.compile("[A-Za-z]{3}")
_PAGE = re.compile(
    r"第\s?[A-Z]{0,2}(?P<no>\d{1,3}|[一二三四五六七八九十]{1,3})\s?[版页]|(?<![A-Za-z\d])[A-Z]{0,2}(?P<bare>\d{1,3})\s?版(?![面权])"
    r"|\bpage\s?[A-Z]?(?P<english>\d{1,3})\b|^[A-Z](?P<letter>\d{1,3})(?![\d.%])|^0(?P<zero>\d)(?![\d.%])",
    re.I,
)
_WEEKDAY = re.compile(r"(?:星期|礼拜|周)[一二三四五六日天]|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?", re.I)
_LUNAR = re.compile(
    r"(?:农历|夏历)?[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?\S{0,3}?[正一二三四五六七八九十冬腊闰]{1,3}月[初十廿卅一二三四五六七八九]{1,3}日?"
    r"|(?:农历|夏历)[^\s，。]{2,12}"
)
_ISSUE = re.compile(r"总?第\s?\d+\s?[期号]|今日\s?[\d一二三四五六七八九十]+\s?版|[本共]期?\s?\d+\s?版|today'?s? \d+ pages?", re.I)
#: What no masthead line is without: a sign of a day, of a page or an issue, or a name.
_HINT = re.compile(r"[A-Za-z年月历周期报刊版页号]|星期|礼拜|(?<!\d)0\d(?!\d)|\d{4}\s?[-./]")
#: What no masthead line holds, but for days of the old calendar.
_SENTENCE = re.compile(r"[。；！？“”《》]")
_OLD_CALENDAR = re.compile(r"[农夏]历|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]")
_NAME = re.compile(r"[\u3400-\u9fffA-Za-z]{1,9}(?:报|周刊)")
_SECTION = re.compile(r"[\u3400-\u9fff·]{2,6}|[A-Za-z]+")
_SECTION_HEAD = re.compile(r"(?:[A-Z]?(?P<no>\d{1,3})版?\s?)?[\u3400-\u9fff·]{2,6}")
_MARKS = re.compile(r"[\s,，:：|·/\-—_()（）]+")
_EDITOR_NAME = re.compile(r"([\u3400-\u9fff]\s?[\u3400-\u9fff]{1,3})(?:[\s、,，/|]+|$)")
_TOP, _BOTTOM = 12, 6


def read_masthead(lines: Sequence[Line]) -> Masthead:
    """The masthead of a page, looked for in its first and last lines.

    A line counts only when all of it is a name, a day, a page number, a section's name and the like.
    """
    found = Masthead()
    top = range(min(len(lines), _TOP))
    bottom = range(max(len(top), len(lines) - _BOTTOM), len(lines))
    taken = [index for index in (*top, *bottom) if len(lines[index].text) <= 70 and _reads(lines[index].text, found)]
    if taken and taken[0] in (1, 2) and found.day and found.newspaper is None:
        title = lines[taken[0] - 1].text
        if re.fullmatch(r"[\u3400-\u9fff]{2,10}", title):
            taken.insert(0, taken[0] - 1)  # a title over the date that does not call itself a newspaper
    if taken and taken[0] == 1 and (section := _SECTION_HEAD.fullmatch(lines[0].text)):
        taken.insert(0, 0)  # the section's name over the page's number, or both over the day
        found.page_no = found.page_no or (int(section["no"]) if section["no"] else None)
    found.lines = tuple(taken)
    return found


def heads_page(text: str) -> bool:
    """Whether all of the line ``text`` is a paper's name, a day, a page number, editors and the like."""
    return len(text) <= 70 and _reads(text, Masthead())


def _reads(text: str, found: Masthead) -> bool:
    """Read ``text`` into ``found`` when all of it is masthead; say whether it was."""
    if not _HINT.search(text) or (_SENTENCE.search(text) and not _OLD_CALENDAR.search(text)):
        return False
    rest, day, page = text, None, None
    match = _DAY.search(rest) or _DAY_IN_WORDS.search(rest)
    if match is None and _LATIN.search(rest):
        match = _MONTH_FIRST.search(rest) or _DAY_FIRST.search(rest)
    if match:
        day = _day(match.groupdict())
        rest = rest[: match.start()] + " " + rest[match.end() :]
    marks = 0
    for pattern in (_LUNAR, _WEEKDAY, _ISSUE):
        rest, count = pattern.subn(" ", rest)
        marks += count
    rest = _without_editors(rest).strip()
    match = _PAGE.search(rest)
    if match:
        number = next(value for value in match.groups() if value)
        page = int(number) if number.isdigit() else _page(number)
        rest = rest[: match.start()] + " " + rest[match.end() :]
    words = [word for word in _MARKS.split(rest) if word]
    name = next((word for word in words if _NAME.fullmatch(word)), None)
    others = [word for word in words if word != name]
    if match and others and (match["letter"] or match["zero"]) and day is None and not marks and name is None:
        return False  # G60科创走廊: no page's number
    known = day is not None or page is not None
    if not known and (others or not (marks or (name and not found.newspaper))):
        return False
    if len(others) > 3 or not all(map(_SECTION.fullmatch, others)):
        return False
    found.day, found.page_no, found.newspaper = found.day or day, found.page_no or page, found.newspaper or name
    return True


@cache
def _editor() -> re.Pattern[str]:
    return re.compile(rf"(?<![\u3400-\u9fff]){cue_pattern('editor_role')}(?:\s*[：:/|]\s*|\s+)")


def _without_editors(text: str) -> str:
    """``text`` without editors' names behind what they do: 责编 甲某 乙某 版式 丙某."""
    at = 0
    while role := _editor().search(text, at):
        end = role.end()
        while name := _EDITOR_NAME.match(text, end):
            if not is_name("".join(name.group(1).split())):
                break
            end = name.end()
        if end > role.end():
            text = text[: role.start()] + " " + text[end:]
            at = role.start()
        else:
            at = end
    return text


def _day(parts: dict[str, str]) -> date | None:
    try:
        if "name" in parts:
            return date(int(parts["year"]), _MONTHS[parts["name"][:3].lower()], int(parts["day"]))
        if parts["year"].isdigit():
            return date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
        return date(int("".join(str(_NUMERALS[char]) for char in parts["year"])), _number(parts["month"]), _number(parts["day"]))
    except (ValueError, KeyError):
        return None


def _number(text: str) -> int:
    """The numeral in Chinese characters: 二十三 → 23; ValueError when it is none (十二三)."""
    value = chinese(text)
    if value is None:
        raise ValueError(f"no numeral: {text}")
    return int(value)


def _page(text: str) -> int | None:
    value = chinese(text)
    return int(value) if value is not None else None
