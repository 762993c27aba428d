"""Newspapers that are missing or thin: learnt from their own weeks, marked on the run, told to a webhook by the server."""

from __future__ import annotations

import json
import threading
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from tasks.publish.issues import issues
from tasks.runs.freshness import MISSING, THIN, Usual, judge, judge_written, last_due
from tests.crash import text
from tests.folder import Folder

MONDAY = date(2024, 5, 27)  # no holiday within a week


def history(days: int = 70, *, articles: int = 40, leave_out: set[int] = frozenset(), until: date = MONDAY) -> dict[date, int]:  # type: ignore[assignment]
    """Issues up to the day before, without some weekdays (0: Monday)."""
    dates = [until - timedelta(number) for number in range(1, days)]
    return {day: articles for day in dates if day.weekday() not in leave_out}


def kinds(known: dict[str, dict[date, int]], day: date = MONDAY, usual: Usual = Usual()) -> dict[str, str]:  # noqa: B008
    return {one.newspaper: one.kind for one in judge(known, day, usual)}


def test_a_newspaper_that_comes_on_this_weekday_is_missed() -> None:
    weekly = {MONDAY - timedelta(7 * weeks): 12 for weeks in range(1, 9)}
    known = {"日报": history(), "周报": weekly, "周末无报": history(leave_out={5, 6}), "周二报": history(leave_out={0, 2, 3, 4, 5, 6})}
    assert kinds(known) == {"日报": MISSING, "周报": MISSING, "周末无报": MISSING}
    sunday = MONDAY - timedelta(1)
    assert kinds({name: {day: n for day, n in days.items() if day < sunday} for name, days in known.items()}, sunday) == {"日报": MISSING}
    assert str(judge({"日报": history()}, MONDAY)[0]) == "日报 2024-05-27: no page, usually 40 articles"


@pytest.mark.parametrize(("articles", "kind"), [(0, THIN), (19, THIN), (20, None), (90, None)])
def test_half_the_articles_of_the_usual_day_is_thin(articles: int, kind: str | None) -> None:
    assert kinds({"日报": {**history(), MONDAY: articles}}).get("日报") == kind


def test_the_usual_day_is_the_median_of_the_same_weekday() -> None:
    thin_mondays = {day: 10 if day.weekday() == 0 else 60 for day in history()}
    assert not kinds({"日报": {**thin_mondays, MONDAY: 9}})
    one_special = {**history(), MONDAY - timedelta(7): 400, MONDAY - timedelta(14): 1}
    assert not kinds({"日报": {**one_special, MONDAY: 25}}) and kinds({"日报": {**one_special, MONDAY: 15}})


def test_nothing_is_expected_of_a_newspaper_hardly_known_or_no_longer_there() -> None:
    assert not kinds({"新报": history(15)})
    assert kinds({"新报": history(22)}) == {"新报": MISSING}
    assert kinds({"停刊": {day: 40 for day in history() if day < MONDAY - timedelta(28)}}) == {"停刊": MISSING}
    assert not kinds({"停刊": {day: 40 for day in history() if day < MONDAY - timedelta(35)}})


def test_holidays_are_neither_judged_nor_learnt_from() -> None:
    national_day = date(2024, 10, 1)
    assert not kinds({"日报": history(until=national_day)}, national_day)
    assert kinds({"日报": history(until=national_day)}, national_day, Usual(holidays=True)) == {"日报": MISSING}
    after = date(2024, 10, 8)  # a Tuesday; the one before was a holiday with a thin issue, or none
    feasts = {national_day, date(2024, 9, 17)}
    known = {day: (2 if day in feasts else 40) for day in history(36, until=after)}
    assert kinds({"日报": {**known, after: 19}}, after) == {"日报": THIN}
    del known[date(2024, 9, 24)]
    assert not kinds({"日报": {**known, after: 19}}, after)  # two are too few to learn from, and holidays do not count


def test_the_season_of_travel_is_no_holiday() -> None:
    before_new_year = date(2024, 1, 31)  # 春运 has begun, the Spring Festival has not
    assert kinds({"日报": history(until=before_new_year)}, before_new_year) == {"日报": MISSING}


def test_by_when_and_in_which_zone() -> None:
    assert last_due(datetime(2024, 5, 27, 3, 59, tzinfo=UTC)) == MONDAY - timedelta(1)
    assert last_due(datetime(2024, 5, 27, 4, 0, tzinfo=UTC)) == MONDAY


@pytest.mark.parametrize("wrong", [{"zone": "Nowhere/City"}, {"thin": 1.5}, {"weeks": 0}, {"due": "noon"}])
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    from prefect.exceptions import ParameterTypeError

    from flows.freshness import check_freshness

    assert check_freshness.validate_parameters({"usual": {"due": "16:00"}})["usual"].due == time(16)
    with pytest.raises(ParameterTypeError, match=next(iter(wrong)) if "zone" not in wrong else "no such time zone"):
        check_freshness.validate_parameters({"usual": wrong})


def test_a_run_judges_recent_days_that_it_wrote_and_are_due() -> None:
    known = {"日报": {**history(), MONDAY: 3, MONDAY - timedelta(1): 3, MONDAY - timedelta(20): 3}}
    written = [("日报", day) for day in known["日报"]]
    found = judge_written(known, written, MONDAY - timedelta(1))
    assert [(one.kind, one.day) for one in found] == [(THIN, MONDAY - timedelta(1))]


# ---- over tables ----------------------------------------------------------------------------


class Paper(Folder):
    """A newspaper of three articles a day for five weeks up to today, as the clock says it."""

    def __init__(self, root: Path) -> None:
        self.today = last_due(datetime.now(UTC))
        super().__init__(root)
        for path in self.source.rglob("*.txt"):
            path.unlink()
        self.jsonl = self.write("history.jsonl", "".join(self.line(self.today - timedelta(number), 3) for number in range(1, 36)))

    def line(self, day: date, articles: int) -> str:
        facts = {"newspaper": "江北日报", "publication_date": str(day), "headline": "要闻"}
        return "".join(json.dumps({"text": text(n, 3), **facts}, ensure_ascii=False) + "\n" for n in range(articles))


#: Whatever the calendar says on the day of the test.
ALWAYS = Usual(holidays=True)


@pytest.mark.usefixtures("without_gate")
def test_the_command_says_who_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = Folder(tmp_path)
    lines = []
    for number in range(22):
        facts = {"newspaper": "江北日报", "publication_date": str(MONDAY - timedelta(number)), "headline": "要闻"}
        lines += [json.dumps({"text": text(n, 3), **facts}, ensure_ascii=False) for n in range(3)]
    folder.write("all.jsonl", "\n".join(lines))
    folder.run()
    output = str(folder.output.root)
    assert issues(folder.output, MONDAY - timedelta(1), MONDAY) == {"江北日报": {MONDAY - timedelta(1): 3, MONDAY: 3}}
    assert main(["freshness", output, "--day", str(MONDAY)]) == 0
    assert "1 newspapers known, 0 missing" in capsys.readouterr().err
    assert main(["freshness", output, "--day", str(MONDAY + timedelta(1))]) == 1
    assert "江北日报 2024-05-28: no page, usually 3 articles" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        main(["freshness", output, "--day", "yesterday"])
    assert "'yesterday' is not a day such as 2023-09-20" in capsys.readouterr().err
    assert main(["freshness", str(tmp_path / "nowhere")]) == 1 and "no tables" in capsys.readouterr().err


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that keeps what is sent to it: its address, and the messages."""
    messages: list[dict[str, Any]] = []

    class Keeping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Keeping)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", messages
    server.shutdown()
    server.server_close()


def told(messages: list[dict[str, Any]], event: str) -> dict[str, Any]:
    """The message about an event; waits for it."""
    deadline = clock.monotonic() + 150
    while clock.monotonic() < deadline:
        for message in messages:
            if message["event"] == event:
                return message
        clock.sleep(0.2)
    raise AssertionError(f"no {event} among {messages}")


@pytest.mark.usefixtures("engine", "without_gate")
def test_a_thin_day_and_a_missing_one_mark_their_runs_and_reach_the_webhook(
    tmp_path: Path, receiver: tuple[str, list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    from flows.freshness import check_freshness
    from flows.pages import read_pages

    address, messages = receiver
    paper = Paper(tmp_path)
    output = str(paper.output.root)
    for _ in range(2):  # again changes what is in place
        assert main(["alarms", "--webhook", address]) == 0
        assert "banmian alarms" in capsys.readouterr().out
    assert paper.run().success

    state = check_freshness(output, paper.today, ALWAYS, return_state=True)
    assert state.is_failed() and state.name == "Alarm" and f"江北日报 {paper.today}: no page, usually 3 articles" in state.message
    message = told(messages, "banmian.freshness")
    assert message["text"] == state.message and message["tables"] == output
    assert message["findings"] == [{"newspaper": "江北日报", "day": str(paper.today), "articles": 0, "usual": 3.0}]

    paper.write("today.jsonl", paper.line(paper.today, 1))
    state = read_pages([str(paper.source)], output, usual=ALWAYS, workers=0, return_state=True)
    assert state.is_completed() and state.name == "Alarm" and "1 articles, usually 3" in state.message
    assert "1 articles, usually 3" in told(messages, "banmian.volume")["text"]
    paper.write("today.jsonl", paper.line(paper.today, 3))
    state = read_pages([str(paper.source)], output, usual=ALWAYS, workers=0, return_state=True)
    assert state.is_completed() and state.name == "Completed"
    assert check_freshness(output, paper.today, ALWAYS, return_state=True).is_completed()

    assert read_pages([str(tmp_path / "nothing")], output, return_state=True).is_failed()
    assert "nothing" in told(messages, "prefect.flow-run.Failed")["text"]
    assert [message["event"] for message in messages] == ["banmian.freshness", "banmian.volume", "prefect.flow-run.Failed"]


def test_alarms_need_a_server_and_say_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        assert main(["alarms", "--webhook", "http://127.0.0.1:9/"]) == 2
    assert "PREFECT_API_URL" in capsys.readouterr().err
