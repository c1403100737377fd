"""What curators change about items. Raters go on meanwhile: each call is one short transaction.

The rows are locked in the order of their ids, after the project's row; nobody else locks an item and then
waits for another, so a curator can only ever wait for raters, never the other way round and back.
`items` are row ids, a thousand or so at a time; `apps.rating.edits` walks through a million.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, Min, Q, Value
from django.db.models.functions import Cast, Greatest

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError, NotFoundError
from apps.projects.models import Project
from apps.rating.allocation import rewind_cursors
from apps.rating.coverage import count_answers
from apps.rating.leases import release_leases
from apps.rating.models import PRIORITIES, Item, ItemStatus, ReturnedItem
from apps.rating.models.item_queries import ItemQuerySet
from apps.rating.models.items import MOST_RATERS


@dataclass(frozen=True)
class OverlapSet:
    """`held_up` items got the nearest possible: more people than wanted have answered or hold them."""

    changed: int
    held_up: int


class SkillsWith(Func):
    """Two arrays as one, each skill once, in order."""

    template = "ARRAY(SELECT DISTINCT unnest(%(expressions)s) ORDER BY 1)"
    arg_joiner = " || "


class SkillsWithout(Func):
    template = "ARRAY(SELECT unnest(%(expressions)s) ORDER BY 1)"
    arg_joiner = ") EXCEPT SELECT unnest("


@transaction.atomic
def set_overlap(*, project: Project, items: Collection[int], overlap: int, by: User | None) -> OverlapSet:
    """Let items be judged by `overlap` people, or by as many as have answered or hold them already.

    Raises:
        InvalidInputError: no item can have so few or so many.
    """
    if not 1 <= overlap <= MOST_RATERS:
        raise InvalidInputError(f"An item can have 1 to {MOST_RATERS} raters. Nothing was changed.")
    chosen = _lock(project, items)
    held_up = chosen.filter(taken__gt=overlap).count()
    nearest = Greatest(Value(overlap), F("taken"))
    grown = _find(chosen.filter(overlap__lt=overlap))
    changed = _find(chosen.exclude(overlap=nearest))
    _change(changed, overlap=nearest)
    _let_raters_look(project, grown)
    _record(project, by, "items.overlap_set", changed, overlap=overlap)
    return OverlapSet(len(changed), held_up)


@transaction.atomic
def set_priority(*, project: Project, items: Collection[int], priority: int, by: User | None) -> int:
    """Move items before all of a lower priority and behind all of a higher one; returns how many moved.

    Raises:
        InvalidInputError: there is no such priority.
    """
    if not PRIORITIES[0] <= priority <= PRIORITIES[1]:
        raise InvalidInputError("A priority is a number from -9 to 9. Nothing was changed.")
    chosen = _lock(project, items)
    sooner = _find(chosen.filter(priority__lt=priority))
    changed = _find(chosen.exclude(priority=priority, raised=0))
    _change(changed, priority=priority, raised=0)
    _let_raters_look(project, sooner)
    _record(project, by, "items.priority_set", changed, priority=priority)
    return len(changed)


@transaction.atomic
def set_skills(*, project: Project, items: Collection[int], skills: Sequence[str], by: User | None) -> int:
    """Ask exactly these skills of raters, as `parse_skills` gives them; returns how many items changed."""
    chosen = _lock(project, items)
    easier = _find(chosen.exclude(skills__contained_by=skills))
    changed = _find(chosen.exclude(skills=skills))
    _change(changed, skills=list(skills))
    _let_raters_look(project, easier)
    _record(project, by, "items.skills_set", changed, skills=list(skills))
    return len(changed)


@transaction.atomic
def add_skills(*, project: Project, items: Collection[int], skills: Sequence[str], by: User | None) -> int:
    """Ask these skills too; returns how many items asked for less before."""
    changed = _find(_lock(project, items).exclude(skills__contains=skills))
    _change(changed, skills=SkillsWith(F("skills"), _array(skills)))
    _record(project, by, "items.skills_added", changed, skills=list(skills))
    return len(changed)


@transaction.atomic
def remove_skills(*, project: Project, items: Collection[int], skills: Sequence[str], by: User | None) -> int:
    """Ask these skills no more; returns how many items asked for one of them."""
    changed = _find(_lock(project, items).filter(skills__overlap=skills))
    _change(changed, skills=SkillsWithout(F("skills"), _array(skills)))
    _let_raters_look(project, changed)
    _record(project, by, "items.skills_removed", changed, skills=list(skills))
    return len(changed)


@transaction.atomic
def withdraw_items(*, project: Project, items: Collection[int], by: User | None) -> int:
    """Take items out of the queue; returns how many were in it or in review.

    Whoever holds one gets another, and their draft is kept; finished work stays.
    """
    changed = _find(_lock(project, items).exclude(status=ItemStatus.WITHDRAWN))
    _change(changed, status=ItemStatus.WITHDRAWN)
    _record(project, by, "items.withdrawn", changed)
    # A lease is locked before its item, so this cannot be done with the items in hand.
    transaction.on_commit(lambda: release_leases(items=changed))
    return len(changed)


@transaction.atomic
def return_items(*, project: Project, items: Collection[int], by: User | None) -> int:
    """Put items that were withdrawn or in review back into the queue; their skips are forgiven."""
    changed = _find(_lock(project, items).exclude(status=ItemStatus.OPEN))
    put_back(project=project, items=changed)
    _record(project, by, "items.returned", changed)
    return len(changed)


def put_back(*, project: Project, items: list[int]) -> None:
    """Into the queue, for the raters who have passed them too. The caller has locked them."""
    _change(items, status=ItemStatus.OPEN, skips=0, is_let_go=False)
    _bring_along(project, items)
    _let_raters_look(project, items)


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


def _lock(project: Project, items: Collection[int]) -> ItemQuerySet:
    """The project's items among these, locked. Its row comes first: curators take turns."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    return Item.objects.filter(pk__in=Item.objects.filter(project=project, pk__in=items).lock())


def _find(items: ItemQuerySet) -> list[int]:
    return list(items.order_by().values_list("pk", flat=True))


def _change(items: list[int], **to: Any) -> None:
    """What is full or out of the queue now waits for nobody who passed it."""
    changed = Item.objects.filter(pk__in=items)
    changed.update(**to)
    if {"overlap", "status"} & to.keys():
        transaction.on_commit(lambda: count_answers(prompts=changed.values("prompt")))
    settled = changed.filter(Q(taken=F("overlap")) | Q(status=ItemStatus.WITHDRAWN))
    ReturnedItem.objects.filter(item__in=settled).delete()


def _bring_along(project: Project, items: list[int]) -> None:
    """The rubric may have changed while nobody could get them: see `apps.rating.following`."""
    unbegun = Item.objects.filter(pk__in=items).not_begun().exclude(rubric=project.rubric)
    ReturnedItem.objects.bulk_create(
        [ReturnedItem(item=item, project=project) for item in unbegun], ignore_conflicts=True
    )


def _let_raters_look(project: Project, items: list[int]) -> None:
    """Once this is committed, bring back the raters who have passed the first of these that has room."""
    place = Item.objects.with_room().filter(pk__in=items).aggregate(first=Min("place"))["first"]
    if place is not None:
        transaction.on_commit(lambda: rewind_cursors(project=project, place=place))


def _array(skills: Sequence[str]) -> Cast:
    return Cast(Value(list(skills)), Item._meta.get_field("skills"))


def _record(project: Project, by: User | None, action: str, items: list[int], **data: Any) -> None:
    if items:
        record_event(actor=by, action=action, subject=f"project:{project.slug}", items=sorted(items), **data)
