"""Datelines, bylines and signatures: who reports, from where, of which day.

``read_opening`` reads what stands before an article's first sentence, ``read_closing`` what stands
after its last: 湖南日报9月19日讯（全媒体记者 甲 通讯员 乙）, 新华社北京9月1日电, 【香港商报讯】,
21世纪经济报道记者 甲 南京报道, 8月19日消息，; （记者甲）, 本报记者甲巴黎报道.
Texts may hold line breaks: a break ends a byline on a line of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.segment.people import Credits, inner_role, may_name, merge, read_people, role_pattern, role_word, split_medium
from tasks.segment.wording import cue_pattern

# The sign of a dispatch, what may follow it (讯（记者…, 电 据…, 消息，从…), and what may not when it ends a medium's name.
_KIND = re.compile(r"(?:电讯|快讯|专电|讯|电|消息)(?P<parted>[\s（(：:，,\[]|$|记者|通讯员)?(?![飞号问息子台影视网力社员]|人士)")
_HEAD = re.compile(
    r"(?P<by>据?)(?P<who>.*?)\s*(?:(?P<year>\d{4})\s*年\s*)?(?:(?P<month>\d{1,2})\s*月\s*)?(?:(?P<day>\d{1,2})\s*日)?\s*$", re.S
)
_BOXED = re.compile(r"\s*[【\[]([^】\]\n]{1,16}?)(?:讯|电|消息|快讯|报道)[】\]]")
_BULLET = re.compile(r"[\s□■●○◎◆◇▲△★☆丨•]*(?:(?:文|图文|图|图片)[/、]?(?:文|图|摄影)?\s*[/|：:]\s*)?")
_BRACKET = re.compile(r"\s*[（(\[]([^（）()\[\]]{1,80})[）)\]]")
_LAST_BRACKET = re.compile(r"[（(\[【]([^（）()\[\]【】]{1,80})[）)\]】]\s*$")
_SENTENCE_END = re.compile(r"[。！？!?…”’」』）)](?=[^。！？!?…”’」』）)]*$)")
_NOTE = re.compile(rf"\s*{cue_pattern('note')}")
#: A dateline in brackets: （新华社北京6日电）.
_BRACKETED = re.compile(r"\s*[（(【](?P<inside>[^（）()【】\n]{2,24}[电讯])[）)】]")
_MARKS = re.compile(r"[\s：:，,]*")
_HARD_STOP = re.compile(r"[，。；！？]")
#: What stands before no sign of a dispatch in a dateline.
_BEFORE_KIND = re.compile(r"[，。；：:（(！？“\[]")
_COLON = re.compile(r"\s*[：:]")
#: A line that breaks off in the 报道 of its byline.
_RUNS_ON = re.compile(r"[^\n]*(?:报\n道|\n(?:摄影|图文|综合)?报道)")
_UP_TO_REPORTED = re.compile(r"[^，。；！？“（]{0,60}?(?:报道|摄影报道|电)\s*[：:，,\n]")


#: So many characters of a text hold all of an opening.
WINDOW = 240


@lru_cache(maxsize=256)
def read_opening(text: str) -> Credits | None:
    """The dateline or byline that ``text``, an article's beginning, starts with; None when it has none.

    What was read of the last texts is remembered, since the beginning of an article is asked about when its place is looked for
    and again when it is composed: nobody may change it.
    """
    found = Credits()
    boxed = _BOXED.match(text)
    bracketed, dispatch = _BRACKETED.match(text), Credits()
    if bracketed and _read_dateline(bracketed["inside"] + " ", dispatch) and dispatch.day:
        found = dispatch
        found.end = bracketed.end()
    elif boxed:
        found.source = boxed.group(1).strip("之· ")
        found.end = boxed.end()
    elif not _read_dateline(text, found):
        return _read_byline(text)
    _read_after(text, found)
    return found


def _read_dateline(text: str, found: Credits) -> bool:
    kind = _KIND.search(text[:60])
    if kind is None or _BEFORE_KIND.search(text, 0, kind.start()):
        return False
    head = _HEAD.match(text[: kind.start()].strip())
    kind_end = kind.end() if kind["parted"] is None else kind.start("parted")
    if head is None or (kind["parted"] is None and kind.group()[-1] != "讯" and head["day"] is None):
        return False
    if "\n" in head["who"] and _read_dateline(text[text.index("\n") + 1 :], Credits()):
        return False  # a title before the dateline
    who = "".join(head["who"].split())
    if role_word().search(who) and inner_role().search(who):
        return False  # a byline before the dateline
    medium = split_medium(who)
    dated = head["day"] is not None
    if medium is None:
        place_only = dated and len(who) <= 6 and not (kind.group().startswith("消息") and who)
        if not place_only:
            return False
        found.place = who or None
    else:
        if len(medium[1]) > (8 if dated else 4) or (medium[1] and kind.group().startswith("消息") and not dated):
            return False
        if head["by"] and kind.group().startswith("消息"):
            return False
        found.source, found.place = medium[0], medium[1] or None
    found.year, found.month, found.day = (int(head[part]) if head[part] else None for part in ("year", "month", "day"))
    found.end = kind_end
    return True


def _read_after(text: str, found: Credits) -> None:
    """Read the byline behind a dateline, in brackets or bare, and the mark that ends it."""
    while bracket := _BRACKET.match(text, found.end):
        inside = bracket.group(1).replace("\n", "")
        people = read_people(inside, found, whole=True, bare=True)
        if not people and not found.reporters and len(inside) in (2, 3) and may_name(inside):
            found.reporters.append(inside)  # 本报讯（小某）: a pen name
            people = True
        if not (people or _COLON.match(text, bracket.end())):
            break
        found.end = bracket.end()
    else:
        behind = _bare_people(text, found)
        if behind:
            found.end = behind
    end = _MARKS.match(text, found.end)
    found.end = end.end() if end else found.end


def _bare_people(text: str, found: Credits) -> int | None:
    """Behind 讯: names and roles up to 报道：, or roles and names parted by spaces."""
    ahead = text[found.end : found.end + 80]
    reported = _UP_TO_REPORTED.match(ahead) if "报道" in ahead or "电" in ahead else None
    if reported and role_word().search(reported.group()):
        trial = Credits()
        flat = reported.group().replace("\n", "")
        role = role_pattern().search(flat)
        if role and read_people(flat[role.start() :].rstrip("：:，, "), trial, whole=True):
            merge(found, trial)
            return found.end + reported.end()
    trial = Credits()
    lead = len(ahead) - len(ahead.lstrip())
    if read_people(ahead[lead:], trial, whole=False):
        merge(found, trial)
        return found.end + lead + trial.end
    return None


def _read_byline(text: str) -> Credits | None:
    """A byline without a dateline: on a line of its own, or up to 报道, or names parted by spaces."""
    bullet = _BULLET.match(text)
    start = bullet.end() if bullet else 0
    if not role_word().search(text[: start + 90].replace("\n", "")):
        return None
    bracket = _BRACKET.match(text)
    if bracket and text[bracket.end() : bracket.end() + 1] in ("", "\n", " "):
        found = Credits(end=bracket.end())
        if role_pattern().search(bracket.group(1)) and read_people(bracket.group(1).replace("\n", ""), found, whole=True):
            marks = _MARKS.match(text, bracket.end())
            found.end = marks.end() if marks else bracket.end()
            return found
    ahead = text[start : start + 80]
    line = ahead.split("\n", 1)[0]
    found = Credits()
    whole = len(line) <= 60 and not _HARD_STOP.search(line) and not _RUNS_ON.match(ahead)
    if whole and read_people(line, found, whole=True):
        found.end = start + len(line)
    else:
        flat = ahead.replace("\n", "")
        if not read_people(flat, found, whole=False):
            return None
        breaks = [place for place, char in enumerate(ahead) if char == "\n"]
        found.end += start
        for place in breaks:  # back from the text without its line breaks
            found.end += start + place < found.end
    end = _MARKS.match(text, found.end)
    found.end = end.end() if end else found.end
    return found


def read_closing(text: str) -> Credits | None:
    """The signature that ``text``, an article's end, ends with; None when it has none."""
    bracket = _LAST_BRACKET.search(text[-120:])
    base = max(0, len(text) - 120)
    if bracket:
        inside = bracket.group(1).replace("\n", "")
        start = base + bracket.start()
        before = text[:start].rstrip()[-1:]
        found = Credits()
        if (before in "。！？!?…”’」』）)" or not before) and (read_people(inside, found, whole=True, bare=True) or _NOTE.match(inside)):
            found.start, found.end = start, len(text)
            return found
        return None
    sentence = _SENTENCE_END.search(text[-120:])
    start = base + sentence.end() if sentence else (0 if len(text) <= 60 else -1)
    if start < 0 or not text[start:].strip():
        return None
    tail = text[start:]
    bullet = _BULLET.match(tail)
    lead = bullet.end() if bullet else 0
    found = Credits()
    if role_pattern().search(tail) and read_people(tail[lead:].replace("\n", ""), found, whole=True):
        found.start, found.end = start, len(text)
        return found
    return None
