"""Compile a copy of the project, and see that it says what the sources say: ``python -m tests.compiled`` (``make check-compiled``).

Sample pages, invented newspapers, printed and hostile pages go through the stages both ways, and every table that the stages leave must
have the same bytes; then the tests of the stages run over the compiled ones.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
COPIED = ("tasks", "flows", "expectations", "benchmarks", "tests", "pyproject.toml")
PAGES, PRINTED = 150, 6
#: Tests of what is compiled.
TESTS = (
    *("amounts", "bylines", "catalogue", "confidence", "extract_batch", "extract_properties", "hostile_text", "layout"),
    *("masthead", "matching", "observations", "periods", "places", "segment", "segment_batch"),
)


def read(inputs: Path, scratch: Path) -> dict[str, str]:
    """A digest of each table that the stages leave of the pages in a folder, and whether the stages were compiled."""
    from tasks.compiled import in_use
    from tests.hostile.taking import outcome

    outcome(inputs, scratch)
    files = sorted(scratch.rglob("*.arrow"))
    found = {path.relative_to(scratch).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {"compiled": str(in_use()), **found}


def pages(folder: Path) -> None:
    """What is read both ways."""
    from benchmarks import papers
    from tests.hostile.recipes import all_recipes
    from tests.paper import Sheet, pdf, story

    shutil.copytree(ROOT / "tests" / "samples", folder / "samples")
    papers.write(folder / "papers", PAGES)
    (folder / "printed").mkdir()
    for number in range(PRINTED):
        sheet, depth = Sheet(), 90.0
        sheet.masthead()
        for seed in (number, number + PRINTED):
            sheet.text(40, depth, 18, f"全市外贸第{seed + 1}个月增长")
            depth = 60 + sheet.columns(40, depth + 30, 150, 15, 3, story(seed, dateline="本报9月19日讯（记者 甲某某）"))
        (folder / "printed" / f"2023092{number}_01.pdf").write_bytes(pdf(sheet, shuffled=number))
    for number, recipe in enumerate(all_recipes()):
        if not recipe.heavy and any(said.startswith("published") for said in recipe.expect.values()):
            home = folder / "hostile" / str(number)
            home.mkdir(parents=True)
            recipe.make(home)


def main() -> int:
    if sys.argv[1:2] == ["--read"]:
        print(json.dumps(read(Path(sys.argv[2]), Path(sys.argv[3]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="banmian-compiled-") as scratch:
        copy, inputs = Path(scratch, "copy"), Path(scratch, "in")
        copy.mkdir()
        for name in COPIED:
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, copy / name)
        shutil.rmtree(copy / "tasks/compiled")
        shutil.copytree(ROOT / "tasks/compiled", copy / "tasks/compiled", ignore=shutil.ignore_patterns("*-*"))
        pages(inputs)

        def python(*arguments: str, compiled: bool = True, **options: Any) -> subprocess.CompletedProcess[str]:
            environment = {**os.environ, "PYTHONPATH": str(copy), "BANMIAN_COMPILED": str(int(compiled))}
            return subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, text=True, **options)

        python("-m", "tasks.compiled.build", check=True)
        found = []
        for way in (False, True):
            reading = ("-m", "tests.compiled", "--read", str(inputs), f"{scratch}/read-{way}")
            found.append(json.loads(python(*reading, compiled=way, check=True, stdout=subprocess.PIPE).stdout))
        assert [one.pop("compiled") for one in found] == ["False", "True"]
        differ = [name for name in found[0].keys() | found[1].keys() if found[0].get(name) != found[1].get(name)]
        print(f"{len(found[0])} tables read both ways, {len(differ)} differ {differ[:5] or ''}", flush=True)
        tests = [f"tests/test_{name}.py" for name in TESTS]
        return bool(differ) or python("-m", "pytest", "-q", "-n", "auto", "-k", "not time_grows", *tests).returncode


if __name__ == "__main__":
    sys.exit(main())
