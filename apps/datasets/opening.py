"""A recipe as it is open on its page: the saved one, the form over it, and what the two come to."""

from dataclasses import dataclass

from django.http import HttpRequest

from apps.datasets.figures import Figures, Stock
from apps.datasets.forms.changes import describe_changes, list_changes
from apps.datasets.forms.choices import list_choices
from apps.datasets.forms.reading import Data, read_document
from apps.datasets.forms.recipe_form import RecipeForm
from apps.datasets.forms.state import read_state, write_query
from apps.datasets.models import Recipe, RecipeCount, RecipeVersion
from apps.datasets.recipes.document import HeldOut, RecipeDocument
from apps.datasets.recipes.starting import Start, begin_recipe
from apps.projects.models import Project


@dataclass
class Opened:
    """Attributes:
    recipe, version: None while it was never saved; `start` is what it began as then.
    base: the document that the form changes.
    stand_in: what is counted while the form is wrong: the same, without a held-out list that was removed.
    document: what the form says, None where that cannot be done.
    """

    project: Project
    recipe: Recipe | None
    version: RecipeVersion | None
    start: Start | None
    base: RecipeDocument
    stand_in: RecipeDocument
    form: RecipeForm
    data: Data
    document: RecipeDocument | None

    @property
    def shown(self) -> RecipeDocument:
        """The recipe whose figures are shown: the saved one while the form is wrong."""
        return self.document or self.stand_in

    @property
    def query(self) -> str:
        return write_query(self.data, self.base)

    @property
    def address(self) -> str:
        """The whole of it, for the address of another page."""
        named = (
            f"recipe={self.recipe.uid}" if self.recipe else f"kind={self.start.code}" if self.start else ""
        )
        return "&".join(part for part in (named, self.query) if part)

    @property
    def is_changed(self) -> bool:
        return self.version is None or (
            self.document is not None and self.document.digest != self.version.digest
        )

    @property
    def changes(self) -> str:
        return describe_changes(list_changes(self.base, self.document)) if self.document else ""

    @property
    def next_number(self) -> int:
        """Of the version that saving makes."""
        return (self.version.number if self.version else 0) + 1

    def list_stock(self, figures: Figures | None, *, names: bool) -> None:
        """Offer what a count found, too."""
        if figures is not None:
            self.form = RecipeForm(self.data, list_choices(self.project, figures.stock, names=names))
            self.document = read_document(self.form, self.base)


def open_recipe(request: HttpRequest, project: Project, recipe: Recipe, *, names: bool) -> Opened:
    version = recipe.versions.latest("number")  # a recipe is saved with its first
    base = RecipeDocument.model_validate(version.document)
    data, form = _read_form(request, project, base, names=names)
    return Opened(
        project, recipe, version, None, base, _drop_removed(base, form), form, data, read_document(form, base)
    )


def open_start(request: HttpRequest, project: Project, start: Start, *, names: bool) -> Opened:
    base = begin_recipe(project, start)
    data, form = _read_form(request, project, base, names=names)
    return Opened(project, None, None, start, base, base, form, data, read_document(form, base))


def _drop_removed(document: RecipeDocument, form: RecipeForm) -> RecipeDocument:
    """Without the held-out list, if the project has it no longer."""
    there = document.held_out.list is None or str(document.held_out.list) in form.given.held_out_words
    return document if there else document.model_copy(update={"held_out": HeldOut()})


def _read_form(
    request: HttpRequest, project: Project, base: RecipeDocument, *, names: bool
) -> tuple[Data, RecipeForm]:
    data = read_state(request, base)
    return data, RecipeForm(data, list_choices(project, find_stock(project), names=names))


def find_stock(project: Project) -> Stock:
    """What the project's last kept count found; empty where none is kept, as in small projects."""
    counts = RecipeCount.objects.counted().filter(project=project).order_by("-counted_at")
    figures = counts.values_list("figures", flat=True).first()
    return Figures.model_validate(figures).stock if figures else Stock()


def list_recipes(project: Project) -> list[Recipe]:
    """The one that was used last comes first."""
    known = {recipe.pk: recipe for recipe in project.recipes.all()}
    versions = RecipeVersion.objects.filter(recipe__project=project).order_by("-created_at")
    snapshots = project.snapshots.order_by("-created_at").values_list("recipe_id", "created_at")
    used = [*versions.values_list("recipe_id", "created_at"), *snapshots]
    used.sort(key=lambda one: one[1], reverse=True)
    order = dict.fromkeys(pk for pk, _ in used)
    return [known[pk] for pk in order if pk in known]
