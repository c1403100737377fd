"""Taking back what a curator did to many prompts, where nobody changed them since."""

from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, Q, Value
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, NotFoundError
from apps.core.many import any_of
from apps.projects.models import Project
from apps.prompts.changing import MOVES, Action
from apps.prompts.insertion import hold_project
from apps.prompts.models import Prompt, PromptChange, PromptStatus
from apps.prompts.remembering import note_change


@transaction.atomic
def undo_change(*, project: Project, uid: UUID, user: User) -> int:
    """Put prompts back to what they were, where nobody has changed them again; returns how many.

    Raises:
        NotFoundError: the project knows no such change.
        ConflictError: it was taken back already.
    """
    hold_project(project)
    change = project.prompt_changes.filter(uid=uid).first()
    if change is None:
        raise NotFoundError("This project knows no such change, so nothing was taken back.")
    if change.undone_at is not None:
        raise ConflictError("This was taken back already; nothing was changed.")
    back = sum(_put_back(change, status, ids) for status, ids in change.before.items())
    change.undone_at = timezone.now()
    change.save(update_fields=["undone_at"])
    note_change(project_id=project.pk)
    record_event(
        actor=user,
        action="prompts.undone",
        subject=f"project:{project.slug}",
        change=str(change.uid),
        changed=back,
    )
    return back


def _put_back(change: PromptChange, status: str, ids: list[int]) -> int:
    prompts = Prompt.objects.filter(project=change.project_id, pk__in=any_of(ids))
    action = Action(change.action)
    if action in MOVES:
        prompts = prompts.filter(status=MOVES[action][1])
        if status == PromptStatus.APPROVED:
            prompts = prompts.filter(Q(successor=None) | Q(successor__status=PromptStatus.RETIRED))
            prompts = Prompt.objects.filter(pk__in=any_of(prompts.values_list("pk", flat=True)))
        return prompts.update(status=status)
    there = Q(tags__contains=[change.tag])
    if action == Action.TAG:
        return prompts.filter(there).update(tags=Func(F("tags"), Value(change.tag), function="array_remove"))
    return prompts.exclude(there).update(tags=Func(F("tags"), Value(change.tag), function="array_append"))
