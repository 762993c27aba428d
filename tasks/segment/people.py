"""People in bylines: their roles, their names, and the medium that they write for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from tasks.knowledge import rows, values
from tasks.segment.names import is_common_name, is_name, name_before_place, split_names


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
def role_pattern() -> re.Pattern[str]:
    roles = "|".join(f"(?P<{kind}>{_any('byline_cues', kind)})" for kind in ("correspondent", "reporter", "other"))
    return re.compile(
        rf"(?P<before>[^\s，。、；：:（）()【】“”]{{0,14}}?)(?:{_any('byline_cues', 'prefix')})*(?:{roles})(?P<colon>[：:/]?)"
    )


@cache
def role_word() -> re.Pattern[str]:
    """A word for a role: what holds none is no byline."""
    return re.compile(_any("byline_cues", "correspondent", "reporter", "other"))


@cache
def inner_role() -> re.Pattern[str]:
    """A role behind names that are run together with it: 张某某通讯员李某."""
    words = [word for kind in ("correspondent", "reporter") for word in _words("byline_cues")[kind] if len(word) > 2 or word == "记者"]
    return re.compile(rf"{_any('byline_cues', 'prefix')}*(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})")


_TOKEN = re.compile(r"[^\s、，,；;：:。]+")
_BETWEEN = re.compile(r"[\s、，,；;]*")
_REPORTED = re.compile(
    r"(?P<place>[\u3400-\u9fff]{0,8}?)(?:摄影|图文|综合|专题|整理|联合)?(?:报道|专电)$|发自(?P<from>[\u3400-\u9fff]{2,8})$"
)
#: What somebody did for the article, before or behind the names: 文/图, 图文, 图/.
_SHARE = re.compile(r"(?:文图|图文|文|图|摄影)(?:[/、](?:文|图|摄影))*/?")
_NAMES = re.compile(r"[\u3400-\u9fff·]+")
_BEFORE_DIGIT = re.compile(r"[\u3400-\u9fff]{2,4}(?=\d)")
_NO_COLON = re.compile(r"[^\s：:]")


@lru_cache(maxsize=4096)
def split_medium(who: str) -> tuple[str, str] | None:
    """``新华社北京`` as medium and place; None when no medium's name begins it."""
    medium = _medium().match(who)
    return (medium.group(), who[medium.end() :]) if medium else None


def merge(into: Credits, more: Credits) -> None:
    into.reporters += [name for name in more.reporters if name not in into.reporters]
    into.correspondents += [name for name in more.correspondents if name not in into.correspondents]
    into.source, into.place = into.source or more.source, into.place or more.place


def read_people(text: str, found: Credits, *, whole: bool, bare: bool = False) -> bool:
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
        word, cue = _of_role(word) if role_word().search(word) else (word, None)
        stop = token.start() + len(word)
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
        elif whole and named and role and len(word) in (2, 3, 4) and may_name(word):
            trial.add(role, [word])  # a rare surname among names
        else:
            break
        at = end = stop
    if not named or (not bare and not roles) or (whole and text[at:].strip(" \n：:，,。;；")):
        return False
    merge(found, trial)
    found.end = end
    return True


@lru_cache(maxsize=4096)
def _of_role(word: str) -> tuple[str, re.Match[str] | None]:
    """A word that holds one for a role, up to another within it (``_before_role``), and the role that it begins with."""
    word = _before_role(word)
    return word, role_pattern().match(word)


def _before_role(word: str) -> str:
    """``word`` up to a role within it that names stand before: 记者张某通讯员李某 are two words run together."""
    at = 0
    while inner := inner_role().search(word, at):
        first = role_pattern().match(word)
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
    return [word] if whole and len(word) in (2, 3) and may_name(word) else None


@cache
def _no_names() -> tuple[str, ...]:
    """What follows 记者 in a sentence: 今日, 从, 获悉 and the like."""
    return tuple(_words("byline_cues")["not_name"])


def may_name(word: str) -> bool:
    """Whether ``word`` may be a name with a rare surname."""
    return _NAMES.fullmatch(word) is not None and not word.startswith(_no_names())
