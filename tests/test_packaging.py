"""What a new user meets first: the lock, the generated documents, the commands that the README names."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tasks.dictionary import dictionary

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def _locked() -> dict[str, str]:
    return {_name(line): line.partition("==")[2].split()[0] for line in LOCK.splitlines() if re.match(r"\w", line)}


def test_every_dependency_is_pinned_with_hashes() -> None:
    entries = re.split(r"\n(?=\w)", LOCK)[1:]
    assert len(entries) > 50
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+( ; .*)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


def test_lock_holds_what_the_project_asks_for() -> None:
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert {_name(requirement) for requirement in wanted} <= set(_locked())


def test_lock_names_no_host_and_no_path() -> None:
    assert not re.search(r"://|--index|--find-links|--trusted|@ ?file|\s/", LOCK)


def test_versions_that_break_the_engine_are_kept_out() -> None:
    locked = {name: tuple(int(part) for part in re.findall(r"\d+", version)[:3]) for name, version in _locked().items()}
    assert locked["fastapi"] < (0, 151) and locked["sqlalchemy"] < (2, 1) and (3,) <= locked["prefect"] < (4,)


@pytest.mark.parametrize("name", ["pymupdf", "jionlp", "jiojio", "psycopg2"])
def test_dependencies_of_other_licences_are_kept_out(name: str) -> None:
    assert name not in _locked()


def test_data_dictionary_is_current() -> None:
    assert (ROOT / "docs/tables.md").read_text(encoding="utf-8") == dictionary(), "run: make docs"


def test_readme_names_both_commands_and_every_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "lint", "accuracy", "bench", "setup"} <= targets
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme and "make test" in readme
    for document in ("README.md", "CONTRIBUTING.md"):
        assert set(re.findall(r"`make ([a-z-]+)", (ROOT / document).read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_files_that_documents_name_exist(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for path in re.findall(r"`((?:tasks|tests|flows|expectations|docs)/[\w/.-]+)`", text):
        assert (ROOT / path).exists(), path


def test_stages_import_no_orchestrator_and_no_pandas() -> None:
    """The core runs without prefect; pandas and great_expectations are met in one module, when it is called."""
    for path in [*ROOT.glob("tasks/**/*.py"), *ROOT.glob("expectations/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert name.partition(".")[0] not in {"prefect", "pandas", "dask", "flows"}, f"{path.name} imports {name}"


def test_importing_the_stages_is_light() -> None:
    import subprocess
    import sys

    stages = ("ingest", "normalise", "segment", "extract", "validate", "publish")
    code = f"import sys, {', '.join(f'tasks.{stage}.batch' for stage in stages)};"
    code += "print([name for name in ('prefect', 'great_expectations', 'pandas') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
