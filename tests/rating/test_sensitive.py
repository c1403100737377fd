"""Where texts may disturb: covered until they are uncovered, limited per day, and left at any moment."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.holding import leave_item, save_draft
from apps.rating.models import Item, Lease, LeaseState
from apps.rating.submission import submit_annotation
from tests.rating.factories import given, make_items, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def lease(project: Project, rater: User) -> Lease:
    Project.objects.update(is_sensitive=True, daily_cap=20)
    project.refresh_from_db()
    make_items(project)
    held = claim_next(project=project, rater=rater)
    assert held
    return held


def leave(lease: Lease) -> None:
    leave_item(project=lease.project, rater=lease.rater, lease_uid=str(lease.uid))
    lease.refresh_from_db()


def test_leaving_gives_the_item_back_and_is_no_skip(lease: Lease) -> None:
    save_draft(
        project=lease.project,
        rater=lease.rater,
        lease_uid=str(lease.uid),
        draft={"justification": ["So far"]},
    )
    leave(lease)
    item = Item.objects.get()
    assert (lease.state, item.taken, item.skips) == (LeaseState.RELEASED, 0, 0)
    again = claim_next(project=lease.project, rater=lease.rater)
    assert again
    assert again.draft == {"justification": ["So far"]}


def test_leaving_twice_is_leaving_once(lease: Lease) -> None:
    leave(lease)
    leave(lease)
    assert Item.objects.get().taken == 0


def test_what_was_answered_stays_answered(lease: Lease) -> None:
    submit_annotation(
        project=lease.project, rater=lease.rater, lease_uid=str(lease.uid), answers=given(say("tie"))
    )
    leave(lease)
    assert lease.state == LeaseState.SUBMITTED


def test_the_database_wants_a_limit_for_the_day(project: Project) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(is_sensitive=True, daily_cap=None)


def test_every_response_is_covered_and_the_page_can_be_left(lease: Lease, sign_in: Any, rater: User) -> None:
    client = sign_in(rater)
    html = client.get(reverse("rating:page", args=[lease.project.slug])).content.decode()
    assert html.count('<details class="veil">') == 2
    answer = client.post(reverse("rating:leave", args=[lease.project.slug, lease.uid]), follow=True)
    assert "You left the item" in answer.content.decode()


def test_elsewhere_nothing_is_covered(project: Project, sign_in: Any, rater: User) -> None:
    make_items(project)
    html = sign_in(rater).get(reverse("rating:page", args=[project.slug])).content.decode()
    assert "veil" not in html
    assert "Leave this item" not in html
