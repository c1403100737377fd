"""A dataset as files in a folder."""

import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from apps.datasets.containers import CONTAINERS, JsonLinesFile, RowFile, check_inference
from apps.datasets.errors import NothingToExportError
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Columns, Format, Row
from apps.datasets.formats.material import Material
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.datasets.validation import Gate

BLOCK = 1 << 20


@dataclass(frozen=True)
class FileFacts:
    """A file of a dataset: its path in it, and what tells whether it is still the same."""

    path: str
    bytes: int
    sha256: str
    crc32: int
    rows: int | None = None  # None: not a file of rows


def write_rows(
    recipe: RecipeDocument,
    parts: Iterable[list[Material]],
    folder: Path,
    *,
    tally: Tally,
    tell: Callable[[int], None] = lambda prompts: None,
) -> list[FileFacts]:
    """Write FORMAT/SPLIT files under `folder`, count in `tally`, and `tell` after each part how many prompts it had.

    The same material gives the same bytes. Rows stream: memory does not grow with their number.

    Raises:
        NothingToExportError: no format has a row.
        InvalidDatasetError: a row would train wrongly.
    """
    gate = Gate(recipe)
    with FileSet(folder, recipe.container) as files:
        for part in parts:
            for name in recipe.formats:
                _write_part(FORMATS[name], part, gate, files)
            for material in part:
                tally.add(material.harvest)
            tell(len(part))
    gate.close()
    if not files.counts:
        raise NothingToExportError(explain_emptiness(tally))
    return files.describe()


def _write_part(made_by: Format, part: list[Material], gate: Gate, files: "FileSet") -> None:
    by_split: dict[Split, list[Row]] = {}
    for material in part:
        split = material.harvest.split
        if split is None or not made_by.takes(material.harvest.prompt):
            continue
        rows = list(made_by.make_rows(material))
        gate.check(made_by, split, rows)
        by_split.setdefault(split, []).extend(rows)
    for split, rows in by_split.items():
        if rows:
            files.write(made_by, split, rows)


class FileSet:
    """The files of a dataset, each opened when its first row comes: an empty split has no file."""

    def __init__(self, folder: Path, container: str) -> None:
        self._folder = folder
        self._kind = CONTAINERS[container]
        self._files: dict[Path, RowFile] = {}
        self.counts: dict[Path, int] = {}

    def write(self, made_by: Format, split: Split, rows: list[Row]) -> None:
        path = self._folder / made_by.NAME / f"{split}.{self._kind.suffix}"
        if made_by.ASIDE:
            origins = [{"metadata": row.pop("metadata")} for row in rows]
            columns = {name: type_ for name, type_ in made_by.COLUMNS.items() if name != "metadata"}
            self._write(path.with_suffix(".origin.jsonl"), {}, origins)
            self._write(path, columns, rows)
        else:
            self._write(path, made_by.COLUMNS, rows)

    def _write(self, path: Path, columns: Columns, rows: list[Row]) -> None:
        file = self._files.get(path)
        if file is None:
            path.parent.mkdir(exist_ok=True)
            file = self._files[path] = self._kind(path, columns)
        file.write(rows)
        self.counts[path] = self.counts.get(path, 0) + len(rows)

    def describe(self) -> list[FileFacts]:
        return [describe_file(path, self._folder, rows=self.counts[path]) for path in sorted(self._files)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        if kind is None and self._kind is JsonLinesFile:
            for path in self._files:
                check_inference(path)


def describe_file(path: Path, folder: Path, *, rows: int | None = None) -> FileFacts:
    """Read it once, for its hashes."""
    sha, crc, size = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            sha.update(block)
            crc = zlib.crc32(block, crc)
            size += len(block)
    return FileFacts(path.relative_to(folder).as_posix(), size, sha.hexdigest(), crc, rows)


def explain_emptiness(tally: Tally) -> str:
    """Why there is no row, and what changes it."""
    if not tally.answered:
        return "Nobody has rated an item yet, so there is nothing to export. Rate some items first."
    if tally.pairs:
        return (
            f"None of the {tally.pairs} pairs is clear enough for this format, so there is nothing to "
            "export. Choose another format, or rate more items."
        )
    return (
        f"None of the {tally.answered} items with an answer makes a row yet, so there is nothing to export. "
        "The datasets page says why; more ratings or another recipe change it."
    )
