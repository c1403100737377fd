"""Where items stand in the queue: by priority, then in the order that the project wants."""

import re
from typing import Any

from django.db import transaction
from django.db.models import BigIntegerField, F
from django.db.models.functions import Cast, Random

from apps.projects.models import Project, QueueOrder
from apps.projects.skills import SKILL_LENGTH, split_skills
from apps.rating.allocation import rewind_cursors
from apps.rating.models import PLACE_BITS, PRIORITIES, Item

CHUNK = 2000  # items moved in one statement, for which raters may have to wait
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}")


def stand_in(order: str) -> dict[str, Any]:
    """The columns that put an item into a queue of that order."""
    anywhere = Cast(Random() * float((1 << PLACE_BITS) - 1), BigIntegerField())
    return {
        "in_passes": order == QueueOrder.LEAST_ANNOTATED,
        "shuffled": anywhere if order == QueueOrder.RANDOM else None,
    }


def read_wishes(metadata: dict[str, Any]) -> dict[str, Any]:
    """The priority and skills that a prompt came with, in its metadata.

    What is no skill that a person could have is asked for all the same: better nobody gets the item.
    """
    wishes: dict[str, Any] = {}
    priority, skills = metadata.get("priority"), metadata.get("skills")
    if isinstance(priority, str) and WHOLE_NUMBER.fullmatch(priority.strip()):
        priority = int(priority)
    if isinstance(priority, int) and not isinstance(priority, bool):
        wishes["priority"] = max(PRIORITIES[0], min(priority, PRIORITIES[1]))
    if isinstance(skills, list):
        skills = " ".join(str(skill) for skill in skills)
    if isinstance(skills, str):
        wishes["skills"] = [skill[:SKILL_LENGTH] for skill in split_skills(skills)]
    return wishes


def follow_queue_orders() -> None:
    """Move the items of projects whose order was changed; raters go on meanwhile."""
    for project in Project.objects.exclude(queued_as=F("queue_order")):
        reorder_items(project=project, order=project.queue_order)


def reorder_items(*, project: Project, order: str) -> None:
    """Put all items into another order, a chunk at a time: one that is done may want more people later.

    May run twice, and go on.
    """
    last = 0
    while (chunk := _find_chunk(project, last)) and (last := chunk[-1]):
        with transaction.atomic():
            Item.objects.filter(pk__in=Item.objects.filter(pk__in=chunk).lock()).update(**stand_in(order))
    Project.objects.filter(pk=project.pk).update(queued_as=order)
    rewind_cursors(project=project)


def _find_chunk(project: Project, after: int) -> list[int]:
    items = Item.objects.filter(project=project, pk__gt=after).order_by("id")
    return list(items.values_list("pk", flat=True)[:CHUNK])
