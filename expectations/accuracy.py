"""The accuracy gate: run the flow on the gold pages, score it, compare with floors that only rise.

    python -m expectations.accuracy [--shared DIR] [--raise] [--output DIR]

Floors stand in ``accuracy_floors.json`` beside this module, for text pages and PDF pages apart, with the
sha256 of every gold page, every input and the scorer: a score means nothing on other pages.  ``--raise`` writes
what is reached now where it is higher, and the checksums; it refuses to lower a floor.  The pages are third
parties' and stay outside the project: where they are missing, the gate says so and passes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FLOORS = Path(__file__).parent / "accuracy_floors.json"
SUFFIXES = (".txt", ".pdf")
#: Floors are cut to so many digits, so that a last bit of rounding fails nobody.
DIGITS = 4

Scores = dict[str, dict[str, float]]


def flat(result: dict[str, Any]) -> dict[str, float]:
    """The shares of a result of the scorer, by dotted name; counts are left out."""
    found: dict[str, float] = {}
    for name, value in result.items():
        if isinstance(value, dict):
            found.update({f"{name}.{part}": share for part, share in flat(value).items()})
        elif isinstance(value, float):
            found[name] = value
    return found


def checksums(shared: Path) -> dict[str, str]:
    """sha256 of every gold page, every input and the scorer, by path under ``shared``."""
    files = [
        shared / "accuracy.py",
        *shared.glob("gold/*.json"),
        *(path for suffix in SUFFIXES for path in shared.glob(f"pages/*{suffix}")),
    ]
    return {path.relative_to(shared).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def problems(scores: Scores, sums: dict[str, str], pinned: dict[str, Any]) -> list[str]:
    """What keeps the gate shut: a score under its floor or missing, a page that is not the one pinned."""
    found = []
    for suffix, floors in pinned["floors"].items():
        for name, floor in floors.items():
            score = scores.get(suffix, {}).get(name)
            if score is None:
                found.append(f"{suffix} {name}: no score, floor {floor:.4f}")
            elif score < floor:
                found.append(f"{suffix} {name}: {score:.4f} is under its floor of {floor:.4f}")
    for path, checksum in pinned["sha256"].items():
        if path not in sums:
            found.append(f"{path} is missing")
        elif sums[path] != checksum:
            found.append(f"{path} is not the file that the floors were measured on")
    return found


def raised(scores: Scores, sums: dict[str, str], pinned: dict[str, Any]) -> dict[str, Any]:
    """The floors with every higher score in place.  Raises ``ValueError`` where one would fall."""
    floors = {suffix: {name: math.floor(score * 10**DIGITS) / 10**DIGITS for name, score in now.items()} for suffix, now in scores.items()}
    for suffix, before in pinned["floors"].items():
        for name, floor in before.items():
            now = scores.get(suffix, {}).get(name)
            if now is None or now < floor:
                said = "nothing" if now is None else f"{now:.4f}"
                raise ValueError(f"{suffix} {name} would fall from {floor:.4f} to {said}: edit {FLOORS.name} by hand, and say why")
            floors[suffix][name] = max(floor, floors[suffix][name])
    return {"floors": floors, "sha256": sums}


def measure(shared: Path, output: Path) -> Scores:
    """Run the flow on the gold pages and score each kind of input.  Raises ``CalledProcessError``."""
    pages = shared / "pages"
    given = [str(path) for suffix in SUFFIXES for path in sorted(pages.glob(f"*{suffix}"))]
    subprocess.run([sys.executable, "-m", "flows.cli", "run", *given, "--output", str(output)], check=True)
    scores: Scores = {}
    for suffix in SUFFIXES:
        with tempfile.TemporaryDirectory(prefix="banmian-gold-") as folder:
            for gold in shared.glob("gold/*.json"):  # a page that is not at hand in this form is no miss
                if (pages / f"{gold.stem}{suffix}").exists():
                    shutil.copy(gold, folder)
            command = [sys.executable, str(shared / "accuracy.py"), str(output), folder, "--suffix", suffix, "--json"]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        scores[suffix] = flat(json.loads(said))
    return scores


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0: gate passed (or no gold pages here), 1: not."""
    parser = argparse.ArgumentParser(prog="accuracy", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder with pages/, gold/ and accuracy.py")
    parser.add_argument("--raise", dest="raise_floors", action="store_true", help="raise the floors to what is reached now")
    parser.add_argument("--output", type=Path, help="keep the tables here")
    given = parser.parse_args(arguments)
    shared: Path = given.shared
    if not (shared / "accuracy.py").exists():
        print(f"no gold pages in {shared}: accuracy is not measured here")
        return 0
    with tempfile.TemporaryDirectory(prefix="banmian-accuracy-") as scratch:
        scores = measure(shared, given.output or Path(scratch))
    pinned = json.loads(FLOORS.read_text(encoding="utf-8"))
    sums = checksums(shared)
    for suffix, now in scores.items():
        for name, score in now.items():
            print(f"{suffix}  {name:<26} {score:.4f}  floor {pinned['floors'].get(suffix, {}).get(name, 0):.4f}")
    if given.raise_floors:
        try:
            pinned = raised(scores, sums, pinned)
        except ValueError as error:
            print(f"accuracy: {error}", file=sys.stderr)
            return 1
        FLOORS.write_text(json.dumps(pinned, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"floors raised in {FLOORS.name}")
        return 0
    if new := sums.keys() - pinned["sha256"].keys():
        print(f"accuracy: {len(new)} files are scored that were not there when the floors were raised, {min(new)} among them")
    found = problems(scores, sums, pinned)
    for problem in found:
        print(f"accuracy: {problem}", file=sys.stderr)
    print("accuracy: failed" if found else "accuracy: every score at or above its floor")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
