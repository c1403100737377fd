"""Who gets which item: exactly `overlap` people per item, nobody twice, at a cost that does not grow.

Raters walk the items in the order of `sort_key`. A cursor per rater remembers how far everything was
either full or already theirs, so a claim reads from there on, over an index that holds only items with
room. An item that gets room again after the cursors passed it (a lease expired, was skipped or given
back) stands in the small table `ReturnedItem`, which is read first.

Locks are always taken in the order rater state, lease, item, and a transaction locks one item only: a
claim passes over items that somebody else has locked, and waits outside of it when only such are left.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Item, Lease, LeaseState, RaterState, ReturnedItem
from apps.rating.shuffling import shuffle_positions

RETURNED = """
    SELECT i.id FROM rating_returneditem r JOIN rating_item i ON i.id = r.item_id
    WHERE r.project_id = %(project)s AND i.taken < i.overlap AND NOT EXISTS (
        SELECT 1 FROM rating_lease l WHERE l.item_id = i.id AND l.rater_id = %(rater)s
        AND l.state NOT IN ('expired', 'released'))
    ORDER BY i.sort_key LIMIT 1
"""
AHEAD = """
    SELECT i.id, i.sort_key FROM rating_item i
    WHERE i.project_id = %(project)s AND i.taken < i.overlap AND i.sort_key > %(cursor)s
    AND NOT EXISTS (SELECT 1 FROM rating_lease l WHERE l.item_id = i.id AND l.rater_id = %(rater)s)
    ORDER BY i.sort_key LIMIT 1
"""
LOCKED = "FOR NO KEY UPDATE OF i SKIP LOCKED"
CLAIM_RETURNED = RETURNED + LOCKED
# `first` is the nearest item with room, locked by somebody or not: the cursor must not pass it.
CLAIM_AHEAD = f"""
    WITH first AS ({AHEAD}), pick AS ({AHEAD} {LOCKED})
    SELECT pick.id, least(pick.sort_key, first.sort_key - 1 + (first.id = pick.id)::int) FROM pick, first
"""  # noqa: S608 — nothing in it comes from outside


@dataclass(frozen=True)
class _Found:
    item_id: int
    cursor: int | None  # how far the rater's cursor may go, None where it stays


def claim_next(*, project: Project, rater: User) -> Lease | None:
    """The rater's open lease, renewed, or a lease of the next item; None when there is nothing for them.

    Two tabs of one rater get the same lease.
    """
    while (lease := _claim(project, rater)) is None:
        if not (_wait_for_busy_item(project, rater) or expire_overdue(project=project)):
            return None
    return lease


@transaction.atomic
def _claim(project: Project, rater: User) -> Lease | None:
    state = lock_rater(project=project, rater=rater)
    held = Lease.objects.open().filter(project=project, rater=rater).first()
    if held is not None:
        return renew_lease(lease=held, minutes=project.lease_minutes)
    found = _find(state, CLAIM_RETURNED, CLAIM_AHEAD)
    return _open_lease(project, state, found) if found else None


def lock_rater(*, project: Project, rater: User) -> RaterState:
    """The rater's state, locked: whatever one rater does in a project happens one after the other."""
    states = RaterState.objects.select_for_update(no_key=True).filter(project=project, rater=rater)
    state = states.first()
    if state is None:
        RaterState.objects.bulk_create([RaterState(project=project, rater=rater)], ignore_conflicts=True)
        state = states.get()
    return state


def renew_lease(*, lease: Lease, minutes: int) -> Lease:
    """Push the end of an open lease out; a lease in use does not run out."""
    lease.expires_at = timezone.now() + timedelta(minutes=minutes)
    lease.save(update_fields=["expires_at"])
    return lease


def _find(state: RaterState, returned: str, ahead: str) -> _Found | None:
    known = {"project": state.project_id, "rater": state.rater_id, "cursor": state.cursor}
    with connection.cursor() as cursor:
        cursor.execute(returned, known)
        if row := cursor.fetchone():
            return _Found(row[0], None)
        cursor.execute(ahead, known)
        row = cursor.fetchone()
    return _Found(*row) if row else None


def _wait_for_busy_item(project: Project, rater: User) -> bool:
    """Wait until whoever has locked the nearest item with room lets go; False where there is none.

    A statement that waited for one item and went on to the next would hold both, and two of those can
    wait for each other; so this waits in a transaction that does nothing else.
    """
    state = RaterState.objects.get(project=project, rater=rater)
    found = _find(state, RETURNED, AHEAD)
    if found is None:
        return False
    with transaction.atomic():
        list(Item.objects.select_for_update(no_key=True).filter(pk=found.item_id).values_list("pk"))
    return True


def _open_lease(project: Project, state: RaterState, found: _Found) -> Lease:
    item = Item.objects.get(pk=found.item_id)
    Item.objects.filter(pk=item.pk).update(taken=F("taken") + 1)
    if item.taken + 1 == item.overlap:
        ReturnedItem.objects.filter(item=item).delete()
    now = timezone.now()
    count = len(item.responses_key.split(",")) if item.responses_key else 0
    order = shuffle_positions(count=count, lease_number=state.leases_given, seed=state.seed)
    lease, is_new = Lease.objects.get_or_create(
        item=item,
        rater_id=state.rater_id,
        defaults={
            "project": project,
            "shown_order": order,
            "started_at": now,
            "expires_at": now + timedelta(minutes=project.lease_minutes),
        },
    )
    if not is_new:
        _reopen(lease, now, project.lease_minutes)
    state.leases_given += is_new
    state.cursor = state.cursor if found.cursor is None else max(state.cursor, found.cursor)
    state.save(update_fields=["leases_given", "cursor"])
    return lease


def _reopen(lease: Lease, now: datetime, minutes: int) -> None:
    """The same row again, with its order and its draft."""
    lease.state, lease.ended_at = LeaseState.OPEN, None
    lease.started_at, lease.expires_at = now, now + timedelta(minutes=minutes)
    lease.save(update_fields=["state", "ended_at", "started_at", "expires_at"])


def end_lease(*, lease: Lease, state: LeaseState, reason: str = "", note: str = "") -> None:
    """End an open lease without an annotation and give its slot back. The caller holds the lease's lock."""
    lease.state, lease.ended_at = state, timezone.now()
    lease.skip_reason, lease.skip_note = reason, note
    lease.save(update_fields=["state", "ended_at", "skip_reason", "skip_note"])
    Item.objects.filter(pk=lease.item_id).update(taken=F("taken") - 1)
    ReturnedItem.objects.bulk_create(
        [ReturnedItem(item_id=lease.item_id, project_id=lease.project_id)], ignore_conflicts=True
    )


def expire_overdue(*, project: Project | None = None) -> int:
    """Expire every open lease whose time has run out, one transaction each; returns how many."""
    overdue = Lease.objects.open().filter(expires_at__lt=timezone.now())
    if project is not None:
        overdue = overdue.filter(project=project)
    return sum(_expire(lease_id) for lease_id in overdue.values_list("pk", flat=True))


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
