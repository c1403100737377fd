"""How rows lie in a file: Parquet or JSON Lines. One dataset has one kind."""

import re
from pathlib import Path
from typing import IO, Any, Protocol

import orjson

from apps.datasets.columns import make_arrow_schema
from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats.base import Columns, Row

GROUP = 4_000  # rows of a row group
BUFFER = 1 << 20  # bytes
LOADER_CHUNK = 10 << 20  # bytes from which `datasets` infers the types of JSON Lines
# All that Arrow may take for a time, and little else: to look for it is three times as fast as to parse.
DATE = re.compile(rb'"\d{4}-\d\d-\d\d[ T\d:Z+-]*"')


class RowFile(Protocol):
    suffix: str

    def write(self, rows: list[Row]) -> None: ...
    def close(self) -> None: ...


class ParquetFile:
    """Rows under an explicit schema."""

    suffix = "parquet"

    def __init__(self, path: Path, columns: Columns) -> None:
        import pyarrow.parquet as pq

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
        self._writer.close()

    def _flush(self, rows: list[Row]) -> None:
        import pyarrow as pa

        self._writer.write_batch(pa.RecordBatch.from_pylist(rows, schema=self._schema))


class JsonLinesFile:
    """A JSON object per line, UTF-8, every column in every row."""

    suffix = "jsonl"

    def __init__(self, path: Path, columns: Columns) -> None:
        self._file: IO[bytes] = path.open("wb", buffering=BUFFER)

    def write(self, rows: list[Row]) -> None:
        for row in rows:
            self._file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))

    def close(self) -> None:
        self._file.close()


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
