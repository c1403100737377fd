"""Rows of a table as records: Parquet, and what `datasets` reads. Their numbers count rows, from 1."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from apps.core.errors import InvalidInputError
from apps.prompts.parsing.lines import HEAD, LIMIT, Line
from apps.prompts.parsing.memory import MOST_ADDED, limit_memory

# A cell may have 200 kB, so a batch stays far below what a part of an import may hold.
BATCH = 200
# So much of one row group's columns is held at once; writers make groups of some 100 MB at most.
MOST_GROUP = 1_000_000_000


class BrokenTableError(InvalidInputError):
    code = "broken_table"


def make_records(rows: Iterable[Mapping[str, Any]], first: int = 1) -> Iterator[Line]:
    """Each row as the line of JSON that would say the same. Empty cells are left out, as in CSV."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_make_plain).encode
    for number, row in enumerate(rows, start=first):
        raw = encode({str(key): value for key, value in row.items() if not _is_nothing(value)})
        # Half a character cannot be encoded; the parsers turn it away and say so.
        packed = raw.encode("utf-8", "surrogatepass")
        size = len(packed)
        yield Line(number, number, packed if size <= LIMIT else packed[:HEAD], size)


def _is_nothing(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 — NaN, which is how tables write an empty number


def _make_plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, bytes):
        return f"({len(value):,} bytes, not kept)"
    return str(value)[:1000]


def count_parquet_rows(file: IO[bytes]) -> int:
    return int(_open_parquet(file).metadata.num_rows)


def read_parquet(file: IO[bytes], *, skip: int = 0) -> Iterator[Line]:
    """The rows behind the first `skip`, a batch in memory at a time.

    Raises:
        BrokenTableError: it is damaged, or made so that reading it would take too much memory.
    """
    table = _open_parquet(file)
    first = 1
    for number in range(table.metadata.num_row_groups):
        group = table.metadata.row_group(number)
        if skip >= group.num_rows:
            skip, first = skip - group.num_rows, first + group.num_rows
            continue
        if group.total_byte_size > MOST_GROUP:
            raise BrokenTableError(
                f"Row group {number + 1} of the Parquet file has {group.total_byte_size / 1e9:,.1f} GB, "
                "which would not fit in memory. Write it with smaller row groups, such as 10,000 rows each. "
                "What came in before is kept."
            )
        batches = table.iter_batches(batch_size=BATCH, row_groups=[number], use_threads=False)
        while (batch := _read_batch(batches, skip)) is not None:
            size, rows = batch
            if skip < size:
                yield from make_records(rows, first + skip)
            skip, first = max(0, skip - size), first + size


def _read_batch(batches: Iterator[Any], skip: int) -> tuple[int, list[dict[str, Any]]] | None:
    """How many rows the next batch has, and those behind the first `skip`; None at the end."""
    import pyarrow

    try:
        with limit_memory():
            batch = next(batches, None)
            return None if batch is None else (batch.num_rows, batch.slice(skip).to_pylist())
    except MemoryError:
        raise BrokenTableError(
            f"{BATCH} rows of the Parquet file would fill more than {MOST_ADDED / 1e9:,.0f} GB of memory, "
            "which no prompts do. What came in before is kept. Leave out the columns that hold so much."
        ) from None
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise _break(error) from None


def _open_parquet(file: IO[bytes]) -> Any:
    import pyarrow
    import pyarrow.parquet

    try:
        # Buffered: pages are read as they are needed, and not whole column chunks.
        with limit_memory():
            return pyarrow.parquet.ParquetFile(file, buffer_size=1_048_576, pre_buffer=False)
    except (pyarrow.ArrowException, MemoryError, OSError, ValueError) as error:
        raise _break(error) from None


def _break(error: Exception) -> BrokenTableError:
    said = " ".join(str(error).split())[:200]
    return BrokenTableError(
        f"The Parquet file cannot be read any further: {said}. What came in before is kept. Write the file "
        "again and import it; what is here already is never added twice."
    )
