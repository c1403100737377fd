"""README.md and croissant.json of a dataset whose rows are written."""

from collections.abc import Sequence
from pathlib import Path

from apps.datasets.cards.card import write_card as describe_for_people
from apps.datasets.cards.census import Census
from apps.datasets.cards.croissant import write_croissant
from apps.datasets.cards.gathering import gather_facts
from apps.datasets.digests import FileFacts
from apps.datasets.models import Recipe
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.snapshots.manifest import find_code_version
from apps.datasets.tally import Tally
from apps.projects.models import Project


def write_card(
    folder: Path,
    *,
    project: Project,
    recipe: Recipe | None,
    document: RecipeDocument,
    tally: Tally,
    census: Census,
    files: Sequence[FileFacts],
) -> None:
    """Write both. Everything in them follows from the data."""
    facts = gather_facts(
        project=project,
        recipe=recipe,
        document=document,
        tally=tally,
        census=census,
        files=files,
        code_version=find_code_version(),
    )
    for name, text in (("README.md", describe_for_people(facts)), ("croissant.json", write_croissant(facts))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
