"""What a card tells that neither the rows nor the recipe say: asked of the database in one place."""

from collections.abc import Sequence

from apps.datasets.cards.census import Census
from apps.datasets.cards.facts import CardFacts
from apps.datasets.digests import FileFacts
from apps.datasets.models import Recipe
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.tally import Tally
from apps.projects.models import Project


def gather_facts(
    *,
    project: Project,
    recipe: Recipe | None,
    document: RecipeDocument,
    tally: Tally,
    census: Census,
    files: Sequence[FileFacts],
    code_version: str,
) -> CardFacts:
    """The facts of a dataset whose rows are written; `files` are those that are there by now."""
    asked = project.rubrics.published().filter(version__in=census.rubrics).order_by("version")
    return CardFacts(
        name=project.name,
        slug=project.slug,
        description=project.description,
        recipe=recipe.name if recipe else "",
        document=document,
        tally=tally,
        census=census,
        files=files,
        rubrics={rubric.version: rubric.questions for rubric in asked},
        guideline=_find_guideline(project, census),
        code_version=code_version,
    )


def _find_guideline(project: Project, census: Census) -> tuple[int, str] | None:
    if not census.guidelines:
        return None
    newest = census.guidelines[-1]
    return newest, project.guidelines.get(version=newest).text
