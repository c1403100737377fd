"""From chunks of bytes to rows and rejections, in the order of the file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from apps.prompts.parsing.conversation import Conversation, read_conversation
from apps.prompts.parsing.csv_records import Header, split_csv_records
from apps.prompts.parsing.encoding import decode_utf8
from apps.prompts.parsing.excerpts import make_excerpt
from apps.prompts.parsing.formats import BOM, Format, detect_format
from apps.prompts.parsing.json_list import split_json_list
from apps.prompts.parsing.lines import LIMIT, Line, drop_last_blanks, split_lines
from apps.prompts.parsing.reasons import Reason, Rejection, Unusable
from apps.prompts.parsing.values import check_value, load_json

T = TypeVar("T")
Fields = dict[str, Any]
HEAD = 4096


@dataclass(frozen=True, slots=True)
class Row(Generic[T]):
    """A line of `size` bytes that can be used; `value` is what the caller's reader made of its fields."""

    line: int
    last: int
    size: int
    value: T


def parse_prompts(chunks: Iterable[bytes], file_name: str = "") -> Iterator[Row[Conversation] | Rejection]:
    """Every line of a file of prompts, once, as a row or a rejection. Blank lines at its end are left out.

    Raises:
        UnknownFormatError: at once, where it is no text file at all.
    """
    return parse_rows(chunks, file_name, read_conversation)


def parse_rows(
    chunks: Iterable[bytes], file_name: str, read: Callable[[Fields], T]
) -> Iterator[Row[T] | Rejection]:
    """As `parse_prompts`, with `read` making a value of each record's fields or raising `Unusable`."""
    head, rest = _take_head(iter(chunks))
    file_format = detect_format(head, file_name)
    stream = chain([head.removeprefix(BOM)], rest)
    if file_format is Format.CSV:
        return _parse_csv(stream, read)
    if file_format is Format.UTF_16:
        return (_explain(line, _UTF_16) for line in drop_last_blanks(split_lines(stream)))
    lines = split_json_list(stream) if file_format is Format.JSON_LIST else split_lines(stream)
    return (_parse_line(line, _load_object, read) for line in drop_last_blanks(lines))


_UTF_16 = Unusable(Reason.ENCODING, "the file is UTF-16")


def _take_head(chunks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= HEAD:
            break
    return head, chunks


def _parse_line(
    line: Line, load: Callable[[bytes], Fields], read: Callable[[Fields], T]
) -> Row[T] | Rejection:
    try:
        if not line.whole:
            raise Unusable(Reason.TOO_LARGE, f"{line.size:,} bytes; at most {LIMIT:,}")
        if line.blank:
            raise Unusable(Reason.BLANK)
        return Row(line.number, line.last, line.size, read(load(line.raw)))
    except Unusable as unusable:
        return _explain(line, unusable)


def _explain(line: Line, unusable: Unusable) -> Rejection:
    from_end = unusable.reason is Reason.ENDS_ON_ASSISTANT
    excerpt = make_excerpt(line.raw, from_end=from_end)
    return Rejection(line.number, line.last, unusable.reason, unusable.detail, excerpt)


def _load_object(raw: bytes) -> Fields:
    value = load_json(decode_utf8(raw))
    if not isinstance(value, dict):
        raise Unusable(Reason.NOT_AN_OBJECT)
    return value


def _parse_csv(stream: Iterator[bytes], read: Callable[[Fields], T]) -> Iterator[Row[T] | Rejection]:
    lines = split_lines(stream)
    header: Header | None = None
    for line in drop_last_blanks(lines):
        if line.blank:
            yield _explain(line, Unusable(Reason.BLANK))
            continue
        try:
            header = Header(line)
        except Unusable as unusable:
            yield _explain(line, unusable)
        break
    yield from _parse_csv_body(lines, header, read)


def _parse_csv_body(
    lines: Iterator[Line], header: Header | None, read: Callable[[Fields], T]
) -> Iterator[Row[T] | Rejection]:
    if header is None:
        no_header = Unusable(Reason.CSV_HEADER, "a line under a header that cannot be used")
        yield from (_explain(line, no_header) for line in drop_last_blanks(lines))
        return
    columns = header
    for line in drop_last_blanks(split_csv_records(lines, columns.delimiter.encode())):
        yield _parse_line(line, lambda raw: _load_cells(columns, raw), read)


def _load_cells(header: Header, raw: bytes) -> Fields:
    """The cells as fields. Messages, turns and metadata hold JSON, everything else is text."""
    fields: Fields = dict(header.read_fields(raw))
    for name in {"messages", "turns", "metadata"} & fields.keys():
        fields[name] = load_json(fields[name])
    check_value(fields)
    return fields
