"""Titles and articles: what they are compared by, and which go together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.segment.assignment import Group, TitleLine, Titles, _Joined
from tasks.segment.grams import Texts, grams
from tasks.segment.lines import Line, width_of
from tasks.segment.matching import best_matching, priced_matching

GAINS = st.integers(1, 6).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 9).map(float), min_size=columns, max_size=columns), min_size=1, max_size=7)
)


def test_a_matching_is_best_within_groups_and_for_more_rows_than_columns() -> None:
    assert best_matching([[3.0, 2.0, 0.0], [3.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 2.0]]) == [1, 0, None, 2]
    many = best_matching([[1.0 + (row * column) % 7 for column in range(200)] for row in range(300)])
    assert len({column for column in many if column is not None}) == 200


@given(GAINS)
def test_prices_prove_a_matching_best(gain: list[list[float]]) -> None:
    columns, of_rows, of_columns = priced_matching(gain)
    taken = [column for column in columns if column is not None]
    assert len(set(taken)) == len(taken)
    assert min(*of_rows, *of_columns) >= 0
    assert all(value <= of_rows[row] + of_columns[at] + 1e-9 for row, values in enumerate(gain) for at, value in enumerate(values))
    worth = sum(gain[row][column] for row, column in enumerate(columns) if column is not None)
    assert worth == pytest.approx(sum(of_rows) + sum(of_columns))


@given(GAINS.filter(lambda gain: len(gain) > 1), st.data())
def test_what_is_read_off_prices_is_what_matching_anew_gives(gain: list[list[float]], data: st.DataObject) -> None:
    titles = Titles([], len(gain[0]), lambda gram: (), spaced=False)
    groups = [Group([], (), gains=row) for row in gain]
    now = titles._matched(groups)
    at = data.draw(st.integers(0, len(groups) - 2))
    both = Group([], (), gains=data.draw(st.lists(st.integers(0, 9).map(float), min_size=len(gain[0]), max_size=len(gain[0]))))
    worth = titles._read_off(now, at, both)
    if worth is not None:
        anew = titles._matched([*groups[:at], both, *groups[at + 2 :]])
        read_off = titles._joined(now, _Joined(worth, at, both))
        assert worth == pytest.approx(read_off.worth) == pytest.approx(anew.worth)
        assert sum(read_off.group_prices) + sum(read_off.article_prices) == pytest.approx(anew.worth)


def test_grams_come_in_the_order_of_the_text_so_that_sums_over_them_are_the_same_in_every_process() -> None:
    assert grams("外贸稳增12.5%，ABC外贸 a 7") == ("外贸", "贸稳", "稳增", "12.5%", "ABC")


def test_where_finds_whole_words_and_numbers_and_pairs_of_characters() -> None:
    texts = Texts(["外贸增12.5%", "strong", "外资12.5", "", "A外贸strong外贸"])
    found = {gram: texts.where(gram) for gram in ("外贸", "12.5%", "12.5", "12", "rong", "strong", "贸外")}
    assert found == {"外贸": (0, 4), "12.5%": (0,), "12.5": (2,), "12": (), "rong": (), "strong": (1, 4), "贸外": ()}


def test_what_texts_share_is_none_of_it_or_all_of_it() -> None:
    one, other = ("".join(chr(first + at) for at in range(30)) for first in (0x4E00, 0x5E00))
    texts = Texts([one, other, one, "短"])
    assert texts.shared([0], [1]) == 0.0
    assert texts.shared([0], [2]) == pytest.approx(1.0)
    assert texts.shared([0], [3]) is None


def test_two_lines_of_one_headline_go_to_the_article_that_both_name() -> None:
    def title(at: int, text: str) -> TitleLine:
        line = Line(at, at + len(text), text, width_of(text))
        return TitleLine(line, line, block=0, before=-1, after=-1)

    texts = Texts(["全市外贸进出口稳步增长，港口航线新开六条", "粮食收购顺利推进，仓储能力提升"])
    matching = Titles(
        [title(0, "全市外贸进出口"), title(8, "稳步增长"), title(20, "粮食收购顺利推进")], 2, texts.where, spaced=True
    ).match()
    named = {
        "".join(part.line.text for part in group.lines): number for group, number in zip(matching.groups, matching.articles, strict=True)
    }
    assert named == {"全市外贸进出口稳步增长": 0, "粮食收购顺利推进": 1}
