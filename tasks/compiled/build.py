"""Compile the stages that work on text: ``python -m tasks.compiled.build`` (``make compiled``).

It needs mypy, a C compiler and Python's headers, and takes some minutes.  What it makes needs none of them, and may be
copied to machines of the same kind that have the same Python and the same sources.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tasks.compiled import APART, FOLDER, LIBRARY, MANIFEST, PACKAGES, SUFFIX, TASKS, digests, sources

#: Whether types are right is for ``make lint``; what libraries give are objects here, whatever their types.
MYPY = ("--config-file=", "--no-site-packages", "--ignore-missing-imports", "--allow-untyped-calls")
#: The code spends its time in Python's own library: there is little for -O3 to win.
OPTIMISED, DEBUGGED = "2", "0"


def build(tasks: Path = TASKS, folder: Path = FOLDER) -> None:
    """Make the build of the sources in ``tasks``, whole or not at all.  Raises ``SystemExit`` where they can't be compiled."""
    with tempfile.TemporaryDirectory(prefix="banmian-compiled-") as scratch:
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                made = _compiled(tasks, Path(scratch))
        except BaseException:
            print(said.getvalue(), file=sys.stderr)
            raise
        fresh = folder.with_name(f"{folder.name}.{os.getpid()}")
        shutil.copytree(made, fresh)
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _compiled(tasks: Path, scratch: Path) -> Path:
    """The folder of a build of what the sources are now, whatever becomes of them meanwhile."""
    from mypyc.build import mypycify
    from setuptools import Distribution

    shutil.copytree(tasks, scratch / "tasks", ignore=lambda _, names: [name for name in names if "." in name and not name.endswith(".py")])
    made_of = sources(scratch / "tasks")
    files = [f"tasks/{name}" for name in made_of if name.startswith(PACKAGES) and not name.endswith(APART)]
    made = scratch / "made"
    with contextlib.chdir(scratch):
        extensions: list[Any] = mypycify(
            [*MYPY, *files], opt_level=OPTIMISED, debug_level=DEBUGGED, group_name=LIBRARY.removesuffix("__mypyc"), target_dir="c"
        )
        for extension in extensions:
            extension.extra_compile_args = _without_warnings(extension.extra_compile_args)
        command: Any = Distribution({"name": "banmian", "ext_modules": extensions}).get_command_obj("build_ext")
        command.build_lib, command.build_temp, command.parallel = str(made), "objects", os.cpu_count()
        command.ensure_finalized()
        command.run()
    manifest = {
        "modules": sorted(name.removesuffix(".py").replace("/", ".") for name in files),
        "sources": digests(scratch / "tasks", made_of),
    }
    (made / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return made


def _without_warnings(options: list[str]) -> list[str]:
    """Looking for mistakes in generated code takes the compiler as long as compiling it."""
    unix = "-Werror" in options
    return [option for option in options if not option.startswith("-W")] + ["-Wno-all"] if unix else options


def main() -> None:
    started = time.monotonic()
    build()
    size = sum(path.stat().st_size for path in FOLDER.rglob(f"*{SUFFIX}"))
    print(f"compiled in {time.monotonic() - started:.0f} s: {FOLDER}, {size / 1e6:.1f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
