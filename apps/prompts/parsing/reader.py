"""From records to rows and rejections, in the order of the file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from apps.prompts.parsing.conversation import Conversation, read_conversation
from apps.prompts.parsing.excerpts import make_excerpt
from apps.prompts.parsing.lines import LIMIT, Line
from apps.prompts.parsing.reasons import Reason, Rejection, Unusable
from apps.prompts.parsing.records import Fields, Loader, open_records

T = TypeVar("T")
LONGEST_DETAIL = 300  # it may name a column, and a name can be as long as a line


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
    records = open_records(lambda _: chunks, file_name)
    return (parse_line(line, records.load, read) for line in records.lines)


def parse_line(line: Line, load: Loader, read: Callable[[Fields], T]) -> Row[T] | Rejection:
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
    return Rejection(line.number, line.last, unusable.reason, unusable.detail[:LONGEST_DETAIL], excerpt)
