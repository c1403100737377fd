import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.projects.rubric_check import InvalidRubricError, check_document, read_document
from apps.projects.rubrics import RubricDocument
from tests.factories import PAIRWISE
from tests.projects.test_questions import JSON

TEXT = {"kind": "text", "key": "why", "title": "Why?"}


def test_a_rubric_is_read() -> None:
    assert read_document(PAIRWISE) == RubricDocument.model_validate(PAIRWISE)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, "A rubric is a JSON object"),
        ([], "A rubric is a JSON object"),
        ({}, "needs a list of questions"),
        ({"questions": []}, "needs a list of questions"),
        ({"questions": [5]}, "Question 1: A question is an object"),
        ({"questions": [TEXT, {"kind": "smell"}]}, "Question 2, kind: There is no such kind; there are"),
        ({"questions": [TEXT, TEXT]}, "Question 2, key: Another question has this key."),
        ({"questions": [{**TEXT, "surprise": 1}]}, "Question 1, surprise: Extra inputs are not permitted."),
        ({"questions": [TEXT], "surprise": 1}, "surprise: Extra inputs are not permitted."),
        ({"questions": [TEXT], "responses": 10}, "responses: Input should be less than or equal to 9."),
        ({"questions": [{"kind": "text"}]}, "Question 1, key: Field required."),
        ({"questions": [{**TEXT, "minimum": "much"}]}, "Question 1, minimum: Input should be a valid"),
        (
            {"responses": 0, "questions": [{**TEXT, "about": "response"}]},
            "Question 1: 'why' is asked about 1 to 9 responses, and an item has 0.",
        ),
    ],
)
def test_what_is_wrong_is_said_where_it_is(raw: Any, said: str) -> None:
    with pytest.raises(InvalidRubricError) as caught:
        read_document(raw)
    assert said in caught.value.message
    assert caught.value.message.endswith("Nothing was saved.")


@given(JSON | st.fixed_dictionaries({"questions": st.lists(JSON | st.just(TEXT))}))
def test_any_document_is_a_rubric_or_has_faults(raw: Any) -> None:
    document, faults = check_document(raw)
    assert (document is None) == bool(faults)


@pytest.mark.parametrize("text", ["a\x00", "\ud800"])
@pytest.mark.parametrize("setting", ["title", "hint", "placeholder"])
def test_what_cannot_be_stored_is_a_fault(setting: str, text: str) -> None:
    document, faults = check_document({"questions": [{**TEXT, setting: text}]})
    assert document is None
    assert [fault.question for fault in faults] == [0]


def test_far_too_many_questions_are_refused_at_once() -> None:
    start = time.process_time()
    _, faults = check_document({"questions": [{**TEXT, "key": f"k{number}"} for number in range(20_000)]})
    assert [str(fault) for fault in faults] == ["A rubric has 40 questions at most, not 20,000."]
    assert time.process_time() - start < 1


def test_a_text_has_room_for_its_shortest() -> None:
    _, faults = check_document({"questions": [{**TEXT, "minimum": 100, "maximum": 10}]})
    assert len(faults) == 1
