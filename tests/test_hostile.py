"""Hostile inputs: each becomes what its recipe says, and good pages beside them are published.  ``make hostile`` measures each alone."""

from __future__ import annotations

import resource
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from flows.work import Order, Run
from tasks.publish.places import Output
from tests.hostile.recipes import all_recipes
from tests.hostile.texts import UTF

QUICK = [recipe for recipe in all_recipes() if not recipe.heavy]
PARTS = 6


def test_there_are_enough_of_them() -> None:
    assert len(all_recipes()) >= 80
    assert not [recipe.name for recipe in all_recipes() if "?" in recipe.expect.values()]


@pytest.mark.usefixtures("without_gate")
@pytest.mark.parametrize("part", range(PARTS))
def test_each_becomes_what_it_must_and_good_pages_stand(tmp_path: Path, part: int) -> None:
    folder = tmp_path / "in"
    expected = {}
    for number, recipe in enumerate(QUICK[part::PARTS]):
        home = folder / f"{number:03d}"
        home.mkdir(parents=True)
        recipe.make(home)
        expected.update({f"{number:03d}/{name}": said for name, said in recipe.expect.items()})
        (home / "good.txt").write_bytes(UTF)
        expected[f"{number:03d}/good.txt"] = "published"
    ended = Run(Output(tmp_path / "out"), Order([str(folder)])).work()
    assert ended.success, ended.message
    rows = ds.dataset(tmp_path / "out/pages", partitioning="hive").to_table(columns=["source_uri", "status", "reason"]).to_pylist()
    found = {row["source_uri"].removeprefix("in/"): f"{row['status']} {row['reason'] or ''}".strip() for row in rows}
    assert {name: found.get(name) for name in expected} == expected
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    assert peak < 1024, f"{peak:.0f} MiB"
