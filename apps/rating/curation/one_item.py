"""One item by itself: found, and all that is said of it changed at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.projects.models import Project
from apps.rating.curation.overlap import set_overlap
from apps.rating.curation.priority import set_priority
from apps.rating.curation.skills import set_skills
from apps.rating.curation.withdrawing import return_items, withdraw_items
from apps.rating.models import Item, ItemStatus


@transaction.atomic
def change_item(
    *,
    project: Project,
    uid: UUID,
    by: User | None,
    overlap: int | None = None,
    priority: int | None = None,
    skills: Sequence[str] | None = None,
    status: str | None = None,
) -> Item:
    """All that is said of one item, or nothing.

    Raises:
        NotFoundError: the project has no such item.
        InvalidInputError: items cannot have such a value.
    """
    item = get_item(project=project, uid=uid)
    chosen: dict[str, Any] = {"project": project, "items": [item.pk], "by": by}
    if overlap is not None:
        set_overlap(**chosen, overlap=overlap)
    if priority is not None:
        set_priority(**chosen, priority=priority)
    if skills is not None:
        set_skills(**chosen, skills=skills)
    if status == ItemStatus.OPEN:
        return_items(**chosen)
    elif status == ItemStatus.WITHDRAWN:
        withdraw_items(**chosen)
    item.refresh_from_db()
    return item


def get_item(*, project: Project, uid: UUID) -> Item:
    """
    Raises:
        NotFoundError: the project has no such item.
    """
    item = project.items.asked().select_related("prompt").filter(uid=uid).first()
    if item is None:
        raise NotFoundError("This project has no such item. Look for it in the list of the queue.")
    return item
