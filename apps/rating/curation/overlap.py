"""How many people judge an item."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.projects.models import Project
from apps.rating.curation.rows import change_rows, let_raters_look, list_ids, lock_items, record_change
from apps.rating.models.items import MOST_RATERS


@dataclass(frozen=True)
class OverlapSet:
    """`held_up` items got the nearest possible: more people than wanted have answered or hold them."""

    changed: int
    held_up: int


@transaction.atomic
def set_overlap(*, project: Project, items: Collection[int], overlap: int, by: User | None) -> OverlapSet:
    """Let items be judged by `overlap` people, or by as many as have answered or hold them already.

    Raises:
        InvalidInputError: no item can have so few or so many.
    """
    if not 1 <= overlap <= MOST_RATERS:
        raise InvalidInputError(f"An item can have 1 to {MOST_RATERS} raters. Nothing was changed.")
    chosen = lock_items(project, items)
    held_up = chosen.filter(taken__gt=overlap).count()
    nearest = Greatest(Value(overlap), F("taken"))
    grown = list_ids(chosen.filter(overlap__lt=overlap))
    changed = list_ids(chosen.exclude(overlap=nearest))
    change_rows(changed, overlap=nearest)
    let_raters_look(project, grown)
    record_change(project, by, "items.overlap_set", changed, overlap=overlap)
    return OverlapSet(len(changed), held_up)
