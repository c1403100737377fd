"""Items taken out of the queue, and put back into it."""

from collections.abc import Collection

from django.db import transaction

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.curation.rows import change_rows, let_raters_look, list_ids, lock_items, record_change
from apps.rating.leases import release_leases
from apps.rating.models import Item, ItemStatus, ReturnedItem


@transaction.atomic
def withdraw_items(*, project: Project, items: Collection[int], by: User | None) -> int:
    """Take items out of the queue; returns how many were in it or in review.

    Whoever holds one gets another, and their draft is kept; finished work stays.
    """
    changed = list_ids(lock_items(project, items).exclude(status=ItemStatus.WITHDRAWN))
    change_rows(changed, status=ItemStatus.WITHDRAWN)
    record_change(project, by, "items.withdrawn", changed)
    # A lease is locked before its item, so this cannot be done with the items in hand.
    transaction.on_commit(lambda: release_leases(items=changed))
    return len(changed)


@transaction.atomic
def return_items(*, project: Project, items: Collection[int], by: User | None) -> int:
    """Put items that were withdrawn or in review back into the queue; their skips are forgiven."""
    changed = list_ids(lock_items(project, items).exclude(status=ItemStatus.OPEN))
    put_back(project=project, items=changed)
    record_change(project, by, "items.returned", changed)
    return len(changed)


def put_back(*, project: Project, items: list[int]) -> None:
    """Into the queue, for the raters who have passed them too. The caller has locked them."""
    change_rows(items, status=ItemStatus.OPEN, skips=0, is_let_go=False)
    _bring_along(project, items)
    let_raters_look(project, items)


def _bring_along(project: Project, items: list[int]) -> None:
    """The rubric may have changed while nobody could get them: see `apps.rating.following`."""
    unbegun = Item.objects.filter(pk__in=items).not_begun().exclude(rubric=project.rubric)
    ReturnedItem.objects.bulk_create(
        [ReturnedItem(item=item, project=project) for item in unbegun], ignore_conflicts=True
    )
