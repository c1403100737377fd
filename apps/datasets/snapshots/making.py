"""A dataset, made by a recipe from the project as it is at one moment: rows, and files that tell of them."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from apps.core.reading_ahead import read_ahead
from apps.datasets.cards.census import Census
from apps.datasets.deciding.harvest import Harvest
from apps.datasets.digests import FileFacts, describe_file, hash_whole
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.held_out import check_held_out, count_unchecked, find_held_out
from apps.datasets.models import Recipe
from apps.datasets.plan import Plan, RemarkReader, compare_late, make_materials, open_reader, prepare
from apps.datasets.reading.moment import one_moment
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.snapshots.card import write_card
from apps.datasets.snapshots.index import NAME as INDEX
from apps.datasets.snapshots.index import RowIndex
from apps.datasets.snapshots.manifest import MANIFEST, describe_dataset, write_json
from apps.datasets.tally import Tally
from apps.datasets.training_rows import keep_some_to_train
from apps.datasets.writing import Index, write_rows
from apps.projects.models import Project
from apps.prompts.insertion import hold_project

FILES = "files"  # what leaves lies in this folder of a draft, the index beside it


class Progress(Protocol):
    """Somebody who wants to know how far it is, and may end it by raising."""

    def begin(self, step: str, total: int) -> None: ...
    def tell(self, done: int) -> None: ...


class Silence:
    """Nobody does."""

    def begin(self, step: str, total: int) -> None:
        pass

    def tell(self, done: int) -> None:
        pass


@dataclass
class Moment:
    """When the rows were read, by the database's clock, and how many prompts have been read since."""

    at: datetime
    prompts: int = 0


@dataclass(frozen=True)
class Made:
    """What was made: in `draft`, `FILES` and the index.

    Attributes:
        files: all that leaves, the manifest included, by path.
        digest: of all but the manifest, which names it.
    """

    draft: Path
    tally: Tally
    files: list[FileFacts]
    manifest: dict[str, Any]
    digest: str
    read_at: datetime = field(compare=False)

    @property
    def size(self) -> int:
        return sum(one.bytes for one in self.files)

    @property
    def rows(self) -> int:
        return sum(self.tally.rows.values())


class Takers:
    """Several who note what each prompt gives."""

    def __init__(self, *takers: Index) -> None:
        self._takers = takers

    def add(self, harvest: Harvest, rows: Counter[Need]) -> None:
        for taker in self._takers:
            taker.add(harvest, rows)


def make_dataset(
    *,
    project: Project,
    document: RecipeDocument,
    draft: Path,
    recipe: Recipe | None = None,
    progress: Progress | None = None,
) -> Made:
    """Write everything into `draft`, an empty folder. Nothing in the database changes but held-out matches.

    The same recipe over the same data gives the same bytes, whenever and wherever it is made.

    Raises:
        NothingToExportError: no format has a row.
        InvalidDatasetError: a row would train wrongly.
    """
    progress = progress or Silence()
    bring_up_to_date(project, document, progress)
    plan = prepare(project, document, recipe=recipe)
    moment, tally, census = Moment(timezone.now()), plan.begin_tally(), Census()
    folder = draft / FILES
    folder.mkdir()
    progress.begin("Writing rows", project.prompts.count())
    parts = read_materials(plan, moment)
    with without_collecting(), RowIndex(draft / INDEX) as index, read_ahead(parts) as ahead:
        files = write_rows(
            document,
            ahead,
            folder,
            tally=tally,
            index=Takers(index, census),
            tell=lambda: progress.tell(moment.prompts),
        )
    write_card(
        folder,
        project=project,
        recipe=recipe,
        document=document,
        tally=tally,
        census=census,
        files=files,
    )
    files = _add_files(folder, files)
    digest = hash_whole(files)
    manifest = describe_dataset(
        project=project,
        recipe=recipe,
        document=document,
        tally=tally,
        census=census,
        files=files,
        digest=digest,
    )
    write_json(folder / MANIFEST, manifest)
    return Made(draft, tally, _add_files(folder, files), manifest, digest, moment.at)


def bring_up_to_date(project: Project, document: RecipeDocument, progress: Progress) -> None:
    """Compare the prompts that came in since with the held-out list that the recipe names."""
    listed = find_held_out(project, document.held_out)
    if listed is None:
        return
    progress.begin("Comparing with held-out texts", count_unchecked(listed))
    check_held_out(listed, tell=_add_up(progress.tell))


def read_materials(plan: Plan, moment: Moment) -> Iterator[list[Material]]:
    """Everything that rows are made of, part after part, as it was at one moment."""
    _wait_for_others(plan.project)
    with one_moment():
        moment.at = _ask_time()
        plan = keep_some_to_train(compare_late(plan))
        harvester, remarks = plan.harvester, RemarkReader(plan.rubrics)
        reader = open_reader(plan, answers=True)
        for prompts, part in reader.iterate_parts():
            harvests = [harvester.harvest(evidence) for evidence in part]
            materials = make_materials(plan, reader, harvests, remarks)
            moment.prompts += len(prompts)
            yield materials


@transaction.atomic
def _wait_for_others(project: Project) -> None:
    """Whoever freezes splits holds the project: let them finish, so that what they froze is seen."""
    hold_project(project)


def _ask_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let Python not look for cycles: rows have none, and looking for them takes as long as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _add_up(tell: Callable[[int], None]) -> Callable[[int], None]:
    """Tell how many there are by now, told how many more."""
    done = 0

    def add(more: int) -> None:
        nonlocal done
        done += more
        tell(done)

    return add


def _add_files(folder: Path, known: list[FileFacts]) -> list[FileFacts]:
    """Those known, and the others that lie in the folder by now."""
    paths = {folder / one.path for one in known}
    others = [path for path in folder.rglob("*") if path.is_file() and path not in paths]
    found = [*known, *(describe_file(path, folder) for path in others)]
    return sorted(found, key=lambda one: one.path)
