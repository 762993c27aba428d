"""Run every benchmark beside this file (each is a module that runs by itself), or those named on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def runnable() -> list[str]:
    modules = sorted(path for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))
    return [path.stem for path in modules if '__name__ == "__main__"' in path.read_text(encoding="utf-8")]


codes = []
for name in sys.argv[1:] or runnable():
    print(f"== {name}", flush=True)
    codes.append(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode)
sys.exit(max(codes, default=0))
