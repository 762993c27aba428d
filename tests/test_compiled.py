"""Compiled stages: used only as long as they are those of the sources, and made of code that means the same compiled."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tasks import compiled
from tasks.compiled import APART, AROUND, LIBRARY, MANIFEST, PACKAGES, SUFFIX, TASKS, Compiled, digests, sources

MODULE = "tasks.segment.lines"


@pytest.fixture(autouse=True)
def builds_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BANMIAN_COMPILED", raising=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder ``tasks`` of a few sources, and ``build``, whose manifest names them."""
    for name in ("segment/lines.py", "segment/batch.py", "extract/amounts.py", "knowledge/__init__.py", "publish/files.py"):
        (tmp_path / "tasks" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tasks" / name).write_text(f"SAID = {name!r}\n", encoding="utf-8")
    manifest = {"modules": [MODULE], "sources": digests(tmp_path / "tasks", sources(tmp_path / "tasks"))}
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return tmp_path


def refused(tree: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line with which the build of the tree is refused."""
    finder = Compiled(tree / "build", tree / "tasks")
    assert finder.find_spec(MODULE) is None
    assert finder.find_spec("tasks.extract.amounts") is None
    (line,) = capsys.readouterr().err.splitlines()
    assert "make compiled" in line
    return line


def test_a_source_that_changed_since_is_taken_and_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "tasks/segment/lines.py").write_text("SAID = 'other'\n", encoding="utf-8")
    assert "tasks/segment/lines.py" in refused(tree, capsys)


def test_a_source_that_came_or_went_since_refuses_the_build(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "tasks/extract/names.py").touch()
    assert "tasks/extract/names.py" in refused(tree, capsys)
    (tree / "tasks/extract/names.py").unlink()
    (tree / "tasks/knowledge/__init__.py").unlink()
    assert "tasks/knowledge/__init__.py" in refused(tree, capsys)


def test_other_sources_and_ends_of_lines_are_no_change(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "tasks/publish/files.py").write_text("SAID = 'other'\n", encoding="utf-8")
    lines = tree / "tasks/segment/lines.py"
    lines.write_bytes(lines.read_bytes().replace(b"\n", b"\r\n"))
    assert "can't be loaded" in refused(tree, capsys)  # as far as to the library, which is not there


def test_a_library_that_the_machine_cannot_load_is_left_alone(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "build" / f"{LIBRARY}{SUFFIX}").write_bytes(b"of another machine")
    assert "can't be loaded" in refused(tree, capsys)
    assert LIBRARY not in sys.modules or compiled.in_use()


def test_without_a_build_nothing_is_said(tree: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert Compiled(tree / "none", tree / "tasks").find_spec(MODULE) is None
    (tree / "tasks/segment/lines.py").unlink()
    monkeypatch.setenv("BANMIAN_COMPILED", "0")
    assert Compiled(tree / "build", tree / "tasks").find_spec(MODULE) is None
    assert capsys.readouterr().err == ""


SMALL = {
    "segment/__init__.py": "from tasks.segment.lines import doubled\n",
    "segment/lines.py": "def doubled(count: int) -> int:\n    return count * 2\n",
    "extract/__init__.py": "",
    "extract/amounts.py": (
        "from tasks.segment.lines import doubled\n\ndef read() -> tuple[str, int]:\n    return type(read).__name__, doubled(4)\n"
    ),
}
ASK = """
import multiprocessing, pickle, sys
from tasks.extract.amounts import read
if __name__ == "__main__":
    from tasks import compiled
    assert pickle.loads(pickle.dumps(read)) is read
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(compiled.in_use(), read(), pool.apply(read))
"""


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")
def test_a_build_is_used_here_and_in_spawned_processes_until_a_source_changes(tmp_path: Path) -> None:
    shutil.copytree(TASKS / "compiled", tmp_path / "tasks/compiled", ignore=shutil.ignore_patterns("*-*"))
    shutil.copyfile(TASKS / "__init__.py", tmp_path / "tasks/__init__.py")
    for name, text in SMALL.items():
        (tmp_path / "tasks" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "tasks" / name).write_text(text, encoding="utf-8")
    (tmp_path / "ask.py").write_text(ASK, encoding="utf-8")

    def python(*arguments: str, **environment: str) -> tuple[str, list[str]]:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip(), done.stderr.splitlines()

    python("-m", "tasks.compiled.build")
    native, plain = ("builtin_function_or_method", 8), ("function", 8)
    assert python("ask.py") == (f"True {native} {native}", [])
    assert python("ask.py", BANMIAN_COMPILED="0") == (f"False {plain} {plain}", [])
    (tmp_path / "tasks/segment/lines.py").write_text(SMALL["segment/lines.py"].replace("2", "3"), encoding="utf-8")
    said, errors = python("ask.py")
    assert said == f"False {('function', 12)} {('function', 12)}"
    assert len(errors) == 2 and all("tasks/segment/lines.py" in line for line in errors)  # a line a process


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((TASKS / package).glob("*.py")) if path.name not in APART]


def test_what_is_compiled_leans_on_nothing_that_a_build_does_not_watch() -> None:
    watched = {path.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in sources(TASKS)}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tasks."):
                assert (node.module or "").removeprefix("tasks.") in watched, f"{path.name} imports {node.module}: see {AROUND}"


def test_nothing_that_is_compiled_means_another_thing_then() -> None:
    """``cached_property`` of a compiled class is worked out each time that it is asked for."""
    for path in modules():
        assert "cached_property" not in path.read_text(encoding="utf-8"), path.name
