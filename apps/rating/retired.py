"""A retired prompt's items leave the queue; one that is in use again brings them back.

`apps.overview` calls this in the request that retired; a sweep finds what came by other ways. What is
finished stays, and so do the answers to what is not: the item asks for no more. Whoever holds one keeps their
draft, hears that it was withdrawn, and gets another; what they send all the same is kept and not counted.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptStatus
from apps.rating.coverage import count_answers
from apps.rating.curation.withdrawing import put_back
from apps.rating.leases import release_leases
from apps.rating.models import Item, ItemStatus, ReturnedItem
from apps.rating.models.item_states import UNFINISHED

CHUNK = 500  # prompts


def follow_prompts(*, project: Project | None = None, at_most: int | None = None) -> int:
    """Let items follow what became of their prompts, a chunk at a time; returns how many moved.

    Args:
        at_most: so many prompts; what is left is for the sweep.
    """
    moved = prompts = 0
    while at_most is None or prompts < at_most:
        left = Prompt.objects.left_behind()
        if project is not None:
            left = left.filter(project=project)
        # Not first(), which would sort by id and so walk all prompts instead of the few that are left.
        first = next(iter(left.order_by().values_list("project", flat=True)[:1]), None)
        if first is None:
            break
        followed, items = _follow_chunk(first)
        prompts += followed
        moved += items
        if not followed:
            break
    return moved


@transaction.atomic
def _follow_chunk(project_id: int) -> tuple[int, int]:
    """The project's row is locked first, as whoever builds items or changes many does."""
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    left = Prompt.objects.left_behind().filter(project=project).order_by("pk")
    chunk = list(left.select_for_update(no_key=True).values_list("pk", "status")[:CHUNK])
    retired = [pk for pk, status in chunk if status == PromptStatus.RETIRED]
    in_use = [pk for pk, status in chunk if status != PromptStatus.RETIRED]
    moved = _let_go(retired) + _bring_back(project, in_use)
    Prompt.objects.filter(pk__in=retired).update(let_go_at=timezone.now())
    Prompt.objects.filter(pk__in=in_use).update(let_go_at=None)
    count_answers(prompts=[pk for pk, _ in chunk])
    return len(chunk), moved


def _let_go(prompts: list[int]) -> int:
    open_items = Item.objects.filter(UNFINISHED | Q(status=ItemStatus.REVIEW), prompt__in=prompts)
    items = open_items.lock()
    Item.objects.filter(pk__in=items).update(status=ItemStatus.WITHDRAWN, is_let_go=True)
    ReturnedItem.objects.filter(item__in=items).delete()
    # A lease is locked before its item, so this cannot be done with the items in hand.
    transaction.on_commit(lambda: release_leases(items=items))
    return len(items)


def _bring_back(project: Project, prompts: list[int]) -> int:
    items = Item.objects.filter(prompt__in=prompts, is_let_go=True).lock()
    put_back(project=project, items=items)
    return len(items)
