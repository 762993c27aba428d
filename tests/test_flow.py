"""The flow as the engine sees it: completed runs with their artifacts, failed ones that publish nothing, stable tables."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from flows.pages import read_pages
from flows.summary import Summary
from tests.pipeline import checksums

pytestmark = pytest.mark.usefixtures("engine")


def flow(inputs: list[Path], output: Path, **more: Any) -> Any:
    return read_pages([str(path) for path in inputs], str(output), return_state=True, **{"workers": 0, **more})


def rows(output: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ds.dataset(output / table, partitioning="hive").to_table().to_pylist()
    return found


async def _seen(run_id: Any) -> tuple[Any, list[Any], list[Any]]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, FlowRunFilter, FlowRunFilterId

    async with get_client() as client:
        run = await client.read_flow_run(run_id)
        tasks = await client.read_task_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])))
        artifacts = await client.read_artifacts(artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id])))
    return run, tasks, artifacts


def seen(run_id: Any) -> tuple[Any, list[Any], list[Any]]:
    """The flow run, its task runs and its artifacts, as the server has them."""
    import asyncio

    return asyncio.run(_seen(run_id))


def test_a_run_leaves_tables_artifacts_and_a_completed_flow_run(tmp_path: Path, samples: Path) -> None:
    state = flow([samples], tmp_path / "out", workers=2)
    assert state.is_completed()
    summary = state.result()
    assert isinstance(summary, Summary)
    assert summary.pages == 4 and summary.published["articles"] >= 5 and summary.published["indicators"] >= 30
    assert summary.published["articles"] == len(rows(tmp_path / "out", "articles"))
    assert summary.published["indicators"] == len(rows(tmp_path / "out", "indicators"))

    run, tasks, artifacts = seen(state.state_details.flow_run_id)
    assert run.state.is_completed() and run.name.startswith("samples at ")
    stages = ["ingest", "normalise", "segment", "extract", "validate", "publish"]
    assert sorted(task.name for task in tasks) == ["publish 4 batches", "read 4 batches", "validate group 1/1"]
    said = {artifact.key: artifact for artifact in artifacts}
    assert set(said) == {f"banmian-{key}" for key in ("run", "counts", "progress", "data-docs")}
    assert all(stage in str(said["banmian-counts"].data) for stage in stages)
    page = str(said["banmian-run"].data)
    assert all(str(tmp_path / "out" / name) in page for name in ("articles", "indicators", "pages", "quarantine", "docs"))
    assert "not seen before | 4" in page and "# Done: 4 pages" in page and said["banmian-progress"].data == 100
    assert (tmp_path / "out/docs").exists() and not list((tmp_path / "out/staging").iterdir())


def test_the_page_says_what_changed_and_what_was_rejected_while_the_bar_moves(
    tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import run_page
    from flows.progress import heard_by

    monkeypatch.setattr(run_page, "PAUSE", 0.0)
    for name in ("20230718_02.txt", "20240601_08.txt"):
        (tmp_path / "in/江北日报").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in/江北日报" / name).write_text((samples / name).read_text(encoding="utf-8"), encoding="utf-8")
    assert flow([tmp_path / "in"], tmp_path / "out").is_completed()
    (tmp_path / "in/江北日报/20230718_|_[x](y).txt").write_bytes(b"\x00\x01" * 50)
    again = tmp_path / "in/江北日报/20230718_02.txt"
    again.write_text(again.read_text(encoding="utf-8").replace("长沙", "某地").replace("1", "2"), encoding="utf-8")

    moved: list[float] = []

    def watching(stage: str, done: int, of: int, share: float) -> None:
        bars = [artifact.data for artifact in seen(run_id())[2] if artifact.key == "banmian-progress"]
        moved.extend(float(bar) for bar in bars)

    def run_id() -> Any:
        from prefect import runtime

        return runtime.flow_run.id

    with heard_by(watching):
        state = flow([tmp_path / "in"], tmp_path / "out", pages_a_batch=1)
    assert state.is_completed() and moved == sorted(moved) and len(set(moved)) >= 4 and moved[-1] < 100
    page = next(str(artifact.data) for artifact in seen(state.state_details.flow_run_id)[2] if artifact.key == "banmian-run")
    assert "| binary | 1 |" in page and "20230718\\_\\|\\_\\[x\\](y).txt" in page
    assert "largest changes" in page and "| 江北日报 | — | articles a day | " in page.split("largest changes")[1]


def test_same_tables_whatever_the_batches_and_again(tmp_path: Path, samples: Path) -> None:
    flow([samples], tmp_path / "whole")
    flow([samples], tmp_path / "whole", full=True)
    flow([samples], tmp_path / "single", pages_a_batch=1)
    assert checksums(tmp_path / "whole") == checksums(tmp_path / "single")
    assert len(checksums(tmp_path / "whole")) >= 9


def test_one_bad_page_never_fails_a_batch(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks import segment

    real = segment.read_page

    def stumbling(row: Any) -> Any:
        if row["source_uri"].endswith("20230718_02.txt"):
            raise KeyError("oh")
        return real(row)

    monkeypatch.setattr(segment, "read_page", stumbling)
    state = flow([samples], tmp_path / "out")
    assert state.is_completed()
    status = {row["source_uri"]: (row["status"], row["reason"]) for row in rows(tmp_path / "out", "pages")}
    assert status.pop("samples/20230718_02.txt") == ("rejected", "error:KeyError")
    assert "published" in {said for said, _ in status.values()}
    assert state.result().rejects == {"error:KeyError": 1}


def test_a_batch_that_fails_is_not_published(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tasks import extract

    flow([samples], tmp_path / "out")
    before = checksums(tmp_path / "out")
    real = extract.extract_article
    monkeypatch.setattr(extract, "extract_article", lambda *given: [{**row, "stance": "wish"} for row in real(*given)])
    state = flow([samples], tmp_path / "out", full=True)
    assert state.is_failed()
    assert "indicators.stance.in_list" in state.message and "not published" in state.message
    assert checksums(tmp_path / "out") == before
    held = ds.dataset(tmp_path / "out/quarantine").to_table().to_pylist()
    assert {row["expectation"] for row in held} >= {"stance.in_list"}
    run, _, artifacts = seen(state.state_details.flow_run_id)
    assert run.state.is_failed()
    (page,) = (str(artifact.data) for artifact in artifacts if artifact.key == "banmian-run")
    assert "**indicators.stance.in_list**" in page and page.startswith("# Failed: not published")


def test_storage_that_fails_once_is_tried_again(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import steps

    real, calls = steps.publish_batches, []

    def failing(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 1:
            raise OSError("stale file handle")
        return real(*args)

    monkeypatch.setattr(steps, "publish_batches", failing)
    assert flow([samples], tmp_path / "out").is_completed()
    assert len(calls) == 2


def test_what_is_wrong_in_us_is_not_tried_again(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import steps

    calls = []

    def failing(*args: Any) -> Any:
        calls.append(args)
        raise ValueError("logic")

    monkeypatch.setattr(steps, "publish_batches", failing)
    assert flow([samples], tmp_path / "out").is_failed()
    assert len(calls) == 1
    assert not list((tmp_path / "out/staging").iterdir())


def test_nothing_to_read_is_a_failed_run_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    state = flow([tmp_path / "in"], tmp_path / "out")
    assert state.is_failed() and state.message.startswith("no pages in")


def test_parameters_decide(tmp_path: Path, samples: Path) -> None:
    flow([samples / "20230718_02.txt"], tmp_path / "out", publication_date=date(2020, 5, 5), newspaper="滨江日报")
    (page,) = rows(tmp_path / "out", "pages")
    assert (page["newspaper"], page["publication_date"], page["publication_date_source"]) == ("滨江日报", date(2020, 5, 5), "parameter")
    assert (tmp_path / "out/pages/publication_month=2020-05/滨江日报-2020-05-05.parquet").exists()
