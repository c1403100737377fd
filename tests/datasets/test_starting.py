"""The limits of points that a recipe leaves out."""

from typing import Any

import pytest

from apps.datasets.recipes.starting import STARTS, begin_recipe, read_recipe
from apps.projects.models import Project
from tests.datasets.deciding.test_scales import FIVE, SEVEN, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def scaled(project: Project) -> Project:
    """Version 2 asks for 1 to 7 points, version 3 for 0 to 4."""
    for version, scale in ((2, SEVEN), (3, FIVE)):
        project.rubrics.create(version=version, document=ask(scale).model_dump(mode="json"))
    return project


def read_limits(project: Project, **raw: Any) -> tuple[float, float]:
    labels = read_recipe(project, raw).labels
    return labels.good_from, labels.bad_to


def test_they_lie_about_the_middle_of_the_scale_that_is_read(scaled: Project) -> None:
    assert read_limits(scaled) == (2.5, 1.5)
    assert read_limits(scaled, answers={"rubrics": [2]}) == (4.5, 3.5)
    assert [begin_recipe(scaled, start).labels.good_from for start in STARTS] == [2.5] * len(STARTS)


def test_what_is_said_stays(scaled: Project) -> None:
    assert read_limits(scaled, labels={"good_from": 4, "bad_to": 0}) == (4, 0)
    assert read_limits(scaled, labels={"good_from": 4}) == (4, 1.5)


def test_without_a_scale_they_are_the_usual_ones(project: Project) -> None:
    assert read_limits(project) == (3, 1)
