"""A dataset as files in a folder."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from apps.datasets.behind import Behind
from apps.datasets.containers import CONTAINERS, JsonLinesFile, RowFile
from apps.datasets.deciding.harvest import Harvest
from apps.datasets.digests import FileFacts, describe_file
from apps.datasets.errors import NothingToExportError
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Columns, Format, Need, Row
from apps.datasets.formats.material import Material
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.datasets.validation import Gate

HASHERS = 2  # threads; hashing leaves the others alone


class Index(Protocol):
    """Notes what the rows of a prompt rest on, and how many there are of each need."""

    def add(self, harvest: Harvest, rows: Counter[Need]) -> None: ...


def write_rows(
    recipe: RecipeDocument,
    parts: Iterable[list[Material]],
    folder: Path,
    *,
    tally: Tally,
    index: Index | None = None,
    tell: Callable[[], None] = lambda: None,
) -> list[FileFacts]:
    """Write FORMAT/SPLIT files under `folder`, count in `tally`, and `tell` after each part.

    The same material gives the same bytes. Rows stream: memory does not grow with their number.

    Returns:
        all files, by path; those of rows with the number of rows in each.

    Raises:
        NothingToExportError: no format has a row.
        InvalidDatasetError: a row would train wrongly.
    """
    gate = Gate(recipe)
    with FileSet(folder, recipe.container) as files:
        for part in parts:
            made: list[Counter[Need]] = [Counter() for _ in part]
            for name in recipe.formats:
                _write_part(FORMATS[name], part, gate, files, made)
            for material, rows in zip(part, made, strict=True):
                tally.add(material.harvest)
                if index is not None and rows:
                    index.add(material.harvest, rows)
            tell()
    gate.close()
    if not files.counts:
        raise NothingToExportError(explain_emptiness(tally))
    return files.describe()


def _write_part(
    made_by: Format, part: list[Material], gate: Gate, files: "FileSet", made: list[Counter[Need]]
) -> None:
    by_split: dict[Split, list[Row]] = {}
    for material, counted in zip(part, made, strict=True):
        split = material.harvest.split
        if split is None or not made_by.takes(material.harvest.prompt):
            continue
        rows = list(made_by.make_rows(material))
        if rows:
            gate.check(made_by, split, rows)
            by_split.setdefault(split, []).extend(rows)
            counted[made_by.NEED] += len(rows)
    for split, rows in by_split.items():
        files.write(made_by, split, rows)


class FileSet:
    """The files of a dataset, each opened when its first row comes: an empty split has no file."""

    def __init__(self, folder: Path, container: str) -> None:
        self._folder = folder
        self._kind = CONTAINERS[container]
        self._behind = Behind()
        self._files: dict[Path, RowFile] = {}
        self._splits: dict[str, dict[Split, str]] = {}  # names of files by format
        self._extras: list[Path] = []
        self.counts: dict[Path, int] = {}  # rows, but of those aside

    def write(self, made_by: Format, split: Split, rows: list[Row]) -> None:
        name = f"{split}.{self._kind.suffix}"
        path = self._folder / made_by.NAME / name
        self._splits.setdefault(made_by.NAME, {})[split] = name
        columns = made_by.COLUMNS
        if made_by.ASIDE:
            origins = [{"metadata": row.pop("metadata")} for row in rows]
            beside = path.with_suffix(f".origin.{self._kind.suffix}")
            self._write(beside, {"metadata": columns["metadata"]}, origins)
            columns = {name: type_ for name, type_ in columns.items() if name != "metadata"}
        self._write(path, columns, rows)
        self.counts[path] = self.counts.get(path, 0) + len(rows)

    def _write(self, path: Path, columns: Columns, rows: list[Row]) -> None:
        file = self._files.get(path)
        if file is None:
            path.parent.mkdir(exist_ok=True)
            file = self._files[path] = self._kind(path, columns, self._behind)
        file.write(rows)

    def _write_extra_files(self) -> None:
        for name, files in self._splits.items():
            for extra, text in FORMATS[name].extra_files(files).items():
                path = self._folder / name / extra
                path.write_text(text, encoding="utf-8", newline="\n")
                self._extras.append(path)

    def describe(self) -> list[FileFacts]:
        """All of them, by path, once they are closed."""
        with ThreadPoolExecutor(HASHERS) as threads:
            found = list(threads.map(self._describe, self._files))
        found += [describe_file(path, self._folder) for path in self._extras]
        return sorted(found, key=lambda facts: facts.path)

    def _describe(self, path: Path) -> FileFacts:
        return self._files[path].describe(self._folder, self.counts.get(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            for file in self._files.values():
                file.close()
        finally:
            self._behind.close()
        if kind is not None:
            return
        self._write_extra_files()
        for path in self.counts:
            file = self._files[path]
            if "parquet" in FORMATS[path.parent.name].CONTAINERS and isinstance(file, JsonLinesFile):
                file.check_inference()  # other formats are not read by `datasets`


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
