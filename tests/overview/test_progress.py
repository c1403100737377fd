from datetime import UTC, datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.overview.progress import Progress, measure_progress
from apps.projects.models import Project
from apps.rating.models import Item
from tests.datasets.factories import make_item
from tests.overview.factories import annotate

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def _measure(project: Project) -> Progress:
    return measure_progress(project=project, now=NOW)


def test_an_empty_project_has_nothing_to_measure(project: Project) -> None:
    progress = _measure(project)
    assert (progress.items, progress.done, progress.wanted) == (0, 0, 0)
    assert progress.history is progress.tempo is progress.cone is None
    assert not progress.is_finished


def test_it_counts_what_is_done_of_what_is_wanted(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - HOUR])
    make_item(project, overlap=3)
    progress = _measure(project)
    assert (progress.items, progress.done, progress.wanted, progress.last_at) == (2, 1, 4, NOW - HOUR)


def test_nothing_more_is_wanted_of_a_withdrawn_item(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - timedelta(hours=1)])
    make_item(project, overlap=3, status="withdrawn")
    Item.objects.filter(counted=1).update(status="withdrawn", overlap=3)
    progress = measure_progress(project=project, now=NOW)
    assert (progress.done, progress.wanted) == (1, 1)
    assert progress.is_finished


def test_an_annotation_that_is_not_counted_is_no_progress(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - HOUR])
    item = project.items.get()
    item.annotations.update(is_counted=False)
    project.items.update(counted=0)
    assert _measure(project).history is None


@pytest.mark.parametrize(
    ("age", "step"), [(HOUR, 5 * MINUTE), (30 * HOUR, HOUR), (20 * DAY, DAY), (300 * DAY, 7 * DAY)]
)
def test_the_steps_grow_with_the_age(project: Project, rater: User, age: timedelta, step: timedelta) -> None:
    annotate(project, rater, [NOW - age, NOW])
    history = _measure(project).history
    assert history is not None
    assert (history.step, sum(history.counts), history.counts[-1]) == (step, 2, 1)
    assert len(history.counts) <= 121


def test_days_are_counted_where_they_are(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - 4 * DAY, NOW - 2 * DAY, NOW - 2 * DAY - HOUR, NOW])
    history = _measure(project).history
    assert history is not None
    assert history.counts == (1, 0, 2, 0, 1)


def test_a_week_of_work_has_a_pace_and_an_end(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - 8 * DAY])
    for day in range(7):
        annotate(project, rater, [NOW - day * DAY - n * HOUR for n in range(1, 4 + day % 2)])
    for _ in range(12):
        make_item(project, overlap=1)
    progress = _measure(project)
    assert progress.tempo is not None
    assert progress.ending is not None
    assert progress.cone is not None
    assert progress.tempo.watch.whose == "this week’s"
    assert progress.tempo.rate == pytest.approx(24 / 7)
    assert progress.ending.expected == pytest.approx(12 / (24 / 7))
    assert progress.cone.label == "26 Nov"


def test_an_hour_of_work_has_a_pace_an_hour(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - 2 * MINUTE * n for n in range(36)])
    for _ in range(10):
        make_item(project, overlap=1)
    progress = _measure(project)
    assert progress.tempo is not None
    assert progress.cone is not None
    assert (progress.tempo.watch.unit, progress.tempo.rate) == ("hour", pytest.approx(30))
    assert progress.cone.label == "15:20"


@pytest.mark.parametrize(
    "moments",
    [
        [NOW - 2 * MINUTE * n for n in range(8)],  # a quarter of an hour
        [NOW - 2 * DAY, NOW - DAY],  # two days
        [NOW - 30 * DAY - n * HOUR for n in range(20)],  # long ago
        [NOW - n * DAY for n in range(6)],  # hardly anything
    ],
)
def test_too_little_has_no_pace(project: Project, rater: User, moments: list[datetime]) -> None:
    annotate(project, rater, moments)
    make_item(project, overlap=1)
    progress = _measure(project)
    assert progress.tempo is progress.ending is progress.cone is None


def test_who_is_finished_has_no_forecast(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - 3 * MINUTE * n for n in range(24)])
    progress = _measure(project)
    assert progress.is_finished
    assert progress.cone is None


def test_an_end_in_many_years_is_no_forecast(project: Project, rater: User) -> None:
    annotate(project, rater, [NOW - n * DAY / 3 for n in range(21)])
    for _ in range(25):
        make_item(project, overlap=99)
    progress = _measure(project)
    assert progress.tempo is not None
    assert progress.cone is None
