"""Why there is nothing for a rater: on the page, over the API and for the claim alike."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Guideline, Membership, Project
from apps.rating.allocation import claim_next
from apps.rating.holding import skip_item
from apps.rating.models import Item, RaterState
from apps.rating.nothing import Nothing, explain_nothing
from tests.conftest import SignIn
from tests.rating.factories import make_items
from tests.rating.moves import change_item, claim, finish, join, run_out, teach, walk

pytestmark = pytest.mark.django_db


class Why:
    """`why()`: the reason, after the claim, the page and the API agree on it."""

    def __init__(self, project: Project, rater: User, sign_in: SignIn) -> None:
        self.project, self.rater, self.client = project, rater, sign_in(rater)

    def __call__(self) -> Nothing:
        assert claim_next(project=self.project, rater=self.rater) is None
        reason = explain_nothing(project=self.project, rater=self.rater)
        assert reason is not None
        page = self.client.get(reverse("rating:page", args=[self.project.slug]))
        if reason.version is None:  # else the page shows what there is to read; see test_guideline
            assert reason.finding in unescape(page.content.decode())
            assert reason.advice in unescape(page.content.decode())
        told = self.client.post(reverse("rating-api:next", args=[self.project.slug])).json()["reason"]
        message = f"{reason.finding}. {reason.advice}"
        assert told == {"code": reason.code, "message": message, "version": reason.version}
        return reason


@pytest.fixture
def why(project: Project, rater: User, sign_in: SignIn) -> Why:
    return Why(project, rater, sign_in)


def change_project(project: Project, **values: Any) -> None:
    Project.objects.filter(pk=project.pk).update(**values)
    project.refresh_from_db()


def move_back_a_day(rater: User) -> None:
    RaterState.objects.filter(rater=rater).update(day=timezone.localdate() - timedelta(days=1))


def test_a_closed_project(project: Project, why: Why) -> None:
    make_items(project)
    change_project(project, stage="closed")
    assert why().code == "closed"


def test_a_pause_with_its_reason(project: Project, rater: User, why: Why) -> None:
    make_items(project)
    pause = Membership.objects.filter(user=rater)
    pause.update(paused_at=timezone.now(), pause_reason="Please read the mail of Monday first")
    reason = why()
    assert (reason.code, reason.advice) == ("paused", "Please read the mail of Monday first")
    pause.update(paused_at=None, pause_reason="")
    assert claim_next(project=project, rater=rater) is not None


def test_a_pause_holds_back_what_was_held_until_it_ends(project: Project, rater: User, why: Why) -> None:
    make_items(project)
    held = claim(project, rater)
    pause = Membership.objects.filter(user=rater)
    pause.update(paused_at=timezone.now(), pause_reason="A break")
    assert why().code == "paused"
    pause.update(paused_at=None, pause_reason="")
    assert claim(project, rater).pk == held.pk


def test_a_new_guideline(project: Project, rater: User, why: Why) -> None:
    make_items(project, 2)
    finish(project, rater)
    newer = Guideline.objects.create(project=project, version=2, text="Be fairer.")
    assert (why().code, why().version) == ("guideline", 2)
    RaterState.objects.filter(rater=rater).update(guideline=newer)
    assert claim_next(project=project, rater=rater) is not None


def test_a_new_guideline_waits_for_the_item_in_hand(project: Project, rater: User) -> None:
    make_items(project)
    held = claim(project, rater)
    Guideline.objects.create(project=project, version=2, text="Be fairer.")
    assert claim(project, rater).pk == held.pk


def test_the_most_for_one_person(project: Project, rater: User, why: Why) -> None:
    make_items(project, 3)
    change_project(project, rater_cap=2)
    assert len(walk(project, rater)) == 2
    move_back_a_day(rater)
    reason = why()
    assert reason.code == "rater_cap"
    assert "two items" in reason.finding
    assert len(walk(project, join(project))) == 1


def test_the_most_for_one_day_until_the_next(project: Project, rater: User, why: Why) -> None:
    make_items(project, 3)
    change_project(project, daily_cap=1)
    assert len(walk(project, rater)) == 1
    assert why().code == "daily_cap"
    move_back_a_day(rater)
    assert len(walk(project, rater)) == 1
    assert RaterState.objects.values_list("done", "done_that_day").get(rater=rater) == (2, 1)


def test_no_items_yet(why: Why) -> None:
    assert why().code == "no_items"


def test_nothing_but_what_was_withdrawn(project: Project, why: Why) -> None:
    change_item(make_items(project)[0], status="withdrawn")
    assert why().code == "no_items"


def test_all_is_done(project: Project, rater: User, why: Why) -> None:
    make_items(project, 2)
    walk(project, rater)
    reason = why()
    assert (reason.code, reason.finding) == ("all_done", "All items are done")


def test_all_is_done_but_what_is_in_review(project: Project, rater: User, why: Why) -> None:
    change_project(project, review_after_skips=1)
    make_items(project, 2)
    finish(project, rater)
    skip_item(
        project=project, rater=rater, lease_uid=str(claim(project, rater).uid), reason="broken", note=""
    )
    assert Item.objects.filter(status="review").count() == 1
    reason = why()
    assert reason.code == "all_done"
    assert reason.finding == "All items are done but one, which a curator looks at again"


def test_skills_that_are_lacking_by_name(project: Project, rater: User, why: Why) -> None:
    items = make_items(project, 3)
    change_item(items[0], skills=["law", "sv"])
    change_item(items[1], skills=["tax"])
    teach(project, rater, "sv")
    assert walk(project, rater) == [items[2].pk]
    reason = why()
    assert reason.code == "lacking_skill"
    assert reason.finding == "Nothing for you right now: two items wait for people who know “law”, “tax”"


def test_skills_of_what_others_hold_are_not_asked_for(project: Project, why: Why) -> None:
    change_item(make_items(project)[0], skills=["law"])
    claim(project, join(project, "law"))
    assert why().code == "waiting_for_others"


def test_a_skill_that_would_bring_nothing_is_not_asked_for(project: Project, rater: User, why: Why) -> None:
    change_project(project, overlap=2)
    (item,) = make_items(project)
    finish(project, rater)
    change_item(item, skills=["law"])
    assert why().code == "waiting_for_others"


def test_what_others_hold(project: Project, rater: User, why: Why) -> None:
    make_items(project, 3)
    finish(project, rater)
    held = [claim(project, join(project)) for _ in range(2)]
    reason = why()
    assert reason.code == "waiting_for_others"
    assert reason.finding == "Nothing for you right now: two items wait for others"
    assert reason.advice.startswith("You have met 1 of 3.")
    run_out(held[0])
    assert claim(project, rater).item_id == held[0].item_id


def test_what_others_shall_answer_too(project: Project, rater: User, why: Why) -> None:
    change_project(project, overlap=2)
    make_items(project)
    finish(project, rater)
    assert why().finding == "Nothing for you right now: one item waits for others"
