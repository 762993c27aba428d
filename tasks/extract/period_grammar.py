"""The forms in which Chinese newspapers write a time, as one compiled pattern.

``scan(text)`` yields the matches in order, in one pass and in linear time; ``match.lastgroup`` names
the form.  What a match means in its context is worked out in :mod:`tasks.extract.periods`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tasks.knowledge import rows, values

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2, "元": 1, "首": 1, "头": 1, "次": 2, "末": 4}


def words(kind: str) -> list[str]:
    """Words of one kind of ``period_words.tsv``, longest first."""
    return sorted((row["word"] for row in rows("period_words") if row["kind"] == kind), key=lambda word: (-len(word), word))


def any_of(kind: str) -> str:
    """Pattern that matches any word of a kind, longest first."""
    return "|".join(map(re.escape, words(kind)))


def number(text: str) -> int:
    """Value of a small numeral: ``8``, ``十二``, ``二十一``, ``二〇二三``."""
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[c]) for c in text))


def _names(table: str, column: str) -> str:
    """Names and aliases of a table as one pattern, longest first."""
    found = {name for row in rows(table) for name in (row[column], *values(row.get("aliases", "")))}
    return "|".join(map(re.escape, sorted(found, key=lambda name: (-len(name), name))))


_CN = "一二三四五六七八九十"
_TO = r"(?:[-‐‑–—―~～]{1,2}|至|到)"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九元])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_COUNT = r"(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九两])"
_YEAR = r"(?:(?:1[89]|20)\d\d|[一二][〇○零一二三四五六七八九]{3})"
_BOUND = r"(?:初(?!步)|中旬|中(?=[，。、,；;跌升突回创达开完降首起实])|底|末|上旬|下旬)"
_OPEN, _CLOSE = '[“"‘「『]', '[”"’」』]'
_HOLIDAY = f"{_names('holidays', 'holiday')}|{_names('seasons', 'holiday')}"
_HOLIDAY_FIRST = "".join(sorted({name[0] for name in _HOLIDAY.split("|")}))
_FEAST_LENGTH = "[三五七八九35789][天日]"
_HOLIDAY_TAIL = (
    rf"(?:{_CLOSE}?(?:国际劳动节|劳动节|节)?{_CLOSE}?(?:{_FEAST_LENGTH})?"
    r"(?:(?:黄金周|小?长假|连休假期|连休|连假|假期|假日|期间|假(?!如|设|日))(?:假?期间|假期)?|(?=旅游|出游|出行|\d\d天))(?:[首前](?P<feast_days>[一二三四五六七八\d])[日天]|第(?P<feast_day>[一二三四五六七八\d])[日天]|(?P<feast_first>首[日天])|(?P<feast_last>最后一[日天]))?)"
)
_CLOCK = r"(?:凌晨|清晨|早上|早间|上午|中午|下午|傍晚|晚上|晚间|晚|夜间|夜|(?:[01]?\d|2[0-4])[时:](?:[0-5]\d分?)?|零时)*"
_LONG = r"(?:\d{1,3}|[一二三四五六七八九十两]{1,3}|几|数|多|若干)"

_YEAR_PART = rf"""
  (?P<abs>{_YEAR})(?:年度?|财年|(?={_OPEN}(?:{_HOLIDAY})|[HQ][1-4](?![A-Za-z\d])|(?:、|和|及|与){_YEAR}年))
| (?P<abs2>[0129]\d)年(?=(?:1[0-2]|[1-9])月|[上下]半年|第?[一二三四]季)
| (?P<rel>今年|本年度?|去年|上一?年度?|前年|明年|(?<!未)来年
    |(?<![产成年用营工标])后年(?!产|均|营|销|加|处|综|可|利)|当年|同年|次年|翌年|昨年)
"""

#: Parts of a year; each is a named group that closes last, so that ``lastgroup`` names it.
_PARTS = rf"""
  (?P<day_span>(?:年初|(?P<m1>{_MONTH})月(?P<d1>{_DAY})[日号]?)起?{_TO}
    (?:(?P<y2>{_YEAR}|今|明|次)年)?(?:(?P<m2>{_MONTH})月)?(?P<d2>{_DAY})[日号])
| (?P<day>(?P<dm>{_MONTH})月(?P<dd>{_DAY})[日号]{_CLOCK})
| (?P<month_span>(?P<ma>{_MONTH})(?:(?:月份?)?{_TO}|、)(?:(?P<yb>{_YEAR}|今|明|次)年)?(?P<mb>{_MONTH})(?:个月|月份?)
    (?P<mbound>[底末](?![端线]))?)
| (?P<first>[前首头](?P<fm>{_COUNT})(?:个月|月份?))
| (?P<first_q>[前首头](?P<fq>[一二两三1-3])(?:个季度|季度?)(?P<fqbound>[底末])?)
| (?P<q_span>第?(?P<qa>[一二三四1-4])(?:季度?)?(?:{_TO}|、)第?(?P<qb>[一二三四1-4])季度?)
| (?P<q>(?:(?:第?(?P<q1>[一二三四1-4])|(?P<q2>[首次末]))季度
      |(?:第(?P<q4>[一二三四1-4])|(?P<q5>[首次末]))季(?![》）)”节后军风候相]))(?P<qbound>[底末])?
    |(?<![A-Za-z])Q(?P<q3>[1-4])(?![A-Za-z\d]))
| (?P<half>(?:(?P<h1>[上下])半年|H(?P<h2>[12])(?![A-Za-z\d])|(?P<h3>(?<=[年度])(?:半年度?|中期)))(?P<hbound>[底末])?)
| (?P<month>(?P<mo>{_MONTH})(?:月份(?:单月|当月)?|月(?:单月|当月)?(?![球饼亮嫂台光山湖坛牙子]))
    (?:的?(?P<msame>同期)|(?P<mpart>{_BOUND}(?![国央端线级心小学]))|))
| (?P<rel_month>(?:(?P<rm>[本上当下同]|(?<![首每几多两一二三四五六七八九十\d])次|上个|上一个|这个|下个)月份?)
    (?:(?P<rd>{_DAY})[日号]{_CLOCK}|(?P<rpart>{_BOUND}(?![国央]))|))
| (?P<rel_q>(?P<rq>[本上当下]|上个|上一个?|本一个?)季度?)
| (?P<holiday>(?:{_OPEN}?(?P<feast>{_HOLIDAY}){_HOLIDAY_TAIL}{_CLOSE}?
    |{_OPEN}(?P<feast2>{_HOLIDAY}){_CLOSE}(?!劳动奖|口号|前|劳模|广场|路)
    |(?<=[年度])(?P<feast3>{_HOLIDAY})(?:节|当[天日])?(?!错|因素|前|临近|移动|文|档|将|贸))(?:同期)?)
| (?P<ybound>(?:(?<!大)年|(?<=年))(?:[底末](?![端线])|初(?![级中步])|中(?=[，,、时])))
| (?P<whole>全年(?:度)?|(?<![\d本上下今去明整历每财])年度(?=计划|目标))
| (?P<same>的?同期)
"""

#: Times that are no part of a year.
_OTHERS = rf"""
  (?P<years>(?P<ya>{_YEAR})年?{_TO}(?P<yz>{_YEAR}|\d\d)(?:年度?|财年)(?P<ysame>同期)?)
| (?P<plan>{_OPEN}?(?P<plan_name>{_names("five_year_plans", "plan")}){_CLOSE}?
    (?P<plan_tail>(?:规划)?期间|时期|以来|期末|末期?|初期?|开局之年|首年|收官之年|前[两三四]年|(?<={_CLOSE})(?=[，增提升下减翻扩])))
| (?P<near>(?:(?:近|最近|过去|此前|未来|今后)的?{_LONG}(?:多|余)?个?(?:年|月|季度|周|星期|天|日)
    |(?<!学)前{_LONG}(?:年|周|天|日))(?:多|余)?(?:以来|来|间|里|内)?|{_LONG}年之?内
    |{_YEAR}[/／](?:{_YEAR}|\d\d)(?:学年|榨季|赛季|雪季|财政年度|财年|年度))
| (?P<ago>(?P<an>{_LONG})(?:多|余)?年(?P<adir>前|来|间))
| (?P<rel_day>(?P<rday>今天|今日|今晨|今晚|今早|昨天|昨日|昨晚|昨夜|昨|前天|前日|明天|明日|当日|当天|同日|翌日){_CLOCK}
    (?:[(（](?:(?P<py>{_YEAR})年)?(?:(?P<pm>{_MONTH})月)?(?P<pd>{_DAY})日[)）])?)
| (?P<weekday>(?<![每逢])(?P<wprefix>[上本这下])?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天])(?!{_TO}|[、围行次般共])
    (?:[(（](?:(?P<wm>{_MONTH})月)?(?P<wday>{_DAY})日[)）])?)
| (?P<recent>(?<![节假生])日前(?!夕)|近日|连日来|(?<![作一二三四五六七八九十\d])日内|不久前)
| (?P<now>(?:{any_of("now")})(?!(?<=今)[年天日晚]))
| (?P<vague>{any_of("vague")}|第\d{{1,2}}周(?![年期岁]))
| (?P<ytd>年初以来|年初至今|开年以来|开年至今|(?<=[，。；计划预计有望将于拟在])年内|年内(?=将|预计|力争|有望|计划))
| (?P<new_year>新的?一年)
| (?P<feast_again>{_FEAST_LENGTH}(?:小?长假|连休假期|连休|连假|假期)|(?<![暑寒产休婚病事])(?:小?长假|假期|节日)
    (?:期间|[首前](?P<again_days>[一二三四五六七八\d])[日天]|第(?P<again_day>[一二三四五六七八\d])[日天]|(?P<again_first>首[日天])|(?P<again_last>最后一[日天])))
| (?P<lunar>(?:农历)?(?:(?:正月|大年)(?:初(?P<lunar_day>[一二三四五六七八九十])|(?P<lunar_teens>十[一二三四五])(?![亿万个]))
    |(?P<lunar_eve>大年三十|除夕(?!夜)))(?:{_TO}(?:正月|大年)?初(?P<lunar_to>[一二三四五六七八九十]))?)
| (?P<loose_same>(?:历史|历年|往年|常年|疫情前|近年)同期)
| (?P<present>发稿|记者发稿)
| (?P<since>以来)
| (?P<bare_day>(?<![月第每初龄])(?P<bd>3[01]|[12]\d|[1-9])
    (?:日?{_TO}(?P<bd2>3[01]|[12]\d|[1-9])日(?![游内])
    |日{_CLOCK}(?!均|内|游|年化|线|龄|以上|以内|元|益|子|月|立方|产|报价|K|k|限|超)))
"""

#: Here and in the forms ``(?:…|)`` is what ``(?:…)?`` would be: ``re`` decides on it in a fraction of the time.
TOKEN = re.compile(rf"(?:(?P<upto>截[至止]到?)|)(?:{_OTHERS}|(?:{_YEAR_PART}|)(?:{_PARTS}|))", re.VERBOSE)

#: Where a time may begin: a numeral before a unit of time, or a character that may be its first before one that may follow
#: it.  What this lets through, ``TOKEN`` tries at some cost; the frequent words of news that only look alike (中国, 全国, 新时代,
#: 第一个) are kept out.
_UNIT = r"年月日季天财、至到–—―~～/／“‘HQ\-"
_AFTER_CN = _UNIT + ".·•假黄小长期节国劳旅出时末以初开首收规”’』」"
_BEFORE: tuple[tuple[str, str], ...] = (
    ("国", "庆"),
    ("去后来全历往常半翌连次多几数", "年日月多"),
    ("中", "秋期"),
    ("年", "中内初底末度"),
    ("今明本上当同", "年天日月季周星礼个一半期前下早晚晨后旬"),
    ("这下", "月季周星礼半"),
    ("前首头近", rf"\d{_CN}两几多年天日季数期来些若"),
    ("周", "一二三四五六日天"),
    ("日", "内前"),
    ("元", r"月旦到至~～–—―、\-"),
    ("末次", "季"),
    ("开", "年"),
    ("最春双清端星礼不现如迄至", "近节运明午期拜久今如共存已拥时有阶"),
    ("过", "去"),
    ("此目", "前"),
    ("未以", "来"),
    ("截", "止至"),
    ("时眼", "下"),
    ("正大除农双", "月年夕历节"),
    ("假长小节", "期假长日"),
    ("H", "12"),
    ("Q", r"\d"),
)
_ITEM = rf"第(?=[一二三四1-4](?:季|[至到、]|{_TO})|\d\d?周)|[这下](?=个[月周星礼季])"
_WORDS = ("新时期以来", "新的一年", "新一年", "发稿", "长期以来", "疫情前", "记者发稿", "昨")
_BEGIN = re.compile(
    rf"(?=[第这下\d{_CN}{''.join(first for first, _ in _BEFORE)}{''.join(word[0] for word in _WORDS)}{_OPEN[1:]})"
    rf"(?:{_ITEM}|\d(?=\d{{0,3}}[多余]?[{_UNIT}])|[{_CN}](?=[{_CN}〇○零]{{0,3}}[多余]?[{_AFTER_CN}])|"
    + "|".join(f"[{first}](?=[{second}])" for first, second in _BEFORE)
    + rf"|{'|'.join(f'{word[0]}(?={word[1:]})' for word in _WORDS)}|{_OPEN}(?=[{_CN}{_HOLIDAY_FIRST}]))"
)
_INSIDE = re.compile(r"[\d.,百千万亿]")
_INSIDE_CN = re.compile(rf"[{_CN}\d百千万亿第]")


def scan(text: str) -> Iterator[re.Match[str]]:
    """Matches of ``TOKEN`` in order, none inside another, none beginning within a number."""
    reached = 0
    for found in _BEGIN.finditer(text):
        start = found.start()
        if start < reached:
            continue
        first = text[start]
        if start and (_INSIDE if first.isdigit() else _INSIDE_CN if first in _CN else _NEVER).match(text[start - 1]):
            continue
        match = TOKEN.match(text, start)
        if match and match.lastgroup and match.lastgroup != "upto":
            yield match
            reached = match.end()


_NEVER = re.compile(r"(?!)")
