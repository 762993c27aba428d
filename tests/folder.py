"""An input of a few pages and an output, for tests of runs without the engine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from flows import work
from flows.work import Order, Run
from tasks.publish.places import Output
from tests.crash import text


class Folder:
    """An input of a few pages and an output."""

    def __init__(self, root: Path) -> None:
        self.source, self.output = root / "in/江北日报", Output(root / "out")
        for number in range(1, 4):
            self.write(f"2024-05-0{number}/01.txt", text(number, number))

    def write(self, name: str, content: str) -> Path:
        path = self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    def run(self, **options: Any) -> work.Outcome:
        return Run(self.output, Order([str(self.source)], **options)).work()

    def plan(self, **options: Any) -> dict[str, int]:
        counts = Order([str(self.source)], **options).plan(self.output).counts()
        return {name: count for name, count in counts.items() if count}

    def rows(self, table: str = "pages") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ds.dataset(self.output.table(table), partitioning="hive").to_table().to_pylist()
        return sorted(found, key=lambda row: str(row["source_uri"]))


def corrections(folder: Folder, *lines: str) -> Path:
    path = folder.source.parent.parent / "corrections.tsv"
    path.write_text("# reviewed\npage\trow\tslot\twas\tnow\treason\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path
