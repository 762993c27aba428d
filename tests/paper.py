"""Newspaper pages made for tests: a small typesetter over reportlab, with text of our own.

The font is one that PDF readers bring themselves (STSong-Light), so nothing is embedded and the
files stay small.  Coordinates are points from the top left corner, as in the layout that is read.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from reportlab.lib.colors import lightgrey
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
TAIL_MARKS = "，。；：、！？）》”"

SENTENCES = (
    "全市前八个月外贸进出口总值达到一百二十亿元，同比增长一成，",
    "其中出口额占六成以上，进口额较上年同期略有回落。",
    "多家企业负责人介绍，新投产的三条生产线自六月起满负荷运转，",
    "订单已经排到明年春天，用工人数比年初多出八百余人。",
    "主管部门表示，下一步将在通关、融资、物流等方面推出十项措施，",
    "帮助企业稳住老客户、开拓新市场。",
    "县里还安排专项资金三千万元，用于支持农产品加工和冷链建设，",
    "预计年底前可建成仓储面积五万平方米。",
)


def story(seed: int, paragraphs: int = 4, dateline: str = "") -> list[str]:
    """Paragraphs of an article, different for each seed."""
    rng = random.Random(seed)
    result = []
    for number in range(paragraphs):
        sentences = rng.sample(SENTENCES, rng.randint(2, 5))
        text = f"第{seed}篇第{number + 1}段，" + "".join(sentences)
        result.append((dateline if number == 0 else "") + text.rstrip("，。") + "。")
    return result


@dataclass
class Sheet:
    """A page being set: strokes are collected first, so that they can be painted in any order."""

    width: float = 800.0
    height: float = 600.0
    strokes: list[Callable[[Canvas], None]] = field(default_factory=list)

    def text(self, x: float, y: float, size: float, words: str, spacing: float = 0.0, mode: int = 0) -> None:
        """One line whose top is at ``y``."""

        def stroke(canvas: Canvas) -> None:
            line = canvas.beginText(x, self.height - y - 0.88 * size)
            line.setFont(FONT, size)
            line.setCharSpace(spacing)
            line.setTextRenderMode(mode)
            line.textOut(words)
            canvas.drawText(line)

        self.strokes.append(stroke)

    def vertical(self, x: float, y: float, size: float, words: str) -> None:
        for number, char in enumerate(words):
            self.text(x, y + number * 1.1 * size, size, char)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: bool = False) -> None:
        def stroke(canvas: Canvas) -> None:
            canvas.setFillColor(lightgrey)
            canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=int(not fill), fill=int(fill))
            canvas.setFillColorRGB(0, 0, 0)

        self.strokes.insert(0, stroke)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.strokes.append(lambda canvas: canvas.line(x0, self.height - y0, x1, self.height - y1))

    def masthead(self, name: str = "某某经济报", day: str = "2023年9月20日", number: str = "第03版") -> None:
        self.text(30, 20, 12, name)
        self.text(self.width / 2 - 40, 20, 12, day)
        self.text(self.width - 80, 20, 12, number)

    def columns(self, x: float, y: float, width: float, gutter: float, count: int, paragraphs: list[str], size: float = 9.0) -> float:
        """Set paragraphs in ``count`` columns of even depth, justified, first lines indented; where the columns end."""
        lines = [(number == 0, *line) for words in paragraphs for number, line in enumerate(broken(words, width, size))]
        depth = -(-len(lines) // count)
        for at, (first, line, full) in enumerate(lines):
            column, row = divmod(at, depth)
            inset = 2 * size if first else 0.0
            spacing = (width - inset - advance(line, size)) / max(len(line) - 1, 1) if full else 0.0
            self.text(x + column * (width + gutter) + inset, y + row * 1.6 * size, size, line, max(spacing, 0.0))
        return y + depth * 1.6 * size


def advance(words: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(words, FONT, size))


def broken(words: str, width: float, size: float) -> list[tuple[str, bool]]:
    """Lines of a paragraph whose first line is indented by two em, each with whether it is a full one."""
    lines: list[tuple[str, bool]] = []
    line, room = "", width - 2 * size
    for char in words:
        if advance(line + char, size) > room + 0.01 and char not in TAIL_MARKS:
            lines.append((line, True))
            line, room = "", width
        line += char
    lines.append((line, False))
    return lines


def pdf(*sheets: Sheet, shuffled: int | None = None, rotate: int = 0, sideways: bool = False, password: str | None = None) -> bytes:
    """The sheets as a PDF.

    ``shuffled`` paints the strokes of each in an order drawn from that seed; ``rotate`` asks viewers
    to turn the page by so many degrees; ``sideways`` sets it lying on its left side and asks them to turn it upright.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=password, invariant=True)
    for sheet in sheets:
        canvas.setPageSize((sheet.width, sheet.height))  # swapped by reportlab where the page is turned
        if sideways:
            canvas.setPageRotation(90)
            canvas.translate(sheet.height, 0)
            canvas.rotate(90)
        if rotate:
            canvas.setPageRotation(rotate)
        strokes = list(sheet.strokes)
        if shuffled is not None:
            random.Random(shuffled).shuffle(strokes)
        for stroke in strokes:
            stroke(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


pdfmetrics.registerFont(UnicodeCIDFont(FONT))
