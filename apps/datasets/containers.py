"""How rows lie in a file: Parquet or JSON Lines. One dataset has one kind."""

from pathlib import Path
from typing import IO, Any, Protocol

import orjson
import re2

from apps.datasets.behind import Behind
from apps.datasets.columns import make_arrow_schema
from apps.datasets.digests import Digest, FileFacts, describe_file
from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats.base import Columns, Row

GROUP = 4_000  # rows of a row group
LINES = 100  # written at once: larger blocks are given back to the system each time, and asked for again
LOADER_CHUNK = 10 << 20  # bytes from which `datasets` infers the types of JSON Lines
# All that Arrow may take for a time, and little else: to look for it is three times as fast as to parse.
DATE = re2.compile(rb'"\d{4}-\d\d-\d\d[ T\d:Z+-]*"')


class RowFile(Protocol):
    suffix: str

    def write(self, rows: list[Row]) -> None: ...
    def close(self) -> None: ...
    def describe(self, folder: Path, rows: int | None) -> FileFacts: ...


class ParquetFile:
    """Rows under an explicit schema."""

    suffix = "parquet"

    def __init__(self, path: Path, columns: Columns, behind: Behind) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        pa.set_memory_pool(pa.system_memory_pool())  # the default one keeps 50 MB for itself
        self._path, self._behind = path, behind
        self._schema = make_arrow_schema(columns)
        # A level of 1 writes twice as fast as the default of 3 for files a twentieth larger.
        self._writer: Any = pq.ParquetWriter(
            path, self._schema, compression="zstd", compression_level=1, use_dictionary=False
        )
        self._batch: list[Row] = []

    def write(self, rows: list[Row]) -> None:
        self._batch += rows
        while len(self._batch) >= GROUP:
            self._flush(self._batch[:GROUP])
            del self._batch[:GROUP]

    def close(self) -> None:
        if self._batch:
            self._flush(self._batch)
        self._batch = []
        self._behind.finish()
        self._writer.close()

    def describe(self, folder: Path, rows: int | None) -> FileFacts:
        return describe_file(self._path, folder, rows=rows)

    def _flush(self, rows: list[Row]) -> None:
        import pyarrow as pa

        self._behind.do(self._writer.write_batch, pa.RecordBatch.from_pylist(rows, schema=self._schema))


class JsonLinesFile:
    """A JSON object per line, UTF-8, every column in every row."""

    suffix = "jsonl"

    def __init__(self, path: Path, columns: Columns, behind: Behind) -> None:
        self._path, self._behind = path, behind
        self._file: IO[bytes] = path.open("wb")
        self._digest = Digest()
        self._has_dates = False

    def write(self, rows: list[Row]) -> None:
        for start in range(0, len(rows), LINES):
            some = rows[start : start + LINES]
            lines = [orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in some]
            self._behind.do(self._write, b"".join(lines))

    def _write(self, lines: bytes) -> None:
        self._file.write(lines)
        self._digest.add(lines)
        self._has_dates = self._has_dates or DATE.search(lines) is not None

    def close(self) -> None:
        self._behind.finish()
        self._file.close()

    def describe(self, folder: Path, rows: int | None) -> FileFacts:
        return self._digest.describe(self._path.relative_to(folder).as_posix(), rows)

    def check_inference(self) -> None:
        """Raises InvalidDatasetError where a loader would take texts for dates, and change them."""
        if self._has_dates:
            check_inference(self._path)


CONTAINERS: dict[str, type[ParquetFile] | type[JsonLinesFile]] = {
    "parquet": ParquetFile,
    "jsonl": JsonLinesFile,
}


def check_inference(path: Path) -> None:
    """Refuse JSON Lines in which a loader would take texts for dates, and change them.

    `datasets` infers types chunk by chunk, before it applies the card's; where every text of a field in a
    chunk is a date (a test split of one row suffices), "2026-01-31" comes back as "2026-01-31 00:00:00".
    """
    with path.open("rb") as file:
        while chunk := file.read(LOADER_CHUNK):
            if field := _find_timestamp(chunk + file.readline()):
                raise InvalidDatasetError(
                    f"As JSON Lines, every {field} in a part of {path.parent.name}/{path.name} reads as a "
                    "date, and loaders would rewrite it. Nothing was written; choose Parquet, where it stays "
                    "a text."
                )


def _find_timestamp(lines: bytes) -> str | None:
    if DATE.search(lines) is None:
        return None
    import pyarrow as pa
    import pyarrow.json as pj

    options = pj.ReadOptions(use_threads=False, block_size=max(len(lines), 1))
    fields = list(pj.read_json(pa.BufferReader(lines), read_options=options).schema)
    while fields:
        field = fields.pop()
        if pa.types.is_timestamp(field.type):
            return str(field.name)
        fields += [field.type.field(i) for i in range(field.type.num_fields)]
    return None
