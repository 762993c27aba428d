"""Datelines, bylines and signatures: who reports, from where, of which day.

``read_opening`` reads what stands before an article's first sentence, ``read_closing`` what stands
after its last: 湖南日报9月19日讯（全媒体记者 甲 通讯员 乙）, 新华社北京9月1日电, 【香港商报讯】,
21世纪经济报道记者 甲 南京报道, 8月19日消息，; （记者甲）, 本报记者甲巴黎报道.
Texts may hold line breaks: a break ends a byline on a line of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from tasks.knowledge import rows, values
from tasks.segment.names import is_common_name, is_name, name_before_place, split_names
from tasks.segment.wording import cue_pattern


@dataclass(slots=True)
class Credits:
    """What a dateline, byline or signature says, and the characters ``start:end`` that it takes."""

    start: int = 0
    end: int = 0
    source: str | None = None
    place: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    reporters: list[str] = field(default_factory=list)
    correspondents: list[str] = field(default_factory=list)

    def add(self, role: str, names: list[str]) -> None:
        people = self.reporters if role == "reporter" else self.correspondents if role == "correspondent" else []
        people.extend(name for name in names if name not in people)


@cache
def _words(table: str) -> dict[str, list[str]]:
    return {row["kind"]: sorted(values(row["words"]), key=len, reverse=True) for row in rows(table)}


@cache
def _any(table: str, *kinds: str) -> str:
    words = [word for kind in kinds for word in _words(table)[kind]]
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


@cache
def _medium() -> re.Pattern[str]:
    own, name, suffix = (_any("media", kind) for kind in ("own", "name", "suffix"))
    return re.compile(rf"(?:{own}|{name}(?:{suffix})?|[^\s，。、；：:（）()【】“”]{{1,12}}{suffix}(?:[·•][^\s，。（(]{{1,8}})?)")


@cache
def _role() -> re.Pattern[str]:
    roles = "|".join(f"(?P<{kind}>{_any('byline_cues', kind)})" for kind in ("correspondent", "reporter", "other"))
    return re.compile(
        rf"(?P<before>[^\s，。、；：:（）()【】“”]{{0,14}}?)(?:{_any('byline_cues', 'prefix')})*(?:{roles})(?P<colon>[：:/]?)"
    )


@cache
def _role_word() -> re.Pattern[str]:
    """A word for a role: what holds none is no byline."""
    return re.compile(_any("byline_cues", "correspondent", "reporter", "other"))


@cache
def _inner_role() -> re.Pattern[str]:
    """A role behind names that are run together with it: 张某某通讯员李某."""
    words = [word for kind in ("correspondent", "reporter") for word in _words("byline_cues")[kind] if len(word) > 2 or word == "记者"]
    return re.compile(rf"{_any('byline_cues', 'prefix')}*(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})")


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
_TOKEN = re.compile(r"[^\s、，,；;：:。]+")
_BETWEEN = re.compile(r"[\s、，,；;]*")
_REPORTED = re.compile(
    r"(?P<place>[\u3400-\u9fff]{0,8}?)(?:摄影|图文|综合|专题|整理|联合)?(?:报道|专电)$|发自(?P<from>[\u3400-\u9fff]{2,8})$"
)
#: What somebody did for the article, before or behind the names: 文/图, 图文, 图/.
_SHARE = re.compile(r"(?:文图|图文|文|图|摄影)(?:[/、](?:文|图|摄影))*/?")
_NAMES = re.compile(r"[\u3400-\u9fff·]+")
_BEFORE_DIGIT = re.compile(r"[\u3400-\u9fff]{2,4}(?=\d)")
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
_NO_COLON = re.compile(r"[^\s：:]")


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
    bracketed = _BRACKETED.match(text)
    if bracketed and _read_dateline(bracketed["inside"] + " ", found) and found.day:
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
    if _inner_role().search(who):
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


@lru_cache(maxsize=4096)
def split_medium(who: str) -> tuple[str, str] | None:
    """``新华社北京`` as medium and place; None when no medium's name begins it."""
    medium = _medium().match(who)
    return (medium.group(), who[medium.end() :]) if medium else None


def _read_after(text: str, found: Credits) -> None:
    """Read the byline behind a dateline, in brackets or bare, and the mark that ends it."""
    while bracket := _BRACKET.match(text, found.end):
        inside = bracket.group(1).replace("\n", "")
        people = _read_people(inside, found, whole=True, bare=True)
        if not people and not found.reporters and len(inside) in (2, 3) and _may_name(inside):
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
    reported = _UP_TO_REPORTED.match(ahead)
    if reported and _role_word().search(reported.group()):
        trial = Credits()
        flat = reported.group().replace("\n", "")
        role = _role().search(flat)
        if role and _read_people(flat[role.start() :].rstrip("：:，, "), trial, whole=True):
            _merge(found, trial)
            return found.end + reported.end()
    trial = Credits()
    lead = len(ahead) - len(ahead.lstrip())
    if _read_people(ahead[lead:], trial, whole=False):
        _merge(found, trial)
        return found.end + lead + trial.end
    return None


def _merge(into: Credits, more: Credits) -> None:
    into.reporters += [name for name in more.reporters if name not in into.reporters]
    into.correspondents += [name for name in more.correspondents if name not in into.correspondents]
    into.source, into.place = into.source or more.source, into.place or more.place


def _read_byline(text: str) -> Credits | None:
    """A byline without a dateline: on a line of its own, or up to 报道, or names parted by spaces."""
    bullet = _BULLET.match(text)
    start = bullet.end() if bullet else 0
    if not _role_word().search(text[: start + 90].replace("\n", "")):
        return None
    bracket = _BRACKET.match(text)
    if bracket and text[bracket.end() : bracket.end() + 1] in ("", "\n", " "):
        found = Credits(end=bracket.end())
        if _role().search(bracket.group(1)) and _read_people(bracket.group(1).replace("\n", ""), found, whole=True):
            marks = _MARKS.match(text, bracket.end())
            found.end = marks.end() if marks else bracket.end()
            return found
    ahead = text[start : start + 80]
    line = ahead.split("\n", 1)[0]
    found = Credits()
    whole = len(line) <= 60 and not _HARD_STOP.search(line) and not _RUNS_ON.match(ahead)
    if whole and _read_people(line, found, whole=True):
        found.end = start + len(line)
    else:
        flat = ahead.replace("\n", "")
        if not _read_people(flat, found, whole=False):
            return None
        breaks = [place for place, char in enumerate(ahead) if char == "\n"]
        found.end += start
        for place in breaks:  # back from the text without its line breaks
            found.end += start + place < found.end
    end = _MARKS.match(text, found.end)
    found.end = end.end() if end else found.end
    return found


def _read_people(text: str, found: Credits, *, whole: bool, bare: bool = False) -> bool:
    """Read roles and names from the start of ``text`` into ``found``; ``found.end`` is where they end there.

    With ``whole`` all of ``text`` must be roles, names, a medium and a closing 报道, else names end
    where they are no longer parted by spaces.  With ``bare`` names without a role are reporters.
    """
    trial = Credits()
    role: str | None = None
    named = roles = 0
    at = end = 0
    while token := _TOKEN.search(text, at):
        word = token.group()
        if token.start() > at and not _BETWEEN.fullmatch(text, at, token.start()):
            if not role or _NO_COLON.search(text, at, token.start()):
                break
        if _SHARE.fullmatch(word):
            at = token.end()
            end = at if named else end
            continue
        word = _before_role(word)
        stop = token.start() + len(word)
        cue = _role().match(word) if _role_word().search(word) else None
        if cue is None and role is None and not bare:
            return False  # names without a role are anything
        if cue and _role_fits(cue["before"], trial):
            role = next(kind for kind in ("correspondent", "reporter", "other") if cue[kind])
            roles += 1
            rest = word[cue.end() :]
            at = stop
            if len(rest) == 1 and (spaced := _letters(text, at - 1)):
                trial.add(role, [spaced[0]])
                at = spaced[1]
            elif rest:
                names = _attached(rest, trial, whole)
                if names is None:
                    break
                trial.add(role, names)
            else:
                continue
            named += 1
            end = at
            if _REPORTED.search(rest):
                break
            continue
        reported = _REPORTED.fullmatch(word)
        if reported and named and role and is_common_name(reported["place"] or ""):
            trial.add(role, [reported["place"]])
            at = end = stop
            break
        if reported and named:
            trial.place = trial.place or reported["place"] or reported["from"] or None
            at = end = stop
            break
        if role and not whole and (before := _BEFORE_DIGIT.match(word)) and is_name(before[0]):
            trial.add(role, [before[0]])  # 记者 张某5月19日获悉: the space before a figure is not kept
            named += 1
            end = token.start() + before.end()
            break
        names_here = split_names(word) if len(word) <= 12 else [word]
        if bare and not named and (medium := split_medium(word)) and (not medium[1] or is_name(medium[1])):
            trial.source = trial.source or medium[0]
            if medium[1]:
                trial.add("reporter", [medium[1]])
                named += 1
        elif (role or bare) and names_here and all(map(is_name, names_here)):
            trial.add(role or "reporter", names_here)
            named += 1
        elif role and (spaced := _letters(text, token.start())):
            trial.add(role, [spaced[0]])
            named += 1
            at = end = spaced[1]
            continue
        elif whole and named and role and len(word) in (2, 3, 4) and _may_name(word):
            trial.add(role, [word])  # a rare surname among names
        else:
            break
        at = end = stop
    if not named or (not bare and not roles) or (whole and text[at:].strip(" \n：:，,。;；")):
        return False
    _merge(found, trial)
    found.end = end
    return True


def _before_role(word: str) -> str:
    """``word`` up to a role within it that names stand before: 记者张某通讯员李某 are two words run together."""
    at = 0
    while inner := _inner_role().search(word, at):
        first = _role().match(word)
        names = word[first.end() if first and first.end() < inner.start() else 0 : inner.start()]
        if len(names) > 1 and all(map(is_name, split_names(names))) and split_medium(names) is None:
            return word[: inner.start()]
        at = inner.end()
    return word


_SPACED = re.compile(r"([\u3400-\u9fff]) ([\u3400-\u9fff])(?![\u3400-\u9fff])")


def _letters(text: str, at: int) -> tuple[str, int] | None:
    """A name printed with a space inside, at ``at``: ``王 某`` → (``王某``, its end)."""
    pair = _SPACED.match(text, at)
    return (pair.group(1) + pair.group(2), pair.end()) if pair else None


def _role_fits(before: str, found: Credits) -> bool:
    """Whether what stands before a role is nothing or a medium; then the source is noted."""
    if not before or _SHARE.fullmatch(before):
        return True
    medium = split_medium(before)
    if medium is None or medium[1]:
        return False
    found.source = found.source or medium[0]
    return True


def _attached(rest: str, found: Credits, whole: bool) -> list[str] | None:
    """Names printed right behind a role: 张某, 张某报道, 张某某巴黎报道; None when ``rest`` is no name."""
    if rest.startswith(_no_names()):
        return None
    if is_name(rest) and rest[-1] not in "摄图":
        return [rest]
    reported = re.fullmatch(r"([\u3400-\u9fff·]{2,16}?)(?:摄影|图文|综合|专题|整理|文图|文|图|摄)*(?:报道|专电|摄|文|图)[：:]?", rest)
    word = reported.group(1) if reported else rest
    names = split_names(word)
    if names and all(map(is_name, names)):
        if not (reported and len(names) == 2 and len(names[1]) == 2 and not is_common_name(names[1])):  # 张某巴黎报道
            return names
    if reported:
        name = name_before_place(word)
        if name:
            found.place = found.place or word[len(name) :]
            return [name]
    return [word] if whole and len(word) in (2, 3) and _may_name(word) else None


@cache
def _no_names() -> tuple[str, ...]:
    """What follows 记者 in a sentence: 今日, 从, 获悉 and the like."""
    return tuple(_words("byline_cues")["not_name"])


def _may_name(word: str) -> bool:
    """Whether ``word`` may be a name with a rare surname."""
    return _NAMES.fullmatch(word) is not None and not word.startswith(_no_names())


def read_closing(text: str) -> Credits | None:
    """The signature that ``text``, an article's end, ends with; None when it has none."""
    bracket = _LAST_BRACKET.search(text[-120:])
    base = max(0, len(text) - 120)
    if bracket:
        inside = bracket.group(1).replace("\n", "")
        start = base + bracket.start()
        before = text[:start].rstrip()[-1:]
        found = Credits()
        if (before in "。！？!?…”’」』）)" or not before) and (_read_people(inside, found, whole=True, bare=True) or _NOTE.match(inside)):
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
    if _role().search(tail) and _read_people(tail[lead:].replace("\n", ""), found, whole=True):
        found.start, found.end = start, len(text)
        return found
    return None
