"""Invented newspapers to measure on: ``python -m benchmarks.papers FOLDER [--pages N] [--text DIR] [--seed N]``.

Pages stand as ``<newspaper>/<day>/<page>.txt``, eight a newspaper's day: a masthead, then several articles of about 2,000
characters together, their lines broken at one width a page, with headlines, datelines and figures as dense as newspapers have
them.  The same seed gives the same pages.  Sentences are made here from parts; with ``--text``, stories are taken from a
folder of text (``### headline``, then paragraphs), their figures drawn anew so that no two pages are alike.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from tasks.knowledge import rows

NEWSPAPERS = ("江北日报", "江南晚报", "滨江经济导报", "湖滨商报", "山城晨报", "平原日报")
PAGES_A_DAY = 8
CHARACTERS_A_PAGE = 2_000
FIRST_DAY = date(2019, 1, 2)

SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙", "伟芳敏静磊洋勇艳杰涛明超霞平刚"
SUBJECTS = ("该市", "当地", "有关部门", "这个县", "园区", "市商务局", "不少企业", "项目建设方", "行业协会", "工作专班", "社区", "合作社")
WHEN = ("近年来，", "连日来，", "今年以来，", "下一步，", "据介绍，", "与此同时，", "记者了解到，", "", "", "")
DOES = (
    "坚持问题导向", "优化营商环境", "推动产业转型升级", "深化简政放权", "加快补齐短板", "完善基础设施", "组织干部下沉一线", "打通堵点难点",
    "健全长效机制", "引导社会力量参与", "加强技能培训", "拓宽销售渠道", "把服务送到车间", "守住安全底线", "推行一次办好", "发展特色种植",
)  # fmt: skip
SO = (
    "让群众得到实实在在的好处", "为高质量发展提供支撑", "企业的信心更足了", "乡村面貌焕然一新", "办事效率明显提高",
    "市场活力持续释放", "受到居民的欢迎", "带动了周边农户就业", "形成了可复制的经验", "为全年目标的实现打下基础",
)  # fmt: skip
SAID = (
    "“我们不等不靠，先干起来再说。”",
    "“以前要跑好几趟，现在在家就能办。”",
    "“订单排到了年底，大家干劲很足。”",
    "“路修好了，客人自然就来了。”",
)
HEADS = ("稳中向好", "再上台阶", "加快推进", "开局良好", "势头强劲", "跑出加速度", "惠及千家万户", "迈出新步伐")
UNITS = ("亿元", "亿美元", "万吨", "万元", "亿千瓦时", "万人次")
STOPS, DIGITS = frozenset("，。；：、？！）》”%"), frozenset("0123456789.")
COUNTS = ("企业{}家", "项目{}个", "岗位{}个", "农户{}户", "车辆{}辆", "学校{}所")


@dataclass(frozen=True, slots=True)
class Story:
    headline: str
    paragraphs: tuple[str, ...]


class Invented:
    """Stories made of parts, places and indicators out of the project's own tables."""

    def __init__(self) -> None:
        self.places = [row["name"] for row in rows("areas") if row["name"].endswith(("市", "县"))]
        self.indicators = [row["name_zh"] for row in rows("indicators") if 3 <= len(row["name_zh"]) <= 9]

    def story(self, chance: Random) -> Story:
        place, month = chance.choice(self.places), chance.randrange(2, 12)
        head = f"{place}{chance.choice(self.indicators)}{chance.choice(HEADS)}"
        paragraphs = [
            "".join(self.sentence(chance, place, month) for _ in range(chance.randrange(2, 5))) for _ in range(chance.randrange(2, 6))
        ]
        return Story(head, tuple(paragraphs))

    def sentence(self, chance: Random, place: str, month: int) -> str:
        """Every fifth states figures."""
        draw = chance.random()
        if draw < 0.06:
            return chance.choice(SAID)
        if draw < 0.8:
            done = "，".join(chance.sample(DOES, chance.randrange(2, 4)))
            return f"{chance.choice(WHEN)}{chance.choice(SUBJECTS)}{done}，{chance.choice(SO)}。"
        name, other = chance.sample(self.indicators, 2)
        unit = chance.choice(UNITS)
        kind = chance.randrange(4)
        if kind == 0:
            return (
                f"1至{month}月，{place}{name}{_amount(chance)}{unit}，同比增长{_rate(chance)}%；"
                f"其中{other}{_amount(chance)}{unit}，下降{_rate(chance)}%，占{chance.randrange(3, 80)}.{chance.randrange(10)}%。"
            )
        if kind == 1:
            return f"截至{month}月底，全市{name}达{_amount(chance)}{unit}，较上年同期提高{_rate(chance)}个百分点。"
        if kind == 2:
            counted = chance.choice(COUNTS).format(chance.randrange(2, 4000))
            return f"今年，{place}新增{counted}，预计全年{name}超过{_amount(chance)}{unit}。"
        return f"项目总投资{_amount(chance)}亿元，建成后年产值可达{_amount(chance)}亿元，带动就业{chance.randrange(20, 5000)}人。"


class Told:
    """Stories of a folder of text, their figures drawn anew."""

    FIGURE = re.compile(r"(?<![\d.第])\d{1,6}(?:\.\d+)?(?![\d.年月日时分届号期])")

    def __init__(self, folder: Path) -> None:
        self.stories = [story for path in sorted(folder.rglob("*")) if path.suffix in (".md", ".txt") for story in self._stories(path)]
        if not self.stories:
            raise SystemExit(f"no stories in {folder}")

    def story(self, chance: Random) -> Story:
        told = chance.choice(self.stories)
        first = chance.randrange(max(1, len(told.paragraphs) - 4))
        return Story(told.headline, tuple(self._anew(part, chance) for part in told.paragraphs[first : first + 5]))

    def _anew(self, text: str, chance: Random) -> str:
        def figure(match: re.Match[str]) -> str:
            whole, dot, rest = match[0].partition(".")
            drawn = [str(chance.randrange(10 ** (len(part) - 1), 10 ** len(part))) for part in (whole, rest) if part]
            return dot.join(drawn)

        return self.FIGURE.sub(figure, text)

    def _stories(self, path: Path) -> Iterator[Story]:
        for block in path.read_text(encoding="utf-8").split("\n### ")[1:]:
            head, _, text = block.partition("\n")
            text = re.sub(r"<br>|</p>", "\n", text.partition("\n[")[0])
            parts = [re.sub(r"<[^>]*>|\s+", "", part) for part in text.splitlines()]
            if kept := tuple(part[:600] for part in parts if len(part) > 20):
                yield Story(re.sub(r"\s+", " ", head).strip()[:40], kept)


def page(chance: Random, stories: Invented | Told, newspaper: str, day: date, number: int) -> str:
    """The text of one page."""
    width = chance.randrange(20, 25)
    lines = [newspaper, f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}", f"第{number:02d}版 要闻"]
    written = 0
    while written < CHARACTERS_A_PAGE:
        told = stories.story(chance)
        lines += _broken(told.headline, 16)
        before = day - timedelta(1)
        others = f" 通讯员 {_name(chance)}" if chance.random() < 0.4 else ""
        opening = f"本报{before.month}月{before.day}日讯（记者 {_name(chance)}{others}）"
        for paragraph in told.paragraphs:
            lines += _broken(opening + paragraph, width)
            written += len(paragraph)
            opening = ""
    return "\n".join(lines) + "\n"


def write(folder: Path, pages: int, text: Path | None = None, seed: int = 7) -> int:
    """Write the pages under a folder; returns their bytes."""
    stories = Told(text) if text else Invented()
    size = 0
    for number in range(pages):
        issue = number // PAGES_A_DAY
        newspaper, day = NEWSPAPERS[issue % len(NEWSPAPERS)], FIRST_DAY + timedelta(issue // len(NEWSPAPERS))
        data = page(Random(f"{seed} {number}"), stories, newspaper, day, number % PAGES_A_DAY + 1).encode()
        home = folder / newspaper / f"{day}"
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{number % PAGES_A_DAY + 1:02d}.txt").write_bytes(data)
        size += len(data)
    return size


def _broken(text: str, width: int) -> list[str]:
    """The text in lines of about so many characters; none begins with a stop or in the middle of a number."""
    lines = []
    while text:
        end = width
        while end < len(text) and (text[end] in STOPS or (text[end] in DIGITS and text[end - 1] in DIGITS)):
            end += 1
        lines.append(text[:end])
        text = text[end:]
    return lines


def _amount(chance: Random) -> str:
    return f"{chance.randrange(1, 10 ** chance.randrange(1, 5))}.{chance.randrange(1, 100)}"


def _rate(chance: Random) -> str:
    return f"{chance.randrange(1, 30)}.{chance.randrange(1, 10)}"


def _name(chance: Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.randrange(1, 3)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--text", type=Path, metavar="DIR", help="folder of text to take stories from")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    size = write(given.folder, given.pages, given.text, given.seed)
    print(f"{given.pages} pages, {size / 1e6:.1f} MB, in {given.folder}")


if __name__ == "__main__":
    main()
