"""How leases go on and end."""

from collections.abc import Collection
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.projects.models import Project
from apps.rating import queue
from apps.rating.models import ItemStatus, Lease, LeaseState, ReturnedItem

NOT_HELD = "This item is not held by you. Open the rating page for your next one."


def renew_lease(*, lease: Lease, minutes: int) -> bool:
    """Push the end of an open lease out; a lease in use does not run out. False when it has ended since."""
    later = timezone.now() + timedelta(minutes=minutes)
    if not Lease.objects.open().filter(pk=lease.pk).update(expires_at=later):
        return False
    lease.expires_at = later
    return True


def end_lease(*, lease: Lease, state: LeaseState, reason: str = "", note: str = "") -> None:
    """End an open lease without an annotation and give its slot back. The caller holds the lease's lock.

    An item that enough people have skipped leaves the queue for review.
    """
    lease.state, lease.ended_at = state, timezone.now()
    lease.skip_reason, lease.skip_note = reason, note
    lease.save(update_fields=["state", "ended_at", "skip_reason", "skip_note"])
    with connection.cursor() as cursor:
        ended = {
            "item": lease.item_id,
            "skips": int(state == LeaseState.SKIPPED),
            "review_after": lease.project.review_after_skips,
        }
        cursor.execute(queue.END_LEASE, ended)


def expire_overdue(*, project: Project | None = None) -> int:
    """Expire every open lease whose time has run out, one transaction each; returns how many."""
    overdue = Lease.objects.open().filter(expires_at__lt=timezone.now())
    if project is not None:
        overdue = overdue.filter(project=project)
    return sum(_expire(lease_id) for lease_id in list(overdue.values_list("pk", flat=True)))


@transaction.atomic
def _expire(lease_id: int) -> bool:
    lease = (
        Lease.objects.open()
        .select_for_update(skip_locked=True, no_key=True)
        .filter(pk=lease_id, expires_at__lt=timezone.now())
        .first()
    )
    if lease is None:
        return False
    end_lease(lease=lease, state=LeaseState.EXPIRED)
    return True


def release_leases(*, items: Collection[int]) -> int:
    """End the open leases of items that were withdrawn, one transaction each; returns how many."""
    held = Lease.objects.open().filter(item__in=items, item__status=ItemStatus.WITHDRAWN)
    return sum(_release(lease_id) for lease_id in list(held.values_list("pk", flat=True)))


@transaction.atomic
def _release(lease_id: int) -> bool:
    lease = Lease.objects.open().select_for_update(no_key=True).filter(pk=lease_id).first()
    if lease is None:
        return False
    end_lease(lease=lease, state=LeaseState.RELEASED)
    # Now that the item is locked: a curator may have put it back meanwhile, and then it waits for somebody.
    ReturnedItem.objects.filter(item=lease.item_id, item__status=ItemStatus.WITHDRAWN).delete()
    return True
