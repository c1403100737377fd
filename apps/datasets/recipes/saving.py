"""Recipes that are kept, in versions that never change."""

from django.db import transaction
from django.db.models import Max

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError
from apps.datasets.errors import InvalidRecipeError
from apps.datasets.models import Recipe, RecipeVersion
from apps.datasets.names import LONGEST_NAME, clean_name
from apps.datasets.recipes.checking import check_project
from apps.datasets.recipes.document import RecipeDocument
from apps.projects.models import Project


@transaction.atomic
def save_recipe(*, project: Project, name: str, document: RecipeDocument, user: User | None) -> RecipeVersion:
    """Keep a recipe under a name. The same document is the same version, however often it is saved.

    Raises:
        InvalidRecipeError: the name is empty or too long, or it names a held-out list of another project.
    """
    name = _read_name(name)
    check_project(project, document)
    Recipe.objects.bulk_create([Recipe(project=project, name=name)], ignore_conflicts=True)
    recipe = Recipe.objects.select_for_update(no_key=True).get(project=project, name=name)
    return add_version(recipe=recipe, document=document, user=user)


@transaction.atomic
def add_version(*, recipe: Recipe, document: RecipeDocument, user: User | None) -> RecipeVersion:
    """What the recipe says from now on; the version that said so before, where there is one."""
    Recipe.objects.select_for_update(no_key=True).get(pk=recipe.pk)
    check_project(recipe.project, document)
    known = recipe.versions.filter(digest=document.digest).first()
    if known is not None:
        return known
    newest = recipe.versions.aggregate(newest=Max("number"))["newest"] or 0
    version = recipe.versions.create(
        number=newest + 1,
        document=document.model_dump(mode="json"),
        digest=document.digest,
        created_by=user,
    )
    record_event(
        actor=user,
        action="dataset.recipe_saved",
        subject=f"project:{recipe.project.slug}",
        recipe=str(recipe.uid),
        name=recipe.name,
        version=version.number,
    )
    return version


@transaction.atomic
def rename_recipe(*, recipe: Recipe, name: str, user: User | None) -> None:
    """What it is called from now on. Snapshots keep the name that they were made under.

    Raises:
        InvalidRecipeError: the name is empty or too long.
        ConflictError: another recipe has it.
    """
    name = _read_name(name)
    # The project's row orders two that want the same name.
    Project.objects.select_for_update(no_key=True).get(pk=recipe.project_id)
    if recipe.project.recipes.filter(name=name).exclude(pk=recipe.pk).exists():
        raise ConflictError(f"Another recipe is called “{name}”. Nothing was changed; choose another name.")
    before, recipe.name = recipe.name, name
    recipe.save(update_fields=["name"])
    record_event(
        actor=user,
        action="dataset.recipe_renamed",
        subject=f"project:{recipe.project.slug}",
        recipe=str(recipe.uid),
        name=name,
        before=before,
    )


def _read_name(name: str) -> str:
    cleaned = clean_name(name)
    if not cleaned:
        raise InvalidRecipeError(
            f"A recipe needs a name of at most {LONGEST_NAME} characters, some of them visible."
        )
    return cleaned
