"""What is different from the last run: measured as it stands in the tables, compared newspaper by newspaper."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from flows.waves import LOGGED
from tasks.runs.changes import Change, changes
from tasks.runs.measures import DAYS_KEPT, NEWSPAPERS_KEPT, Measure, by_newspaper, measured
from tasks.runs.record import last_record
from tasks.schema import ARTICLES, INDICATORS, PAGES, Table
from tasks.staging import to_arrow
from tests.crash import text
from tests.folder import Folder


def day(newspaper: str, number: int, articles: int, indicators: int, region: float = 0.5) -> Measure:
    return Measure(newspaper, f"2024-05-{number:02d}", 4, articles, indicators, int(indicators * region), indicators // 2, indicators // 4)


def compared(now: list[Measure], before: list[Measure]) -> list[Change]:
    return changes(by_newspaper(now), by_newspaper(before))


def test_the_largest_change_is_the_one_that_chance_explains_least() -> None:
    before = [day("江北日报", 1, 100, 400), day("江南晚报", 1, 8, 30), day("江心时报", 1, 50, 200)]
    now = [day("江北日报", 2, 50, 400), day("江南晚报", 2, 4, 30), day("江心时报", 2, 50, 200, region=0.1)]
    first, second, third, *rest = compared(now, before)
    assert (first.newspaper, first.what, first.before, first.now) == ("江心时报", "with_region", 0.5, 0.1)
    assert (second.newspaper, second.day, second.what, second.before, second.now) == ("江北日报", "", "articles", 100, 50)
    assert (third.newspaper, third.what) == ("江南晚报", "articles")
    assert first.size < second.size < -3 < third.size < 0 and not rest  # what is as it was is no change


def test_a_day_read_again_is_compared_with_itself() -> None:
    before = [day("江北日报", 1, 40, 100), day("江北日报", 2, 10, 100)]
    found = compared([day("江北日报", 2, 20, 100)], before)
    assert ("2024-05-02", "articles", 10, 20) in [(change.day, change.what, change.before, change.now) for change in found]
    assert ("", "articles", 25, 20) in [(change.day, change.what, change.before, change.now) for change in found]
    assert not compared(before, before)
    assert {change.day for change in compared([day("江北日报", 1, 40, 90)], [day("江北日报", 1, 40, 100)])} == {"2024-05-01", ""}


def test_a_newspaper_never_seen_is_no_change_and_an_empty_day_no_error() -> None:
    assert not compared([day("江北日报", 1, 40, 100)], [])
    (fell, *_) = compared([Measure("江北日报", "2024-05-02", 1, 0, 0, 0, 0, 0)], [day("江北日报", 1, 40, 100)])
    assert (fell.what, fell.now) == ("articles", 0) or (fell.what, fell.now) == ("indicators", 0)


def test_at_most_ten_are_told_and_a_record_stays_small() -> None:
    many = [day(f"报{number}", 1, 40, 100) for number in range(30)]
    assert len(compared([one._replace(articles=20, day="2024-05-02") for one in many], many)) == 10
    years = [Measure(f"报{number % 1500}", f"20{number // 1500:02d}-01-01", 9, 99, 999, 9, 9, 9) for number in range(1500 * 20)]
    kept = by_newspaper(years)
    assert len(kept) == NEWSPAPERS_KEPT and all(len(one["by_day"]) == DAYS_KEPT and one["days"] == 20 for one in kept.values())
    assert len(json.dumps(kept, ensure_ascii=False)) < 1_000_000


def test_of_a_file_of_many_days_only_those_written_are_measured() -> None:
    def rows(table: Table, *days: tuple[str | None, int, str | None]) -> pa.Table:
        cells = [{"newspaper": name, "publication_date": date(2024, 5, n), "ref_area": area} for name, n, area in days]
        return to_arrow(table, cells)

    file = {
        "pages": rows(PAGES, ("江北日报", 1, None), ("江北日报", 2, None), (None, 2, None)),
        "articles": rows(ARTICLES, ("江北日报", 2, None), ("江北日报", 2, None), (None, 2, None)),
        "indicators": rows(INDICATORS, ("江北日报", 1, "430000"), ("江北日报", 2, "430000"), ("江北日报", 2, None), (None, 2, "430000")),
    }
    assert measured(file, file["pages"].slice(1)) == [
        Measure("江北日报", "2024-05-02", 1, 2, 2, 1, 0, 0),
        Measure("unknown", "2024-05-02", 1, 1, 1, 1, 0, 0),
    ]


@pytest.mark.usefixtures("without_gate")
def test_two_runs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The second adds a page to a day, and a day: both are measured as they stand, with the page that was there."""
    folder = Folder(tmp_path)
    first = folder.run()
    assert first.summary and not first.summary.changes
    record: Any = last_record(folder.output)
    assert record.measures["江北日报"]["days"] == 3 and set(record.measures["江北日报"]["by_day"]) == {f"2024-05-0{n}" for n in (1, 2, 3)}
    pages, articles, indicators = record.measures["江北日报"]["by_day"]["2024-05-03"]
    rows = folder.rows("indicators")
    assert (pages, articles, indicators) == (1, 1, sum(str(row["publication_date"]) == "2024-05-03" for row in rows))
    for name, column in (("with_region", "ref_area"), ("with_period", "time_period"), ("with_code", "indicator_code")):
        assert record.measures["江北日报"][name] == sum(row[column] is not None for row in rows) > 0

    assert folder.run().success  # nothing to do: what is compared with is the last run that wrote the newspaper
    folder.write("2024-05-03/02.txt", text(7, 3))
    folder.write("2024-05-04/01.txt", "各位读者：\n" + text(8, 4))
    folder.write("2024-05-04/bad.txt", "\x00\x01" * 50)
    second = folder.run()
    assert second.summary
    said = {(change.day, change.what): (change.before, change.now) for change in second.summary.changes}
    assert said["2024-05-03", "articles"] == (1, 2) and said["2024-05-03", "indicators"] == (indicators, 2 * indicators)
    assert said["", "articles"][0] == 1
    assert [line for line in caplog.messages if "江北日报/2024-05-04/bad.txt" in line and "binary" in line]


@pytest.mark.usefixtures("without_gate")
def test_the_log_names_so_many_pages_and_no_more(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.waves.LOGGED", 2)
    assert LOGGED > 2
    folder = Folder(tmp_path)
    for number in range(5):
        folder.write(f"2024-05-04/{number}\n.txt", "\x00\x01" * 50)
    assert folder.run().success
    lines = [message for message in caplog.messages if "rejected" in message]
    assert len(lines) == 3 and "quarantine list" in lines[-1] and not any("\n" in line for line in lines)
