"""What a rater does with a lease: answer, skip, or write on. Each may be sent twice."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.generation.models import Response
from apps.projects.models import Project
from apps.projects.rubrics import InvalidAnswersError
from apps.rating.allocation import end_lease, lock_rater, renew_lease
from apps.rating.models import Annotation, Item, Lease, LeaseState, ReturnedItem, SkipReason
from apps.rating.outcomes import derive_outcomes

DRAFT_LIMIT = 100_000  # characters of a draft; a page's longest fields together stay below it


def submit_annotation(
    *,
    project: Project,
    rater: User,
    lease_uid: str,
    answers: dict[str, Any] | None = None,
    form: dict[str, list[str]] | None = None,
) -> Annotation:
    """Store the answers of a lease; sending them again returns the first annotation unchanged.

    The answers come as data (`answers`) or as a page's `form`; a form that does not fit is kept as draft.

    A submission after the lease's end takes a slot again if one is free; else it is kept, not counted.

    Raises:
        NotFoundError: the lease is not this rater's.
        InvalidAnswersError: the answers do not fit the rubric.
    """
    try:
        with transaction.atomic():
            lock_rater(project=project, rater=rater)
            lease = _get_lease(project, rater, lease_uid)
            existing = Annotation.objects.filter(lease=lease).first()
            return existing or _store(project, lease, answers, form)
    except InvalidAnswersError:
        if form is not None:
            save_draft(project=project, rater=rater, lease_uid=lease_uid, draft=form)
        raise


def _store(
    project: Project, lease: Lease, answers: dict[str, Any] | None, form: dict[str, list[str]] | None
) -> Annotation:
    item = Item.objects.select_for_update(of=("self",), no_key=True).select_related("rubric").get(pk=lease.item_id)
    responses = list(Response.objects.filter(slots__item=item).order_by("slots__position"))
    rubric = item.rubric.questions
    raw = rubric.read_form(form or {}) if answers is None else answers
    checked = rubric.validate_answers(raw, [str(response.uid) for response in responses])
    was_open = lease.state == LeaseState.OPEN
    is_counted = was_open or item.taken < item.overlap
    annotation = Annotation.objects.create(
        item=item,
        rater_id=lease.rater_id,
        lease=lease,
        rubric=item.rubric,
        guideline=project.guideline,
        answers=checked,
        is_counted=is_counted,
    )
    if is_counted:
        _count(item, takes_slot=not was_open)
        derive_outcomes(annotation=annotation, rubric=rubric, responses=responses)
    lease.state, lease.ended_at = LeaseState.SUBMITTED, timezone.now()
    lease.skip_reason = lease.skip_note = ""
    lease.save(update_fields=["state", "ended_at", "skip_reason", "skip_note"])
    return annotation


def _count(item: Item, *, takes_slot: bool) -> None:
    item.taken += takes_slot
    item.counted += 1
    item.save(update_fields=["taken", "counted"])
    if takes_slot and item.taken == item.overlap:
        ReturnedItem.objects.filter(item=item).delete()


@transaction.atomic
def skip_item(*, project: Project, rater: User, lease_uid: str, reason: str, note: str = "") -> None:
    """End the lease with a reason; this rater does not meet the item again. Skipping twice is skipping once.

    Raises:
        InvalidInputError: the reason is not one of `SkipReason`.
        ConflictError: the item was answered already.
    """
    if reason not in SkipReason.values:
        raise InvalidInputError("Choose why you skip this item. What you wrote is kept.")
    lock_rater(project=project, rater=rater)
    lease = _get_lease(project, rater, lease_uid)
    if lease.state == LeaseState.SUBMITTED:
        raise ConflictError(
            "You have answered this item already, so it cannot be skipped. Your answer is kept."
        )
    if lease.state == LeaseState.OPEN:
        end_lease(lease=lease, state=LeaseState.SKIPPED, reason=reason, note=note[:500])


@transaction.atomic
def save_draft(*, project: Project, rater: User, lease_uid: str, draft: dict[str, list[str]]) -> Lease:
    """Keep the form as it is now, and hold the item on; a lease that has ended keeps its draft too.

    Raises:
        InvalidInputError: the draft is longer than any page can make it.
        ConflictError: the item was answered already.
    """
    if sum(len(text) for values in draft.values() for text in values) > DRAFT_LIMIT:
        raise InvalidInputError(f"A draft may have {DRAFT_LIMIT:,} characters. The one saved before is kept.")
    lease = _get_lease(project, rater, lease_uid)
    if lease.state == LeaseState.SUBMITTED:
        raise ConflictError("You have answered this item already. Your answer is kept.")
    lease.draft, lease.draft_saved_at = draft, timezone.now()
    lease.save(update_fields=["draft", "draft_saved_at"])
    return (
        renew_lease(lease=lease, minutes=project.lease_minutes) if lease.state == LeaseState.OPEN else lease
    )


def _get_lease(project: Project, rater: User, lease_uid: str) -> Lease:
    lease = Lease.objects.select_for_update(no_key=True).filter(project=project, rater=rater, uid=lease_uid).first()
    if lease is None:
        raise NotFoundError("This item is not held by you. Open the rating page for your next one.")
    return lease
