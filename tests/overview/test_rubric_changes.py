from typing import Any

from apps.overview.rubric_changes import describe_changes
from apps.projects.rubrics import RubricDocument

WHY: dict[str, Any] = {"kind": "text", "key": "why", "title": "Why?"}
HOW: dict[str, Any] = {"kind": "text", "key": "how", "title": "How?"}


def rubric(*questions: dict[str, Any], responses: int = 2) -> RubricDocument:
    return RubricDocument.model_validate({"responses": responses, "questions": questions})


def test_the_same_changes_nothing() -> None:
    assert describe_changes(rubric(WHY), rubric(WHY)) == []


def test_what_comes_goes_and_changes_is_said() -> None:
    after = rubric({**WHY, "title": "Why so?", "minimum": 3}, {**HOW, "key": "who"}, responses=1)
    assert describe_changes(rubric(WHY, HOW), after) == [
        "Items have another number of responses: 1, and not 2.",
        "“How?” is a new question.",
        "“How?” is not asked any more.",
        "“Why so?” changes: title, minimum.",
    ]


def test_another_order_is_said() -> None:
    assert describe_changes(rubric(WHY, HOW), rubric(HOW, WHY)) == ["The questions come in another order."]
