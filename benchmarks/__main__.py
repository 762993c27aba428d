"""Run every benchmark beside this file, or those named on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

names = sys.argv[1:] or sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
codes = []
for name in names:
    print(f"== {name}", flush=True)
    codes.append(subprocess.run([sys.executable, "-m", f"benchmarks.bench_{name}"], check=False).returncode)
sys.exit(max(codes, default=0))
