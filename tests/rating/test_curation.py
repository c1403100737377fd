"""What curators change about items, and that raters find what it makes room for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import TestCase

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.curation.overlap import OverlapSet, set_overlap
from apps.rating.curation.priority import set_priority
from apps.rating.curation.skills import add_skills, remove_skills, set_skills
from apps.rating.curation.withdrawing import return_items, withdraw_items
from apps.rating.holding import save_draft, skip_item
from apps.rating.models import Annotation, Item, ItemStatus, Lease, LeaseState, RaterState, ReturnedItem
from tests.factories import ProjectFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, finish, join, run_out, submit, walk

pytestmark = pytest.mark.django_db


def change(how: Callable[..., Any], *items: Item, **to: Any) -> Any:
    """One change, committed."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return how(project=items[0].project, items=[item.pk for item in items], by=to.pop("by", None), **to)


def reload(*items: Item) -> None:
    for item in items:
        item.refresh_from_db()


# --- how many people ----------------------------------------------------------------------------------
def test_an_item_wants_more_people(project: Project) -> None:
    one, other = make_items(project, 2)
    assert change(set_overlap, one, overlap=5) == OverlapSet(changed=1, held_up=0)
    reload(one, other)
    assert (one.overlap, other.overlap) == (5, 1)


def test_a_rater_who_passed_a_full_item_comes_back_when_it_wants_more(project: Project, rater: User) -> None:
    first, *_ = make_items(project, 3)
    finish(project, join(project))
    finish(project, rater)
    change(set_overlap, first, overlap=2)
    assert finish(project, rater) == first.pk


def test_an_item_never_wants_fewer_people_than_have_it(project: Project) -> None:
    Project.objects.update(overlap=3)
    begun, waiting = make_items(project, 2)
    finish(project, join(project))
    claim(project, join(project))
    assert change(set_overlap, begun, waiting, overlap=1) == OverlapSet(changed=2, held_up=1)
    reload(begun, waiting)
    assert (begun.overlap, begun.taken) == (2, 2)
    assert waiting.overlap == 1


def test_an_item_that_wants_fewer_people_is_done(project: Project) -> None:
    Project.objects.update(overlap=3)
    (item,) = make_items(project)
    finish(project, join(project))
    change(set_overlap, item, overlap=1)
    assert claim_next(project=project, rater=join(project)) is None


def test_an_item_that_became_full_waits_for_nobody_who_passed_it(project: Project) -> None:
    Project.objects.update(overlap=2)
    (item,) = make_items(project)
    finish(project, join(project))
    run_out(claim(project, join(project)))
    assert ReturnedItem.objects.filter(item=item).exists()
    change(set_overlap, item, overlap=1)
    assert not ReturnedItem.objects.exists()


@pytest.mark.parametrize("overlap", [0, 100, -1])
def test_a_number_of_raters_that_no_item_can_have_changes_nothing(project: Project, overlap: int) -> None:
    (item,) = make_items(project)
    with pytest.raises(InvalidInputError, match="1 to 99"):
        change(set_overlap, item, overlap=overlap)


# --- priority -----------------------------------------------------------------------------------------
def test_a_higher_priority_comes_next_even_to_those_who_are_far_ahead(project: Project, rater: User) -> None:
    items = make_items(project, 5)
    finish(project, rater)
    assert change(set_priority, items[3], priority=4) == 1
    assert finish(project, rater) == items[3].pk


def test_a_lower_priority_comes_last(project: Project, rater: User) -> None:
    first, second, third = make_items(project, 3)
    change(set_priority, first, priority=-2)
    assert walk(project, rater) == [second.pk, third.pk, first.pk]


def test_a_lower_priority_brings_nobody_back(project: Project, rater: User) -> None:
    first, second, _ = make_items(project, 3)
    finish(project, rater)
    change(set_priority, first, second, priority=-2)
    assert RaterState.objects.get(rater=rater).cursor == first.place


@pytest.mark.parametrize("priority", [-10, 10])
def test_a_priority_that_is_none_changes_nothing(project: Project, priority: int) -> None:
    with pytest.raises(InvalidInputError, match="-9 to 9"):
        change(set_priority, *make_items(project), priority=priority)


# --- skills -------------------------------------------------------------------------------------------
def test_an_item_goes_to_those_who_know_what_it_asks(project: Project, rater: User) -> None:
    first, second = make_items(project, 2)
    assert change(set_skills, first, skills=["law"]) == 1
    assert walk(project, rater) == [second.pk]
    assert walk(project, join(project, "law")) == [first.pk]


def test_skills_are_added_to_those_there_are(project: Project) -> None:
    asking, plain, same = make_items(project, 3)
    change(set_skills, asking, skills=["sv"])
    change(set_skills, same, skills=["law", "math", "sv"])
    assert change(add_skills, asking, plain, same, skills=["law", "sv"]) == 2
    reload(asking, plain, same)
    assert (asking.skills, plain.skills) == (["law", "sv"], ["law", "sv"])
    assert same.skills == ["law", "math", "sv"]


def test_skills_are_taken_away_and_the_others_stay(project: Project) -> None:
    both, none = make_items(project, 2)
    change(set_skills, both, skills=["law", "sv"])
    assert change(remove_skills, both, none, skills=["law", "math"]) == 1
    reload(both, none)
    assert (both.skills, none.skills) == (["sv"], [])


@pytest.mark.parametrize(
    "how",
    [
        lambda item: change(set_skills, item, skills=[]),
        lambda item: change(remove_skills, item, skills=["law"]),
    ],
)
def test_who_passed_an_item_gets_it_when_it_asks_for_less(
    project: Project, rater: User, how: Callable[[Item], int]
) -> None:
    first, *_ = make_items(project, 3)
    change(set_skills, first, skills=["law"])
    finish(project, rater)
    how(first)
    assert finish(project, rater) == first.pk


def test_asking_for_more_brings_nobody_back(project: Project, rater: User) -> None:
    first, *_ = make_items(project, 2)
    Project.objects.update(overlap=2)
    finish(project, rater)
    change(set_skills, first, skills=["law"])
    change(add_skills, first, skills=["sv"])
    assert RaterState.objects.get(rater=rater).cursor == first.place


# --- withdrawing and putting back ---------------------------------------------------------------------
def test_a_withdrawn_item_goes_to_nobody(project: Project, rater: User) -> None:
    first, second = make_items(project, 2)
    assert change(withdraw_items, first) == 1
    assert walk(project, rater) == [second.pk]


def test_who_holds_a_withdrawn_item_keeps_the_draft_and_gets_another(project: Project, rater: User) -> None:
    first, second = make_items(project, 2)
    lease = claim(project, rater)
    save_draft(project=project, rater=rater, lease_uid=str(lease.uid), draft={"why": ["Because"]})
    change(withdraw_items, first)
    lease.refresh_from_db()
    assert (lease.state, lease.draft) == (LeaseState.RELEASED, {"why": ["Because"]})
    assert claim(project, rater).item_id == second.pk


def test_leases_of_other_items_stay(project: Project, rater: User) -> None:
    _, second = make_items(project, 2)
    lease = claim(project, rater)
    change(withdraw_items, second)
    lease.refresh_from_db()
    assert lease.state == LeaseState.OPEN


def test_finished_work_on_a_withdrawn_item_stays(project: Project, rater: User) -> None:
    Project.objects.update(overlap=2)
    (item,) = make_items(project)
    finish(project, rater)
    change(withdraw_items, item)
    reload(item)
    assert (item.counted, item.taken) == (1, 1)
    assert Annotation.objects.counted().count() == 1


def test_a_withdrawn_item_waits_for_nobody_who_passed_it(project: Project, rater: User) -> None:
    (item,) = make_items(project)
    claim(project, rater)
    change(withdraw_items, item)
    assert not ReturnedItem.objects.exists()


def test_what_is_sent_for_a_withdrawn_item_is_kept_and_not_counted(project: Project, rater: User) -> None:
    (item,) = make_items(project)
    lease = claim(project, rater)
    change(withdraw_items, item)
    submit(lease)
    assert not Annotation.objects.get().is_counted


def test_an_item_that_is_put_back_comes_to_those_who_had_passed_it(project: Project, rater: User) -> None:
    first, *_ = make_items(project, 3)
    change(withdraw_items, first)
    finish(project, rater)
    assert change(return_items, first) == 1
    assert finish(project, rater) == first.pk


def test_skips_are_forgiven_when_an_item_is_put_back(project: Project, rater: User) -> None:
    Project.objects.update(review_after_skips=1)
    project.refresh_from_db()
    (item,) = make_items(project)
    lease = claim(project, rater)
    skip_item(project=project, rater=rater, lease_uid=str(lease.uid), reason="broken")
    reload(item)
    assert (item.status, item.skips) == (ItemStatus.REVIEW, 1)
    change(return_items, item)
    reload(item)
    assert (item.status, item.skips) == (ItemStatus.OPEN, 0)
    assert claim_next(project=project, rater=rater) is None  # who skipped it does not meet it again
    assert claim(project, join(project)).item_id == item.pk


def test_an_item_in_the_queue_is_not_put_back(project: Project) -> None:
    (item,) = make_items(project)
    Item.objects.update(skips=2)
    assert change(return_items, item) == 0
    reload(item)
    assert item.skips == 2


# --- all of them --------------------------------------------------------------------------------------
CHANGES: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (set_overlap, {"overlap": 4}, "items.overlap_set"),
    (set_priority, {"priority": 4}, "items.priority_set"),
    (set_skills, {"skills": ["sv"]}, "items.skills_set"),
    (add_skills, {"skills": ["sv"]}, "items.skills_added"),
    (withdraw_items, {}, "items.withdrawn"),
]


@pytest.mark.parametrize(("how", "to", "action"), CHANGES)
def test_a_change_is_recorded_with_its_items(
    project: Project, curator: User, how: Callable[..., Any], to: dict[str, Any], action: str
) -> None:
    items = make_items(project, 2)
    change(how, *items, by=curator, **to)
    event = AuditEvent.objects.get(action=action)
    assert (event.actor, event.subject) == (curator, "project:helpful")
    assert event.data == {"items": [item.pk for item in items], **to}


@pytest.mark.parametrize(("how", "to", "action"), CHANGES)
def test_the_same_again_changes_and_records_nothing(
    project: Project, how: Callable[..., Any], to: dict[str, Any], action: str
) -> None:
    items = make_items(project, 2)
    change(how, *items, **to)
    again = change(how, *items, **to)
    assert again in {0, OverlapSet(0, 0)}
    assert AuditEvent.objects.filter(action=action).count() == 1


@pytest.mark.parametrize(("how", "to", "action"), CHANGES)
def test_items_of_another_project_are_left_alone(
    project: Project, how: Callable[..., Any], to: dict[str, Any], action: str
) -> None:
    (item,) = make_items(ProjectFactory())
    with TestCase.captureOnCommitCallbacks(execute=True):
        how(project=project, items=[item.pk], by=None, **to)
    assert not AuditEvent.objects.filter(action=action).exists()
    assert Lease.objects.count() == 0
