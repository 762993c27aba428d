"""Pages set for the purpose are read as a person reads them, in whatever order they were painted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("reportlab")

from tasks.ingest import Limits, PageContent, Source
from tasks.ingest.pdf import read_pdf
from tasks.segment.layout_page import read_layout
from tasks.segment.reading import Reading, Span
from tests.paper import Sheet, advance, broken, pdf, story

LONG = ["前八个月全市外贸增长一成", "新建冷链仓储五万平方米", "三条生产线满负荷运转", "十项措施帮企业开拓市场"]


def read(tmp_path: Path, data: bytes) -> PageContent:
    file = tmp_path / "page.pdf"
    file.write_bytes(data)
    (page,) = read_pdf(Source("page.pdf", str(file)), Limits())
    assert page.text is not None, page.reason
    return page


def words(page: PageContent, spans: list[Span]) -> str:
    assert page.text is not None
    return "".join(page.text[start:end] for start, end in spans)


def reading_of(page: PageContent) -> Reading:
    assert page.text is not None and page.layout is not None
    reading = read_layout(page.text, page.layout)
    held = [
        span
        for piece in reading.pieces
        for part in (*piece.paragraphs, piece.headline, piece.subheadline, piece.kicker, piece.byline)
        for span in part
    ]
    held += [leftover.span for leftover in reading.leftovers]
    seen = sorted(i for start, end in held for i in range(start, end))
    assert len(seen) == len(set(seen)), "a character is held twice"
    assert not {i for i, char in enumerate(page.text) if not char.isspace()} - set(seen), "a character is lost"
    return reading


def articles(page: PageContent) -> dict[str, list[str]]:
    """Headline → paragraphs, white space apart."""
    return {
        "".join(words(page, piece.headline).split()): ["".join(words(page, spans).split()) for spans in piece.paragraphs]
        for piece in reading_of(page).pieces
    }


def side_by_side() -> tuple[Sheet, dict[str, list[str]]]:
    sheet = Sheet(height=760)
    sheet.masthead()
    sheet.rule(30, 40, 770, 40)
    sheet.text(30, 60, 24, LONG[0])
    left = sheet.columns(30, 100, 170, 18, 2, story(1))
    sheet.text(410, 60, 24, LONG[1])
    right = sheet.columns(410, 100, 170, 18, 2, story(2))
    below = max(left, right) + 24
    sheet.text(30, below, 28, LONG[2])
    sheet.columns(30, below + 44, 170, 18, 4, story(3, 6))
    sheet.text(30, 730, 8, "责任编辑　某某　　版式编辑　某某")
    return sheet, {LONG[0]: story(1), LONG[1]: story(2), LONG[2]: story(3, 6)}


def boxed() -> tuple[Sheet, dict[str, list[str]]]:
    sheet = Sheet(height=760)
    sheet.masthead()
    sheet.text(30, 60, 26, LONG[0])
    left = sheet.columns(30, 100, 150, 16, 3, story(1, 6))
    sheet.text(540, 62, 18, LONG[1])
    right = sheet.columns(540, 95, 225, 16, 1, story(2, 3))
    sheet.box(532, 55, 775, right + 6)
    below = max(left, right) + 30
    sheet.text(30, below, 26, LONG[3])
    sheet.columns(30, below + 40, 230, 16, 3, story(4, 4))
    return sheet, {LONG[0]: story(1, 6), LONG[1]: story(2, 3), LONG[3]: story(4, 4)}


def vertical_headline() -> tuple[Sheet, dict[str, list[str]]]:
    sheet = Sheet(height=760)
    sheet.masthead()
    sheet.vertical(34, 60, 26, LONG[2])
    sheet.columns(80, 60, 150, 16, 2, story(1, 8))
    sheet.text(420, 60, 26, LONG[3])
    sheet.columns(420, 100, 160, 16, 2, story(2, 5))
    return sheet, {LONG[2]: story(1, 8), LONG[3]: story(2, 5)}


def two_line_headline() -> tuple[Sheet, dict[str, list[str]]]:
    sheet = Sheet(height=760)
    sheet.masthead()
    sheet.text(30, 60, 15, "海关通报今年进出口情况")
    sheet.text(30, 80, 28, LONG[0])
    sheet.text(30, 112, 28, "民营企业挑大梁")
    sheet.text(30, 144, 14, "对东盟出口增速最快")
    sheet.columns(30, 172, 200, 18, 2, story(1, 5))
    sheet.text(500, 60, 24, LONG[3])
    sheet.columns(500, 100, 250, 18, 1, story(2, 4))
    return sheet, {LONG[0] + "民营企业挑大梁": story(1, 5), LONG[3]: story(2, 4)}


def around_a_box() -> tuple[Sheet, dict[str, list[str]]]:
    """A boxed piece hangs over the last two of four columns, which begin under it and end level with the others."""
    sheet = Sheet(height=760)
    sheet.masthead()
    sheet.text(30, 60, 28, LONG[0])
    sheet.text(420, 66, 18, LONG[1])
    inner = sheet.columns(420, 96, 330, 10, 1, story(2, 2))
    sheet.box(412, 58, 762, inner + 6)
    lines = [(number == 0, *line) for part in story(1, 9) for number, line in enumerate(broken(part, 170, 9))]
    tops = [105.0, 105.0, inner + 24, inner + 24]
    room = max(top for top in tops) + (len(lines) * 14.4 - sum(max(tops) - top for top in tops)) / 4
    at = 0
    for column, top in enumerate(tops):
        depth = -int(-(room - top) // 14.4) if column < 3 else len(lines) - at
        for row, (first, line, full) in enumerate(lines[at : at + depth]):
            inset = 18.0 if first else 0.0
            spacing = (170 - inset - advance(line, 9)) / max(len(line) - 1, 1) if full else 0.0
            sheet.text(30 + column * 188 + inset, top + row * 14.4, 9, line, max(spacing, 0.0))
        at += depth
    return sheet, {LONG[0]: story(1, 9), LONG[1]: story(2, 2)}


PAGES: list[Callable[[], tuple[Sheet, dict[str, list[str]]]]] = [side_by_side, boxed, vertical_headline, two_line_headline, around_a_box]


@pytest.mark.parametrize("shuffled", [None, 1, 2])
@pytest.mark.parametrize("made", PAGES, ids=lambda made: made.__name__)
def test_articles_are_read_whole(tmp_path: Path, made: Callable[[], tuple[Sheet, dict[str, list[str]]]], shuffled: int | None) -> None:
    sheet, expected = made()
    assert articles(read(tmp_path, pdf(sheet, shuffled=shuffled))) == expected


def test_kicker_and_subheadline_are_told_apart(tmp_path: Path) -> None:
    page = read(tmp_path, pdf(two_line_headline()[0]))
    first = reading_of(page).pieces[0]
    assert words(page, first.kicker) == "海关通报今年进出口情况"
    assert words(page, first.subheadline) == "对东盟出口增速最快"


def test_a_turned_page_is_read_as_it_is_seen(tmp_path: Path) -> None:
    sheet, _ = side_by_side()
    upright = read(tmp_path, pdf(sheet))
    page = read(tmp_path, pdf(sheet, rotate=90))
    assert page.layout is not None and upright.layout is not None
    assert {line["vertical"] for line in page.layout if line["end"] > line["start"]} == {True}
    assert "".join(sorted(page.text or "")) == "".join(sorted(upright.text or ""))


@pytest.mark.parametrize("whole_page", [False, True])
def test_a_box_may_hold_the_text_or_the_headline_alone(tmp_path: Path, whole_page: bool) -> None:
    sheet = Sheet(height=760)
    sheet.masthead()
    sheet.text(30, 60, 26, LONG[0])
    below = sheet.columns(30, 110, 160, 18, 4, story(1, 5))
    sheet.box(24, 102, 772, below + 4)
    sheet.box(24, below + 20, 772, below + 64, fill=True)
    sheet.text(40, below + 28, 26, LONG[1])
    sheet.columns(30, below + 74, 160, 18, 4, story(2, 5))
    if whole_page:
        sheet.box(8, 8, 792, 752)
    assert articles(read(tmp_path, pdf(sheet))) == {LONG[0]: story(1, 5), LONG[1]: story(2, 5)}


def test_a_page_set_sideways_and_turned_upright_is_read(tmp_path: Path) -> None:
    sheet, expected = boxed()
    assert articles(read(tmp_path, pdf(sheet, sideways=True))) == expected


def test_what_is_no_article_is_left_over_with_its_reason(tmp_path: Path) -> None:
    sheet, expected = side_by_side()
    sheet.box(600, 600, 760, 670, fill=True)
    sheet.text(600, 676, 7.5, "图为某港口的集装箱码头。 本报记者 某某 摄")
    sheet.text(500, 730, 8, "广告　某某家电 原价1999元 现价999元")
    page = read(tmp_path, pdf(sheet))
    assert articles(page) == expected
    reasons = {leftover.reason: words(page, [leftover.span]) for leftover in reading_of(page).leftovers}
    assert reasons["caption"].startswith("图为某港口")
    assert reasons["advertisement"].startswith("广告")
    assert "责任编辑" in reasons["editors"]
    assert sum(leftover.reason == "masthead" for leftover in reading_of(page).leftovers) == 3


def test_crossheads_are_paragraphs_of_their_own(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.masthead()
    sheet.text(30, 60, 28, LONG[0])
    body = story(1, 4)
    body.insert(2, "企业订单排到明年")
    sheet.columns(30, 105, 170, 18, 2, body)
    assert articles(read(tmp_path, pdf(sheet))) == {LONG[0]: body}


def test_an_article_without_a_headline_has_none(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.masthead()
    sheet.columns(30, 60, 170, 18, 2, story(1, 4))
    (piece,) = reading_of(read(tmp_path, pdf(sheet))).pieces
    assert piece.headline == []


def test_text_without_layout_lines_is_left_over() -> None:
    reading = read_layout("甲乙\n丙", [])
    assert reading.pieces == []
    assert [tuple(leftover.span) for leftover in reading.leftovers] == [(0, 4)]
    assert read_layout("", []).leftovers == []


PLACE = st.floats(0, 800, allow_nan=False).map(lambda value: round(value, 1))
LINE = st.tuples(
    st.text(st.sampled_from("甲乙丙丁。，12（）记者日讯 　版"), min_size=0, max_size=14),
    PLACE,
    PLACE,
    st.sampled_from([8.0, 9.0, 9.0, 9.0, 11.0, 14.0, 24.0]),
    st.booleans(),
    st.booleans(),
    st.integers(-1, 2),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(LINE, max_size=40))
def test_nothing_is_lost_or_held_twice_whatever_the_layout(lines: list[tuple[str, float, float, float, bool, bool, int]]) -> None:
    parts, layout, at = [], [], 0
    for words, x, y, size, bold, vertical, box in lines:
        wide = max(len(words), 1) * size
        row = {"start": at, "end": at + len(words), "x0": x, "y0": y, "x1": x + wide, "y1": y + size}
        layout.append({**row, "size": size if words else 0.0, "bold": bold, "vertical": vertical, "box": box})
        parts.append(words)
        at += len(words) + 1
    reading_of(PageContent(text="\n".join(parts), layout=layout))


def test_a_page_of_prices_is_no_article() -> None:
    rows = [f"{number:04d}" for number in range(6000)]
    text = "\n".join(rows)
    layout = [
        {
            "start": 5 * i,
            "end": 5 * i + 4,
            "x0": 30.0 * (i % 25),
            "y0": 12.0 * (i // 25),
            "x1": 30.0 * (i % 25) + 20,
            "y1": 12.0 * (i // 25) + 9,
        }
        for i in range(6000)
    ]
    page = PageContent(text=text, layout=[{**row, "size": 9.0, "bold": False, "vertical": False, "box": -1} for row in layout])
    assert reading_of(page).pieces == []
    page.layout = page.layout[:4000] if page.layout else None
    reading_of(page)


def test_a_dateline_broken_over_two_lines_stays_in_the_body(tmp_path: Path) -> None:
    """A first line that ends inside 本报讯（通讯员 … is no byline of the headline's."""
    sheet = Sheet()
    sheet.masthead()
    sheet.text(30, 60, 26, LONG[0])
    body = story(1, 4, dateline="本报讯（通讯员 甲某某 乙某某 丙某某 丁某某）")
    sheet.columns(30, 105, 160, 18, 3, body)
    page = read(tmp_path, pdf(sheet))
    assert articles(page) == {LONG[0]: ["".join(part.split()) for part in body]}
    assert reading_of(page).pieces[0].byline == []


def test_a_byline_under_the_headline_is_told_from_the_text(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.masthead()
    sheet.text(30, 60, 26, LONG[0])
    sheet.text(180, 94, 9, "本报记者 某某某 通讯员 某某")
    sheet.columns(30, 112, 160, 18, 3, story(1, 4))
    page = read(tmp_path, pdf(sheet))
    assert articles(page) == {LONG[0]: story(1, 4)}
    assert words(page, reading_of(page).pieces[0].byline) == "本报记者 某某某 通讯员 某某"


def test_columns_without_indents_go_on_after_a_full_stop(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.masthead()
    sheet.text(30, 70, 20, LONG[0])
    full = "全市外贸增长出口占六成以"
    for column in range(3):  # the second column ends a paragraph, and the next one, flush, is not under the headline
        for row in range(6):
            ends = "全部完成。" if (column, row) in ((1, 5), (2, 5)) else full
            sheet.text(30 + 140 * column, 100 + 15 * row, 10, ends)
    assert [len("".join(paragraphs)) for paragraphs in articles(read(tmp_path, pdf(sheet))).values()] == [16 * len(full) + 10]


def test_a_head_of_one_long_line_is_no_headline(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(30, 20, 18, "03")
    sheet.text(70, 24, 9, "2023年9月20日 星期三 责编：张三 美编：李四 校对：王五")
    sheet.text(680, 20, 14, "江北晚报")
    sheet.rule(30, 42, 770, 42)
    sheet.text(30, 60, 24, LONG[0])
    sheet.columns(30, 100, 230, 15, 3, story(1, dateline="江北晚报讯（记者 张三）"))
    reading = reading_of(read(tmp_path, pdf(sheet)))
    assert [left.reason for left in reading.leftovers] == ["masthead"] * 3
    assert len(reading.pieces) == 1


def test_a_line_behind_a_dash_is_the_subheadline(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(30, 60, 18, LONG[0])
    sheet.text(30, 84, 18, "——出口占六成以上")
    sheet.columns(30, 120, 230, 15, 3, story(1))
    page = read(tmp_path, pdf(sheet))
    (piece,) = reading_of(page).pieces
    assert (words(page, piece.headline), words(page, piece.subheadline)) == (LONG[0], "——出口占六成以上")


def test_a_signature_on_its_own_over_the_next_column_is_the_article_s(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(30, 60, 24, LONG[0])
    depth = sheet.columns(30, 100, 150, 15, 2, story(1))
    sheet.text(420, 100, 9, "（张小三 李小四）")
    sheet.text(30, depth + 60, 24, LONG[1])
    sheet.columns(30, depth + 100, 230, 15, 3, story(2))
    page = read(tmp_path, pdf(sheet))
    (paragraphs,) = [words for head, words in articles(page).items() if head == LONG[0]]
    assert "（张小三李小四）" in paragraphs[-1]


def test_a_headline_at_the_side_heads_the_columns_at_its_right(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(30, 40, 24, LONG[0])
    sheet.rule(30, 30, 770, 30)
    foot = sheet.columns(30, 80, 170, 15, 4, story(1, dateline="江北日报讯（记者 张三）"))
    sheet.text(30, foot + 14, 18, LONG[1][:8])
    sheet.text(30, foot + 36, 18, LONG[1][8:])
    sheet.text(30, foot + 60, 9, "三条生产线满负荷")
    sheet.columns(215, foot + 10, 170, 15, 3, story(2, dateline="江北晚报讯（记者 李四）"))
    found = articles(read(tmp_path, pdf(sheet)))
    assert {head: "".join(paragraphs) for head, paragraphs in found.items()} == {
        head: "".join(story(number, dateline=said)).replace(" ", "")
        for number, (head, said) in enumerate([(LONG[0], "江北日报讯（记者 张三）"), (LONG[1], "江北晚报讯（记者 李四）")], 1)
    }


def test_an_offer_in_large_type_is_an_advertisement(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(30, 60, 24, LONG[0])
    sheet.columns(30, 100, 230, 15, 3, story(1))
    sheet.box(30, 400, 300, 470)
    sheet.text(40, 410, 18, "江北家居开业大促")
    sheet.text(40, 440, 9, "全场五折起 地址：江北路12号 电话：60000000")
    reading = reading_of(read(tmp_path, pdf(sheet)))
    assert len(reading.pieces) == 1
    assert {left.reason for left in reading.leftovers} == {"advertisement"}


def test_a_dateline_that_breaks_off_in_its_byline_is_the_text_s_first_line(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(30, 66, 12, LONG[0][:9])
    sheet.columns(30, 90, 118, 15, 1, story(1, 2, dateline="【江北商报讯】记者张小三报道："), size=9)
    page = read(tmp_path, pdf(sheet))
    (piece,) = reading_of(page).pieces
    assert not piece.byline
    assert words(page, piece.paragraphs[0]).startswith("【江北商报讯】")


def test_headlines_side_by_side_of_which_one_goes_on_below_are_two(tmp_path: Path) -> None:
    sheet = Sheet()
    sheet.text(30, 40, 19, LONG[0] + "同比增长再创")
    foot = sheet.columns(30, 70, 170, 15, 2, story(1))
    sheet.text(402, 44, 19, LONG[1][:6])
    sheet.text(402, 67, 19, LONG[1][6:])
    sheet.columns(540, 40, 110, 12, 2, story(2))
    assert foot > 0
    assert set(articles(read(tmp_path, pdf(sheet)))) == {LONG[0] + "同比增长再创", LONG[1]}
