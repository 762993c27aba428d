"""What stands in deploy/ and prefect.yaml fits the program, and is understood by the tools that it is for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"


def test_prefect_yaml_says_what_serve_says() -> None:
    from prefect.utilities.importtools import import_object

    from flows.deployments import FLOWS, deployments

    written = {one["name"]: one for one in yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]}
    served = {one.name: one for one in deployments(["{{ prefect.variables.banmian_input }}"], "{{ prefect.variables.banmian_output }}", {})}
    assert list(written) == list(served) == ["daily", "backfill", "validate", "freshness"]
    for name, ours in served.items():
        theirs = written[name]
        assert import_object(theirs["entrypoint"]) is FLOWS[name] and ours.entrypoint == theirs["entrypoint"]
        assert (ours.description, ours.tags, ours.parameters) == (theirs["description"], theirs["tags"], theirs["parameters"])
        assert ours.concurrency_limit == theirs["concurrency_limit"]["limit"]
        assert ours.concurrency_options and ours.concurrency_options.collision_strategy == theirs["concurrency_limit"]["collision_strategy"]
        assert theirs["enforce_parameter_schema"] and theirs["pull"] == [] and theirs["work_pool"]["name"] == "banmian"
        crons = [(found.schedule.cron, found.schedule.timezone) for found in ours.schedules or []]
        assert crons == [(found["cron"], found["timezone"]) for found in theirs["schedules"]]
    assert [(found["cron"], found["timezone"]) for found in written["daily"]["schedules"]] == [("30 6 * * *", "Asia/Shanghai")]


def test_every_parameter_is_described() -> None:
    from flows.deployments import FLOWS

    for flow in FLOWS.values():
        for name, schema in flow.parameters.properties.items():
            assert schema.get("description"), f"{flow.fn.__name__}: {name}"


def units() -> Iterator[Path]:
    return DEPLOY.rglob("*.service")


@pytest.mark.parametrize("unit", [pytest.param(path, id=path.name) for path in units()])
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_units_are_sound(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    # the programs of this environment stand in for those of /opt/banmian
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"/opt/banmian/\.venv/bin/\w+", sys.executable, text))
    done = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, timeout=60)
    assert unit.name not in done.stderr, done.stderr
    assert "KillMode=mixed" in text or "server start" in text


@pytest.mark.parametrize("name", ["small", "team"])
def test_compose_files_name_what_is_there(name: str) -> None:
    path = DEPLOY / name / "compose.yaml"
    services: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]
    ours = [service for service in services.values() if "build" in service]
    for service in ours:
        context = (path.parent / service["build"]["context"]).resolve()
        assert context == ROOT and (context / service["build"]["dockerfile"]).is_file()
        program = service["command"].split()[0]
        assert program in ("banmian", "prefect") or (ROOT / program).is_file()
    if tool := compose():
        given = {**os.environ, "BANMIAN_PAGES": "/pages", "BANMIAN_OUTPUT": "/output", "POSTGRES_PASSWORD": "secret"}
        done = subprocess.run([*tool, "--file", str(path), "config"], capture_output=True, text=True, env=given, timeout=60)
        assert done.returncode == 0, done.stderr


def compose() -> list[str] | None:
    """The command of Docker Compose, where there is one."""
    if shutil.which("docker") and not subprocess.run(["docker", "compose", "version"], capture_output=True).returncode:
        return ["docker", "compose"]
    return ["docker-compose"] if shutil.which("docker-compose") else None


def test_the_image_holds_what_the_project_is_made_of() -> None:
    import tomllib

    copied = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    for name in [*(pattern.rstrip("*") for pattern in packages), "deploy"]:
        assert f"COPY {name} {name}\n" in copied
    for line in copied.splitlines():
        if line.startswith("COPY"):
            assert all((ROOT / name).exists() for name in line.split()[1:-1])
