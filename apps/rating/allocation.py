"""Who gets which item: exactly `overlap` people per item, nobody twice, at a cost that does not grow.

Raters walk the items in the order of `place`. A cursor per rater remembers how far everything was full,
already theirs or not for them, so a claim reads from there on, over an index that holds only items with
room. An item that gets room again after the cursors passed it (a lease expired, was skipped or given
back) stands in the small table `ReturnedItem`, which is read first. A cursor only saves time: before a
rater hears that there is nothing for them, everything is read once more from the beginning.

Locks are always taken in the order rater state, lease, item, and nothing waits for an item while it
holds another: a claim passes over locked ones, and waits outside of it when only such are left.
"""

import json
import uuid
from datetime import timedelta
from typing import Any, Protocol

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import rendering
from apps.projects.models import Project, QueueOrder
from apps.projects.questions.base import LETTERS
from apps.rating import queue
from apps.rating.leases import end_lease, expire_overdue, renew_lease
from apps.rating.models import Item, Lease, LeaseState, RaterState
from apps.rating.shuffling import shuffle_positions


class Walker(Protocol):
    """Somebody on their way through the items: a `RaterState`, or as much of one."""

    @property
    def project_id(self) -> int: ...
    @property
    def rater_id(self) -> int: ...
    @property
    def cursor(self) -> int: ...
    @property
    def leases_given(self) -> int: ...
    @property
    def seed(self) -> uuid.UUID: ...


def claim_next(*, project: Project, rater: User) -> Lease | None:
    """The rater's open lease, renewed, or a lease of the next item; None when there is nothing for them.

    Two tabs of one rater get the same lease.
    """
    while (lease := _claim(project, rater)) is None:
        if not (
            _wait_for_busy_item(project, rater)
            or expire_overdue(project=project)
            or rewind_cursors(project=project, rater=rater)
        ):
            return None
    return lease


@transaction.atomic
def _claim(project: Project, rater: User) -> Lease | None:
    state = lock_rater(project=project, rater=rater)
    with connection.cursor() as cursor:
        cursor.execute(queue.HELD, {"project": project.pk, "rater": rater.pk})
        held = cursor.fetchone()
    if held is None:
        return pick_item(project=project, rater=state)
    lease_id, is_stopped, is_theirs = held
    if is_stopped:
        return None
    return _go_on(project, state, Lease.objects.select_for_update(no_key=True).get(pk=lease_id), is_theirs)


def _go_on(project: Project, state: RaterState, lease: Lease, is_theirs: bool) -> Lease | None:
    """With the lease in hand, unless it ended this moment or its item is not for this rater any more."""
    if is_theirs and renew_lease(lease=lease, minutes=project.lease_minutes):
        return lease
    if lease.state == LeaseState.OPEN:
        end_lease(lease=lease, state=LeaseState.RELEASED)
    return pick_item(project=project, rater=state)


def rewind_cursors(*, project: Project, rater: User | None = None, place: int = 1) -> bool:
    """Let raters, or one, look again from `place` on; False where they would do so anyway.

    To be called after commit of what made room there: whoever is claiming meanwhile has seen it, or is
    rewound when they are done.
    """
    states = RaterState.objects.filter(project=project)
    if rater is not None:
        states = states.filter(rater=rater)
    with transaction.atomic():
        # Whoever is claiming is waited for, since their cursor is about to move. In one order, so that two
        # who rewind the same people never wait for each other.
        list(states.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        return bool(states.filter(cursor__gte=place).update(cursor=place - 1))


def lock_rater(*, project: Project, rater: User) -> RaterState:
    """The rater's state, locked: whatever one rater does in a project happens one after the other."""
    states = RaterState.objects.select_for_update(no_key=True).filter(project=project, rater=rater)
    state = states.first()
    if state is None:
        new = RaterState(project=project, rater=rater, guideline=project.guideline)
        RaterState.objects.bulk_create([new], ignore_conflicts=True)
        state = states.get()
    return state


def pick_item(*, project: Project, rater: Walker) -> Lease | None:
    """Lease the next item that nobody is taking right now, with its content.

    The caller holds the rater's lock and no lease.
    """
    now = timezone.now()
    end = now + timedelta(minutes=project.lease_minutes)
    claimed = {
        **_known(rater),
        "uid": uuid.uuid4(),
        "orders": json.dumps([_shuffle(count, rater) for count in range(len(LETTERS) + 1)]),
        "now": now,
        "end": end,
        "version": rendering.VERSION,
    }
    finish_begun = project.queue_order == QueueOrder.FINISH_BEGUN
    with connection.cursor() as cursor:
        cursor.execute(queue.CLAIM_BEGUN_FIRST if finish_begun else queue.CLAIM, claimed)
        row = cursor.fetchone()
    if row is None:
        return None
    *values, content = row
    found = dict(zip(queue.LEASED, values, strict=True))
    lease = Lease(project_id=project.pk, rater_id=rater.rater_id, started_at=now, expires_at=end, **found)
    lease.content = content
    return lease


def _shuffle(count: int, rater: Walker) -> list[int]:
    return shuffle_positions(count=count, lease_number=rater.leases_given, seed=rater.seed)


def _known(rater: Walker) -> dict[str, Any]:
    return {
        "project": rater.project_id,
        "rater": rater.rater_id,
        "cursor": rater.cursor,
        "today": timezone.localdate(),
    }


def _wait_for_busy_item(project: Project, rater: User) -> bool:
    """Wait until whoever has locked the nearest item with room lets go; False where there is none.

    A statement that waited for one item and went on to the next would hold both, and two of those can
    wait for each other; so this waits in a transaction that does nothing else.
    """
    state = RaterState.objects.get(project=project, rater=rater)
    with connection.cursor() as cursor:
        cursor.execute(queue.BUSY, _known(state))
        row = cursor.fetchone()
    if row is None:
        return False
    with transaction.atomic():
        list(Item.objects.select_for_update(no_key=True).filter(pk=row[0]).values_list("pk"))
    return True


def count_reachable(*, project: Project, rater: User, limit: int) -> int:
    """How many items this rater could still get, `limit` at most."""
    state = RaterState.objects.get(project=project, rater=rater)
    with connection.cursor() as cursor:
        cursor.execute(queue.REACH, {**_known(state), "limit": limit})
        return int(cursor.fetchone()[0])
