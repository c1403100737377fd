"""The first rows of a file: what its columns are, which shape it has, and whether it is understood."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from apps.prompts.imports.columns import SAID, guess_columns
from apps.prompts.imports.options import ASKED, ImportOptions, Role
from apps.prompts.imports.shapes import Outline, detect_shape, find_shape, list_shapes
from apps.prompts.imports.sources import EnoughError, Source
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Columns, Fields, Reason, Rejection, Row, Unusable, parse_line
from apps.prompts.parsing.values import write_value

LOOKED_AT = 200
LOOKED_THROUGH = 8_000_000  # bytes at most, for somebody waits for the page
MOST_SAMPLED = 4_000_000  # bytes of records, whose fields are held all at once
SHOWN = 5
TEXT, ENTRIES, MOST_COLUMNS = 1500, 12, 60


def take_sample(source: Source, options: ImportOptions) -> dict[str, Any]:
    """What the first 200 records say, small enough to be kept with the import.

    Raises:
        InvalidInputError: the file cannot be read at all.
    """
    entries = _read_first(source, options)
    rows: list[Fields] = [entry.value for entry in entries if isinstance(entry, Row)]
    shape = find_shape(options.shape) if options.shape else detect_shape(rows)
    columns = _settle(guess_columns(rows), options.columns) if shape.has_columns else {}
    rejected = [entry for entry in entries if isinstance(entry, Rejection)]
    return {
        "kind": source.kind,
        "shape": shape.code,
        "shapes": [each.code for each in list_shapes() if rows and each.recognise(rows)],
        "columns": _describe_columns(rows)[:MOST_COLUMNS],
        # What is no more than metadata need not be said, and there may be a million names.
        "guess": {
            name: role.value
            for name, role in columns.items()
            if role is not Role.METADATA or name in SAID or name in options.columns
        },
        "guessed": any(role in ASKED and name not in SAID for name, role in columns.items()),
        "rows": [shorten(row) for row in rows[:SHOWN]],
        "looked_at": len(entries),
        "readable": len(rows),
        "rejected": [
            {"line": entry.line, "code": entry.reason.value, "detail": entry.detail, "excerpt": entry.excerpt}
            for entry in rejected[:SHOWN]
        ],
    }


def _settle(guessed: dict[str, Role], chosen: dict[str, Role]) -> dict[str, Role]:
    """What somebody chose holds; a column that was guessed to be the same, or another prompt, gives way."""
    taken = set(chosen.values())
    if taken & set(ASKED):
        taken |= set(ASKED)
    kept = {name: Role.METADATA if role in taken else role for name, role in guessed.items()}
    return {**kept, **chosen}


def _read_first(source: Source, options: ImportOptions) -> list[Row[Fields] | Rejection]:
    entries: list[Row[Fields] | Rejection] = []
    size = 0
    with suppress(EnoughError):
        records = source.open(columns=_guess_csv(source, options))
        for line in islice(records.lines, LOOKED_AT):
            entries.append(parse_line(line, records.load, dict))
            size += len(line.raw)
            if size > MOST_SAMPLED:
                break
    return entries


def _guess_csv(source: Source, options: ImportOptions) -> Columns:
    """CSV is read with any header at first; where one of its columns is ours, with that one's separator."""
    if options.columns:
        return options.csv_columns
    known = Columns()
    first = next(source.open(columns=known).lines, None)
    if first is None:
        return known
    records = source.open(columns=known)
    entry = parse_line(next(records.lines), records.load, dict)
    unusable = isinstance(entry, Rejection) and entry.reason is Reason.CSV_HEADER
    return Columns(prompt=()) if unusable else known


def _describe_columns(rows: Sequence[Fields]) -> list[dict[str, Any]]:
    """Each with how many rows fill it and the first thing it says."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for name, value in row.items():
            if value is None or value == "":
                continue
            example = write_value(shorten(value))
            column = found.setdefault(name, {"name": name, "filled": 0, "example": example})
            column["filled"] += 1
    return list(found.values())


def shorten(value: Any) -> Any:
    """The value with long texts and lists cut, these in their middles: it still begins and ends as it did."""
    if isinstance(value, str):
        return value if len(value) <= TEXT else f"{value[:TEXT]} …"
    if isinstance(value, list):
        half = ENTRIES // 2
        kept = value if len(value) <= ENTRIES else [*value[:half], *value[-half:]]
        return [shorten(entry) for entry in kept]
    if isinstance(value, dict):
        return {key: shorten(inner) for key, inner in list(value.items())[: 4 * ENTRIES]}
    return value


def outline_sample(report: PromptImport, options: ImportOptions) -> list[Outline | Unusable]:
    """What the rows that are shown become under these options, in their order."""
    shape = find_shape(options.shape)
    read = shape.make_reader(report, options)
    outlines: list[Outline | Unusable] = []
    for row in (report.sample or {}).get("rows", []):
        try:
            outlines.append(shape.outline(read(row)))
        except Unusable as unusable:
            outlines.append(unusable)
    return outlines


def is_understood(report: PromptImport, options: ImportOptions) -> bool:
    """Whether nothing has to be asked: no column had to be guessed, and one of the records can be used."""
    sample = report.sample or {}
    if sample.get("looked_at") == 0:
        return True  # an empty file: its report says so
    if sample.get("guessed") and not options.columns:
        return False
    if not options.shape and find_shape(sample.get("shape", "")).asks_first:
        return False
    return any(isinstance(outline, Outline) for outline in outline_sample(report, complete(options, sample)))


def complete(options: ImportOptions, sample: dict[str, Any]) -> ImportOptions:
    """The options with what the sample says where nobody said anything."""
    return options.model_copy(
        update={
            "shape": options.shape or sample["shape"],
            "columns": ImportOptions.model_validate({"columns": sample["guess"]}).columns,
        }
    )
