"""Bytes into lines, holding no more than one line in memory, and none that is over the limit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LIMIT = 200_000
HEAD = 512


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or one record that spans lines `number` to `last`.

    `raw` is all of it, or only its head where `size` is over the limit. `odd_quotes` is said of those
    alone: whether the part that was thrown away leaves a quoted CSV cell open.
    """

    number: int
    last: int
    raw: bytes
    size: int
    odd_quotes: bool = False

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

    def end(self, number: int) -> Line:
        return Line(number, number, self.head, self.size, self.quotes % 2 == 1)


def split_lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a file, numbered from 1; a last line needs no newline."""
    number, rest, giant = 1, b"", None
    for chunk in chunks:
        pieces = (rest + chunk).split(b"\n")
        rest = pieces.pop()
        for piece in pieces:
            if giant:
                giant.skip(piece)
                yield giant.end(number)
                giant = None
            else:
                yield make_line(number, number, piece)
            number += 1
        if giant:
            giant.skip(rest)
            rest = b""
        elif len(rest) > LIMIT:
            giant, rest = _Giant(rest), b""
    if giant:
        yield giant.end(number)
    elif rest:
        yield make_line(number, number, rest)


def make_line(number: int, last: int, raw: bytes) -> Line:
    if len(raw) <= LIMIT:
        return Line(number, last, raw, len(raw))
    return Line(number, last, raw[:HEAD], len(raw), raw.count(b'"') % 2 == 1)


def drop_last_blanks(lines: Iterable[Line]) -> Iterator[Line]:
    """Everything but the blank lines that end a file: those are nobody's mistake."""
    blank_from = None
    for line in lines:
        if line.blank:
            blank_from = blank_from or line.number
            continue
        if blank_from:
            # They follow each other, so their numbers are enough: a file of newlines takes no memory.
            yield from (Line(number, number, b"", 0) for number in range(blank_from, line.number))
            blank_from = None
        yield line
