"""Take every recipe by itself, in a process of its own: what becomes of it, seconds, and peak memory of all processes."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

from tests.hostile.recipes import Recipe, all_recipes
from tests.hostile.taking import outcome


def take(recipe: Recipe, scratch: Path) -> tuple[dict[str, str], float, float]:
    """What became of a recipe, its seconds and MiB (of the largest process)."""
    folder = scratch / "in" / "x"
    folder.mkdir(parents=True)
    recipe.make(folder)
    started = time.monotonic()
    found = outcome(folder, scratch)
    seconds = time.monotonic() - started
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    return found, seconds, peak


def main() -> int:
    names = sys.argv[1:]
    wrong, most_seconds, most_memory = 0, (0.0, ""), (0.0, "")
    for recipe in all_recipes():
        if names and recipe.name not in names:
            continue
        import json
        import os

        with tempfile.TemporaryDirectory(prefix="banmian-hostile-") as scratch:
            reading, writing = os.pipe()
            child = os.fork()
            if not child:
                os.write(writing, json.dumps(take(recipe, Path(scratch)), ensure_ascii=True).encode()[:60_000])
                os._exit(0)
            os.close(writing)
            with os.fdopen(reading, "rb") as stream:
                said = stream.read()
            os.waitpid(child, 0)
        if not said:
            print(f"WRONG {recipe.name}: the process died")
            wrong += 1
            continue
        try:
            found, seconds, peak = json.loads(said)
        except ValueError:
            found, seconds, peak = {"(many)": said[:80].decode()}, 0, 0
        right = all(found.get(name) == expected for name, expected in recipe.expect.items())
        wrong += not right or seconds > 30 or peak > 1024
        most_seconds, most_memory = max(most_seconds, (seconds, recipe.name)), max(most_memory, (peak, recipe.name))
        print(
            f"{'     ' if right else 'WRONG'} {recipe.name:<32} {seconds:6.2f} s {peak:6.0f} MiB  {dict(list(found.items())[:3])}",
            flush=True,
        )
    print(f"{len(all_recipes())} recipes, {wrong} wrong; longest {most_seconds}, largest {most_memory}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
