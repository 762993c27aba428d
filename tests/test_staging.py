"""Staged files give back what was put in them; lists of offsets stay compact."""

from __future__ import annotations

from array import array
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tasks.schema import NORMALISED_PAGES, RAW_PAGES
from tasks.staging import Reject, StageResult, from_arrow, read_rows, saved_rejects, to_arrow, write_rows

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "page_id": st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
            "normal_text": st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
            "offsets": st.none() | st.lists(st.integers(-1, 2**31 - 1), max_size=9),
        }
    ),
    max_size=6,
)


@given(ROWS)
def test_rows_come_back(rows: list[dict]) -> None:
    found = from_arrow(to_arrow(NORMALISED_PAGES, rows))
    assert [row["page_id"] for row in found] == [row["page_id"] for row in rows]
    assert [row["normal_text"] for row in found] == [row["normal_text"] for row in rows]
    assert [None if row["offsets"] is None else list(row["offsets"]) for row in found] == [row["offsets"] for row in rows]
    assert all(row["offsets"] is None or isinstance(row["offsets"], array) for row in found)


def test_slices_come_back() -> None:
    table = to_arrow(NORMALISED_PAGES, [{"offsets": array("i", range(number))} for number in range(5)])
    assert [list(row["offsets"]) for row in from_arrow(table.slice(2, 2))] == [[0, 1], [0, 1, 2]]


def test_file(tmp_path: Path) -> None:
    layout = [{"start": 0, "end": 1, "x0": 1.5, "y0": 0.0, "x1": 2.0, "y1": 3.0, "size": 9.0, "bold": False, "vertical": True, "box": -1}]
    write_rows(tmp_path / "raw.arrow", RAW_PAGES, [{"page_id": "a", "layout": layout, "left out": 1}])
    (row,) = read_rows(tmp_path / "raw.arrow")
    assert row["layout"] == layout
    assert set(row) == set(RAW_PAGES.names)
    assert not list(tmp_path.glob("*.tmp"))


def test_rejects_of_all_stages(tmp_path: Path) -> None:
    for stage in ("normalise", "ingest"):
        StageResult(stage, str(tmp_path), {}, [Reject("p", "x/%FF.txt", f"error:{stage}", "为何")]).save()
    assert [reject.reason for reject in saved_rejects(tmp_path)] == ["error:ingest", "error:normalise"]
