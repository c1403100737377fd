"""Bytes into lines, holding no more than one line in memory, and none that is over the limit."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from apps.core.errors import InvalidInputError

LIMIT = 200_000
HEAD = 512
# Lines, or marks of JSON, that may pass without the end of a record: nobody could stop whoever reads on.
MOST_STEPS = 4_000_000


class EndlessRecordError(InvalidInputError):
    code = "endless_record"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}, so reading was stopped. What came in before is kept. Mend the file there and import it "
            "again; what is here already is never added twice."
        )


class Position(NamedTuple):
    """Where reading goes on: `skip` records after the one that begins at this offset, on this line."""

    offset: int = 0
    line: int = 1
    skip: int = 0


START = Position()


class Line(NamedTuple):
    """One line, or one record that spans lines `number` to `last`.

    `raw` is all of it, or only its head where `size` is over the limit. `odd_quotes` is said of those
    alone: whether the part that was thrown away leaves a quoted CSV cell open. What follows begins at the
    offset `end`, on line `following`; where that is -1 reading can only go on from an earlier record.
    """

    number: int
    last: int
    raw: bytes
    size: int
    odd_quotes: bool = False
    end: int = -1
    following: int = 0

    @property
    def whole(self) -> bool:
        return self.size <= LIMIT

    @property
    def blank(self) -> bool:
        return self.whole and not self.raw.strip()


class _Giant:
    """A line over the limit, while it passes."""

    def __init__(self, start: bytes) -> None:
        self.head, self.size, self.quotes = start[:HEAD], len(start), start.count(b'"')

    def skip(self, piece: bytes) -> None:
        self.size += len(piece)
        self.quotes += piece.count(b'"')

    def end(self, number: int, offset: int) -> Line:
        end = offset + self.size + 1
        return Line(number, number, self.head, self.size, self.quotes % 2 == 1, end, number + 1)


def split_lines(chunks: Iterable[bytes], start: Position = START) -> Iterator[Line]:
    """The lines of a file, numbered from 1, or of its rest; a last line needs no newline."""
    offset, number, rest, giant = start.offset, start.line, b"", None
    for chunk in chunks:
        pieces = (rest + chunk).split(b"\n")
        rest = pieces.pop()
        for piece in pieces:
            if giant:
                giant.skip(piece)
                line, giant = giant.end(number, offset), None
            else:
                line = make_line(number, piece, offset)
            yield line
            number, offset = number + 1, line.end
        if giant:
            giant.skip(rest)
            rest = b""
        elif len(rest) > LIMIT:
            giant, rest = _Giant(rest), b""
    if giant:
        yield giant.end(number, offset)
    elif rest:
        yield make_line(number, rest, offset)


def make_line(number: int, raw: bytes, offset: int) -> Line:
    size = len(raw)
    end = offset + size + 1
    if size <= LIMIT:
        return Line(number, number, raw, size, False, end, number + 1)
    return Line(number, number, raw[:HEAD], size, raw.count(b'"') % 2 == 1, end, number + 1)


def drop_last_blanks(lines: Iterable[Line]) -> Iterator[Line]:
    """Everything but the blank lines that end a file: those are nobody's mistake."""
    blank_from = None
    for line in lines:
        if line.blank:
            blank_from = blank_from or line.number
            if line.number - blank_from > MOST_STEPS:
                raise EndlessRecordError(f"From line {blank_from:,} on the file has nothing but empty lines")
            continue
        if blank_from:
            # They follow each other, so their numbers are enough: a file of newlines takes no memory.
            yield from (Line(number, number, b"", 0) for number in range(blank_from, line.number))
            blank_from = None
        yield line
