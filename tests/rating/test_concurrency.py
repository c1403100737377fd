"""Many raters at once, who also crash, skip and are late: every item ends with exactly `k` people."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.holding import skip_item
from apps.rating.leases import expire_overdue
from apps.rating.models import Annotation, Item, Lease, LeaseState
from apps.rating.submission import submit_annotation
from tests.factories import MembershipFactory
from tests.rating.factories import given, make_items, say

pytestmark = pytest.mark.django_db(transaction=True)
RATERS = 12
ITEMS = 15


def work(project: Project, rater: User, seed: int) -> None:
    """Rate until there is nothing left; now and then crash with an open lease, or skip once."""
    rng = random.Random(seed)
    skips = 0
    try:
        while lease := claim_next(project=project, rater=rater):
            luck = rng.random()
            if luck < 0.15:  # crash: the lease runs out, and the rater comes back
                Lease.objects.filter(pk=lease.pk, state="open").update(
                    expires_at=timezone.now() - timedelta(seconds=1)
                )
                expire_overdue(project=project)
            elif luck < 0.25 and skips < 2:
                skip_item(project=project, rater=rater, lease_uid=str(lease.uid), reason="other")
                skips += 1
            else:
                for _ in range(rng.choice([1, 1, 2])):  # a double click now and then
                    submit_annotation(
                        project=project, rater=rater, lease_uid=str(lease.uid), answers=given(say("tie"))
                    )
    finally:
        connection.close()


@pytest.mark.parametrize("overlap", [1, 3, 5])
def test_every_item_ends_with_exactly_k_distinct_raters(project: Project, overlap: int) -> None:
    Project.objects.update(overlap=overlap, review_after_skips=99)
    make_items(project, ITEMS)
    raters = [MembershipFactory(project=project).user for _ in range(RATERS)]
    for _ in range(2):  # whoever went home while others still held something comes back once
        with ThreadPoolExecutor(RATERS) as pool:
            list(pool.map(lambda pair: work(project, pair[1], pair[0]), enumerate(raters)))
    counted = Counter(Annotation.objects.counted().values_list("item_id", flat=True))
    people = Counter(
        Annotation.objects.counted()
        .values_list("item_id", "rater_id")
        .distinct()
        .values_list("item_id", flat=True)
    )
    assert set(counted.values()) == {overlap}
    assert counted == people
    assert set(Item.objects.values_list("taken", "counted")) == {(overlap, overlap)}
    assert not Lease.objects.filter(state=LeaseState.OPEN).exists()


def test_one_free_slot_goes_to_exactly_one_of_many(project: Project) -> None:
    make_items(project)
    raters = [MembershipFactory(project=project).user for _ in range(RATERS)]

    def claim(rater: User) -> bool:
        try:
            return claim_next(project=project, rater=rater) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(RATERS) as pool:
        assert sum(pool.map(claim, raters)) == 1


def test_two_tabs_of_one_rater_hold_one_item(project: Project, rater: User) -> None:
    make_items(project, 5)

    def claim(_: int) -> int:
        try:
            lease = claim_next(project=project, rater=rater)
            assert lease is not None
            return lease.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(claim, range(8)))) == 1
    assert Item.objects.filter(taken=1).count() == 1
