"""A point of a scale: from the form to what is stored and what follows from it."""

from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from apps.projects.questions import ScaleQuestion
from apps.projects.questions.results import Remark, Subject, ValueResult

A, B = "0a", "0b"
SUBJECT = Subject([A, B])
GRADES = ("Wrong", "Mixed", "Right")


@dataclass(frozen=True)
class Shown:
    uid: str
    letter: str


SHOWN = [Shown(B, "A"), Shown(A, "B")]


def scale(**settings: Any) -> ScaleQuestion:
    return ScaleQuestion.model_validate(
        {"key": "correct", "title": "Correctness", "anchors": GRADES} | settings
    )


def test_points_are_stored_by_response() -> None:
    question = scale()
    raw = question.read_form({"correct.A": ["2"], "correct.B": ["0"]}, SHOWN)
    assert question.validate_answer(raw, SUBJECT) == {B: {"value": 2}, A: {"value": 0}}


def test_a_point_becomes_a_number_of_its_response() -> None:
    answer = {A: {"value": 0}, B: {"value": 2}}
    assert list(scale().derive_values(answer)) == [
        ValueResult(response=A, number=0),
        ValueResult(response=B, number=2),
    ]


def test_what_does_not_apply_is_stored_without_a_point_and_becomes_a_label() -> None:
    question = scale(not_applicable=True, about="conversation")
    raw = question.read_form({"correct": ["not_applicable"]}, SHOWN)
    answer = question.validate_answer(raw, SUBJECT)
    assert answer == {"value": None}
    assert list(question.derive_values(answer)) == [ValueResult(label="not applicable")]


def test_a_point_of_the_whole_has_no_response() -> None:
    question = scale(about="comparison", low=1)
    answer = question.validate_answer({"value": 3}, SUBJECT)
    assert answer == {"value": 3}
    assert list(question.derive_values(answer)) == [ValueResult(number=3)]


@pytest.mark.parametrize("value", [-1, 3, "3", "x", "²", "", 1.0, True, [1], None])
def test_what_is_no_point_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"must be a whole number from 0 to 2|always applies"):
        scale().validate_answer({A: {"value": value}, B: {"value": 1}}, SUBJECT)


def test_every_response_needs_a_point() -> None:
    with pytest.raises(ValueError, match="needs an answer for every response"):
        scale().validate_answer({A: {"value": 1}}, SUBJECT)


@pytest.mark.parametrize("anchors", [["One"], ["One", ""], [str(n) for n in range(11)]])
def test_a_scale_has_two_to_ten_points_with_words_each(anchors: list[str]) -> None:
    with pytest.raises(ValidationError):
        scale(anchors=anchors)


def test_the_last_of_ten_points_has_the_key_zero() -> None:
    question = scale(low=1, anchors=[f"Grade {n}" for n in range(1, 11)])
    points = question.present("A", {"correct.A": ["10"]})["units"][0]["points"]
    assert [point["key"] for point in points] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]
    assert [point["value"] for point in points if point["is_on"]] == [10]
    assert question.list_keys("A") == [("A point from 1 to 10", ["1", "…", "0"])]


def test_a_condition_may_ask_for_a_point_of_a_response() -> None:
    question = scale(not_applicable=True)
    assert question.list_tokens() == ["0", "1", "2", "not_applicable"]
    answer = {A: {"value": 0}, B: {"value": None}}
    assert question.find_tokens(answer, A) == {"0"}
    assert question.find_tokens(answer, B) == {"not_applicable"}


def test_a_reader_is_told_the_title_and_the_point() -> None:
    told = scale().describe({A: {"value": 0}}, {A: "A", B: "B"}, Subject([]))
    assert list(told) == [Remark(response=A, reasons=("Correctness 0",))]
