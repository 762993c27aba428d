"""Hostile inputs: each becomes what its recipe says, and good pages beside them are published.  ``make hostile`` measures each alone."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tests.hostile.recipes import all_recipes
from tests.hostile.taking import outcome
from tests.hostile.texts import UTF

QUICK = [recipe for recipe in all_recipes() if not recipe.heavy]
PARTS = 6


def test_there_are_enough_of_them() -> None:
    assert len(all_recipes()) >= 80
    assert not [recipe.name for recipe in all_recipes() if "?" in recipe.expect.values()]


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
    found = outcome(folder, tmp_path / "staging")
    assert {name: found.get(name) for name in expected} == expected
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    assert peak < 1024, f"{peak:.0f} MiB"
