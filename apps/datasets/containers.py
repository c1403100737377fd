"""How rows lie in a file: Parquet or JSON Lines. One dataset has one kind."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from apps.datasets.columns import make_arrow_schema
from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats.base import Columns, Row

BATCH = 1000  # rows held before they go to the file
LOADER_CHUNK = 10 << 20  # bytes from which `datasets` infers the types of JSON Lines


class RowFile(Protocol):
    def write(self, row: Row) -> None: ...
    def close(self) -> None: ...


class ParquetFile:
    """Rows under an explicit schema, a row group per batch."""

    suffix = "parquet"

    def __init__(self, path: Path, columns: Columns) -> None:
        import pyarrow.parquet as pq

        self._schema = make_arrow_schema(columns)
        self._writer: Any = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._batch: list[Row] = []

    def write(self, row: Row) -> None:
        self._batch.append(row)
        if len(self._batch) >= BATCH:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._batch:
            self._writer.write_batch(pa.RecordBatch.from_pylist(self._batch, schema=self._schema))
            self._batch.clear()


class JsonLinesFile:
    """A JSON object per line, UTF-8, every column in every row."""

    suffix = "jsonl"

    def __init__(self, path: Path, columns: Columns) -> None:
        self._path = path
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, row: Row) -> None:
        self._file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")

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


class FileSet:
    """The files of a dataset, each opened when its first row comes: an empty split has no file."""

    def __init__(self, folder: Path, container: str) -> None:
        self._folder = folder
        self._kind = CONTAINERS[container]
        self._files: dict[tuple[str, str], tuple[Path, RowFile]] = {}

    def write(self, format_name: str, columns: Columns, split: str, row: Row) -> None:
        key = (format_name, split)
        if key not in self._files:
            path = self._folder / format_name / f"{split}.{self._kind.suffix}"
            path.parent.mkdir(exist_ok=True)
            self._files[key] = (path, self._kind(path, columns))
        self._files[key][1].write(row)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, file in self._files.values():
            file.close()
        if kind is None and self._kind is JsonLinesFile:
            for path, _ in self._files.values():
                check_inference(path)
