"""Identifiers and tables are the same on every run: whatever the hash seed, the batches and the order of the files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as ds

from tests.pipeline import checksums

ROOT = Path(__file__).parent.parent


def test_same_tables_whatever_the_hash_seed_and_the_batches(tmp_path: Path, samples: Path) -> None:
    for seed, pages_a_batch in (("0", "200"), ("4711", "1")):
        home = tmp_path / seed
        command = [sys.executable, "-m", "tests.pipeline", str(samples), str(home / "out"), str(home / "staging"), pages_a_batch]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
    days = [name for name in checksums(tmp_path / "0/out") if "publication_month=0000-00/" not in name]
    assert len(days) == 4 * 3
    assert checksums(tmp_path / "0/out") == checksums(tmp_path / "4711/out")
    for table, identifier in (("articles", "article_id"), ("indicators", "observation_id"), ("pages", "page_id")):
        found = ds.dataset(tmp_path / "0/out" / table).to_table(columns=[identifier]).column(0).to_pylist()
        assert len(found) == len(set(found))
