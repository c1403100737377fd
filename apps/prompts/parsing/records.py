"""Records of a text file from any place in it: what a line is depends on the format, not what it says."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from apps.prompts.parsing.csv_records import PROMPT_COLUMNS, Header, split_csv_records
from apps.prompts.parsing.encoding import decode_utf8
from apps.prompts.parsing.formats import BOM, Format, detect_format
from apps.prompts.parsing.json_list import split_json_list
from apps.prompts.parsing.lines import (
    START,
    EndlessRecordError,
    Line,
    Position,
    drop_last_blanks,
    split_lines,
)
from apps.prompts.parsing.reasons import Reason, Unusable
from apps.prompts.parsing.values import check_value, load_json

Fields = dict[str, Any]
Loader = Callable[[bytes], Fields]
OpenAt = Callable[[int], Iterable[bytes]]
HEAD = 4096
MOST_BEFORE = 10_000  # empty lines before a header, which are held until it is found
JSON_COLUMNS = frozenset({"messages", "turns", "metadata"})


@dataclass(frozen=True, slots=True)
class Columns:
    """Of CSV: which columns may hold the prompt (none: any may) and which hold JSON."""

    prompt: Collection[str] = PROMPT_COLUMNS
    json: Collection[str] = JSON_COLUMNS


@dataclass(frozen=True, slots=True)
class Records:
    """`load` makes fields of the bytes of any of the lines, or raises `Unusable`. A table has no format."""

    format: Format | None
    lines: Iterator[Line]
    load: Loader


def open_records(
    open_at: OpenAt, file_name: str, *, position: Position = START, columns: Columns | None = None
) -> Records:
    """The records of a file from `position` on. Blank lines at its end are left out.

    Args:
        open_at: gives the file's chunks from an offset on; it is asked once more than for the start only
            where `position` lies behind it.

    Raises:
        UnknownFormatError: at once, where it is no text file at all.
    """
    head, rest = _take_head(iter(open_at(0)))
    found = detect_format(head, file_name)
    text = head.removeprefix(BOM)
    base = Position(len(head) - len(text))
    stream: Iterator[bytes] = chain([text], rest)
    if found is Format.CSV:
        records = _open_csv(stream, base, open_at, position, columns or Columns())
    else:
        load = _refuse_utf_16 if found is Format.UTF_16 else load_object
        if behind := position.offset > base.offset:
            stream, base = iter(open_at(position.offset)), position
        if found is Format.JSON_LIST:
            lines = split_json_list(stream, base, inside=behind)
        else:
            lines = split_lines(stream, base)
        records = Records(found, drop_last_blanks(lines), load)
    return Records(found, islice(records.lines, position.skip, None), records.load)


def _take_head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head, chunks


def load_object(raw: bytes) -> Fields:
    value = load_json(decode_utf8(raw))
    if not isinstance(value, dict):
        raise Unusable(Reason.NOT_AN_OBJECT)
    return value


def _refuse_utf_16(raw: bytes) -> Fields:
    raise Unusable(Reason.ENCODING, "the file is UTF-16")


def _open_csv(
    stream: Iterator[bytes], base: Position, open_at: OpenAt, position: Position, columns: Columns
) -> Records:
    lines = split_lines(stream, base)
    before: list[Line] = []
    header = _read_header(lines, before, columns)
    if position.offset > base.offset:
        lines, before = split_lines(open_at(position.offset), position), []
    if isinstance(header, Unusable):
        # The line that should have been the header, and all that stand under it.
        refusal = _Refusal(header, before[-1] if before else None)
        return Records(Format.CSV, chain(before, drop_last_blanks(lines)), refusal.load)
    body = split_csv_records(lines, header.delimiter.encode())
    return Records(
        Format.CSV, chain(before, drop_last_blanks(body)), _CellLoader(header, frozenset(columns.json)).load
    )


def _read_header(lines: Iterator[Line], before: list[Line], columns: Columns) -> Header | Unusable:
    """The first line that is not blank. What is to be told of comes into `before`."""
    for line in drop_last_blanks(lines):
        if not line.blank:
            try:
                return Header(line, columns.prompt)
            except Unusable as unusable:
                before.append(line)
                return unusable
        before.append(line)
        if len(before) > MOST_BEFORE:
            raise EndlessRecordError(f"The first {MOST_BEFORE:,} lines are empty")
    return Unusable(Reason.CSV_HEADER)


class _Refusal:
    """Says of the header why it cannot be used, and of every line under it that this is so."""

    def __init__(self, why: Unusable, header: Line | None) -> None:
        self.why, self.header = why, header

    def load(self, raw: bytes) -> Fields:
        if self.header is not None and raw is self.header.raw:
            raise self.why
        raise Unusable(Reason.CSV_HEADER, "a line under a header that cannot be used")


class _CellLoader:
    def __init__(self, header: Header, json_columns: frozenset[str]) -> None:
        self.header, self.json_columns = header, json_columns

    def load(self, raw: bytes) -> Fields:
        """The cells as fields. Messages, turns and metadata hold JSON, everything else is text."""
        fields: Fields = dict(self.header.read_fields(raw))
        for name in self.json_columns & fields.keys():
            fields[name] = load_json(fields[name])
        check_value(fields)
        return fields
