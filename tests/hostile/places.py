"""Files that are none: links, pipes, folders, names made to lead astray; files that go or change while they are read."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from tests.hostile.recipes import Make, file, files
from tests.hostile.texts import UTF


def loop(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner/back").symlink_to(folder)
    (folder / "inner/page.txt").write_bytes(UTF)


def listening(folder: Path) -> None:
    """A socket's name must be short: it is bound from within its folder."""
    here = os.getcwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.txt")
    finally:
        os.chdir(here)


def deep(folder: Path) -> None:
    here = folder
    for _ in range(60):
        here = here / "深"
    here.mkdir(parents=True)
    (here / "page.txt").write_bytes(UTF)


def named(*names: str) -> Make:
    """The same page under names that lead astray."""

    def make(folder: Path) -> None:
        for name in names:
            (folder / os.fsdecode(name.encode("utf-8", "surrogateescape"))).write_bytes(UTF)

    return make


files("links_in_a_loop", loop, {"inner/page.txt": "published"})
files("link_to_itself", lambda folder: (folder / "a.txt").symlink_to("a.txt"), {"a.txt": "rejected unreadable"})
files("link_to_nothing", lambda folder: (folder / "a.txt").symlink_to("nowhere"), {"a.txt": "rejected vanished"})
files("link_to_a_device", lambda folder: (folder / "a.txt").symlink_to("/dev/zero"), {"a.txt": "rejected not_a_file"})
files("pipe", lambda folder: os.mkfifo(folder / "a.txt"), {"a.txt": "rejected not_a_file"})
files("socket", listening, {"socket.txt": "rejected not_a_file"})
files(
    "folder_called_txt",
    lambda folder: ((folder / "a.txt").mkdir(), (folder / "a.txt/b.txt").write_bytes(UTF))[0],
    {"a.txt/b.txt": "published"},
)
files("deep_folders", deep, {"/".join(["深"] * 60) + "/page.txt": "published"})
files("name_with_line_break", named("a\nb.txt"), {"a%0Ab.txt": "published"})
files("name_with_escapes", named("a\x1b[31m\x07.txt"), {"a%1B[31m%07.txt": "published"})
files("name_not_utf8", named("\udcff\udcfe.txt"), {"%FF%FE.txt": "published"})
files("name_with_dots", named("..txt", "a..b..txt", "...pdf.txt"), {"a..b..txt": "published"})
files(
    "name_like_a_fragment",
    named("a#line=1.txt", "a%23.txt", "a?b.txt"),
    dict.fromkeys(("a%23line=1.txt", "a%2523.txt", "a%3Fb.txt"), "published"),
)
files("name_of_255_bytes", named("a" * 251 + ".txt"), {"a" * 251 + ".txt": "published"})
files("name_turned_around", named("a\u202etxt.exe.txt"), {"a%E2%80%AEtxt.exe.txt": "published"})
files("name_with_quotes", named("a'b\";$(x)`y`.txt", "-rf.txt"), {"a'b\";$(x)`y`.txt": "published", "-rf.txt": "published"})
file(
    "newspaper_like_a_path.jsonl",
    b'{"text": "%s", "newspaper": "../../x/y", "publication_date": "2024-05-06"}\n' % UTF.replace(b"\n", b""),
    {"#line=1": "published"},
)
