"""What tells whether the files of a dataset are still the same."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

BLOCK = 1 << 20


@dataclass(frozen=True)
class FileFacts:
    """A file of a dataset: its path in it, and what tells whether it is still the same."""

    path: str
    bytes: int
    sha256: str
    crc32: int
    rows: int | None = None  # None: not a file of rows

    def describe(self) -> dict[str, Any]:
        return asdict(self)


class Digest:
    """The hashes of a file, block by block; other threads go on meanwhile."""

    def __init__(self) -> None:
        self._sha, self._crc, self._size = hashlib.sha256(), 0, 0

    def add(self, block: bytes) -> None:
        self._sha.update(block)
        self._crc = zlib.crc32(block, self._crc)
        self._size += len(block)

    def describe(self, path: str, rows: int | None) -> FileFacts:
        return FileFacts(path, self._size, self._sha.hexdigest(), self._crc, rows)


def describe_file(path: Path, folder: Path, *, rows: int | None = None) -> FileFacts:
    """Read it once, for its hashes."""
    digest = Digest()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.add(block)
    return digest.describe(path.relative_to(folder).as_posix(), rows)


def hash_whole(files: Iterable[FileFacts]) -> str:
    """SHA-256, in hex, of the lines that `sha256sum` prints for these files, by path."""
    lines = "".join(f"{one.sha256}  {one.path}\n" for one in sorted(files, key=lambda one: one.path))
    return hashlib.sha256(lines.encode()).hexdigest()
