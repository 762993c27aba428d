"""Named bodies that a clause opens with: 宁德时代一季度毛利率, 哈尔滨机场完成旅客吞吐量."""

from __future__ import annotations

import re
from functools import cache

from tasks.extract.cues import by_kind, union

#: A short name with no telling ending stands out when a period parts it from what is measured.
_PLAIN = re.compile(r"[\u4e00-\u9fffA-Za-z·]{2,8}")
_NOT_NAMES = re.compile(
    r"全|该|各|其|我|本|每|规模|规上|第|同比|环比|按|据|从|在|对|由|受|截|自|到|以|预计|力争|数据|当|目前|近|上|下|前|后|这|那|两|三|一|二|新|年|月|日|期|"
    r"城镇|农村|居民|固定|社会|工业|农业|服务业|制造业|外贸|进出口|进口|出口|一般|财政|地方|房地产|高技术|民营|国有|外商|粮食|旅游|全市"
)

_SAYING = re.compile(r"(?:预计|预测|预期|料|称|表示|提出|计划|指出|认为|显示|公布|发布|透露|完成|实现|达|增长|下降)$")


@cache
def _named() -> re.Pattern[str]:
    words = by_kind("bodies", "kind")
    return re.compile(rf"(?:{union(words['known'])})(?:{union(words['end'])})?|[\u4e00-\u9fffA-Za-z·（）()]{{1,18}}?(?:{union(words['end'])})(?!{_GOES_ON})")


#: What may follow such an ending inside a longer word: 银行业, 汽车零售额, 电子商务.
_GOES_ON = r"[业类界股类的化队]|产业|行业|产品|制造|零售|销售|销量|产量|出口|进口|商务|信息|设备|消费|贷款|用电|生产|保有|工程|中心|类|板块|主体|集团|股份|有限|控股|公司|数量|个|有|项目|管理|建设|里程|运价|旅客发送|发电|面积|集群"


@cache
def _class() -> re.Pattern[str]:
    return re.compile(f"(?:{union(by_kind('bodies', 'kind')['class'])})")


def opening_subject(words: str, at: int, high: int, parted: int) -> int:
    """Where the name of a body that opens ``words[at:high]`` ends; ``at`` when none opens it.

    ``parted`` is where a period stood in the words (-1: nowhere): a plain name before it is a body too.
    """
    match = _named().match(words, at, high)
    if match and match.end() < high and not _class().search(words, at, match.end()):
        return match.end()
    if at < parted < high:
        plain = _PLAIN.fullmatch(words, at, parted)
        if plain and not _NOT_NAMES.match(words, at, parted) and not _SAYING.search(words, at, parted):
            return parted
    return at


@cache
def _site() -> re.Pattern[str]:
    return re.compile(rf"[\u4e00-\u9fff]{{0,6}}?(?:{union(by_kind('bodies', 'kind')['end'])}|{union(by_kind('bodies', 'kind')['site'])})(?!{_GOES_ON})")


def site_end(words: str, at: int, high: int, parted: int) -> int:
    """Where the rest of a body's name ends that a place begins: 临沂|商城, 横琴|口岸, 厦门|航空 before a period; ``at`` when none."""
    match = _site().match(words, at, high)
    if match and match.end() < high and not _class().search(words, at, match.end()):
        return match.end()
    if at < parted < high and parted - at <= 6 and not _NOT_NAMES.match(words, at, parted) and not _SAYING.search(words, at, parted):
        return parted
    return at
