"""What a rater does with a lease besides answering: skip, leave, or write on. Each may be sent twice."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.projects.models import Project
from apps.rating.allocation import lock_rater
from apps.rating.leases import NOT_HELD, end_lease, renew_lease
from apps.rating.models import Lease, LeaseState, SkipReason
from apps.rating.pace import ACTIVE, forget_reach

DRAFT_LIMIT = 100_000  # characters of a draft; a page's longest fields together stay below it


@transaction.atomic
def skip_item(*, project: Project, rater: User, lease_uid: str, reason: str, note: str = "") -> None:
    """End the lease with a reason; this rater does not meet the item again. Skipping twice is skipping once.

    Raises:
        InvalidInputError: the reason is not one of `SkipReason`.
        ConflictError: the item was answered already.
    """
    if reason not in SkipReason.values:
        raise InvalidInputError("Choose why you skip this item. What you wrote is kept.")
    state = lock_rater(project=project, rater=rater)
    lease = _get_lease(project, rater, lease_uid)
    if lease.state == LeaseState.SUBMITTED:
        raise ConflictError(
            "You have answered this item already, so it cannot be skipped. Your answer is kept."
        )
    if lease.state == LeaseState.OPEN:
        end_lease(lease=lease, state=LeaseState.SKIPPED, reason=reason, note=_clean(note)[:500])
        transaction.on_commit(lambda: forget_reach(state.pk))


@transaction.atomic
def leave_item(*, project: Project, rater: User, lease_uid: str) -> None:
    """Give the item back, without a reason and without it counting as a skip; what was written is kept.

    Leaving twice is leaving once, and what was answered stays answered.
    """
    lock_rater(project=project, rater=rater)
    lease = _get_lease(project, rater, lease_uid)
    if lease.state == LeaseState.OPEN:
        end_lease(lease=lease, state=LeaseState.RELEASED)


@transaction.atomic
def save_draft(*, project: Project, rater: User, lease_uid: str, draft: dict[str, list[str]]) -> Lease:
    """Keep the form as it is now, and hold the item on; a lease that has ended keeps its draft too.

    A form that says nothing but how long was worked on it takes the place of no draft.

    Raises:
        InvalidInputError: the draft is longer than any page can make it.
        ConflictError: the item was answered already.
    """
    if sum(len(text) for values in draft.values() for text in values) > DRAFT_LIMIT:
        raise InvalidInputError(f"A draft may have {DRAFT_LIMIT:,} characters. The one saved before is kept.")
    lease = _get_lease(project, rater, lease_uid)
    if lease.state == LeaseState.SUBMITTED:
        raise ConflictError("You have answered this item already. Your answer is kept.")
    said = {_clean(key): [_clean(text) for text in values] for key, values in draft.items()}
    if said.keys() - {ACTIVE}:
        lease.draft, lease.draft_saved_at = said, timezone.now()
    elif lease.draft:
        lease.draft = {**lease.draft, **said}
    lease.save(update_fields=["draft", "draft_saved_at"])
    renew_lease(lease=lease, minutes=project.lease_minutes)
    return lease


def _clean(text: str) -> str:
    """Without NUL and halves of characters, which PostgreSQL cannot store and nobody writes."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _get_lease(project: Project, rater: User, lease_uid: str) -> Lease:
    lease = (
        Lease.objects.select_for_update(no_key=True)
        .filter(project=project, rater=rater, uid=lease_uid)
        .first()
    )
    if lease is None:
        raise NotFoundError(NOT_HELD)
    return lease
