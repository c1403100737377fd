from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.holding import skip_item
from apps.rating.leases import expire_overdue
from apps.rating.models import Item, Lease, LeaseState, RaterState, ReturnedItem
from apps.rating.submission import submit_annotation
from tests.factories import MembershipFactory
from tests.rating.factories import given, make_items, say

pytestmark = pytest.mark.django_db


def another_rater(project: Project) -> User:
    return MembershipFactory(project=project).user


def claim(project: Project, rater: User) -> Lease:
    lease = claim_next(project=project, rater=rater)
    assert lease is not None
    return lease


def finish(project: Project, rater: User) -> Lease:
    lease = claim(project, rater)
    submit_annotation(project=project, rater=rater, lease_uid=str(lease.uid), answers=given(say("tie")))
    return lease


def run_out(lease: Lease) -> None:
    Lease.objects.filter(pk=lease.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    expire_overdue()


def test_items_come_in_their_order(project: Project, rater: User) -> None:
    first, second = make_items(project, 2)
    assert finish(project, rater).item_id == first.pk
    assert finish(project, rater).item_id == second.pk


def test_an_open_lease_comes_back_first_and_is_renewed(project: Project, rater: User) -> None:
    make_items(project, 2)
    lease = claim(project, rater)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=5))
    again = claim(project, rater)
    assert again.pk == lease.pk
    assert again.expires_at > timezone.now() + timedelta(minutes=project.lease_minutes - 1)


def test_a_full_item_is_given_to_nobody_else(project: Project, rater: User) -> None:
    make_items(project)
    claim(project, rater)
    assert claim_next(project=project, rater=another_rater(project)) is None


def test_an_item_goes_to_as_many_people_as_the_overlap_says(project: Project) -> None:
    Project.objects.update(overlap=2)
    make_items(project)
    claim(project, another_rater(project))
    claim(project, another_rater(project))
    assert claim_next(project=project, rater=another_rater(project)) is None
    assert Item.objects.get().taken == 2


def test_nobody_meets_an_item_twice(project: Project, rater: User) -> None:
    Project.objects.update(overlap=3)
    make_items(project)
    finish(project, rater)
    assert claim_next(project=project, rater=rater) is None


def test_an_expired_lease_frees_its_slot_for_a_rater_who_is_past_it(project: Project, rater: User) -> None:
    first, _ = make_items(project, 2)
    ahead = another_rater(project)
    held = claim(project, rater)
    finish(project, ahead)
    run_out(held)
    assert claim(project, ahead).item_id == first.pk


def test_a_returned_item_leaves_the_table_when_it_is_full(project: Project, rater: User) -> None:
    make_items(project)
    run_out(claim(project, rater))
    assert ReturnedItem.objects.count() == 1
    claim(project, another_rater(project))
    assert ReturnedItem.objects.count() == 0


def test_who_let_an_item_expire_may_take_it_again_with_its_order(project: Project, rater: User) -> None:
    make_items(project)
    held = claim(project, rater)
    run_out(held)
    again = claim(project, rater)
    assert (again.pk, again.shown_order, again.state) == (held.pk, held.shown_order, LeaseState.OPEN)


def test_a_skipped_item_goes_to_others_and_never_back(project: Project, rater: User) -> None:
    make_items(project)
    lease = claim(project, rater)
    skip_item(project=project, rater=rater, lease_uid=str(lease.uid), reason="expertise")
    assert claim_next(project=project, rater=rater) is None
    assert claim(project, another_rater(project)).item_id == lease.item_id


def test_claiming_expires_what_is_overdue_before_it_gives_up(project: Project, rater: User) -> None:
    make_items(project)
    held = claim(project, rater)
    Lease.objects.filter(pk=held.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert claim(project, another_rater(project)).item_id == held.item_id


def test_new_items_are_found_by_a_rater_who_had_finished_all(project: Project, rater: User) -> None:
    make_items(project)
    finish(project, rater)
    assert claim_next(project=project, rater=rater) is None
    newer = make_items(project)[-1]
    assert claim(project, rater).item == newer


def test_the_cursor_follows_the_rater(project: Project, rater: User) -> None:
    items = make_items(project, 3)
    for _ in range(3):
        finish(project, rater)
    assert RaterState.objects.get(rater=rater).cursor == items[-1].place


def test_the_database_refuses_a_slot_too_many(project: Project) -> None:
    (item,) = make_items(project)
    with pytest.raises(IntegrityError, match="item_never_over_taken"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(taken=2)


def test_the_database_refuses_a_second_open_lease(project: Project, rater: User) -> None:
    _, second = make_items(project, 2)
    held = claim(project, rater)
    held.pk, held.uid, held.item = None, second.uid, second
    with pytest.raises(IntegrityError, match="lease_one_open_per_rater"), transaction.atomic():
        held.save()
