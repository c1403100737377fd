"""How many rows a recipe would give: counted at once where that is quick, else by a worker and kept."""

import time
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from apps.accounts.models import User
from apps.datasets.counting_work import request_count
from apps.datasets.figures import Figures
from apps.datasets.models import RecipeCount
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.surveying import count_now
from apps.projects.models import Project

SMALL_ITEMS = 5_000
SMALL_PROMPTS = 10_000  # those without an answer are quicker, yet they are read too


@dataclass(frozen=True)
class Count:
    """What is known of a recipe's figures.

    Attributes:
        figures: None where nothing was counted yet.
        counted_at, seconds: when that was, and how long it took.
        is_of_another: the figures are those of the recipe before it was changed.
        under_way: the count that a worker does now, or is asked for.
        is_fresh: it was made for this very request.
    """

    figures: Figures | None
    counted_at: datetime | None = None
    seconds: float = 0.0
    is_of_another: bool = False
    under_way: RecipeCount | None = None
    error: str = ""
    is_fresh: bool = False


def count_recipe(
    *,
    project: Project,
    document: RecipeDocument,
    user: User,
    saved: RecipeDocument | None = None,
    anew: bool = False,
) -> Count:
    """The document's figures, or the newest there are while a worker counts.

    Args:
        saved: as the recipe was before it was changed; its figures stand in for those that are not there yet.
        anew: whether figures that are there have to be counted again.
    """
    if is_small(project):
        began = time.perf_counter()
        figures = count_now(project, document)
        return Count(figures, timezone.now(), time.perf_counter() - began, is_fresh=True)
    known = RecipeCount.objects.filter(project=project, digest=document.digest).first()
    if known is None or anew or (known.figures is None and not known.is_under_way and not known.error):
        known = request_count(project=project, document=document, user=user)
    under_way = known if known.is_under_way else None
    if known.figures is not None:
        return _tell(known, under_way=under_way)
    stand_in = _find_stand_in(project, saved)
    if stand_in is None:
        return Count(None, under_way=under_way, error=known.error)
    return _tell(stand_in, is_of_another=True, under_way=under_way, error=known.error)


def _tell(
    known: RecipeCount, *, is_of_another: bool = False, under_way: RecipeCount | None = None, error: str = ""
) -> Count:
    figures = Figures.model_validate(known.figures)
    return Count(figures, known.counted_at, known.seconds, is_of_another, under_way, error or known.error)


def _find_stand_in(project: Project, saved: RecipeDocument | None) -> RecipeCount | None:
    counted = RecipeCount.objects.counted().filter(project=project)
    of_saved = counted.filter(digest=saved.digest).first() if saved else None
    return of_saved or counted.order_by("-counted_at").first()


def is_small(project: Project) -> bool:
    """Whether a request may count it."""
    prompts = project.prompts.order_by()[: SMALL_PROMPTS + 1].count()
    return prompts <= SMALL_PROMPTS and project.items.order_by()[: SMALL_ITEMS + 1].count() <= SMALL_ITEMS
