"""What kind of file it is: by its first bytes, its name, and its first lines."""

from enum import Enum, auto
from pathlib import PurePosixPath

from apps.core.errors import InvalidInputError
from apps.prompts.parsing.csv_records import names_columns

HEADER = 4096
BOM = b"\xef\xbb\xbf"
PARQUET = b"PAR1"
_FOREIGN = {
    b"\x1f\x8b": "gzip file within another",
    b"PK\x03\x04": "zip file or a spreadsheet",
    PARQUET: "Parquet file that is packed",
    b"\x28\xb5\x2f\xfd": "Zstandard file",
    b"BZh": "bzip2 file",
    b"\xfd7zXZ": "xz file",
    b"\xd0\xcf\x11\xe0": "spreadsheet",
    b"%PDF": "PDF",
    b"7z\xbc\xaf": "7z file",
}


class Format(Enum):
    LINES = auto()
    JSON_LIST = auto()
    CSV = auto()
    UTF_16 = auto()


NAMES = {
    Format.LINES: "JSON lines",
    Format.JSON_LIST: "a JSON list",
    Format.CSV: "CSV",
    Format.UTF_16: "UTF-16 text",
}


class UnknownFormatError(InvalidInputError):
    """A file of which no line can be read at all."""

    code = "unknown_format"


def detect_format(head: bytes, file_name: str) -> Format:
    """Decide by the first bytes of a file (up to 4 kB) and its name.

    Where neither tells, the lines do: CSV begins with a line that names a column of ours, and anything else
    is read as a JSON object a line, so that what is none is told by its number and what is one goes in.

    Raises:
        UnknownFormatError: it is packed, or of a kind that is not read.
    """
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic):
            raise UnknownFormatError(
                f"This is a {kind}; nothing was imported. Unpack it, or save it as JSONL, CSV or Parquet."
            )
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return Format.UTF_16
    suffix = PurePosixPath(file_name.lower().removesuffix(".gz")).suffix
    if suffix in {".csv", ".tsv"}:
        return Format.CSV
    if suffix in {".jsonl", ".ndjson"}:
        return Format.LINES
    text = head.removeprefix(BOM).lstrip()
    if text.startswith(b"["):
        return Format.JSON_LIST
    named = suffix != ".json" and names_columns(text[:HEADER].partition(b"\n")[0])
    return Format.CSV if named else Format.LINES
