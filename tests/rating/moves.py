"""What people do in the queue, in one word each."""

from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Membership, Project
from apps.rating.allocation import claim_next, rewind_cursors
from apps.rating.leases import expire_overdue
from apps.rating.models import Item, Lease
from apps.rating.placing import follow_queue_orders
from apps.rating.submission import submit_annotation
from tests.factories import MembershipFactory
from tests.rating.factories import given, make_items, say


def join(project: Project, *skills: str) -> User:
    """Another rater, who knows these things."""
    return MembershipFactory(project=project, skills=list(skills)).user


def add_items(project: Project, count: int) -> list[Item]:
    """Items that come in while people rate; the new ones alone."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return make_items(project, count)[-count:]


def claim(project: Project, rater: User) -> Lease:
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    return lease


def submit(lease: Lease) -> None:
    submit_annotation(
        project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), answers=given(say("tie"))
    )


def finish(project: Project, rater: User) -> int:
    """Answer the next item; its row."""
    lease = claim(project, rater)
    submit(lease)
    return lease.item_id


def walk(project: Project, rater: User) -> list[int]:
    """Answer all that there is; the items in the order in which they came."""
    met: list[int] = []
    while (lease := claim_next(project=project, rater=rater)) is not None:
        submit(lease)
        met.append(lease.item_id)
    return met


def run_out(lease: Lease) -> None:
    Lease.objects.filter(pk=lease.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    expire_overdue()


def change_item(item: Item, **values: object) -> None:
    """What a curator changes of an item in the queue, as the services do it."""
    Item.objects.filter(pk=item.pk).update(**values)
    item.refresh_from_db()
    rewind_cursors(project=item.project)


def teach(project: Project, rater: User, *skills: str) -> None:
    """Note what a rater knows: these things and nothing else."""
    Membership.objects.filter(project=project, user=rater).update(skills=list(skills))
    rewind_cursors(project=project, rater=rater)


def choose_order(project: Project, order: str) -> None:
    """Set the project's order, and let the items follow."""
    project.queue_order = order
    project.save(update_fields=["queue_order"])
    follow_queue_orders()
