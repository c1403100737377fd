"""Who has read what others said of an item answers it no more; and nobody reads it by accident.

So an answer is always somebody's own. What a person may still answer or revise is kept from them until they
say that they want to read it all the same; what they never met, they do not get once they have read of it.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError, NotFoundError
from apps.projects.models import Project
from apps.rating.models import Lease, LeaseState, RaterState
from apps.rating.models.leases import LeaseQuerySet


def is_kept_from(reader: User) -> Exists:
    """Of rows with an `item`: whether what others said of it is kept from this reader just now."""
    return Exists(_find_kept(reader).filter(item=OuterRef("item")))


def tell_of(*, project: Project, reader: User, items: Collection[int]) -> dict[int, LeaseState]:
    """Let somebody read what others said of `items`; returns what is kept from them, by the lease's state.

    To be called before it is shown: from then on they answer none of the others.
    """
    if len(_find_noted(reader, items)) < len(items):
        _note(project, reader, items)
    kept = _find_kept(reader).filter(item__in=items)
    return {item: LeaseState(state) for item, state in kept.values_list("item", "state")}


@transaction.atomic
def tell_all_the_same(*, project: Project, reader: User, item: UUID) -> None:
    """Let somebody read what others said of an item that they could still answer or revise. Twice is once.

    Raises:
        NotFoundError: nothing is kept from them there.
        ConflictError: they hold it just now.
    """
    _hold(project, reader)
    leases = Lease.objects.select_for_update(no_key=True).filter(project=project, rater=reader)
    lease = leases.filter(item__uid=item).first()
    if lease is None:
        raise NotFoundError("You have nothing to do with this item, so nothing about it is kept from you.")
    if lease.state == LeaseState.OPEN:
        raise ConflictError("You hold this item just now. Answer, skip or leave it first; then read on here.")
    if lease.told_at is None:
        lease.told_at = timezone.now()
        if lease.state in {LeaseState.EXPIRED, LeaseState.RELEASED}:
            lease.state = LeaseState.TOLD
        lease.save(update_fields=["told_at", "state"])


def _find_kept(reader: User) -> LeaseQuerySet:
    kept = Lease.objects.filter(rater=reader, told_at=None, item__settled_at=None)
    return kept.exclude(state=LeaseState.SKIPPED)


def _find_noted(reader: User, items: Collection[int]) -> set[int]:
    """Those that are kept from the reader, and those that they are known to have read of."""
    met = Lease.objects.filter(rater=reader, item__in=items)
    return set(met.exclude(state=LeaseState.SKIPPED, told_at=None).values_list("item", flat=True))


@transaction.atomic
def _note(project: Project, reader: User, items: Collection[int]) -> None:
    _hold(project, reader)
    now = timezone.now()
    skipped = Lease.objects.filter(rater=reader, item__in=items, state=LeaseState.SKIPPED, told_at=None)
    skipped.update(told_at=now)
    over = {"shown_order": [], "started_at": now, "expires_at": now, "ended_at": now, "told_at": now}
    new = set(items) - _find_noted(reader, items)
    Lease.objects.bulk_create(
        (Lease(project=project, item_id=item, rater=reader, state=LeaseState.TOLD, **over) for item in new),
        ignore_conflicts=True,
    )


def _hold(project: Project, reader: User) -> None:
    """They claim nothing meanwhile in another tab; who never rated here has no state to be held."""
    states = RaterState.objects.select_for_update(no_key=True).filter(project=project, rater=reader)
    list(states.values_list("pk"))
