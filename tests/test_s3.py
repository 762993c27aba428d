"""Input and output in buckets, against a real S3 server: the same tables, and the same guarantees as on disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.foreground import INTERRUPTED
from flows.work import Order, Outcome, Run
from tasks import s3
from tasks.ingest import Limits, RejectedInput
from tasks.ingest.facts import Facts, from_sidecar
from tasks.ingest.files import InputError, discover, folder_uris
from tasks.publish import bucket as in_bucket
from tasks.publish.compact import NOTICE
from tasks.publish.places import Output, output_at
from tasks.runs import lease
from tasks.runs.lock import Busy, hold, holder
from tasks.runs.record import last_record
from tasks.s3 import Key, Refused, StorageError
from tests import store
from tests.command import fails
from tests.crash import gate, text, world

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with store.server() as found:
        yield found


@pytest.fixture
def bucket(url: str, request: pytest.FixtureRequest) -> Key:
    """A bucket of the test's own."""
    return store.bucket(f"b{abs(hash(request.node.name)):x}")


class Work:
    """The same input on disk and in a bucket, and runs over both."""

    def __init__(self, root: Path, bucket: Key) -> None:
        self.source, self.output = root / "in/papers", Output(root / "out")
        self.there, self.tables = bucket / "in/papers", Output(bucket / "out", root / "scratch")

    def world(self, version: int) -> None:
        world(self.source, version)
        s3.remove([entry.key for entry in self.there.files()])
        store.put_folder(self.source, self.there)

    def run(self, **options: Any) -> Outcome:
        return Run(self.tables, Order([str(self.there)], pages_a_batch=6, **options)).work()

    def same(self, **options: Any) -> bool:
        """Whether a run on disk gives the tables in the bucket."""
        assert Run(self.output, Order([str(self.source)], **options)).work().success
        return store.tables(self.output.root) == store.tables(self.tables.root)


@pytest.fixture
def work(tmp_path: Path, bucket: Key, without_gate: None) -> Work:
    found = Work(tmp_path, bucket)
    found.world(1)
    return found


# ---- runs -----------------------------------------------------------------------------------


def test_the_same_tables_as_on_disk_and_nothing_to_do_again(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    assert work.run().message == "20 pages"
    assert work.same()
    assert not list(work.tables.staging.files()) and not any(work.tables.work.iterdir())
    read = []
    real = s3.request
    monkeypatch.setattr(s3, "request", lambda method, **more: read.append(more.get("Key", "")) or real(method, **more))
    before = store.tables(work.tables.root)
    assert work.run().message == "nothing to do: 18 files are up to date"
    assert store.tables(work.tables.root) == before
    assert not [key for key in read if key.startswith("in/papers/")]  # known by their ETags


def test_what_changed_is_replaced_and_what_is_gone_is_pruned(work: Work) -> None:
    work.run()
    assert work.same()
    work.world(2)
    plan = Order([str(work.there)]).plan(work.tables).counts()
    assert {name: plan[name] for name in ("new", "changed", "gone", "same")} == {"new": 4, "changed": 5, "gone": 1, "same": 12}
    assert work.run(prune=True).success
    assert work.same(prune=True)


def test_without_the_checksums_objects_are_read_again_and_found_the_same(work: Work) -> None:
    work.run()
    work.tables.checksums.unlink()
    assert work.run().message.startswith("nothing to do")
    assert work.tables.checksums.exists()


def test_the_published_tables_are_checked_and_migrated_in_the_bucket(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.validate import check_tables
    from tasks.publish import migrate

    monkeypatch.setattr("tasks.validate.published.gate", gate)
    monkeypatch.setattr("flows.validate.build_docs", lambda *_: None)
    work.run()
    before = store.tables(work.tables.root)
    assert check_tables(work.tables).message.endswith("every expectation is met")
    monkeypatch.setattr(migrate, "version_in", lambda schema: migrate.SCHEMA_VERSION - 1)
    with hold(work.tables.lock, "migration"):
        assert migrate.migrate(work.tables, work.tables.aside("migration", "0001")) == len(before) + 1  # and the quarantine's file
    assert store.tables(work.tables.root) == before and not list(work.tables.staging.files())


def test_from_disk_to_a_bucket_and_from_a_bucket_to_disk(work: Work) -> None:
    assert Run(work.tables, Order([str(work.source)])).work().success
    assert work.same()
    assert Run(work.output, Order([str(work.there)])).work().message.startswith("nothing to do")


def test_a_wave_whose_run_died_between_the_copies_is_finished_from_the_bucket_alone(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.run()
    assert work.same()
    work.world(2)
    copies = 0
    real = Key.copy_to

    def dying(self: Key, other: Key) -> None:
        nonlocal copies
        copies += 1
        if copies > 5:
            raise KeyboardInterrupt
        real(self, other)

    with monkeypatch.context() as patch:
        patch.setattr(Key, "copy_to", dying)
        patch.setattr("flows.work.recover", lambda output: (0, 0))
        with pytest.raises(KeyboardInterrupt):
            work.run()
    assert any(entry.key.name == "commit.json" for entry in work.tables.staging.files())
    shutil.rmtree(work.tables.work)  # another machine goes on
    outcome = work.run(prune=True)
    assert outcome.success and outcome.summary and "waves of theirs finished: 1" in outcome.summary.notes[0]
    assert work.same(prune=True)


def compacted(output: Output) -> bool:
    return main(["compact", str(output.root), "--before", "2024-06"]) == 0


def test_months_compacted_as_on_disk_and_runs_over_them(work: Work) -> None:
    work.run()
    assert work.same() and compacted(work.tables) and compacted(work.output)
    assert store.tables(work.output.root) == store.tables(work.tables.root)
    work.world(2)
    assert work.run(prune=True).success and work.same(prune=True)
    assert compacted(work.tables) and compacted(work.output)
    assert store.tables(work.output.root) == store.tables(work.tables.root)


def test_a_compaction_that_died_after_some_days_were_gone_is_finished(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.run()
    assert work.same() and compacted(work.output)
    real = in_bucket.remove
    with monkeypatch.context() as patch:
        patch.setattr(in_bucket, "remove", lambda keys: real(keys[:1]) or (_ for _ in ()).throw(KeyboardInterrupt) if keys else None)
        patch.setattr("tasks.publish.commit.recover", lambda output: (0, 0))
        assert main(["compact", str(work.tables.root), "--before", "2024-06"]) == INTERRUPTED
    assert NOTICE in store.tables(work.tables.root).values()  # scans fail, rather than have some of the rows
    assert compacted(work.tables)
    assert store.tables(work.output.root) == store.tables(work.tables.root)


def test_killed_at_write_requests() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.crash_s3", "--every", "40"], cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0 and ": 0 wrong" in done.stdout, done.stdout + done.stderr


def test_a_run_that_lost_the_output_publishes_nothing(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.run()
    work.world(2)
    before = store.tables(work.tables.root)

    def stolen(self: Run, plan: Any) -> None:
        assert isinstance(work.tables.lock, Key)
        work.tables.lock.put(json.dumps({"run": "the-other", "pid": 1, "host": "elsewhere", "since": "now"}).encode())

    real = Order.plan
    monkeypatch.setattr(Order, "plan", lambda self, output: (stolen(None, None), real(self, output))[1])  # type: ignore[arg-type]
    outcome = work.run()
    assert not outcome.success and "was taken by another run" in outcome.message
    assert store.tables(work.tables.root) == before


def test_a_list_of_moves_whose_files_were_cleared_away_is_none(bucket: Key) -> None:
    there = bucket / "out/staging/run/0001/aside"
    (there / "commit.json").put(b'[[["00001.parquet", "pages/a"], ["00002.parquet", "pages/b"]]]')
    (there / "00001.parquet").put(b"a")
    assert not in_bucket.resume(bucket / "out", there)
    assert not list(bucket.files())


# ---- one writer -----------------------------------------------------------------------------


def test_a_second_run_says_who_holds_the_output_and_waits_where_it_may(work: Work) -> None:
    held, leave = threading.Event(), threading.Event()

    def first() -> None:
        with hold(work.tables.lock, "the-first"):
            held.set()
            leave.wait(20)

    thread = threading.Thread(target=first)
    thread.start()
    assert held.wait(20)
    outcome = work.run()
    assert not outcome.success and "the-first" in outcome.message and str(os.getpid()) in outcome.message
    assert "the-first" in str(holder(work.tables.lock))
    threading.Timer(0.5, leave.set).start()
    assert work.run(wait=30.0).success
    thread.join()
    assert holder(work.tables.lock) is None


def test_a_lock_left_by_a_process_that_is_gone_does_not_block(bucket: Key) -> None:
    code = "import sys, time; from tasks.storage import key_of; from tasks.runs.lock import hold\n"
    code += "with hold(key_of(sys.argv[1]), 'dying'): print(1, flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code, str(bucket / "lock")], cwd=ROOT, stdout=subprocess.PIPE)
    assert child.stdout and child.stdout.readline()
    assert "dying" in str(holder(bucket / "lock"))
    with pytest.raises(Busy, match="dying"), hold(bucket / "lock", "the-next"):
        pass
    child.send_signal(signal.SIGKILL)
    child.wait()
    with hold(bucket / "lock", "the-next"):
        assert "the-next" in str(holder(bucket / "lock"))


def test_a_lock_of_another_machine_holds_until_its_lease_ends(bucket: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = bucket / "lock"
    lock.put(json.dumps({"run": "far-away", "pid": os.getpid(), "host": "elsewhere", "since": "now", "machine": "another"}).encode())
    with pytest.raises(Busy, match=r"far-away.*its hold ends in"), hold(lock, "mine"):
        pass
    monkeypatch.setattr(lease, "LEASE", 1.0)
    with hold(lock, "mine", wait=20.0):
        assert "mine" in str(holder(lock))


def test_a_lease_is_renewed_while_the_run_lives(bucket: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEWAL", 0.05)
    with hold(bucket / "lock", "mine") as still_held:
        first = (bucket / "lock").listed()
        for _ in range(100):
            if (bucket / "lock").listed() != first:
                break
            threading.Event().wait(0.1)
        assert (bucket / "lock").listed() != first
        still_held()


def test_of_two_that_find_a_dead_lock_one_takes_it(bucket: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    (bucket / "lock").put(b"")
    real, looked = lease.look, threading.Barrier(2)
    taken: list[str] = []

    def together(lock: Key) -> Any:
        found = real(lock)
        if found and not found.said:
            looked.wait(20)
        return found

    monkeypatch.setattr(lease, "look", together)
    done = threading.Event()

    def one(name: str) -> None:
        try:
            with hold(bucket / "lock", name):
                taken.append(name)
                done.wait(20)
        except Busy:
            done.set()

    threads = [threading.Thread(target=one, args=(name,)) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(taken) == 1


def test_a_store_that_ignores_conditions_is_refused(bucket: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    real = s3.request
    monkeypatch.setattr(
        s3, "request", lambda method, IfNoneMatch=None, IfMatch=None, **more: real(method, **more)
    )  # as stores do that don't know them
    with pytest.raises(StorageError, match="ignores conditions on writes"), hold(bucket / "lock", "mine"):
        pass


# ---- input ----------------------------------------------------------------------------------


def test_objects_are_named_as_files_are(bucket: Key) -> None:
    names = ("b.txt", "a/2.txt", "a/10.txt", "湖南日报/1.txt", "50%#1?.txt", "x/a.txt.json", "x/a.txt", "y.json")
    for name in (*names, ".hidden.txt", ".git/x.txt", "folder/", "out/pages/x.parquet"):
        (bucket / f"in/pages/{name}").put(b"x")
    found = [source.uri for source in discover([str(bucket / "in/pages")], leave_out=bucket / "in/pages/out")]
    listed = ["50%25%231%3F.txt", "a/10.txt", "a/2.txt", "b.txt", "x/a.txt", "y.json", "湖南日报/1.txt"]
    assert found == [f"pages/{name}" for name in listed]
    assert [source.uri for source in discover([f"{bucket}/in/pages/a/"])] == ["a/10.txt", "a/2.txt"]
    assert [source.uri for source in discover([f"{bucket}/in/pages/b.txt"])] == ["pages/b.txt"]
    assert [source.uri for source in discover([f"{bucket}/in/pages/b.txt"], base=f"{bucket}/in/pages")] == ["b.txt"]
    assert folder_uris([f"{bucket}/in/pages", f"{bucket}/in/pages/b.txt"]) == ["pages/"]
    assert folder_uris([f"{bucket}/in/pages"], base=str(bucket)) == ["in/pages/"]
    assert discover([str(bucket)])[0].uri.startswith(f"{bucket.bucket}/in/pages/")
    with pytest.raises(InputError, match="no such object or folder"):
        discover([f"{bucket}/in/page"])
    with pytest.raises(InputError, match="not under the base"):
        discover([f"{bucket}/in/pages"], base=f"{bucket}/elsewhere")


def test_an_object_is_read_in_the_version_that_was_listed(bucket: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    (bucket / "in/a.txt").put(b"one" * 1000)
    (bucket / "in/a.txt.json").put(b'{"page_no": 4}')
    (source,) = discover([str(bucket / "in")])
    assert source.read(Limits()) == b"one" * 1000 and from_sidecar(source) == Facts(page_no=4)
    for most in (s3.BLOCK, 100):  # read whole, and in parts
        monkeypatch.setattr("tasks.ingest.objects.BLOCK", most)
        (source,) = discover([str(bucket / "in")])
        with source.open() as stream:
            assert stream.read() == b"one" * 1000 and source.identity()[1] == 3000
        (source,) = discover([str(bucket / "in")])
        (bucket / "in/a.txt").put(b"two" * 1000)
        with pytest.raises(RejectedInput, match="changed"), source.open() as stream:
            stream.read()
        (bucket / "in/a.txt").put(b"one" * 1000)
    (bucket / "in/a.txt").unlink()
    with pytest.raises(FileNotFoundError), source.open() as stream:
        stream.read()


def test_an_object_that_changes_or_goes_during_a_run_keeps_its_rows(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    work.run()
    for name in ("2024-05-01/01.txt", "2024-05-02/01.txt"):
        (work.there / f"江北日报/{name}").put(text(7, 7, "，更正").encode())
    real = Order.plan

    def meanwhile(self: Order, output: Output) -> Any:
        plan = real(self, output)
        (work.there / "江北日报/2024-05-01/01.txt").put(text(8, 8).encode())
        (work.there / "江北日报/2024-05-02/01.txt").unlink()
        return plan

    before = store.tables(work.tables.root)
    with monkeypatch.context() as patch:
        patch.setattr(Order, "plan", meanwhile)
        outcome = work.run()
    assert outcome.success and outcome.summary and outcome.summary.rejects == {"changed": 1, "vanished": 1}
    assert store.tables(work.tables.root) == before
    assert Order([str(work.there)]).plan(work.tables).counts()["changed"] == 1


# ---- the command, and errors ----------------------------------------------------------------


def test_the_command_from_bucket_to_bucket_with_quarantine_and_data_docs(
    bucket: Key, tmp_path: Path, engine: None, capsys: pytest.CaptureFixture[str]
) -> None:
    source, output = bucket / "in/江北日报", bucket / "tables"
    for number in range(1, 3):
        (source / f"2024-05-0{number}/01.txt").put(text(number, number).encode())
    (source / "binary.txt").put(bytes(range(256)))
    command = ["--output", str(output)]
    assert main(["run", str(source), *command, "--staging", str(tmp_path / "scratch")]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "3 pages" in said and f"{output}/articles" in said and f"checks       {output}/docs/" in said
    assert any(entry.key.name == "index.html" for entry in (output / "docs").files())
    assert main(["run", str(source), *command]) == 0
    assert "nothing to do: 3 files are up to date" in capsys.readouterr().out
    assert main(["quarantine", "list", *command]) == 0
    assert "江北日报/binary.txt  binary" in capsys.readouterr().out
    (source / "binary.txt").put(text(5, 5).encode())
    assert main(["quarantine", "retry", *command]) == 0
    assert main(["quarantine", "list", *command]) == 0
    assert "0 held back" in capsys.readouterr().err
    record = last_record(output_at(str(output)))
    assert record and record.inputs == [str(source)] and record.state == "completed"
    assert not list((output / "staging").files()) and not any((tmp_path / "scratch").glob("*/*"))
    read_as_users_do(output, 15)


def read_as_users_do(output: Key, rows: int) -> None:
    import pandas as pd
    import polars as pl
    import pyarrow.dataset as ds

    endpoint = {"aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"], "aws_allow_http": "true"}
    assert len(pd.read_parquet(f"{output}/indicators", dtype_backend="pyarrow")) == rows
    assert pl.read_parquet(f"{output}/indicators/", storage_options=endpoint).height == rows
    assert ds.dataset(f"{output}/indicators", partitioning="hive").count_rows() == rows


def test_errors_are_one_line(
    bucket: Key, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (bucket / "in/a.txt").put(b"x")
    source, elsewhere = f"{bucket}/in", ("--output", tmp_path / "out")
    assert "no such bucket: nowhere" in fails(capsys, 2, "run", source, "--output", "s3://nowhere/x")
    assert "no such bucket: nowhere" in fails(capsys, 1, "run", "s3://nowhere/x", *elsewhere)
    assert "no such object or folder" in fails(capsys, 1, "run", f"{bucket}/none", *elsewhere)
    assert "local folders and s3://" in fails(capsys, 2, "run", source, "--output", "gs://tables")
    assert "names no bucket" in fails(capsys, 2, "run", source, "--output", "s3://")

    def authorise(requests: str) -> None:
        plain = {"Content-Type": "text/plain"}
        urllib.request.urlopen(urllib.request.Request(f"{url}/moto-api/reset-auth", requests.encode(), plain, method="POST")).close()

    authorise("0")
    try:
        assert "access denied to s3://" in fails(capsys, 1, "run", source, *elsewhere)
        assert "InvalidAccessKeyId" in fails(capsys, 2, "run", source, "--output", f"{bucket}/out")
    finally:
        authorise("inf")
    with monkeypatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.delenv(name)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("HOME", str(tmp_path))
        s3._filesystem.cache_clear()
        assert "no credentials for s3://" in fails(capsys, 1, "run", source, *elsewhere)
        patch.setitem(sys.modules, "s3fs", None)
        s3._filesystem.cache_clear()
        assert "pip install 'banmian[s3]'" in fails(capsys, 1, "run", source, *elsewhere)
    s3._filesystem.cache_clear()


def test_keys(bucket: Key) -> None:
    key = bucket / "a/中文 ?#.txt"
    assert (str(key), key.name, str(key.parent)) == (f"{bucket}/a/中文 ?#.txt", "中文 ?#.txt", f"{bucket}/a")
    first = key.put(b"one", IfNoneMatch="*")
    for condition in ({"IfNoneMatch": "*"}, {"IfMatch": '"0"'}):
        with pytest.raises(Refused):
            key.put(b"two", **condition)
    key.put(b"two", IfMatch=first)
    assert key.read_bytes() == b"two" and key.exists() and not (bucket / "a").exists()
    key.copy_to(bucket / "b/c")
    assert [str(found) for found in bucket.glob("*/*")] == [str(key), f"{bucket}/b/c"] and not list(bucket.glob("*"))
    s3.remove([entry.key for entry in bucket.files()])
    assert not list(bucket.files())


def test_lists_of_more_than_a_thousand(bucket: Key) -> None:
    keys = [bucket / f"{number:04d}" for number in range(1001)]
    list(s3.ahead(lambda key: key.put(b""), keys))
    assert [entry.key for entry in bucket.files()] == keys
    s3.remove(keys)
    assert not list(bucket.files())
