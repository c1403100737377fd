"""What the benchmarks write past the models fits the models."""

from typing import Any

import pytest

from apps.rating.desk import Task, get_task
from benchmarks.rating_data import count_misallocated, fill_project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("ahead", "first"), [(0, 1), (2, 3)])
def test_a_filled_project_can_be_rated_from_where_its_raters_are(
    ahead: int, first: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr("benchmarks.rating_data.gather_statistics", lambda database: None)
    project, people = fill_project(items=4, raters=2, ahead=ahead)
    task = get_task(project=project, rater=people[0])
    assert isinstance(task, Task)
    assert [turn.text for turn in task.turns] == [f"How would you do {first}?"]
    assert all(response.stored for response in task.responses)
    assert count_misallocated() == (0, 0)
