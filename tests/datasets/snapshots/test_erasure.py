"""Snapshots say how many of their rows rest on what was erased since."""

import pytest

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.datasets.models import Erasure, Snapshot
from apps.datasets.snapshots.erasure import mark_erased
from apps.projects.models import Project
from tests.datasets.factories import make_judged
from tests.datasets.snapshots.conftest import Make
from tests.factories import PromptFactory, UserFactory

pytestmark = pytest.mark.django_db


def count_erased() -> list[int]:
    return list(Snapshot.objects.order_by("id").values_list("erased", flat=True))


def test_rows_of_an_erased_prompt_are_counted_in_all_formats(
    project: Project, make: Make, owner: User
) -> None:
    prompt = PromptFactory(project=project)
    make_judged(project, "a3 a3", prompt=prompt)
    make(formats=["preference"])
    make_judged(project, "b3 b3", prompt=prompt, texts=("One.", "Two."))
    make_judged(project, "a3 a3")
    make(formats=["preference", "implicit", "comparisons"])
    assert mark_erased(project=project, prompt=prompt, user=owner) == 2
    assert count_erased() == [1, 2 + 2 + 4]
    told = AuditEvent.objects.get(action="dataset.erased")
    assert (told.actor, told.data) == (owner, {"what": "prompt", "uid": str(prompt.uid)})


def test_rows_that_a_rater_is_behind_are_counted(project: Project, make: Make) -> None:
    one, other = UserFactory(), UserFactory()
    make_judged(project, "a3 a3", raters=[one, other])
    make_judged(project, "a3", raters=[other])
    make("First", formats=["preference"])
    make("Second", formats=["preference", "comparisons"])
    mark_erased(project=project, rater=one, user=None)
    assert count_erased() == [1, 2]
    mark_erased(project=project, rater=other, user=None)
    assert count_erased() == [2, 5]


def test_what_is_erased_twice_counts_once(project: Project, make: Make) -> None:
    rater = UserFactory()
    item = make_judged(project, "a3", raters=[rater])
    make(formats=["preference"])
    for _ in range(2):
        mark_erased(project=project, prompt=item.prompt, user=None)
        mark_erased(project=project, rater=rater, user=None)
    assert count_erased() == [1]
    assert Erasure.objects.count() == 2


def test_other_projects_rows_are_not_touched(project: Project, rated: Project, make: Make) -> None:
    make(formats=["preference"])
    stranger = PromptFactory()
    assert mark_erased(project=stranger.project, prompt=stranger, user=None) == 0
    assert count_erased() == [0]
