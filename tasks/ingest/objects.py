"""Input in buckets: objects as sources, named and ordered as files of the same names would be."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from tasks import pace
from tasks.ingest import SIDECAR, RejectedInput, Source
from tasks.s3 import BLOCK, Key, Listed, Ranges, Refused, ahead
from tasks.storage import key_of

#: Location → ETag, sha256 and size in bytes of the version that was read.
Checksums = dict[str, tuple[str, str, int]]


@dataclass(slots=True)
class Object(Source):
    """An object in a bucket, in the version that was listed: where another one stands by now it is rejected as ``changed``.

    What is no larger than a block is read with one request, and held until `release`.
    """

    etag: str = ""  #: as listed
    size: int = 0  #: likewise, in bytes
    sidecar_etag: str | None = None  #: likewise; null where there is no sidecar
    _held: bytes | None = field(default=None, repr=False)
    _sidecar: bytes | None = field(default=None, repr=False)
    _sidecar_sha256: str | None = field(default=None, repr=False)

    @property
    def entry(self) -> Listed:
        return Listed(key_of(self.location), self.etag, self.size)

    def open(self) -> BinaryIO:
        if self.problem:
            return Source.open(self)
        if self.size > BLOCK:
            return cast(BinaryIO, io.BufferedReader(_Pinned(self.entry), BLOCK))
        if self._held is None:
            self._held = _get(self.location, self.etag)
        return io.BytesIO(self._held)

    def check(self) -> None:
        """Nothing to check: each request asks for the version that was listed."""

    def sidecar(self) -> bytes | None:
        if self.sidecar_etag and self._sidecar is None:
            try:
                self._sidecar = _get(self.location + SIDECAR, self.sidecar_etag)
            except OSError as error:  # it may pass: not the sidecar's fault
                raise RejectedInput("unreadable", str(error)) from None
            self._sidecar_sha256 = hashlib.sha256(self._sidecar).hexdigest()
        return self._sidecar

    def sidecar_sha256(self) -> str | None:
        if self.sidecar_etag and self._sidecar_sha256 is None:
            self.sidecar()
        return self._sidecar_sha256

    def fetch(self) -> Object:
        """Hold what is small, so that opening it waits for nothing; what is wrong with it is said when it is opened."""
        try:
            if self.size <= BLOCK:
                self.open()
            self.sidecar()
        except (OSError, RejectedInput):
            pass
        return self

    def identify(self) -> Object:
        """Find the checksums of the object and its sidecar, and hold nothing; what is wrong is said when they are asked for."""
        try:
            self.sidecar_sha256()
            self.identity()
        except (OSError, RejectedInput):
            pass
        self.release()
        return self

    def release(self) -> None:
        """Let go of what is held."""
        self._held = self._sidecar = None

    def checksums(self) -> Checksums:
        """ETag, sha256 and size of the object and of its sidecar, by location, as far as they were read."""
        found: Checksums = {}
        if self._read:
            found[self.location] = (self.etag, *self._read)
        if self._sidecar_sha256 and self.sidecar_etag:
            found[self.location + SIDECAR] = (self.sidecar_etag, self._sidecar_sha256, 0)
        return found

    def recall(self, checksums: Checksums) -> None:
        """Take over what `checksums` said before of the same versions."""
        etag, sha256, size = checksums.get(self.location, ("", "", 0))
        if etag == self.etag:
            self._read = (sha256, size)
        etag, sha256, _ = checksums.get(self.location + SIDECAR, ("", "", 0))
        if etag and etag == self.sidecar_etag:
            self._sidecar_sha256 = sha256


class _Pinned(Ranges):
    """An object's version as a stream that says like a file when it was written to."""

    def readinto(self, buffer: object) -> int:
        try:
            return super().readinto(buffer)
        except Refused:
            raise _changed() from None


def fetched(sources: Sequence[Source]) -> Iterator[Source]:
    """The sources, in order; of objects some are read ahead, and let go of when the next is asked for."""
    if not any(isinstance(source, Object) for source in sources):
        yield from sources
        return
    coming = ahead(lambda source: source.fetch() if isinstance(source, Object) else source, sources)
    for source in sources:
        pace.at("ingest", source.uri)  # it is waited for
        yield next(coming)
        if isinstance(source, Object):
            source.release()


def objects(folder: Key, leave_out: Key | None = None) -> Iterator[Object]:
    """Every object under a folder, but sidecars, hidden ones (a part of the name begins with a dot) and marks of folders.

    ``leave_out``: a folder among it that is not looked into.  Raises ``OSError``.
    """
    apart = f"{leave_out.path}/" if leave_out and f"{leave_out.path}/".startswith(f"{folder.path}/") else None
    listed = {entry.key.path: entry for entry in folder.files() if not (apart and entry.key.path.startswith(apart))}
    for path, entry in listed.items():
        names = path[len(folder.path) + 1 :].split("/")
        is_sidecar = path.endswith(SIDECAR) and path.removesuffix(SIDECAR) in listed
        if names[-1] and not is_sidecar and not any(name.startswith(".") for name in names):
            yield _object(entry, listed.get(path + SIDECAR))


def one_object(key: Key) -> Object | None:
    """The object of that name; None where there is none.  Raises ``OSError``."""
    entry = key.listed()
    return _object(entry, Key(key.bucket, key.key + SIDECAR).listed()) if entry else None


def _object(entry: Listed, sidecar: Listed | None) -> Object:
    return Object("", str(entry.key), etag=entry.etag, size=entry.size, sidecar_etag=sidecar.etag if sidecar else None)


def _get(location: str, etag: str) -> bytes:
    try:
        return key_of(location).get(IfMatch=etag)[0]
    except Refused:
        raise _changed() from None


def _changed() -> RejectedInput:
    return RejectedInput("changed", "the file changed since it was listed")
