"""What is made, and what must become of it: published, empty, or rejected with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: Makes files in a folder of its own; the folder is then read.
Make = Callable[[Path], None]


@dataclass(frozen=True)
class Recipe:
    """``expect``: name under the recipe's folder → status and reason, as in ``pages``."""

    name: str
    make: Make
    expect: dict[str, str]
    heavy: bool = False  #: takes seconds; the test suite leaves it to the long form


RECIPES: list[Recipe] = []


def files(name: str, make: Make, expect: dict[str, str], heavy: bool = False) -> None:
    """A recipe of several files, links and folders."""
    RECIPES.append(Recipe(name, make, expect, heavy))


def file(name: str, content: bytes | Callable[[], bytes], becomes: str | dict[str, str], heavy: bool = False) -> None:
    """A recipe of one file called ``name``; ``becomes``: its status and reason, or those of each of its parts."""

    def make(folder: Path) -> None:
        (folder / name).write_bytes(content() if callable(content) else content)

    expect = becomes if isinstance(becomes, dict) else {"": becomes}
    RECIPES.append(Recipe(name, make, {f"{name}{part}": said for part, said in expect.items()}, heavy))


def all_recipes() -> list[Recipe]:
    """All of them, in order, each name once."""
    from tests.hostile import documents, lines, pdfs, places, texts  # noqa: F401

    names = [one.name for one in RECIPES]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})
    return sorted(RECIPES, key=lambda one: one.name)
