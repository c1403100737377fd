"""A retired prompt's items leave the queue, and come back with it."""

import pytest
from django.test import TestCase

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptCoverage, PromptStatus
from apps.rating.allocation import claim_next
from apps.rating.holding import save_draft
from apps.rating.items import build_items
from apps.rating.models import Annotation, Item, ItemStatus, LeaseState
from apps.rating.retired import follow_prompts
from tests.factories import ProjectFactory, ResponseFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, finish, join, submit, walk

pytestmark = pytest.mark.django_db


def move(item: Item, status: PromptStatus) -> int:
    Prompt.objects.filter(pk=item.prompt_id).update(status=status)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return follow_prompts(project=item.project)


def retire(item: Item) -> int:
    return move(item, PromptStatus.RETIRED)


def test_its_open_items_are_not_given_out(project: Project, rater: User) -> None:
    one, other = make_items(project, 2)
    assert retire(one) == 1
    assert walk(project, rater) == [other.pk]
    one.refresh_from_db()
    assert (one.status, one.is_let_go) == (ItemStatus.WITHDRAWN, True)


def test_what_is_finished_stays(project: Project, rater: User) -> None:
    (item,) = make_items(project)
    finish(project, rater)
    assert retire(item) == 0
    item.refresh_from_db()
    assert (item.status, item.counted, Annotation.objects.counted().count()) == (ItemStatus.OPEN, 1, 1)


def test_answers_to_what_is_not_finished_stay_and_no_more_are_wanted(project: Project, rater: User) -> None:
    project.overlap = 3
    project.save()
    (item,) = make_items(project)
    finish(project, rater)
    retire(item)
    coverage = PromptCoverage.objects.get(prompt=item.prompt)
    assert (coverage.asked, coverage.answered) == (1, 1)
    assert Annotation.objects.counted().count() == 1


def test_who_holds_one_keeps_the_draft_and_gets_another(project: Project, rater: User) -> None:
    one, other = make_items(project, 2)
    lease = claim(project, rater)
    assert lease.item_id == one.pk
    save_draft(project=project, rater=rater, lease_uid=str(lease.uid), draft={"preference": ["tie"]})
    retire(one)
    lease.refresh_from_db()
    assert (lease.state, lease.draft) == (LeaseState.RELEASED, {"preference": ["tie"]})
    assert claim(project, rater).item_id == other.pk


def test_what_the_holder_sends_all_the_same_is_kept_and_not_counted(project: Project, rater: User) -> None:
    (item,) = make_items(project)
    lease = claim(project, rater)
    retire(item)
    submit(lease)
    annotation = Annotation.objects.get()
    item.refresh_from_db()
    assert (annotation.is_counted, item.counted, item.taken) == (False, 0, 0)


def test_items_in_review_leave_too(project: Project) -> None:
    (item,) = make_items(project)
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.REVIEW)
    assert retire(item) == 1


def test_they_come_back_with_their_prompt_also_for_who_has_passed_them(project: Project, rater: User) -> None:
    one, _ = make_items(project, 2)
    retire(one)
    walk(project, rater)
    assert claim_next(project=project, rater=rater) is None
    assert move(one, PromptStatus.APPROVED) == 1
    assert walk(project, rater) == [one.pk]


def test_what_a_curator_withdrew_does_not_come_back(project: Project, rater: User) -> None:
    (item,) = make_items(project)
    Item.objects.filter(pk=item.pk).update(status=ItemStatus.WITHDRAWN)
    retire(item)
    assert move(item, PromptStatus.APPROVED) == 0
    assert walk(project, rater) == []


def test_following_twice_moves_nothing_and_another_project_is_left_alone(project: Project) -> None:
    (item,) = make_items(project)
    (other,) = make_items(ProjectFactory())
    Prompt.objects.update(status=PromptStatus.RETIRED)
    assert follow_prompts(project=project) == 1
    assert follow_prompts(project=project) == 0
    other.refresh_from_db()
    assert other.status == ItemStatus.OPEN
    assert follow_prompts() == 1
    assert item.pk


def test_so_many_at_most_are_followed_in_a_request(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.rating.retired.CHUNK", 2)
    make_items(project, 5)
    Prompt.objects.update(status=PromptStatus.RETIRED)
    assert follow_prompts(project=project, at_most=3) == 4
    assert Prompt.objects.left_behind().count() == 1


def test_responses_that_come_after_it_make_no_items(project: Project) -> None:
    (item,) = make_items(project)
    retire(item)
    ResponseFactory(prompt=item.prompt)
    build_items(project=project)
    assert Item.objects.count() == 1


def test_another_rater_is_not_waited_for(project: Project) -> None:
    one, other = make_items(project, 2)
    first, second = join(project), join(project)
    claim(project, first)
    claim(project, second)
    retire(one)
    other.refresh_from_db()
    assert (other.status, other.taken) == (ItemStatus.OPEN, 1)
