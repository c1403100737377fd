from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.overview.raters import describe_raters, list_raters, name_letter
from apps.projects.models import Project
from tests.factories import UserFactory
from tests.overview.factories import annotate

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def _times(number: int) -> list[datetime]:
    return [NOW + timedelta(minutes=n) for n in range(number)]


def test_nobody_is_an_empty_list(project: Project) -> None:
    assert list_raters(project=project) == []
    assert describe_raters([]).lead == "Nobody has rated yet"


def test_letters_follow_the_first_annotation_and_rows_the_number(project: Project, rater: User) -> None:
    annotate(project, rater, _times(1))
    annotate(project, UserFactory(name="Busy Bee"), _times(3))
    rows = list_raters(project=project)
    assert [(row.letter, row.name, row.annotations) for row in rows] == [
        ("B", "Busy Bee", 3),
        ("A", "Rita Rater", 1),
    ]


def test_the_pace_is_a_median_without_breaks(project: Project, rater: User) -> None:
    annotate(project, rater, _times(3))
    leases = list(project.leases.order_by("id"))
    for lease, minutes in zip(leases, (1, 4, 300), strict=True):
        lease.started_at = lease.annotations.get().created_at - timedelta(minutes=minutes)
        lease.save()
    (row,) = list_raters(project=project)
    assert row.each == timedelta(minutes=2.5)


@pytest.mark.parametrize(
    ("word", "left", "hits"), [("a2", 0, 2), ("a2", 1, 0), ("b2", 0, 0), ("b2", 1, 2), ("tie", 0, None)]
)
def test_the_left_share_follows_what_was_shown(
    project: Project, rater: User, word: str, left: int, hits: int | None
) -> None:
    annotate(project, rater, _times(2), word=word, left=left)
    (row,) = list_raters(project=project)
    assert (row.left.hits if row.left else None) == hits


def test_a_side_is_named_when_chance_does_not_explain_it(project: Project, rater: User) -> None:
    annotate(project, rater, _times(30), left=0)
    (row,) = list_raters(project=project)
    assert (row.side, row.note) == ("left", "Chooses left 100\u00a0%")
    assert describe_raters([row]).lead == "One rater; one favours a side"


def test_few_preferences_accuse_nobody(project: Project, rater: User) -> None:
    annotate(project, rater, _times(29), left=1)
    (row,) = list_raters(project=project)
    assert (row.side, row.note) == ("", "Too few to say")
    assert describe_raters([row]).lead == "One rater; too early to see habits"


def test_a_balanced_rater_favours_none(project: Project, rater: User) -> None:
    annotate(project, rater, _times(15), left=0)
    annotate(project, rater, _times(15), left=1)
    (row,) = list_raters(project=project)
    assert row.note == "No side favoured"
    assert describe_raters([row]).lead == "One rater; none favours a side"


@pytest.mark.parametrize(("number", "letter"), [(0, "A"), (25, "Z"), (26, "A2"), (53, "B3")])
def test_letters_go_on_after_z(number: int, letter: str) -> None:
    assert name_letter(number) == letter
