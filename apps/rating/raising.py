"""Thin groups rise in the queue: their items come before others of the usual priority.

A group is thin while fewer of its prompts have all their answers than its target says (see
`apps.prompts.coverage`). Its items get priority 1, below half of the target 2, and fall back when the target
is reached; within a priority the order is the project's own. What a person or a file gave one keeps it.
The claim knows nothing of this: it goes by `place`, as always.
"""

from typing import Any

from django.db import transaction
from django.db.models import Case, IntegerField, Max, Min, Q, Value, When
from django.db.models.functions import Coalesce

from apps.projects.models import Project
from apps.prompts.coverage import find_thin
from apps.prompts.coverage_groups import VERY_THIN, Group
from apps.prompts.models import Prompt
from apps.rating.allocation import rewind_cursors
from apps.rating.models import Item, ThinGroups

CHUNK = 2000  # items moved in one statement, for which raters may have to wait


def raise_thin_groups() -> None:
    """Where targets, answers or items changed what is thin; raters go on meanwhile."""
    aimed = Project.objects.filter(coverage_targets__isnull=False)
    for project in aimed.union(Project.objects.filter(thin_groups__isnull=False)):
        order_by_thinness(project=project)


def order_by_thinness(*, project: Project) -> int:
    """Raise the items of thin groups and lower those that were; returns how many moved. May run twice."""
    thin = find_thin(project=project)
    newest = Item.objects.filter(project=project).aggregate(n=Max("pk"))["n"]
    known = {"groups": sorted([g.dimension.address, g.value, _say_level(g)] for g in thin), "newest": newest}
    if ThinGroups.objects.filter(project=project, known=known).exists():
        return 0
    wanted = _read_wanted(project, thin)
    moved = 0
    while chunk := _find_chunk(project, wanted):
        moved += _move(project, chunk, wanted)
    if thin or project.coverage_targets.exists():
        ThinGroups.objects.update_or_create(project=project, defaults={"known": known})
    else:
        ThinGroups.objects.filter(project=project).delete()
    return moved


def _say_level(group: Group) -> int:
    return 2 if group.answered < VERY_THIN * (group.target or 0) else 1


def _read_wanted(project: Project, thin: list[Group]) -> Any:
    """The priority that an item should have, by its prompt's groups."""
    whens = []
    for level in (2, 1):
        there = Q()
        for group in (group for group in thin if _say_level(group) == level):
            prompts = group.dimension.narrow(Prompt.objects.approved().filter(project=project), group.value)
            there |= Q(prompt__in=prompts.order_by().values("pk"))
        if there:
            whens.append(When(there, then=Value(level)))
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _find_chunk(project: Project, wanted: Any) -> list[int]:
    """Items with room that stand elsewhere than they should."""
    items = Item.objects.filter(project=project).with_room().left_to_order().annotate(wanted=wanted)
    other = items.exclude(raised=Coalesce("wanted", 0)).order_by("place")
    return list(other.values_list("pk", flat=True)[:CHUNK])


@transaction.atomic
def _move(project: Project, chunk: list[int], wanted: Any) -> int:
    """What a curator has set since the chunk was found is left to them."""
    Item.objects.filter(pk__in=chunk).lock()
    levels: dict[int, list[int]] = {}
    items = Item.objects.filter(pk__in=chunk).left_to_order().annotate(wanted=wanted)
    for pk, level in items.values_list("pk", "wanted"):
        levels.setdefault(level, []).append(pk)
    for level, some in levels.items():
        Item.objects.filter(pk__in=some).update(priority=level, raised=level)
    first = Item.objects.with_room().filter(pk__in=chunk).aggregate(first=Min("place"))["first"]
    if first is not None:
        transaction.on_commit(lambda: rewind_cursors(project=project, place=first))
    return sum(len(some) for some in levels.values())
