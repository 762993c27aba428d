"""The one compiled pattern that finds numbers with their units, made from the tables of units and words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tasks.extract.numerals import NUMERAL_CHARS
from tasks.knowledge import rows, values


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit word stands for: code, how many of the code's unit it is, and the kind of amount it makes."""

    word: str
    code: str
    scale: Decimal
    kind: str
    counts_one: bool = False
    chinese: bool = True


def trie(words: Iterable[str]) -> dict[str, dict]:  # type: ignore[type-arg]
    root: dict[str, dict] = {}  # type: ignore[type-arg]
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return root


def _branch(node: dict[str, dict], before: str, guards: dict[str, str]) -> str:  # type: ignore[type-arg]
    """The pattern for what may follow ``before``; ``guards`` hold what must not come after a whole word."""
    longer = [re.escape(char) + _branch(rest, before + char, guards) for char, rest in node.items() if char]
    if not longer:
        return guards.get(before, "")
    singles = [item for item in longer if len(item) == 1]
    if len(singles) > 1:
        longer = [item for item in longer if len(item) > 1] + ["[" + "".join(singles) + "]"]
    if "" in node:
        longer.append(guards.get(before, ""))
    return longer[0] if len(longer) == 1 else "(?:" + "|".join(longer) + ")"


def alternation(words: dict[str, str]) -> str:
    """A pattern for any of the words, the longest first; values are what must not follow (``a|b``, plain text)."""
    guards = {word: "(?!" + alternation(dict.fromkeys(values(stop), "")) + ")" for word, stop in words.items() if stop}
    guards |= {word: "(?![A-Za-z])" for word in words if word[-1].isascii() and word[-1].isalpha()}
    return _branch(trie(words), "", guards)


@cache
def units() -> dict[str, Unit]:
    """Every unit word with what it stands for; currencies, physical units, measure words."""
    found: dict[str, Unit] = {}
    for row in rows("measure_words"):
        found[row["word"]] = Unit(row["word"], "1", Decimal(1), "count", row["one"] == "yes", row["cn"] != "no")
    for row in rows("units"):
        found[row["word"]] = Unit(row["word"], row["code"], Decimal(row["scale"]), row["kind"], chinese=row["cn"] != "no")
    for row in rows("currencies"):
        for word in values(row["words"]):
            found[word] = Unit(word, row["code"], Decimal(1), "money")
    return found


@cache
def currency_prefixes() -> dict[str, str]:
    """人民币, US$ … (before the number) to ISO 4217."""
    return {prefix: row["code"] for row in rows("currencies") for prefix in values(row["prefixes"])}


@cache
def amount_words() -> dict[str, dict[str, str]]:
    return {row["word"]: row for row in rows("amount_words")}


def _guards(chinese: bool) -> dict[str, str]:
    """What must not follow each unit word, after Arabic digits or after a Chinese numeral."""
    stops = {row["word"]: row["not_before"] for row in rows("units")}
    for row in rows("measure_words"):
        stops[row["word"]] = (row["cn_not_before"] if chinese else "") or row["not_before"]
    for row in rows("currencies"):
        for word in values(row["words"]):
            stops[word] = row["not_before"] if word == "元" else ""
    return stops


CN = f"[{NUMERAL_CHARS}]"
#: A run of numeral characters that leaves 千米, 千瓦, 百分点 whole.
_RUN = "(?:[" + "".join(char for char in NUMERAL_CHARS if char not in "千百") + "]|千(?![米克瓦伏焦卡帕安升])|百(?!分[点之]|[帕姓]))"
_CN_DIGIT = "[一二三四五六七八九十]"
#: 兆 is 万亿 in papers of Taiwan and Malaysia, before money; elsewhere it begins a unit (兆瓦).
_MAGNITUDE = "(?:[十百千]?[万亿]亿|兆(?=[元人美港新台日韩令])|[十百千]?亿|[十百千]?万|千(?![米克瓦伏焦卡帕安升])|百(?!分[点之]|[帕姓]))"
_TO = "[-—–−―~～至到、和及与]"
#: Repetitions are bounded, so that a page of digits costs no more than its length.
#: What follows the digits of a date, clock time, score, version, telephone number or stock code.
_DATED = r"(?=[0-9]++(?:[年月日号时分点/:：∶比·•・)）\-—–−―~～至到、和及与]|\.(?:[0-9]++[-/.:：∶比]|[A-Z])))"
#: Dates, clock times, scores, versions, telephone numbers and stock codes that begin with a digit.
_DATE = rf"""
    (?:1[0-9]|20)[0-9]{{2}}(?:{_TO}{{1,2}}(?:19|20)?[0-9]{{2}}){{0,9}}+年(?!期)
  | [0-9]{{2}}{_TO}[0-9]{{2}}年
  | [0-9]{{1,2}}(?:月(?:份)?)?(?:{_TO}{{1,2}}[0-9]{{1,2}}(?:月(?:份)?)?){{0,9}}月(?:份)?
      (?:{_TO}{{0,2}}[0-9]{{1,2}}(?:{_TO}{{1,2}}[0-9]{{1,2}}){{0,9}}[日号])?
  | [0-9]{{1,2}}(?:[日号]?{_TO}{{1,2}}[0-9]{{1,2}}){{0,9}}
      (?:[日号](?!线|元(?![旦宵])|[圆币])|时(?:[0-9]{{1,2}}分)?)(?:{_TO}{{1,2}}[0-9]{{1,2}}[日号时]){{0,9}}
  | [0-9]{{1,2}}分[0-9]{{1,2}}秒[0-9]{{0,3}}
  | [0-9]{{1,2}}点(?:[0-9]{{1,2}}分|钟|半|整|许)
  | [0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}(?![0-9])
  | [0-9]{{1,3}}(?:\.[0-9]{{1,2}})?(?:[:：∶比][0-9]{{1,3}}(?:\.[0-9]{{1,2}})?){{1,3}}(?![0-9.万亿])
  | [0-9]{{1,2}}[·•・][0-9]{{1,2}}(?![0-9])
  | [0-9]{{3,4}}[-—][0-9]{{7,8}}(?![0-9])
  | [0-9]{{4,6}}\.(?:SZ|SH|HK|BJ|OF|SS)
  | [0-9]++(?:\.[0-9]++){{2,}}
  | (?<=[(（])[0-9]{{3,6}}(?=[)）])
"""
_CN_DATE = rf"""
    [〇零○一二三四五六七八九]{{2,4}}年
  | {_CN_DIGIT}{{1,3}}(?:{_TO}{_CN_DIGIT}{{1,3}}){{0,4}}月(?:份|{_CN_DIGIT}{{1,3}}[日号])?
"""
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,7}+(?![0-9])|[0-9]++)(?:[.．][0-9]++)?+"
#: 目前, 提前 and the like are words; elsewhere 前 before a number counts from the top or from the start.
ENDS_IN_AHEAD = "提目此日以之先午眼当空年月天周超会支跟向行"
_TOP = f"前(?<![{ENDS_IN_AHEAD}]前)"
_SHARE = r"[0-9]{1,2}(?:\.[0-9]{1,2})?"
#: The larger part of 2亿7700万, 8兆8800亿.
_UPPER = r"[亿万](?![0-9]++亿)|兆(?=[0-9]++亿)"
_GAP = r"[ \u3000\xa0]?"


def _tail(name: str) -> str:
    """What may stand between a number and its unit: 余, 万, and the 多 of 个多月."""
    return rf"""(?:(?P<{name}_more>[余多几](?!额)|来(?=[万亿个家人名]))|){_GAP}
        (?:(?P<{name}_mag>{_MAGNITUDE})|)(?:(?P<{name}_more2>[余多几](?!额))(?:(?P<{name}_mag2>万亿|亿|万)|)|){_GAP}
        (?:个(?P<{name}_half>[多余半])(?=百分点|月|小时|星期|季度|基点|工作日|交易日)|)"""


@cache
def master() -> re.Pattern[str]:
    """Numbers in reading order; ``lastgroup`` of a match says which: word, skip, part, order, arabic, chinese."""
    unit, cn_unit = alternation(_guards(chinese=False)), alternation(_guards(chinese=True))
    words = alternation({word: row["not_before"] for word, row in amount_words().items()})
    skips = {word: "" for row in rows("not_amounts") if row["cue"] == "skip_word" for word in values(row["words"])}
    figures = alternation(skips)
    # Most characters begin none of the branches: one look at them saves trying each.  What may be left out is written ``(?:…|)``,
    # or ``(?>…|)`` where it is never given back: ``re`` decides on it in a fraction of the time that ``(?:…)?`` takes.
    firsts = "".join(sorted({word[0] for word in (*skips, *amount_words())} | set(NUMERAL_CHARS)))
    pattern = rf"""
    (?=[0-9第前{firsts}])(?:(?P<word>{words})
  | (?P<split>{_SHARE}[:：∶]{_SHARE}[:：∶]{_SHARE}(?![0-9:：∶%％]))
  | (?P<skip>{_DATED}(?:{_DATE})|{_CN_DATE}|{figures})
  | (?P<part>百分之(?P<hundredths>{_ARABIC}|{CN}{{1,6}}(?:点{CN}{{1,4}})?)
      |(?P<below>{CN}{{1,4}})分之(?P<above>{CN}{{1,4}})
      |(?P<fraction>[1-9][0-9]?[/／∕][1-9][0-9]?(?:(?=[的以，。；、]|左右)|(?<=[约近超占过逾]...)(?![0-9/年月日]))))
  | (?P<order>第(?P<ordinal>[0-9]++|{CN}{{1,8}}+)(?:(?P<place>[位名大高低多快强]|{unit})|))
  | (?P<top>{_TOP}(?P<first>[0-9]{{1,3}}|{CN}{{1,3}}+)(?:[名强甲]|位(?!数)|(?=[，。；、：）)”」\n]|$)))
  | (?P<arabic>(?P<number>{_ARABIC})(?>(?P<upper>{_UPPER})(?P<lower>[0-9]{{1,4}}+)(?=[亿万千百])|){_tail("a")}
      (?:(?P<a_unit>{unit})|)(?>[/／∕每](?P<a_per>万?{unit})|))
  | (?P<chinese>(?>(?P<low>{CN}{{1,6}}+)[至到~～—]|)(?P<numeral>{_RUN}{{1,24}}+(?:点{CN}{{1,6}})?){_tail("c")}
      (?P<c_unit>{cn_unit})(?>[/／∕每](?P<c_per>万?{unit})|)))
    """
    return re.compile(pattern, re.VERBOSE)
