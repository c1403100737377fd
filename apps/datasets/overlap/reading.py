"""Held-out texts out of files: a text a line, JSON, CSV or Parquet."""

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from apps.core.errors import InvalidInputError
from apps.prompts.parsing.formats import BOM, PARQUET
from apps.prompts.parsing.lines import Line
from apps.prompts.parsing.reasons import Unusable
from apps.prompts.parsing.records import Columns, Fields, load_object, open_records
from apps.prompts.parsing.tables import read_parquet

# Where the text is, if nobody says it: the names that benchmarks give it, the likeliest first.
COLUMNS = ("prompt", "text", "question", "instruction", "problem", "query", "input", "turns", "messages")
TABLES = {".csv", ".tsv", ".json", ".jsonl", ".ndjson"}


def read_texts(content: bytes, file_name: str = "", *, column: str = "") -> list[str]:
    """The texts of a file, or of what was pasted, in their order.

    Args:
        content: a text a line, JSON objects a line, a JSON list of objects, CSV with a header, or Parquet.
        column: where a record has its text: some words, or a list of turns; by itself the first of `COLUMNS`.

    Raises:
        InvalidInputError: a line says nothing that can be used; it is named, and nothing is read.
    """
    if not content.startswith(PARQUET) and _is_plain(content, file_name):
        return [line.strip() for line in _decode(content).splitlines() if line.strip()]
    lines, load = _open(content, file_name)
    return list(chain.from_iterable(_read_line(line, load, column) for line in lines if not line.blank))


def _is_plain(content: bytes, file_name: str) -> bool:
    begins = content.removeprefix(BOM).lstrip()[:1]
    return PurePosixPath(file_name.lower()).suffix not in TABLES and begins not in (b"{", b"[")


def _decode(content: bytes) -> str:
    try:
        return content.removeprefix(BOM).decode().replace("\0", "")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            "The texts are not UTF-8, so nothing was read. Save them as UTF-8."
        ) from error


def _open(content: bytes, file_name: str) -> tuple[Iterable[Line], Callable[[bytes], Fields]]:
    if content.startswith(PARQUET):
        return read_parquet(io.BytesIO(content)), load_object
    records = open_records(lambda _: [content], file_name, columns=Columns(prompt=()))
    return records.lines, records.load


def _read_line(line: Line, load: Callable[[bytes], Fields], column: str) -> list[str]:
    try:
        if not line.whole:
            raise InvalidInputError(f"Line {line.number} is too long, so nothing was read. Shorten it.")
        return list(_find_texts(load(line.raw), column, line.number))
    except Unusable as unusable:
        raise InvalidInputError(
            f"Line {line.number}: {unusable.reason.why}. Nothing was read. {unusable.reason.advice}"
        ) from None


def _find_texts(fields: Fields, column: str, number: int) -> Iterator[str]:
    named = column or next((name for name in COLUMNS if fields.get(name)), "")
    texts = list(_list_texts(fields.get(named)))
    if not texts:
        wanted = f"“{column}”" if column else "one of " + ", ".join(f"“{name}”" for name in COLUMNS)
        raise InvalidInputError(
            f"Line {number} has no text in {wanted}, so nothing was read. Name the column that has it."
        )
    yield from texts


def _list_texts(value: Any) -> Iterator[str]:
    """Of turns those that are no answers."""
    if isinstance(value, str) and value.strip():
        yield value.strip()
    elif isinstance(value, list):
        for turn in value:
            if not isinstance(turn, dict):
                yield from _list_texts(turn)
            elif turn.get("role") != "assistant":
                yield from _list_texts(turn.get("content"))
