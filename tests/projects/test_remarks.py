"""What answers say beside their outcomes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.projects.questions import KINDS
from apps.projects.questions.results import PairResult, Remark, Subject
from apps.projects.rubrics import RubricDocument
from tests.factories import PAIRWISE
from tests.projects.test_questions import ASKED

A, B = "0a", "0b"
ANSWERS: dict[str, dict[str, Any]] = {
    "preference": {"relation": "prefers", "response": B, "strength": 2, "steps": 3},
    "reasons": {A: ["superficial"], B: ["clear", "correct"]},
    "justification": {"text": "B says why."},
}


def test_reasons_and_words_are_remarks_in_the_order_of_the_questions() -> None:
    assert list(RubricDocument.model_validate(PAIRWISE).derive_remarks(ANSWERS)) == [
        Remark(response=A, reasons=("superficial",)),
        Remark(response=B, reasons=("clear", "correct")),
        Remark(text="B says why."),
    ]


def test_pairs_come_from_the_questions_that_were_answered() -> None:
    rubric = RubricDocument.model_validate(PAIRWISE)
    assert list(rubric.derive_pairs(ANSWERS, [A, B])) == [PairResult(B, A, "prefers", 2, 3)]
    assert list(rubric.derive_pairs({}, [A, B])) == list(rubric.derive_remarks({})) == []


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(values=st.lists(st.sampled_from(["tie", "some words", A, B, "clear"]), max_size=2))
def test_remarks_of_every_kind_are_about_responses_or_in_words(kind: str, values: list[str]) -> None:
    question = ASKED[kind]
    raw = {"reasons": {A: values}, "text": {"text": " ".join(values)}}.get(kind, {"relation": "tie"})
    try:
        answer = question.validate_answer(raw, Subject([A, B]))
    except ValueError:
        return
    remarks = list(question.derive_remarks(answer)) if answer else []
    assert all(bool(remark.reasons and remark.response) != bool(remark.text) for remark in remarks)
