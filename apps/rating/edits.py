"""Changing many items at once: a thousand in a transaction, until all that were meant are done.

A small change is made while its curator waits; a big one goes on in the background, where a sweep takes up
what was left or cut off.
"""

from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError
from apps.projects.models import Project
from apps.rating.curation.overlap import OverlapSet, set_overlap
from apps.rating.curation.priority import set_priority
from apps.rating.curation.skills import add_skills, remove_skills, set_skills
from apps.rating.curation.withdrawing import return_items, withdraw_items
from apps.rating.listing import ItemFilter, find_items
from apps.rating.models import EditAction, ItemEdit

CHUNK = 1000  # items in one transaction, for which raters may have to wait
SWEEP = 4.0  # seconds that a sweep goes on; the next comes soon after
Value = int | list[str] | None


def edit_items(
    *,
    project: Project,
    wanted: ItemFilter,
    action: EditAction,
    value: Value = None,
    by: User | None,
    seconds: float = 2.0,
) -> ItemEdit:
    """Change all items that a filter finds now; what is not done in `seconds` goes on in the background.

    Args:
        value: the number, or the skills, that the action needs.

    Raises:
        InvalidInputError: the filter finds none, or items cannot have this value.
    """
    edit = _begin(project, wanted, action, value, by)
    _go_on(edit, monotonic() + seconds)
    edit.refresh_from_db()
    return edit


def carry_on(*, seconds: float = SWEEP) -> None:
    """Go on with every change that is under way."""
    end = monotonic() + seconds
    for edit in ItemEdit.objects.under_way().order_by("id"):
        _go_on(edit, end)


@transaction.atomic
def _begin(
    project: Project, wanted: ItemFilter, action: EditAction, value: Value, by: User | None
) -> ItemEdit:
    found = find_items(project=project, wanted=wanted).order_by().count()
    if not found:
        raise InvalidInputError("None of these items is there any more. Nothing was changed.")
    _change(project, [], action, value, by)  # says whether the value is possible
    edit = ItemEdit.objects.create(
        project=project,
        by=by,
        action=action,
        value=value,
        wanted=wanted.as_json(),
        found=found,
        up_to=project.items.aggregate(last=Max("id"))["last"],
    )
    said: dict[str, Any] = {"edit": edit.pk, "change": action, "value": value, "filter": edit.wanted}
    record_event(actor=by, action="items.edited", subject=f"project:{project.slug}", **said)
    return edit


def _go_on(edit: ItemEdit, end: float) -> None:
    while _take_chunk(edit.pk) and monotonic() < end:
        pass


@transaction.atomic
def _take_chunk(edit_id: int) -> bool:
    """Change the next items and remember it, in one transaction; False where nothing is left to do here."""
    edits = ItemEdit.objects.under_way().select_related("project", "by")
    edit = edits.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(pk=edit_id).first()
    if edit is None:
        return False
    found = find_items(project=edit.project, wanted=ItemFilter.from_json(edit.wanted))
    left = found.filter(pk__gt=edit.reached, pk__lte=edit.up_to).order_by("id")
    chunk = list(left.values_list("pk", flat=True)[:CHUNK])
    done = _change(edit.project, chunk, EditAction(edit.action), edit.value, edit.by)
    edit.changed += done.changed
    edit.held_up += done.held_up
    edit.seen += len(chunk)
    edit.reached = chunk[-1] if chunk else edit.up_to
    edit.finished_at = None if len(chunk) == CHUNK else timezone.now()
    edit.save()
    return edit.finished_at is None


def _change(
    project: Project, items: list[int], action: EditAction, value: Any, by: User | None
) -> OverlapSet:
    chosen: dict[str, Any] = {"project": project, "items": items, "by": by}
    match action:
        case EditAction.OVERLAP:
            return set_overlap(**chosen, overlap=value)
        case EditAction.PRIORITY:
            changed = set_priority(**chosen, priority=value)
        case EditAction.SET_SKILLS:
            changed = set_skills(**chosen, skills=value)
        case EditAction.ADD_SKILLS:
            changed = add_skills(**chosen, skills=value)
        case EditAction.REMOVE_SKILLS:
            changed = remove_skills(**chosen, skills=value)
        case EditAction.WITHDRAW:
            changed = withdraw_items(**chosen)
        case EditAction.RETURN:
            changed = return_items(**chosen)
    return OverlapSet(changed, 0)
