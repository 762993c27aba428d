"""What is held back, listed and put through again; and corrections of pages, articles and amounts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from flows import quarantine
from flows.cli import main
from tasks.publish.held import files_of, held_back
from tests.folder import Folder, corrections
from tests.pipeline import checksums

ROOT = Path(__file__).parent.parent


pytestmark = pytest.mark.usefixtures("without_gate")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_what_is_held_back_is_listed_and_put_through_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tasks import segment

    real = segment.read_page

    def stumbling(row: Any) -> Any:
        if "05-02" in row["source_uri"]:
            raise KeyError("oh")
        return real(row)

    with monkeypatch.context() as patch:
        patch.setattr(segment, "read_page", stumbling)
        folder.run()
    entries = held_back(folder.output)
    assert {entry.expectation for entry in entries} == {"error:KeyError", "no_error_of_ours"} and all(entry.open for entry in entries)
    assert main(["quarantine", "list", "--output", str(folder.output.root)]) == 0
    assert "error:KeyError" in capsys.readouterr().out
    assert held_back(folder.output, ["*05-03*"]) == []
    ran: list[Any] = []
    monkeypatch.setattr("flows.quarantine.carry_out", lambda inputs, output, options, **_: ran.append((inputs, options)) or 0)
    assert main(["quarantine", "retry", "error:*", "--output", str(folder.output.root)]) == 0
    ((inputs, options),) = ran
    assert inputs == [str(folder.source)] and options["only"] == ["江北日报/2024-05-02/01.txt"] == files_of(entries)
    assert folder.run(only=options["only"]).message == "1 pages"
    assert not any(entry.open for entry in held_back(folder.output)) and quarantine.main
    assert {row["status"] for row in folder.rows()} == {"published"}


PAGE = "江北日报/2024-05-01/01.txt"


def test_corrections_of_a_date_a_headline_and_a_slot(folder: Folder) -> None:
    path = corrections(
        folder,
        f"{PAGE}\t\tpublication_date\t2024-05-01\t2025-05-01\t年份误印",
        f"{PAGE}\tarticle:1\theadline\t第1条：外贸稳步增长\t外贸增长\t编号不是标题",
        f"{PAGE}\tamount:101.5亿元\tindicator\t进出口总值\t外贸总值\t用词",
        f"{PAGE}\tamount:18万元\t*\t18万元\t\t不是数据",
    )
    folder.run()
    amounts = len(folder.rows("indicators"))
    outcome = folder.run(corrections=str(path))
    assert outcome.success, outcome.message
    (page,) = [row for row in folder.rows() if row["source_uri"] == PAGE]
    assert str(page["publication_date"]) == "2025-05-01" and page["publication_date_source"] == "correction"
    (article,) = [row for row in folder.rows("articles") if row["source_uri"] == PAGE]
    assert article["headline"] == "外贸增长"
    own = {row["value_text"]: row for row in folder.rows("indicators") if row["source_uri"] == PAGE}
    assert own["101.5亿元"]["indicator"] == "外贸总值" and "18万元" not in own and len(folder.rows("indicators")) == amounts - 1
    assert str(own["101.5亿元"]["period_start"])[:4] == "2025"  # what hangs on the date follows


@pytest.mark.parametrize(
    "line",
    [
        f"{PAGE}\t\tpublication_date\t2024-05-07\t2025-05-01\t年份误印",
        f"{PAGE}\tarticle:1\theadline\t别的\t外贸增长\t误",
        f"{PAGE}\tarticle:9\theadline\t别的\t外贸增长\t误",
        f"{PAGE}\tamount:77亿元\tmeasure\tlevel\tgrowth\t误",
        f"{PAGE}#page=2\t\tpage_no\t1\t7\t误",
    ],
    ids=["date", "headline", "no-article", "no-amount", "no-page"],
)
def test_a_correction_that_no_longer_matches_fails_loudly_every_time(folder: Folder, line: str) -> None:
    folder.run()
    before = checksums(folder.output.root)
    path = corrections(folder, line)
    for _ in range(2):
        outcome = folder.run(corrections=str(path))
        assert not outcome.success and "no longer match" in outcome.message
        assert checksums(folder.output.root) == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("\t\tpage_no\t1\t2\t误", "page and slot"),
        (f"{PAGE}\t\tpage_no\t1\t2\t", "reason"),
        (f"{PAGE}\t\tsha256\t1\t2\t误", "can't be corrected"),
        (f"{PAGE}\t\tpage_no\t1\t二\t误", "is a int32"),
        (f"{PAGE}\tamount:1%\tmeasure\tlevel\tbig\t误", "one of"),
        (f"{PAGE}\tnothing\tmeasure\tlevel\tgrowth\t误", "is no row"),
        (f"{PAGE}\t\tpage_no\t1\t1\t误", "the same"),
    ],
)
def test_a_file_of_corrections_is_checked(folder: Folder, line: str, said: str) -> None:
    outcome = folder.run(corrections=str(corrections(folder, line)))
    assert not outcome.success and "corrections.tsv:3" in outcome.message and said in outcome.message
