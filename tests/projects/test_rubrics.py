import pytest
from pydantic import ValidationError

from apps.projects.rubrics import RubricDocument
from tests.factories import PAIRWISE


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
