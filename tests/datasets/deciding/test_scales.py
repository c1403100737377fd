from typing import Any

from apps.datasets.deciding.scales import find_points, find_scales, list_unread
from apps.projects.rubrics import RubricDocument
from tests.datasets.deciding.cases import point, reap, recipe, two


def ask(*scales: tuple[str, int, int], about: str = "response") -> RubricDocument:
    """Scales by key, lowest point and number of points."""
    questions: list[dict[str, Any]] = [
        {"kind": "scale", "key": key, "title": key, "about": about, "low": low, "anchors": ["x"] * count}
        for key, low, count in scales
    ]
    return RubricDocument.model_validate({"responses": 2, "questions": questions})


SEVEN, FIVE = ("quality", 1, 7), ("quality", 0, 5)


def test_it_is_the_named_one_else_the_first() -> None:
    rubrics = {1: ask(("tone", 0, 3), ("quality", 0, 3))}
    assert find_scales(rubrics, "") == {1: "tone"}
    assert find_scales(rubrics, "quality") == {1: "quality"}
    assert find_scales(rubrics, "other") == {}
    assert find_scales({1: ask(SEVEN, about="conversation")}, "") == {}


def test_points_of_a_scale_that_was_changed_are_not_read() -> None:
    rubrics = {1: ask(SEVEN), 2: ask(FIVE), 3: ask(FIVE), 4: ask(("tone", 0, 2))}
    assert find_scales(rubrics, "quality") == {2: "quality", 3: "quality"}
    assert find_points(rubrics, "quality") == range(5)
    assert list_unread(rubrics, "quality") == [1]


def test_unless_the_recipe_reads_only_those_of_then() -> None:
    rubrics = {1: ask(SEVEN), 2: ask(FIVE)}
    assert find_scales(rubrics, "quality", [1]) == {1: "quality"}
    assert find_scales(rubrics, "quality", [1, 2]) == {2: "quality"}
    assert find_points(rubrics, "quality", [3]) is None


def test_a_chosen_response_is_no_lesson_for_points_of_then() -> None:
    item = two("a3")
    rated = item._replace(ballots=(point(item.ballots[0], a=4),))
    wanted = recipe(lessons={"sources": ["chosen"], "question": "quality", "min_points": 3})
    assert len(reap(rated, by=wanted).lessons) == 1
    assert reap(rated, by=wanted, scales={2: "quality"}).lessons == ()
