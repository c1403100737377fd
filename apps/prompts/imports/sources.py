"""What an import reads from: a stored file of lines, a stored Parquet file, or what `datasets` loads."""

from collections.abc import Iterator
from typing import IO, Protocol

from django.conf import settings
from django.core.files.storage import default_storage

from apps.core.errors import InvalidInputError
from apps.prompts.imports.datasets_source import DatasetRows
from apps.prompts.imports.options import ImportOptions
from apps.prompts.imports.storage import STEP, open_stored
from apps.prompts.models import PromptImport
from apps.prompts.parsing import START, Columns, Line, Position, Records, open_records
from apps.prompts.parsing.formats import NAMES, PARQUET
from apps.prompts.parsing.records import load_object
from apps.prompts.parsing.tables import count_parquet_rows, read_parquet
from apps.prompts.parsing.unpacking import MAGIC, unpack_gzip


class MissingFileError(InvalidInputError):
    code = "missing_file"


class EnoughError(Exception):
    """So much was read of a text file as somebody wanted to look at; never leaves the sampling."""


class Source(Protocol):
    """`total` is in bytes of the stored file or, `in_rows`, in rows; 0 where nobody knows it."""

    total: int
    in_rows: bool
    kind: str

    def open(self, *, position: Position = ..., columns: Columns | None = ...) -> Records: ...

    def measure_consumed(self, line: Line) -> int: ...

    def close(self) -> None: ...


def open_source(report: PromptImport, options: ImportOptions, *, most: int | None = None) -> Source:
    """What this import reads from.

    Args:
        most: bytes of text after which reading raises `EnoughError`.

    Raises:
        MissingFileError: its file is gone.
        InvalidInputError: what was stored cannot be read at all.
    """
    if options.dataset is not None:
        return DatasetRows(options.dataset)
    if not report.stored or not default_storage.exists(report.stored):
        raise MissingFileError(
            "The uploaded file is not there any more. What came in is kept. Import the file again: it goes "
            "on from there, since what is here already is never added twice."
        )
    with open_stored(report.stored) as file:
        head = file.read(4)
    if head == PARQUET:
        return ParquetFile(report.stored)
    return TextFile(report, packed=head.startswith(MAGIC), most=most)


class TextFile:
    in_rows = False

    def __init__(self, report: PromptImport, *, packed: bool, most: int | None = None) -> None:
        self.stored, self.file_name, self.packed = report.stored, report.file_name, packed
        self.total, self.kind = report.size, ""
        self._consumed, self._most = 0, most

    def open(self, *, position: Position = START, columns: Columns | None = None) -> Records:
        open_at = self._open_at if self._most is None else self._open_start
        records = open_records(open_at, self.file_name, position=position, columns=columns)
        name = NAMES[records.format] if records.format else ""
        self.kind = name + (", packed with gzip" if self.packed else "")
        return records

    def measure_consumed(self, line: Line) -> int:
        # What is read in one go may be far ahead of this line; of a packed file nobody knows better.
        return min(self.total, line.end) if line.end >= 0 and not self.packed else self._consumed

    def close(self) -> None:
        """Its files are closed with their generators."""

    def _open_at(self, offset: int) -> Iterator[bytes]:
        if not self.packed:
            yield from self._read(offset)
            return
        for chunk in unpack_gzip(self._read(0), limit=settings.IMPORT_UNPACKED_LIMIT):
            if offset < len(chunk):
                yield chunk[offset:] if offset else chunk
            offset = max(0, offset - len(chunk))

    def _open_start(self, offset: int) -> Iterator[bytes]:
        read = 0
        for chunk in self._open_at(offset):
            yield chunk
            read += len(chunk)
            if self._most is not None and read > self._most:
                raise EnoughError

    def _read(self, offset: int) -> Iterator[bytes]:
        with open_stored(self.stored) as file:
            file.seek(offset)
            self._consumed = offset
            while chunk := file.read(STEP):
                self._consumed += len(chunk)
                yield chunk


class ParquetFile:
    kind, in_rows = "Parquet", True

    def __init__(self, stored: str) -> None:
        self.file: IO[bytes] = open_stored(stored)
        try:
            self.total = count_parquet_rows(self.file)
        except BaseException:
            self.file.close()
            raise

    def open(self, *, position: Position = START, columns: Columns | None = None) -> Records:
        return Records(None, read_parquet(self.file, skip=position.skip), load_object)

    def measure_consumed(self, line: Line) -> int:
        return line.number

    def close(self) -> None:
        self.file.close()


def is_light(report: PromptImport, options: ImportOptions) -> bool:
    """Whether a web process may read it: lines of text, for which nothing heavy has to be loaded."""
    if options.dataset is not None:
        return False
    with open_stored(report.stored) as file:
        return bool(file.read(4) != PARQUET)
