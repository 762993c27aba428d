"""The command: helpful, one line for what is wrong, and never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

from flows.cli import main
from tests.command import fails

ROOT = Path(__file__).parent.parent

#: Put before a command: any connection beyond this machine is written down.
WATCH = """
import sys
def watch(event, args):
    if event == "socket.connect" and args[1][:1] and isinstance(args[1], tuple) and args[1][0] not in ("127.0.0.1", "::1", "localhost"):
        open({log!r}, "a").write(f"{{args[1]}}\\n")
    if event == "socket.getaddrinfo" and args[0] not in (None, "127.0.0.1", "::1", "localhost", b"localhost"):
        open({log!r}, "a").write(f"{{args[0]}}\\n")
sys.addaudithook(watch)
"""


def banmian(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which starts its own embedded server."""
    path = os.pathsep.join(filter(None, [environment.pop("PYTHONPATH", ""), str(ROOT)]))
    given = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run([sys.executable, "-m", "flows.cli", *map(str, arguments)], capture_output=True, text=True, env=given, timeout=280)


def test_help_says_how(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["run", "--help"]):
        with pytest.raises(SystemExit) as raised:
            main(arguments)
        assert raised.value.code == 0
    said = capsys.readouterr().out
    for word in ("--output", "--publication-date", "--newspaper", "--base", "examples:", "sidecar", "Exit codes"):
        assert word in said


@pytest.mark.parametrize("compiled", [False, True])
def test_version_says_whether_the_stages_are_compiled(
    compiled: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.cli.in_use", lambda: compiled)
    with pytest.raises(SystemExit) as raised:
        main(["--version"])
    assert raised.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith("banmian ") and ("(compiled)" in said) is compiled


@pytest.mark.parametrize(
    "arguments",
    [[], ["walk"], ["run"], ["run", ".", "--publication-date", "yesterday"], ["run", ".", "--newspaper", " "], ["run", ".", "--no"]],
)
def test_bad_arguments(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in fails(capsys, 2, *arguments)


def test_missing_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = fails(capsys, 2, "run", tmp_path / "nowhere", "--output", tmp_path / "out")
    assert "no such file or folder" in said and "nowhere" in said


def test_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    assert "no pages in" in fails(capsys, 1, "run", tmp_path / "in", "--output", tmp_path / "out")


def test_folder_without_permission(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    real = os.scandir

    def refusing(path: Any = ".") -> Any:
        if not isinstance(path, int) and Path(path) == tmp_path / "in":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert "can't read the folder" in fails(capsys, 1, "run", tmp_path / "in", "--output", tmp_path / "out")


def test_output_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").touch()
    assert "output folder" in fails(capsys, 2, "run", tmp_path, "--output", tmp_path / "out")


def test_output_that_may_not_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("文")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "can't write" in fails(capsys, 2, "run", tmp_path / "a.txt", "--output", tmp_path / "out")


def test_base_that_is_not_above(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("文")
    (tmp_path / "other").mkdir()
    assert "not under the base" in fails(capsys, 1, "run", tmp_path / "in", "--base", tmp_path / "other", "--output", tmp_path / "out")


def test_a_failure_inside_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the engine\nbroke")

    monkeypatch.setattr("flows.work.discover", broken)
    assert "failed: the engine" in fails(capsys, 1, "run", tmp_path, "--output", tmp_path / "out")


def test_a_whole_run_from_the_command_line(tmp_path: Path, samples: Path) -> None:
    """Sample pages and a binary file: tables, a summary that reads well, nothing sent beyond this machine."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in/binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook/sitecustomize.py").write_text(WATCH.format(log=str(tmp_path / "connections")), encoding="utf-8")
    done = banmian(
        "run",
        samples,
        tmp_path / "in",
        "--output",
        tmp_path / "out",
        PYTHONPATH=str(tmp_path / "hook"),
        PREFECT_HOME=str(tmp_path / "home"),
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr and "ERROR" not in done.stderr
    assert "5 pages" in done.stdout and "binary.txt: binary" in done.stdout and str(tmp_path / "out") in done.stdout
    for stage in ("read", "validate", "publish"):
        assert stage in done.stderr
    assert not (tmp_path / "connections").exists(), (tmp_path / "connections").read_text()
    pages = ds.dataset(tmp_path / "out/pages", partitioning="hive").to_table().to_pylist()
    assert len(pages) == 5
    assert {page["status"] for page in pages} >= {"published", "rejected"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "articles",
        "docs",
        "indicators",
        "pages",
        "quarantine",
        "staging",
        "state",
    ]
    assert not list((tmp_path / "out/staging").iterdir())
    assert list((tmp_path / "out/docs").glob("*/index.html"))
