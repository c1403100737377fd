"""CSV as a stream: lines into records, records into fields by the names of the header."""

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from apps.prompts.parsing.encoding import decode_utf8
from apps.prompts.parsing.lines import HEAD, LIMIT, MOST_STEPS, EndlessRecordError, Line
from apps.prompts.parsing.reasons import Reason, Unusable

DELIMITERS = (",", ";", "\t")
PROMPT_COLUMNS = ("prompt", "messages", "turns", "instruction")
KNOWN_COLUMNS = {*PROMPT_COLUMNS, "system", "metadata", "response", "output", "model", "generator"}
# Python's own limit is 131,072 characters a cell; a record over ours never reaches it.
csv.field_size_limit(max(LIMIT, csv.field_size_limit()))
_QUOTED = re.compile(rb'(?:[^"]++|"")*+')


def split_csv_records(lines: Iterable[Line], delimiter: bytes = b",") -> Iterator[Line]:
    """Join the lines of a record whose quoted cells span several.

    A record over the limit is thrown away up to its true end, so that its text is never taken for rows.
    """
    pieces: list[bytes] = []
    first = size = 0
    inside = False
    for line in lines:
        inside = _is_open_after(line, delimiter, inside)
        if not (inside or pieces):
            yield line
            continue
        first, size = (first, size + 1 + line.size) if pieces else (line.number, line.size)
        pieces.append(line.raw)
        if size > LIMIT:
            pieces = [b"\n".join(pieces)[:HEAD]]
        if line.number - first > MOST_STEPS:
            raise EndlessRecordError(f"A quotation mark on line {first:,} is never closed")
        if not inside:
            yield _join(first, pieces, size, line)
            pieces = []
    if pieces:
        yield _join(first, pieces, size, line)


def _join(first: int, pieces: list[bytes], size: int, last: Line) -> Line:
    return Line(first, last.number, b"\n".join(pieces), size, False, last.end, last.following)


def _is_open_after(line: Line, delimiter: bytes, inside: bool) -> bool:
    """Whether a quoted cell goes on in the next line. Quotes in the middle of a plain cell are text."""
    if not line.whole:
        return inside != line.odd_quotes
    raw, at = line.raw, 0
    if not inside and b'"' not in raw:
        return False
    while True:
        if inside:
            match = _QUOTED.match(raw, at)
            at = match.end() if match else at
            if at == len(raw):
                return True
            inside = False
        elif raw.startswith(b'"', at):
            inside, at = True, at + 1
            continue
        at = raw.find(delimiter, at) + 1
        if not at:
            return False


class Header:
    """The names of the columns, and the separator that goes with them."""

    def __init__(self, line: Line, prompt_columns: Collection[str] = PROMPT_COLUMNS) -> None:
        """Read the header; the separator is the one of comma, semicolon and tab that makes sense of it.

        Where nothing is known of the columns, `prompt_columns` is empty: any of them may hold the prompt, and
        the separator is the one that parts most.
        """
        self.prompt_columns = frozenset(prompt_columns)
        if not line.whole:
            raise Unusable(Reason.TOO_LARGE, f"a header of {line.size:,} bytes")
        self.delimiter, names = self._choose_delimiter(line.raw)
        self.names = [name or f"column_{number}" for number, name in enumerate(names, start=1)]
        twice = {name for name, times in Counter(self.names).items() if times > 1}
        if twice:
            raise Unusable(Reason.CSV_HEADER, "twice: " + ", ".join(sorted(twice))[:100])

    def _choose_delimiter(self, raw: bytes) -> tuple[str, list[str]]:
        guesses = []
        for delimiter in DELIMITERS:
            names = _read_names(raw, delimiter)
            if self.prompt_columns.intersection(names):
                return delimiter, names
            guesses.append((delimiter, names))
        if self.prompt_columns:
            raise Unusable(Reason.CSV_HEADER, "none of the columns is “prompt”, “messages” or “turns”")
        return max(guesses, key=lambda guess: len(guess[1]))

    def read_fields(self, raw: bytes) -> dict[str, str]:
        """The cells that say something, by column.

        Raises:
            Unusable: it is no record of this file, or all of its prompt columns are empty.
        """
        cells = _read_cells(raw, self.delimiter)
        if len(cells) > len(self.names):
            raise Unusable(Reason.CSV_CELLS, f"{len(cells)} cells, {len(self.names)} columns")
        fields = dict(zip(self.names, cells, strict=False))
        said = {name: cell for name, cell in fields.items() if cell}
        if not (self.prompt_columns & said.keys() if self.prompt_columns else said):
            raise Unusable(Reason.EMPTY)
        return said


def names_columns(raw: bytes) -> bool:
    """Whether a line is a header of ours, by any of the separators."""
    for delimiter in DELIMITERS:
        try:
            names = _read_names(raw, delimiter)
        except Unusable:
            continue
        if any(column in names for column in PROMPT_COLUMNS):
            return True
    return False


def _read_names(raw: bytes, delimiter: str) -> list[str]:
    return [_clean_name(name) for name in _read_cells(raw, delimiter)]


def _clean_name(name: str) -> str:
    name = name.strip()
    return name.lower() if name.lower() in KNOWN_COLUMNS else name


def _read_cells(raw: bytes, delimiter: str) -> list[str]:
    text = io.StringIO(decode_utf8(raw), newline="")
    try:
        rows = list(csv.reader(text, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Unusable(Reason.CSV_QUOTES, str(error)) from None
    if len(rows) != 1:
        raise Unusable(Reason.CSV_QUOTES, "a line break outside of quotation marks")
    return rows[0]
