"""Every worker of the test suite has an engine of its own: no test reaches a server that runs already, or a user's database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run, however slow the machine; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))

SAMPLES = Path(__file__).parent / "samples"

# Tests are of the sources, whatever is built; `make check-compiled` runs those of the stages over a build.
os.environ.setdefault("BANMIAN_COMPILED", "0")

# Before anything imports prefect.  A folder a process (xdist starts one a worker).
_HOME = tempfile.TemporaryDirectory(prefix="banmian-prefect-")
for _name in [name for name in os.environ if name.startswith("PREFECT_")]:
    del os.environ[_name]
os.environ["PREFECT_HOME"] = _HOME.name
os.environ["PREFECT_PROFILES_PATH"] = str(Path(_HOME.name) / "profiles.toml")

from flows import environment  # noqa: E402

environment.prepare(console=False)


@pytest.fixture(scope="session")
def engine() -> Iterator[None]:
    """An embedded server for the flows of one worker: started once, stopped at the end."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture
def samples() -> Path:
    """The sample pages that the repository brings along."""
    return SAMPLES


@pytest.fixture
def without_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs without Great Expectations, whose verdict is tested elsewhere."""
    from flows import steps
    from tests.crash import gate

    monkeypatch.setattr("tasks.validate.batch.gate", gate)
    monkeypatch.setattr(steps, "build_docs", lambda *_: None)


@pytest.fixture
def checked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are checked in this process, where ``without_gate`` is in force."""
    from flows import crew

    monkeypatch.setattr(crew.Checking, "check", crew.Crew.check)
