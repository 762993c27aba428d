"""Files and folders → sources: complete, in one order, named the same on every machine; bad ones become rejected rows."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tasks.ingest import Limits, PageContent, RejectedInput, Source
from tasks.ingest.batch import ingest_batch, page_identity
from tasks.ingest.facts import Facts
from tasks.ingest.files import InputError, discover
from tasks.staging import read_rows


def _files(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"正文 {name}", encoding="utf-8")
    return folder


def _uris(*inputs: Path, **more: Any) -> list[str]:
    return [source.uri for source in discover(inputs, **more)]


def test_folders_are_read_recursively_in_order(tmp_path: Path) -> None:
    _files(tmp_path / "in", "b.txt", "a/2.txt", "a/10.txt", "湖南日报/1.txt", ".hidden.txt", ".git/x.txt")
    assert _uris(tmp_path / "in") == ["in/a/10.txt", "in/a/2.txt", "in/b.txt", "in/湖南日报/1.txt"]


def test_a_file_is_named_as_its_folder_names_it(tmp_path: Path) -> None:
    _files(tmp_path / "in/pages", "a.txt")
    assert _uris(tmp_path / "in/pages") == _uris(tmp_path / "in/pages/a.txt") == ["pages/a.txt"]
    assert _uris(tmp_path / "in/pages", base=tmp_path) == ["in/pages/a.txt"]


def test_names_do_not_depend_on_how_the_folder_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _files(tmp_path / "in", "a.txt")
    monkeypatch.chdir(tmp_path / "in")
    assert _uris(Path(".")) == _uris(Path("../in")) == _uris(tmp_path / "in") == ["in/a.txt"]


def test_names_that_are_no_plain_text_are_encoded(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a b.txt", "50%#1?.txt", "line\nbreak.txt")
    (tmp_path / "in" / os.fsdecode(b"\xff.txt")).write_text("文")
    assert _uris(tmp_path / "in") == ["in/%FF.txt", "in/50%25%231%3F.txt", "in/a b.txt", "in/line%0Abreak.txt"]


def test_a_file_given_twice_is_one_source(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a.txt")
    assert _uris(tmp_path / "in", tmp_path / "in/a.txt") == ["in/a.txt"]


def test_two_files_of_one_name_are_an_error(tmp_path: Path) -> None:
    _files(tmp_path, "x/in/a.txt", "y/in/a.txt")
    with pytest.raises(InputError, match=r"both be called in/a\.txt"):
        discover([tmp_path / "x/in", tmp_path / "y/in"])
    assert _uris(tmp_path / "x/in", tmp_path / "y/in", base=tmp_path) == ["x/in/a.txt", "y/in/a.txt"]


def test_links_in_a_loop_end(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a.txt")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/self").symlink_to("self")
    assert _uris(tmp_path / "in") == ["in/a.txt", "in/self"]


def test_sidecars_are_no_pages_but_other_json_is_looked_at(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a.txt", "a.txt.json", "b.json")
    assert _uris(tmp_path / "in") == ["in/a.txt", "in/b.json"]


def test_the_output_folder_is_left_out(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a.txt", "output/pages/x.parquet")
    assert _uris(tmp_path / "in", leave_out=tmp_path / "in/output") == ["in/a.txt"]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), lambda path: None], ids=["empty", "missing"])
def test_nothing_to_read_is_one_line(tmp_path: Path, make: Any) -> None:
    make(tmp_path / "in")
    with pytest.raises(InputError, match=r"^no (pages in|such file or folder:?) .*in$"):
        discover([tmp_path / "in"])


def test_a_folder_that_may_not_be_read_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _files(tmp_path / "in", "a.txt")
    _refuse(monkeypatch, tmp_path / "in")
    with pytest.raises(InputError, match=r"can't read the folder .*: Permission denied"):
        discover([tmp_path / "in"])


def test_a_folder_inside_that_may_not_be_read_is_a_rejected_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _files(tmp_path / "in", "a.txt", "closed/b.txt")
    _refuse(monkeypatch, tmp_path / "in/closed")
    rows = _ingested(tmp_path, discover([tmp_path / "in"]))
    assert [(row["source_uri"], row["reason"]) for row in rows] == [("in/a.txt", None), ("in/closed", "unreadable")]


def _refuse(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Tests may run as root, whom permissions don't stop."""
    for name in ("listdir", "scandir"):
        real = getattr(os, name)

        def refusing(path: Any = ".", real: Any = real) -> Any:
            if not isinstance(path, int) and Path(path) == folder:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real(path)

        monkeypatch.setattr(os, name, refusing)


def _ingested(scratch: Path, sources: list[Source], **more: Any) -> list[dict[str, Any]]:
    results = ingest_batch(sources, scratch / "staging/b", **more)
    return [row for result in results for row in read_rows(Path(result.folder, "raw.arrow"))]


def test_a_page(tmp_path: Path) -> None:
    folder = tmp_path / "in/湖南日报/2023-09-20"
    folder.mkdir(parents=True)
    (folder / "03.txt").write_bytes("本报讯\r\n正文".encode("gb18030"))
    (row,) = _ingested(tmp_path, discover([tmp_path / "in"]))
    assert row["text"] == "本报讯\r\n正文"
    assert (row["encoding"], row["media_type"], row["bytes"]) == ("gb18030", "text/plain", 12)
    assert (row["newspaper"], str(row["publication_date"]), row["publication_date_source"], row["page_no"]) == (
        "湖南日报",
        "2023-09-20",
        "path",
        3,
    )
    assert row["page_id"] == page_identity(row["sha256"], "in/湖南日报/2023-09-20/03.txt")


def test_identity_is_content_and_name(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a.txt")
    first = _ingested(tmp_path, discover([tmp_path / "in"]))[0]["page_id"]
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "in").rename(tmp_path / "elsewhere/in")
    assert _ingested(tmp_path, discover([tmp_path / "elsewhere/in"]))[0]["page_id"] == first
    (tmp_path / "elsewhere/in/a.txt").write_text("更正", encoding="utf-8")
    assert _ingested(tmp_path, discover([tmp_path / "elsewhere/in"]))[0]["page_id"] != first


def test_bad_files_are_rows_with_their_reason_and_the_others_are_read(tmp_path: Path) -> None:
    _files(tmp_path / "in", "good.txt", "side.txt")
    (tmp_path / "in/binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "in/garbled.txt").write_bytes("经济增长".encode("gb18030")[:-1])
    (tmp_path / "in/picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "in/side.txt.json").write_text("{")
    (tmp_path / "in/gone.txt").symlink_to("nowhere")
    (tmp_path / "in/empty.txt").touch()
    os.mkfifo(tmp_path / "in/pipe.txt")
    found = {row["source_uri"]: row["reason"] for row in _ingested(tmp_path, discover([tmp_path / "in"]))}
    assert found == {
        "in/binary.txt": "binary",
        "in/empty.txt": None,
        "in/garbled.txt": "undecodable",
        "in/gone.txt": "vanished",
        "in/good.txt": None,
        "in/picture.png": "unsupported_format",
        "in/pipe.txt": "not_a_file",
        "in/side.txt": "bad_sidecar",
    }


def test_an_empty_sidecar_rejects_its_page_only(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a.txt", "b.txt")
    (tmp_path / "in/a.txt.json").touch()
    rows = _ingested(tmp_path, discover([tmp_path / "in"]))
    assert [(row["source_uri"], row["reason"]) for row in rows] == [("in/a.txt", "bad_sidecar"), ("in/b.txt", None)]


def test_too_large(tmp_path: Path) -> None:
    _files(tmp_path / "in", "a.txt")
    sources = discover([tmp_path / "in"])
    assert [row["reason"] for row in _ingested(tmp_path, sources, limits=Limits(file_bytes=5))] == ["too_large"]
    assert [row["reason"] for row in _ingested(tmp_path, sources, limits=Limits(page_chars=5))] == ["too_large"]


def _reader(monkeypatch: pytest.MonkeyPatch, read: Any) -> None:
    monkeypatch.setattr("tasks.ingest.batch.reader_for", lambda source: read)


def test_an_error_of_ours_rejects_the_page_not_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: Source, limits: Limits) -> Any:
        yield PageContent(text="第一页", fragment="page=1")
        raise ZeroDivisionError("oh")

    _files(tmp_path / "in", "a.txt")
    _reader(monkeypatch, read)
    rows = _ingested(tmp_path, discover([tmp_path / "in"]))
    assert [(row["source_uri"], row["reason"]) for row in rows] == [
        ("in/a.txt#page=1", None),
        ("in/a.txt#after=1", "error:ZeroDivisionError"),
    ]


def test_text_that_is_no_unicode_is_rejected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _files(tmp_path / "in", "a.txt")
    _reader(monkeypatch, lambda source, limits: iter([PageContent(text="\ud800")]))
    assert [row["reason"] for row in _ingested(tmp_path, discover([tmp_path / "in"]))] == ["undecodable"]


def test_storage_errors_are_tried_again_and_rejected_at_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(source: Source, limits: Limits) -> Any:
        raise OSError(errno.EIO, "Input/output error")

    _files(tmp_path / "in", "a.txt")
    _reader(monkeypatch, read)
    with pytest.raises(OSError, match="Input/output error"):
        _ingested(tmp_path, discover([tmp_path / "in"]), last_try=False)
    assert [row["reason"] for row in _ingested(tmp_path, discover([tmp_path / "in"]), last_try=True)] == ["unreadable"]


def test_batches_close_at_their_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _files(tmp_path / "in", *(f"{number}.txt" for number in range(7)))
    sources = discover([tmp_path / "in"])
    results = ingest_batch(sources, tmp_path / "s/b", pages_a_batch=3)
    assert [result.counts["pages"] for result in results] == [3, 3, 1]
    monkeypatch.setattr("tasks.ingest.batch.CHARS_A_BATCH", 10)
    assert len(ingest_batch(sources, tmp_path / "t/b", pages_a_batch=100)) == 4


def test_parameters_of_the_run(tmp_path: Path) -> None:
    from datetime import date

    _files(tmp_path / "in", "20230920.txt")
    (row,) = _ingested(tmp_path, discover([tmp_path / "in"]), given=Facts("甲报", date(2020, 1, 1)))
    assert (row["newspaper"], row["publication_date"].year, row["publication_date_source"]) == ("甲报", 2020, "parameter")


def test_pdf_under_another_name_is_read_as_pdf(tmp_path: Path) -> None:
    from tasks.ingest.formats import reader_for

    (tmp_path / "a.txt").write_bytes(b"%PDF-1.7\n")
    assert reader_for(Source("x/a.txt", str(tmp_path / "a.txt"))).__name__ == "read_pdf"
    (tmp_path / "a.bin").write_bytes(b"abc")
    with pytest.raises(RejectedInput, match="unsupported_format"):
        reader_for(Source("x/a.bin", str(tmp_path / "a.bin")))
