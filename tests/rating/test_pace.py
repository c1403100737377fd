"""How far a rater is told to be."""

import pytest

from apps.accounts.models import User
from apps.core.templatetags.touchstone import exact_duration
from apps.projects.models import Project
from apps.rating import pace
from apps.rating.allocation import claim_next
from apps.rating.pace import Pace, find_stand, measure_pace
from tests.rating.factories import make_items

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("done", "total", "is_more", "told"),
    [(0, 1001, True, 1000), (57, 1058, True, 1000), (140, 1141, True, 1100), (0, 999, False, 999)],
)
def test_more_than_is_said_of_a_round_number(done: int, total: int, is_more: bool, told: int) -> None:
    assert Pace(done, total, is_more, None).told_total == told


def test_what_is_left_is_what_is_told_of_each_as_often_as_is_told() -> None:
    pace = Pace(1, 12, is_more=False, seconds_each=65.4)
    assert (pace.told_each, pace.seconds_left) == (65, 11 * 65)


@pytest.mark.parametrize(("seconds", "told"), [(59, "59 s"), (65, "1 min 5 s"), (120, "2 min")])
def test_a_figure_that_is_multiplied_is_not_rounded(seconds: int, told: str) -> None:
    assert exact_duration(seconds) == told


def measure(project: Project, rater: User) -> Pace:
    stand = find_stand(project=project, rater=rater)
    return measure_pace(project=project, rater=rater, stand=stand, holds_item=True)


def test_what_may_be_more_stays_so_while_the_count_holds(
    project: Project, rater: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "FAR", 2)
    make_items(project, 4)
    assert claim_next(project=project, rater=rater)
    before = measure(project, rater)
    rater.rater_states.update(done=2)
    after = measure(project, rater)
    assert (before.done, before.total, before.is_more) == (0, 3, True)
    assert (after.done, after.total, after.is_more) == (2, 3, True)
