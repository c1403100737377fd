"""Where uploads lie until they are worked off: the default storage, under a folder that nobody serves."""

import errno
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO, Any, Protocol, cast

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import transaction
from django.utils import timezone

from apps.core.errors import InvalidInputError, TouchstoneError

FOLDER = "imports"
STEP = 262_144
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ORPHANED = timedelta(days=1)  # nobody takes longer to send one

logger = logging.getLogger(__name__)


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class TooLargeError(InvalidInputError):
    code = "too_large"


class NoRoomError(TouchstoneError):
    code = "no_room"
    status = 507


@contextmanager
def explain_no_room() -> Iterator[None]:
    """Say in words that the disk is full.

    Raises:
        NoRoomError: it is; the file is not kept.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoomError(
            "The server’s disk is full, so the file could not be kept; nothing was imported. Whoever runs "
            "this installation has to make room; then send it again."
        ) from None


class _Stream(File[bytes]):
    """A file that is only read from its beginning to its end, its first bytes in hand already."""

    def __init__(self, head: bytes, file: Readable, limit: int) -> None:
        super().__init__(None)
        self.head, self.rest, self.limit = head, file, limit
        self.taken = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        chunk = self.head
        while chunk:
            self.taken += len(chunk)
            if self.taken > self.limit:
                raise TooLargeError(say_too_large(self.limit))
            yield chunk
            chunk = self.rest.read(STEP)


def say_too_large(limit: int) -> str:
    return (
        f"A file may have at most {describe_bytes(limit)}, and this one has more; nothing was imported. "
        "Split it, or pack it with gzip."
    )


def describe_bytes(size: int) -> str:
    """Such as 340 MB or 1.2 GB."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:,.{1 if size < 10 * unit and unit > 10**3 else 0}f} {name}".replace(
                ".0 ", " "
            )
    return f"{size:,} bytes"


def store_stream(*, head: bytes, file: Readable, limit: int) -> tuple[str, int]:
    """Write a file to the storage as it comes; its name there, and its size.

    Raises:
        TooLargeError: it has more than `limit` bytes; nothing of it is kept.
    """
    name = f"{FOLDER}/{uuid.uuid4()}"
    if isinstance(file, TemporaryUploadedFile):
        if (file.size or 0) > limit:
            raise TooLargeError(say_too_large(limit))
        with explain_no_room():  # where it is no change of a name alone
            return default_storage.save(name, file), file.size or 0
    stream = _Stream(head, file, limit)
    try:
        with explain_no_room():
            return default_storage.save(name, stream), stream.taken
    except BaseException:
        default_storage.delete(name)
        raise


def open_stored(name: str) -> IO[Any]:
    return cast("IO[Any]", default_storage.open(name, "rb").file)


def drop_stored(name: str) -> None:
    """Delete a file once the transaction is committed; what cannot be deleted now is swept later."""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)


def drop_orphans(known: set[str]) -> int:
    """Delete the files that no import knows: those of deleted projects, and of uploads that broke off."""
    dropped = 0
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    for name in names:
        path = f"{FOLDER}/{name}"
        if path not in known and default_storage.get_modified_time(path) < timezone.now() - ORPHANED:
            default_storage.delete(path)
            dropped += 1
    return dropped
