"""A dataset, made by a recipe from the project as it is at one moment: rows, and files that tell of them."""

from collections import Counter
from pathlib import Path

from django.utils import timezone

from apps.core.reading_ahead import read_ahead
from apps.datasets.cards.census import Census
from apps.datasets.deciding.harvest import Harvest
from apps.datasets.digests import FileFacts, describe_file, hash_whole
from apps.datasets.formats.base import Need
from apps.datasets.held_out import check_held_out, count_unchecked, find_held_out
from apps.datasets.models import Recipe
from apps.datasets.plan import prepare
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.snapshots.card import write_card
from apps.datasets.snapshots.garbage import without_collecting
from apps.datasets.snapshots.index import NAME as INDEX
from apps.datasets.snapshots.index import RowIndex
from apps.datasets.snapshots.made import FILES, Made
from apps.datasets.snapshots.manifest import MANIFEST, describe_dataset, write_json
from apps.datasets.snapshots.materials import Moment, read_materials
from apps.datasets.snapshots.progress import Progress, Silence, add_up
from apps.datasets.writing import Index, write_rows
from apps.projects.models import Project


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
    check_held_out(listed, tell=add_up(progress.tell))


def _add_files(folder: Path, known: list[FileFacts]) -> list[FileFacts]:
    """Those known, and the others that lie in the folder by now."""
    paths = {folder / one.path for one in known}
    others = [path for path in folder.rglob("*") if path.is_file() and path not in paths]
    found = [*known, *(describe_file(path, folder) for path in others)]
    return sorted(found, key=lambda one: one.path)
