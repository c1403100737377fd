"""How long people really work: measured by the page, bounded by the database's clock, shown to them."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.holding import save_draft
from apps.rating.models import Annotation, Lease, RaterState
from apps.rating.pace import read_active_seconds
from apps.rating.submission import submit_annotation
from tests.rating.factories import given, make_items, say

pytestmark = pytest.mark.django_db


def answer(project: Project, rater: User, *, held: int, active: int | None) -> Annotation:
    lease = claim_next(project=project, rater=rater)
    assert lease
    Lease.objects.filter(pk=lease.pk).update(started_at=timezone.now() - timedelta(seconds=held))
    return submit_annotation(
        project=project,
        rater=rater,
        lease_uid=str(lease.uid),
        answers=given(say("tie")),
        active_seconds=active,
    )


def test_active_time_is_kept_and_makes_the_pace(project: Project, rater: User) -> None:
    make_items(project)
    annotation = answer(project, rater, held=600, active=45)
    annotation.refresh_from_db()
    state = RaterState.objects.get()
    assert (annotation.active_seconds, state.active_that_day, state.seconds_each) == (45, 45, 45)


def test_nobody_works_longer_on_an_item_than_they_held_it(project: Project, rater: User) -> None:
    make_items(project)
    assert answer(project, rater, held=100, active=5000).active_seconds == 100


def test_where_a_program_says_nothing_nothing_is_known(project: Project, rater: User) -> None:
    make_items(project)
    assert answer(project, rater, held=100, active=None).active_seconds is None
    assert RaterState.objects.get().active_that_day == 0


def test_a_new_day_begins_at_nothing(project: Project, rater: User) -> None:
    make_items(project, 2)
    answer(project, rater, held=100, active=90)
    RaterState.objects.update(day=timezone.localdate() - timedelta(days=1))
    answer(project, rater, held=100, active=30)
    assert RaterState.objects.get().active_that_day == 30


def test_the_page_shows_the_days_work_and_not_yesterdays(project: Project, rater: User, sign_in: Any) -> None:
    make_items(project, 3)
    answer(project, rater, held=600, active=240)
    page = reverse("rating:page", args=[project.slug])
    client = sign_in(rater)
    assert "4 min</b> of work today" in client.get(page).content.decode()
    RaterState.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert "of work today" not in client.get(page).content.decode()


@pytest.mark.parametrize("said", ["", "-5", "²", "1e3", "99999999", "soon"])
def test_nonsense_from_a_page_is_no_time(said: str) -> None:
    assert read_active_seconds({"active-seconds": [said]}) is None
    assert read_active_seconds({}) is None


def test_holding_an_item_on_makes_no_draft_and_takes_none_away(project: Project, rater: User) -> None:
    make_items(project)
    lease = claim_next(project=project, rater=rater)
    assert lease

    def save(**draft: list[str]) -> Lease:
        said = {name.replace("_", "-"): values for name, values in draft.items()}
        return save_draft(project=project, rater=rater, lease_uid=str(lease.uid), draft=said)

    held = save(active_seconds=["30"])
    assert (held.draft, held.draft_saved_at) == ({}, None)
    save(justification=["So far"], active_seconds=["40"])
    assert save(active_seconds=["50"]).draft == {"justification": ["So far"], "active-seconds": ["50"]}


def test_a_page_that_counts_nothing_says_nothing(project: Project, rater: User, sign_in: Any) -> None:
    make_items(project)
    html = sign_in(rater).get(reverse("rating:page", args=[project.slug])).content.decode()
    assert '<input type="hidden" name="active-seconds" value="">' in html
