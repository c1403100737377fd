"""How far each prompt's items are stands where the prompts room reads it."""

import pytest
from django.test import TestCase

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import PromptCoverage
from apps.rating.coverage import QUIET, count_all_answers, count_new_answers
from apps.rating.curation.overlap import set_overlap
from apps.rating.curation.withdrawing import withdraw_items
from apps.rating.models import Annotation, Item
from tests.rating.factories import make_items
from tests.rating.moves import finish, join

pytestmark = pytest.mark.django_db


def read(item: Item) -> tuple[int, int]:
    coverage = PromptCoverage.objects.get(prompt=item.prompt)
    return coverage.asked, coverage.answered


def test_new_items_ask(project: Project) -> None:
    items = make_items(project, responses=3)
    assert (len(items), read(items[0])) == (3, (3, 0))


def test_new_answers_are_counted(project: Project) -> None:
    (item,) = make_items(project)
    finish(project, join(project))
    assert read(item) == (1, 0)
    assert count_new_answers() == 1
    assert read(item) == (1, 1)
    assert count_new_answers() == 0


def test_an_answer_that_was_committed_late_is_found(project: Project) -> None:
    one, _ = make_items(project, 2)
    finish(project, join(project))
    first = Annotation.objects.get()
    finish(project, join(project))
    count_new_answers()
    PromptCoverage.objects.filter(prompt=one.prompt).update(answered=0)
    assert first.item_id == one.pk
    assert count_new_answers() == 1


def test_when_all_is_quiet_nothing_is_counted(project: Project) -> None:
    (item,) = make_items(project)
    finish(project, join(project))
    for _ in range(QUIET + 1):
        count_new_answers()
    PromptCoverage.objects.filter(prompt=item.prompt).update(answered=0)
    assert count_new_answers() == 0
    assert count_all_answers() == 1
    assert read(item) == (1, 1)


def test_what_a_curator_changes_counts_at_once(project: Project, curator: User) -> None:
    (item,) = make_items(project)
    with TestCase.captureOnCommitCallbacks(execute=True):
        set_overlap(project=project, items=[item.pk], overlap=4, by=curator)
    assert read(item) == (4, 0)
    with TestCase.captureOnCommitCallbacks(execute=True):
        withdraw_items(project=project, items=[item.pk], by=curator)
    assert read(item) == (0, 0)
