"""A ZIP file that is never built: where each byte of it would lie follows from names, sizes and CRCs alone.

Entries are stored as they are (APPNOTE.TXT 6.3.10, sections 4.3 to 4.5), so its length is known before the
first byte is sent, it is the same every time, and any range of it can be sent. Times are the format's own
beginning.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

LOCAL, CENTRAL, END = 0x04034B50, 0x02014B50, 0x06054B50
END64, LOCATOR64 = 0x06064B50, 0x07064B50
PLAIN, LARGE = 20, 45  # versions needed to read it
UNIX = 3 << 8
UTF8 = 1 << 11
DATE = (1 << 5) | 1  # 1 January 1980
MODE = 0o100644 << 16
LIMIT16, LIMIT32 = 0xFFFF, 0xFFFFFFFF  # from here on a field says: look in the ZIP64 one
ZIP64 = 1


@dataclass(frozen=True)
class ZipEntry:
    path: str
    bytes: int
    crc32: int


@dataclass(frozen=True)
class Stretch:
    """Some bytes in a row: these, or a whole stored file."""

    length: int
    content: bytes | None = None
    path: str = ""


def is_too_large(value: int) -> bool:
    """For a field of four bytes; the largest number of it says that another field has the value."""
    return value >= LIMIT32


def lay_out(entries: Sequence[ZipEntry]) -> list[Stretch]:
    """The whole ZIP file, stretch after stretch."""
    stretches: list[Stretch] = []
    directory: list[bytes] = []
    place = 0
    for entry in entries:
        directory.append(_write_central(entry, place))
        header = _write_local(entry)
        stretches += [Stretch(len(header), header), Stretch(entry.bytes, path=entry.path)]
        place += len(header) + entry.bytes
    listed = b"".join(directory)
    tail = listed + _write_end(len(entries), len(listed), place)
    return [*stretches, Stretch(len(tail), tail)]


def _write_local(entry: ZipEntry) -> bytes:
    name = entry.path.encode()
    extra = struct.pack("<HHQQ", ZIP64, 16, entry.bytes, entry.bytes) if is_too_large(entry.bytes) else b""
    size = LIMIT32 if extra else entry.bytes
    version = LARGE if extra else PLAIN
    return (
        struct.pack(
            "<IHHHHHIIIHH",
            *(LOCAL, version, UTF8, 0, 0, DATE, entry.crc32, size, size, len(name), len(extra)),
        )
        + name
        + extra
    )


def _write_central(entry: ZipEntry, place: int) -> bytes:
    name = entry.path.encode()
    large = [entry.bytes, entry.bytes] if is_too_large(entry.bytes) else []
    size = LIMIT32 if large else entry.bytes
    large += [place] if is_too_large(place) else []
    extra = struct.pack(f"<HH{len(large)}Q", ZIP64, 8 * len(large), *large) if large else b""
    version = LARGE if extra else PLAIN
    return (
        struct.pack(
            "<IHHHHHHIIIHHHHHII",
            *(CENTRAL, UNIX | version, version, UTF8, 0, 0, DATE, entry.crc32, size, size),
            *(len(name), len(extra), 0, 0, 0, MODE, LIMIT32 if is_too_large(place) else place),
        )
        + name
        + extra
    )


def _write_end(count: int, length: int, place: int) -> bytes:
    """The end of the central directory, which is so long and begins at `place`."""
    large = b""
    if count >= LIMIT16 or is_too_large(length) or is_too_large(place):
        large = struct.pack(
            "<IQHHIIQQQQ", END64, 44, UNIX | LARGE, LARGE, 0, 0, count, count, length, place
        ) + struct.pack("<IIQI", LOCATOR64, 0, place + length, 1)
    few = min(count, LIMIT16)
    return large + struct.pack("<IHHHHIIH", END, 0, 0, few, few, min(length, LIMIT32), min(place, LIMIT32), 0)
