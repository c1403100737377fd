"""What kind of file it is: by its first bytes, then by its name."""

from enum import Enum, auto
from pathlib import PurePosixPath

from apps.core.errors import InvalidInputError

BOM = b"\xef\xbb\xbf"
_FOREIGN = {
    b"\x1f\x8b": "gzip file",
    b"PK\x03\x04": "zip file or a spreadsheet",
    b"PAR1": "Parquet file",
    b"\xd0\xcf\x11\xe0": "spreadsheet",
    b"%PDF": "PDF",
    b"7z\xbc\xaf": "7z file",
}


class Format(Enum):
    LINES = auto()
    JSON_LIST = auto()
    CSV = auto()
    UTF_16 = auto()


class UnknownFormatError(InvalidInputError):
    """A file of which no line can be read at all."""

    code = "unknown_format"


def detect_format(head: bytes, file_name: str) -> Format:
    """Decide by the first bytes of a file (up to 4 kB) and its name.

    Raises:
        UnknownFormatError: it is packed, or of a kind that is not read.
    """
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic):
            raise UnknownFormatError(
                f"This is a {kind}; nothing was imported. Unpack it, or save it as JSONL or CSV."
            )
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return Format.UTF_16
    suffix = PurePosixPath(file_name.lower()).suffix
    if suffix in {".csv", ".tsv"}:
        return Format.CSV
    if suffix in {".jsonl", ".ndjson"}:
        return Format.LINES
    start = head.removeprefix(BOM).lstrip()[:1]
    if start == b"[":
        return Format.JSON_LIST
    return Format.LINES if start == b"{" or suffix == ".json" else Format.CSV
