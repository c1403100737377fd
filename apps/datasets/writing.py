"""A dataset as a folder: complete, or not there."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from apps.datasets.card import render_card
from apps.datasets.containers import CONTAINERS, FileSet
from apps.datasets.errors import FolderInUseError, NothingToExportError, UnknownFormatError
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Format
from apps.datasets.reading import count_others, count_waiting, iterate_comparisons, one_moment
from apps.datasets.rows import build_rows
from apps.datasets.splits import Splitter, plan_splits, store_pins
from apps.datasets.tally import Tally
from apps.datasets.validation import Gate
from apps.projects.models import Project


def choose_formats(names: Sequence[str]) -> list[Format]:
    """The named formats, in the order in which they are registered, each once.

    Raises:
        UnknownFormatError: a name is not registered, or there is none.
    """
    known = ", ".join(FORMATS)
    if unknown := [name for name in names if name not in FORMATS]:
        raise UnknownFormatError(f"There is no format {unknown[0]!r}. Choose from: {known}.")
    if not names:
        raise UnknownFormatError(f"No format was chosen. Choose from: {known}.")
    return [one for name, one in FORMATS.items() if name in names]


def write_dataset(
    *, project: Project, formats: Sequence[str], container: str = "parquet", folder: Path
) -> Tally:
    """Write FORMAT/SPLIT files and README.md into `folder`, which must be empty or not exist.

    The same data gives the same bytes. Rows stream: memory does not grow with their number.

    Returns:
        what was counted on the way.

    Raises:
        UnknownFormatError: a format or container is not registered.
        FolderInUseError: `folder` holds something.
        NothingToExportError: no format has a row.
        InvalidDatasetError: a row would train wrongly.
    """
    chosen = choose_formats(formats)
    if container not in CONTAINERS:
        raise UnknownFormatError(
            f"There is no file kind {container!r}. Choose from: {', '.join(CONTAINERS)}."
        )
    with _filled_beside(folder) as draft:
        tally = _write_rows(project, chosen, container, draft)
        card = render_card(project=project, formats=chosen, container=container, tally=tally)
        (draft / "README.md").write_text(card, encoding="utf-8", newline="\n")
    return tally


@contextmanager
def _filled_beside(folder: Path) -> Iterator[Path]:
    """Give a folder next to `folder`, which takes its place at the end; after an error nothing is left."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(
            f"{folder} is not empty, and nothing in it was touched. Name a folder that is empty or new."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".partial", dir=folder.parent))
    try:
        yield draft
        draft.chmod(0o755)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_rows(project: Project, formats: list[Format], container: str, folder: Path) -> Tally:
    gate = Gate()
    with one_moment():
        splitter = plan_all(project)
        tally = Tally(waiting=count_waiting(project), others=count_others(project))
        with FileSet(folder, container) as files:
            for out in build_rows(iterate_comparisons(project), formats, tally):
                made_by = FORMATS[out.format_name]
                gate.check(made_by, out.row)
                split = splitter.find_split(out.prompt)
                tally.rows[out.format_name, split] += 1
                files.write(out.format_name, made_by.COLUMNS, split, out.row)
        gate.close()
        if not tally.rows:
            raise NothingToExportError(explain_emptiness(tally))
        store_pins(splitter)
    return tally


def plan_all(project: Project) -> Splitter:
    """The splits of an export made now; the same for every format."""
    rows = build_rows(iterate_comparisons(project), FORMATS.values())
    return plan_splits(project, ((out.format_name, out.prompt) for out in rows), FORMATS)


def explain_emptiness(tally: Tally) -> str:
    """Why there is no row, and what changes it."""
    if not tally.answered and tally.others:
        return (
            "Only items of two responses become rows as yet, and none of them is answered, so there is "
            "nothing to export. What people answered is kept."
        )
    if not tally.answered:
        return "Nobody has rated an item yet, so there is nothing to export. Rate some items first."
    if tally.pairs:
        return (
            f"None of the {tally.pairs} pairs is clear enough for this format, so there is nothing to "
            "export. Choose another format, or rate more items."
        )
    return (
        f"None of the {tally.answered} items with an answer makes a pair yet, so there is nothing to export. "
        "The datasets page says why; more ratings change it."
    )
