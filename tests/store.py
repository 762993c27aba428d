"""A real S3 server on this machine (moto's), in a process of its own, for tests of buckets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasks import s3
from tasks.s3 import Key
from tasks.storage import key_of

SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""
#: What a user sets who keeps tables in such a store.
NAMES = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def server() -> Iterator[str]:
    """A server while the block lasts; the environment names it.  Gives its URL."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdin and process.stdout
    url = f"http://127.0.0.1:{int(process.stdout.readline())}"
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update({**NAMES, "AWS_ENDPOINT_URL": url})
    s3._filesystem.cache_clear()
    try:
        yield url
    finally:
        os.environ.clear()
        os.environ.update(before)
        s3._filesystem.cache_clear()
        process.stdin.close()
        process.wait(20)


def bucket(name: str) -> Key:
    """A new bucket."""
    s3.request("create_bucket", Bucket=name)
    return Key(name)


def put_folder(folder: Path, key: Key) -> None:
    """Make objects of a folder's files."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        (key / path.relative_to(folder).as_posix()).put(path.read_bytes())


def content(key: Key) -> dict[str, bytes]:
    """All that is under a key, by name."""
    return {entry.key.path.removeprefix(f"{key.path}/"): entry.key.read_bytes() for entry in key.files()}


def tables(output: Any) -> dict[str, bytes]:
    """The published tables' files, of a folder or a bucket, by name."""
    if isinstance(output, Key):
        found = content(output)
    else:
        found = {path.relative_to(output).as_posix(): path.read_bytes() for path in output.rglob("*.parquet")}
    return {name: data for name, data in sorted(found.items()) if name.partition("/")[0] in ("articles", "indicators", "pages")}


__all__ = ["bucket", "content", "key_of", "put_folder", "server", "tables"]
