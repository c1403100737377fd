"""The elements of one big JSON list, cut apart without understanding them."""

import re
from collections.abc import Iterable, Iterator

from apps.prompts.parsing.lines import HEAD, LIMIT, MOST_STEPS, START, EndlessRecordError, Line, Position

_OUTSIDE_STRING = re.compile(rb'["\[\]{},]')
_INSIDE_STRING = re.compile(rb'["\\]')


def split_json_list(
    chunks: Iterable[bytes], start: Position = START, *, inside: bool = False
) -> Iterator[Line]:
    """The elements of `[…, …]`, each with the lines that it spans; `inside` says that the list has begun.

    Whatever stands before or after the list comes as an element too, so that nothing is lost unseen.
    """
    cutter = _Cutter(start, int(inside))
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield from cutter.cut()


class _Cutter:
    """Counts brackets and knows when it is in a string; everything else is the JSON parser's."""

    def __init__(self, start: Position, depth: int) -> None:
        self.depth, self.in_string, self.escaped = depth, False, False
        self.line = self.first = start.line
        self.offset = start.offset  # of the chunk
        self.raw, self.size = b"", 0
        self.marks = 0  # since an element ended

    def feed(self, chunk: bytes) -> Iterator[Line]:
        start = at = 0
        if self.escaped and chunk:
            at, self.escaped = 1, False
        while match := (_INSIDE_STRING if self.in_string else _OUTSIDE_STRING).search(chunk, at):
            at = match.end()
            self.marks += 1
            if match[0] == b'"':
                self.in_string = not self.in_string
            elif match[0] == b"\\":
                self.escaped = at == len(chunk)
                at += 1
            elif self._is_border(match[0]):
                self._take(chunk[start : match.start()])
                # Only between two elements is it known, without looking back, how deep one is.
                yield from self.cut(self.offset + at if self.depth else -1)
                start = at
        self._take(chunk[start:])
        self.offset += len(chunk)
        if self.marks > MOST_STEPS:
            raise EndlessRecordError(f"The element of the list that begins on line {self.first:,} never ends")

    def cut(self, end: int = -1) -> Iterator[Line]:
        """The element up to here, if there is anything in it."""
        if self.size > LIMIT:
            yield Line(self.first, self.line, self.raw, self.size, False, end, self.line)
        elif raw := self.raw.rstrip():
            last = self.first + raw.count(b"\n")
            yield Line(self.first, last, raw, len(raw), False, end, self.line)
        if self.size:
            self.marks = 0
        self.raw, self.size = b"", 0

    def _is_border(self, mark: bytes) -> bool:
        if mark == b",":
            return self.depth == 1
        before = self.depth
        self.depth = before + 1 if mark in b"[{" else max(0, before - 1)
        return before + self.depth == 1

    def _take(self, piece: bytes) -> None:
        if not self.size:
            stripped = piece.lstrip()
            self.line += piece.count(b"\n", 0, len(piece) - len(stripped))
            self.first, piece = self.line, stripped
        self.line += piece.count(b"\n")
        self.size += len(piece)
        self.raw = (self.raw + piece)[: LIMIT if self.size <= LIMIT else HEAD]
