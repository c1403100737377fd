import pytest
from pydantic import ValidationError

from apps.projects.questions.results import Subject
from apps.projects.rubrics import InvalidAnswersError, RubricDocument
from tests.factories import PAIRWISE

A, B = "0a", "0b"


def test_a_rubric_survives_the_way_to_json_and_back() -> None:
    rubric = RubricDocument.model_validate(PAIRWISE)
    assert RubricDocument.model_validate_json(rubric.model_dump_json()) == rubric


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [{"kind": "preference", "key": "same", "title": "?"}, {"kind": "text", "key": "same", "title": "?"}],
        [{"kind": "preference", "key": "Bad key", "title": "?"}],
        [{"kind": "preference", "key": "a", "title": "?", "steps": 9}],
        [{"kind": "preference", "key": "a", "title": "?", "surprise": 1}],
        [{"kind": "nonsense", "key": "a", "title": "?"}],
        [{"key": "a", "title": "?"}],
        "no list",
    ],
)
def test_a_rubric_that_makes_no_sense_is_refused(questions: object) -> None:
    with pytest.raises(ValidationError):
        RubricDocument.model_validate({"questions": questions})


def test_optional_questions_may_stay_open() -> None:
    rubric = RubricDocument.model_validate(PAIRWISE)
    assert rubric.validate_answers({"preference": {"relation": "tie"}}, Subject([A, B])) == {
        "preference": {"relation": "tie", "steps": 3}
    }


def test_every_wrong_answer_is_named() -> None:
    rubric = RubricDocument.model_validate(PAIRWISE)
    with pytest.raises(InvalidAnswersError) as caught:
        rubric.validate_answers({"justification": {"text": "x" * 3000}, "extra": 1}, Subject([A, B]))
    assert set(caught.value.fields) == {"preference", "justification", "extra"}
