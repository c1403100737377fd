"""The rows that a curator changes: locked, written, told to raters and to the audit.

The rows are locked in the order of their ids, after the project's row; nobody else locks an item and then
waits for another, so a curator can only ever wait for raters, never the other way round and back.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import F, Min, Q

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.projects.models import Project
from apps.rating.allocation import rewind_cursors
from apps.rating.coverage import count_answers
from apps.rating.models import Item, ItemStatus, ReturnedItem
from apps.rating.models.item_queries import ItemQuerySet


def lock_items(project: Project, items: Collection[int]) -> ItemQuerySet:
    """The project's items among these, locked. Its row comes first: curators take turns."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return Item.objects.filter(pk__in=Item.objects.filter(project=project, pk__in=items).lock())


def list_ids(items: ItemQuerySet) -> list[int]:
    return list(items.order_by().values_list("pk", flat=True))


def change_rows(items: list[int], **to: Any) -> None:
    """What is full or out of the queue now waits for nobody who passed it."""
    changed = Item.objects.filter(pk__in=items)
    changed.update(**to)
    if {"overlap", "status"} & to.keys():
        transaction.on_commit(lambda: count_answers(prompts=changed.values("prompt")))
    settled = changed.filter(Q(taken=F("overlap")) | Q(status=ItemStatus.WITHDRAWN))
    ReturnedItem.objects.filter(item__in=settled).delete()


def let_raters_look(project: Project, items: list[int]) -> None:
    """Once this is committed, bring back the raters who have passed the first of these that has room."""
    place = Item.objects.with_room().filter(pk__in=items).aggregate(first=Min("place"))["first"]
    if place is not None:
        transaction.on_commit(lambda: rewind_cursors(project=project, place=place))


def record_change(project: Project, by: User | None, action: str, items: list[int], **data: Any) -> None:
    if items:
        record_event(actor=by, action=action, subject=f"project:{project.slug}", items=sorted(items), **data)
