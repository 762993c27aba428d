"""Objects in buckets (``s3://bucket/key``), through s3fs: a `Key` has those of ``pathlib.Path``'s methods that are needed here, and what
only an object store has: writes on a condition, and reads of one version.

An object appears whole or not at all, and a list shows what was written before it: that is all that is relied on.  Nothing is
imported for it before the first request; endpoint, region and credentials are those of the AWS environment and
configuration (``AWS_ENDPOINT_URL``, ``AWS_PROFILE`` …), options of s3fs those of fsspec's.
"""

from __future__ import annotations

import io
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, TypeVar

SCHEME = "s3://"
#: Requests to the object store under way at a time.
REQUESTS = 16
#: A request is tried so often where that may help, in so many rounds: silent for 90 s at most, less than a worker may be.
TRIES, ROUNDS = 3, 2
#: Objects that one request may take away.
MOST_REMOVED = 1000
#: What a stream takes of an object with one request.
BLOCK = 8 * 1024 * 1024

T = TypeVar("T")
U = TypeVar("U")


class StorageError(OSError):
    """The object store can't be used; the message is one line for the user."""


class Refused(OSError):
    """A read or write on a condition that does not hold: the object is another than it was, or is there already."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a list shows it."""

    key: Key
    etag: str
    size: int


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """An object in a bucket, or what the names of many begin with (a folder, where it is read as one).

    Requests raise ``FileNotFoundError``, ``PermissionError``, `StorageError`, `Refused` or another ``OSError``, with a
    message that names the object.
    """

    bucket: str
    key: str = ""  #: without ``/`` at its end

    def __str__(self) -> str:
        return f"{SCHEME}{self.path}"

    @property
    def path(self) -> str:
        """Bucket and key."""
        return f"{self.bucket}/{self.key}" if self.key else self.bucket

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def parent(self) -> Key:
        return Key(self.bucket, self.key.rpartition("/")[0])

    def __truediv__(self, part: str) -> Key:
        return Key(self.bucket, f"{self.key}/{part}" if self.key else part)

    def files(self, begin: str = "") -> Iterator[Listed]:
        """All objects under this one as a folder whose names there ``begin`` so, in the order of their keys."""
        prefix, more = f"{self.key}/{begin}" if self.key else begin, dict[str, str]()
        while True:
            found = self._call("list_objects_v2", Bucket=self.bucket, Prefix=prefix, **more)
            for entry in found.get("Contents", ()):
                yield Listed(Key(self.bucket, entry["Key"]), entry["ETag"], entry["Size"])
            if not found.get("IsTruncated"):
                return
            more = {"ContinuationToken": found["NextContinuationToken"]}

    def glob(self, pattern: str) -> Iterator[Key]:
        """Objects under this one that match, part for part; ``**`` is not known."""
        parts = pattern.split("/")
        for entry in self.files(re.split(r"[*?[]", pattern, maxsplit=1)[0]):
            names = entry.key.path[len(self.path) + 1 :].split("/")
            if len(names) == len(parts) and all(map(fnmatchcase, names, parts)):
                yield entry.key

    def listed(self) -> Listed | None:
        """The object as a list would show it; None where there is none."""
        if not self.key:
            return None
        try:
            found = self._call("head_object", Bucket=self.bucket, Key=self.key)
        except FileNotFoundError:
            return None
        return Listed(self, found["ETag"], found["ContentLength"])

    def reach(self) -> None:
        """Raises ``OSError`` where the bucket can't be listed."""
        self._call("list_objects_v2", Bucket=self.bucket, Prefix=f"{self.key}/" if self.key else "", MaxKeys=1)

    def is_dir(self) -> bool:
        """Whether there is any object under this one as a folder."""
        return any(True for _ in self.files())

    def exists(self) -> bool:
        return self.listed() is not None

    def get(self, **more: Any) -> tuple[bytes, dict[str, Any]]:
        """The content, and what the store says of it.  ``more``: ``IfMatch``, ``Range``."""
        for attempt in (1, 2, 3):
            answer = self._call("get_object", Bucket=self.bucket, Key=self.key, **more)
            try:
                with _said(str(self)):
                    return _wait(answer["Body"].read), answer
            except OSError:
                if attempt == 3:
                    raise
        raise AssertionError

    def read_bytes(self) -> bytes:
        return self.get()[0]

    def read_text(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self.read_bytes().decode(encoding, errors)

    def put(self, content: bytes, **more: str) -> str:
        """Write the object, whole or not at all; its new ETag.  ``more``: ``IfMatch``, ``IfNoneMatch``, ``ContentType``."""
        etag: str = self._call("put_object", Bucket=self.bucket, Key=self.key, Body=content, **more)["ETag"]
        return etag

    def copy_to(self, other: Key) -> None:
        """Write another object with this one's content, whole or not at all, without taking it over the network."""
        self._call("copy_object", Bucket=other.bucket, Key=other.key, CopySource={"Bucket": self.bucket, "Key": self.key})

    def unlink(self, missing_ok: bool = True) -> None:
        self._call("delete_object", Bucket=self.bucket, Key=self.key)

    def _call(self, method: str, **arguments: Any) -> Any:
        with _said(str(self)):
            return request(method, **arguments)


def remove(keys: Sequence[Key]) -> None:
    """Take objects of one bucket away."""
    for start in range(0, len(keys), MOST_REMOVED):
        part = keys[start : start + MOST_REMOVED]
        with _said(str(part[0].parent)):
            listed = {"Objects": [{"Key": key.key} for key in part], "Quiet": True}
            failed = request("delete_objects", Bucket=part[0].bucket, Delete=listed).get("Errors")
        if failed:
            raise StorageError(f"can't take {SCHEME}{part[0].bucket}/{failed[0]['Key']} away: {failed[0].get('Message', '')}")


def ahead(work: Callable[[T], U], items: Iterable[T]) -> Iterator[U]:
    """What ``work`` gives for each item, in order, with several requests under way: as many as the store takes well."""
    waiting: deque[Future[U]] = deque()
    with ThreadPoolExecutor(REQUESTS, thread_name_prefix="banmian-storage") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > REQUESTS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


class Ranges(io.RawIOBase):
    """One version of an object as a stream, for objects that are too large to be held.  Raises `Refused` when it was replaced."""

    def __init__(self, entry: Listed) -> None:
        self._entry, self._at = entry, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        end = min(self._at + len(buffer), self._entry.size)
        if self._at >= end:
            return 0
        block, _ = self._entry.key.get(IfMatch=self._entry.etag, Range=f"bytes={self._at}-{end - 1}")
        buffer[: len(block)] = block
        self._at += len(block)
        return len(block)


def request(method: str, **arguments: Any) -> Any:
    """One request to the object store, tried again by s3fs where that may help."""
    return _filesystem(os.getpid()).call_s3(method, **arguments)


def _wait(coroutine: Callable[[], Any]) -> Any:
    """What a coroutine of an answer gives."""
    from fsspec.asyn import sync

    return sync(_filesystem(os.getpid()).loop, coroutine)


@lru_cache(maxsize=1)
def _filesystem(process: int) -> Any:
    """One client a process, for all its threads: neither goes over a fork."""
    try:
        import s3fs
    except ImportError:
        raise StorageError("s3:// needs s3fs: pip install 'banmian[s3]'") from None
    config = {"max_pool_connections": 2 * REQUESTS, "retries": {"mode": "standard", "max_attempts": TRIES}}
    found = s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False, config_kwargs=config)
    found.retries = ROUNDS
    return found


@contextmanager
def _said(name: str) -> Iterator[None]:
    """Errors of the object store in one line, of the kind that the same fault of a local file has."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:
        answer = getattr(error.__cause__, "response", None) or {}
        said = answer.get("Error", {}) if isinstance(answer, dict) else {}
        code, status = str(said.get("Code", "")), answer.get("ResponseMetadata", {}).get("HTTPStatusCode")
        kind = type(error).__name__
        if status == 412 or code in ("PreconditionFailed", "412", "ConditionalRequestConflict"):
            raise Refused(f"{name} was written meanwhile") from error
        if code == "NoSuchBucket":
            raise StorageError(f"no such bucket: {name.removeprefix(SCHEME).partition('/')[0]}") from error
        if isinstance(error, FileNotFoundError):
            raise FileNotFoundError(f"no such object: {name}") from error
        if isinstance(error, PermissionError):
            why = f"{said.get('Message', '').rstrip('.')} ({code})" if code not in ("", "403") else "not with these credentials"
            raise PermissionError(f"access denied to {name}: {why}") from error
        if kind in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound", "TokenRetrievalError"):
            raise StorageError(f"no credentials for {name}: {error} (see docs/reliability.md)") from error
        raise StorageError(f"{name}: {str(error) or kind}") from error
