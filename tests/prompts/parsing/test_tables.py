"""Parquet, and the rows that `datasets` gives: the same records as lines of JSON would be."""

import io
import resource
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from apps.prompts.parsing import LIMIT, Reason, Rejection, Row, memory, parse_line
from apps.prompts.parsing.records import load_object
from apps.prompts.parsing.tables import BrokenTableError, count_parquet_rows, make_records, read_parquet


def write(rows: list[dict[str, Any]], **more: Any) -> io.BytesIO:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, **more)
    file.seek(0)
    return file


ROWS = [{"prompt": f"number {n}", "n": n, "nothing": None} for n in range(1000)]


def load(file: io.BytesIO, skip: int = 0) -> list[Any]:
    return [(line.number, load_object(line.raw)) for line in read_parquet(file, skip=skip)]


@pytest.mark.parametrize("skip", [0, 1, 99, 100, 350, 999, 1000])
def test_rows_from_any_place_on(skip: int) -> None:
    file = write(ROWS, row_group_size=100)
    expected = [(row["n"] + 1, {"prompt": row["prompt"], "n": row["n"]}) for row in ROWS[skip:]]
    assert load(file, skip) == expected


def test_nested_messages_and_what_json_does_not_know() -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    row = {
        "messages": [{"role": "user", "content": "Why?"}],
        "at": at,
        "price": Decimal("1.50"),
        "image": b"\0\1",
        "score": float("nan"),
        "x": "é",
    }
    [(_, fields)] = load(write([row]))
    assert fields == {
        "messages": row["messages"],
        "at": at.isoformat(),
        "price": "1.50",
        "image": "(2 bytes, not kept)",
        "x": "é",
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"prompt": "x" * LIMIT}, Reason.TOO_LARGE),
        ({"prompt": "a\0b"}, Reason.NUL),
        ({"prompt": "\ud800"}, Reason.ENCODING),
        ({"prompt": "a", "n": 2**64}, Reason.NUMBER),
        ({"prompt": "a", "n": [float("inf")]}, Reason.NUMBER),
    ],
)
def test_cells_that_cannot_be_kept(row: dict[str, Any], reason: Reason) -> None:
    [line] = make_records([row])
    entry = parse_line(line, load_object, dict)
    assert isinstance(entry, Rejection)
    assert entry.reason is reason


def test_a_row_without_anything() -> None:
    [line] = make_records([{"prompt": None}])
    assert isinstance(parse_line(line, load_object, dict), Row)


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\0" * 50 + b"PAR1"])
def test_a_broken_file(content: bytes) -> None:
    with pytest.raises(BrokenTableError, match="cannot be read"):
        count_parquet_rows(io.BytesIO(content))


def test_damaged_pages_are_told() -> None:
    content = bytearray(write(ROWS, compression="zstd").getvalue())
    content[40:400] = b"\xff" * 360
    with pytest.raises(BrokenTableError):
        list(read_parquet(io.BytesIO(bytes(content))))


@pytest.mark.parametrize("bomb", ["text", "list"])
def test_a_small_file_that_stands_for_gigabytes_is_refused(
    monkeypatch: pytest.MonkeyPatch, bomb: str
) -> None:
    monkeypatch.setattr(memory, "MOST_ADDED", 300_000_000)
    nothing = pa.array([0] * 200, pa.int32())
    # More than a test process may have had and given back, which it takes again without asking for it.
    numbers, ends = np.zeros(120_000_000, np.int8), np.arange(201, dtype=np.int32) * 600_000
    column = {
        "text": lambda: pa.DictionaryArray.from_arrays(nothing, pa.array(["x" * 10_000_000])),
        "list": lambda: pa.ListArray.from_arrays(ends, pa.array(numbers)),
    }[bomb]()
    file = io.BytesIO()
    pq.write_table(pa.table({"prompt": column}), file, compression="zstd", write_statistics=False)
    assert len(file.getvalue()) < 20_000
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(BrokenTableError, match="of memory, which no prompts do"):
        list(read_parquet(file))
    assert resource.getrlimit(resource.RLIMIT_AS) == before
