import pytest

from apps.projects.questions.results import Subject
from apps.projects.rubric_answers import InvalidAnswersError, validate_answers
from apps.projects.rubrics import RubricDocument
from tests.factories import PAIRWISE

A, B = "0a", "0b"


def test_optional_questions_may_stay_open() -> None:
    rubric = RubricDocument.model_validate(PAIRWISE)
    assert validate_answers(rubric, {"preference": {"relation": "tie"}}, Subject([A, B])) == {
        "preference": {"relation": "tie", "steps": 3}
    }


def test_every_wrong_answer_is_named() -> None:
    rubric = RubricDocument.model_validate(PAIRWISE)
    with pytest.raises(InvalidAnswersError) as caught:
        validate_answers(rubric, {"justification": {"text": "x" * 3000}, "extra": 1}, Subject([A, B]))
    assert set(caught.value.fields) == {"preference", "justification", "extra"}
