"""Which items come first."""

from collections.abc import Collection

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.projects.models import Project
from apps.rating.curation.rows import change_rows, let_raters_look, list_ids, lock_items, record_change
from apps.rating.models import PRIORITIES


@transaction.atomic
def set_priority(*, project: Project, items: Collection[int], priority: int, by: User | None) -> int:
    """Move items before all of a lower priority and behind all of a higher one; returns how many moved.

    Raises:
        InvalidInputError: there is no such priority.
    """
    if not PRIORITIES[0] <= priority <= PRIORITIES[1]:
        raise InvalidInputError("A priority is a number from -9 to 9. Nothing was changed.")
    chosen = lock_items(project, items)
    sooner = list_ids(chosen.filter(priority__lt=priority))
    changed = list_ids(chosen.exclude(priority=priority, raised=0))
    change_rows(changed, priority=priority, raised=0)
    let_raters_look(project, sooner)
    record_change(project, by, "items.priority_set", changed, priority=priority)
    return len(changed)
