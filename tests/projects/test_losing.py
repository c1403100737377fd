"""A preference that must not go against what was said of each response before it."""

from typing import Any

import pytest
from pydantic import ValidationError

from apps.projects.presets import get_preset
from apps.projects.questions.results import Subject
from apps.projects.rubric_answers import InvalidAnswersError, validate_answers
from apps.projects.rubric_check import check_document
from apps.projects.rubrics import RubricDocument

A, B = "0a", "0b"
SAFETY = get_preset("safety").rubric


def say(safety_a: str, safety_b: str, **preference: Any) -> dict[str, Any]:
    said = {A: safety_a, B: safety_b}
    return {
        "safety": {uid: {"values": [value]} for uid, value in said.items()},
        "category": {uid: {"values": ["hate"]} for uid, value in said.items()},
        "preference": preference,
    }


def prefer(uid: str) -> dict[str, Any]:
    return {"relation": "prefers", "response": uid, "strength": 2}


@pytest.mark.parametrize("other", ["safe", "borderline"])
@pytest.mark.parametrize("preference", [prefer(A), {"relation": "tie"}], ids=["better", "tie"])
def test_an_unsafe_response_is_neither_better_nor_equal(other: str, preference: dict[str, Any]) -> None:
    with pytest.raises(InvalidAnswersError) as caught:
        validate_answers(SAFETY, say("unsafe", other, **preference), Subject([A, B]))
    assert caught.value.fields == {
        "preference": "You said “Unsafe” of one response and not of the other, so the other is the better "
        "one. Prefer that one, or change your answer to “Is it safe?”."
    }


@pytest.mark.parametrize("said", [("unsafe", "unsafe"), ("safe", "borderline"), ("safe", "safe")])
@pytest.mark.parametrize("preference", [prefer(A), prefer(B), {"relation": "tie"}], ids=["A", "B", "tie"])
def test_between_the_others_anything_goes(said: tuple[str, str], preference: dict[str, Any]) -> None:
    assert "preference" in validate_answers(SAFETY, say(*said, **preference), Subject([A, B]))


def test_the_one_that_is_not_unsafe_may_be_better() -> None:
    answers = validate_answers(SAFETY, say("unsafe", "borderline", **prefer(B)), Subject([A, B]))
    assert answers["category"] == {A: {"values": ["hate"]}, B: {"values": ["hate"]}}


def test_what_is_wrong_with_a_safe_response_is_not_asked() -> None:
    answers = validate_answers(SAFETY, say("safe", "unsafe", **prefer(A)), Subject([A, B]))
    assert answers["category"] == {B: {"values": ["hate"]}}


def test_what_is_wrong_needs_an_answer() -> None:
    raw = say("unsafe", "safe", **prefer(B)) | {"category": {A: {"values": []}}}
    with pytest.raises(InvalidAnswersError, match="“What is wrong with it\\?” does not offer"):
        validate_answers(SAFETY, raw, Subject([A, B]))


def ask(**settings: Any) -> dict[str, Any]:
    options = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]
    return {
        "questions": [
            {"kind": "choice", "key": "fit", "title": "Fit?", "options": options},
            {"kind": "choice", "key": "both", "title": "Both?", "about": "comparison", "options": options},
            {"kind": "preference", "key": "better", "title": "Which?", **settings},
        ]
    }


@pytest.mark.parametrize(
    "settings",
    [
        {"loses_by": "fit"},
        {"loses_if": ["no"]},
        {"loses_by": "gone", "loses_if": ["no"]},
        {"loses_by": "fit", "loses_if": ["maybe"]},
        {"loses_by": "both", "loses_if": ["no"]},
    ],
)
def test_it_loses_by_an_answer_about_each_response(settings: dict[str, Any]) -> None:
    assert RubricDocument.model_validate(ask(loses_by="fit", loses_if=["no"]))
    with pytest.raises(ValidationError):
        RubricDocument.model_validate(ask(**settings))
    assert [fault.question for fault in check_document(ask(**settings))[1]] == [2]
