"""A choice among answers: from the form to what is stored and what follows from it."""

from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from apps.projects.questions import ChoiceQuestion
from apps.projects.questions.results import Remark, Subject, ValueResult

A, B = "0a", "0b"
SUBJECT = Subject([A, B])
OPTIONS = [
    {"value": "refund", "label": "Money back", "help": "They want to be paid"},
    {"value": "order", "label": "An order"},
    {"value": "chat", "label": "To talk"},
]


@dataclass(frozen=True)
class Shown:
    uid: str
    letter: str


SHOWN = [Shown(B, "A"), Shown(A, "B")]


def choice(**settings: Any) -> ChoiceQuestion:
    document = {"key": "intent", "title": "Intent", "about": "prompt", "options": OPTIONS}
    return ChoiceQuestion.model_validate(document | settings)


def store(question: ChoiceQuestion, *values: str) -> Any:
    return question.validate_answer(question.read_form({"intent": list(values)}, SHOWN), SUBJECT)


def test_one_answer_is_stored_and_becomes_a_label() -> None:
    answer = store(choice(), "order")
    assert answer == {"values": ["order"]}
    assert list(choice().derive_values(answer)) == [ValueResult(label="order")]


def test_several_are_stored_once_each_in_the_order_of_the_options() -> None:
    question = choice(multiple=True)
    answer = store(question, "chat", "refund", "chat")
    assert answer == {"values": ["refund", "chat"]}
    assert list(question.derive_values(answer)) == [ValueResult(label="refund"), ValueResult(label="chat")]


def test_none_of_these_is_an_answer_of_its_own() -> None:
    question = choice(multiple=True, none=True)
    answer = store(question, "none")
    assert answer == {"values": []}
    assert list(question.derive_values(answer)) == [ValueResult(label="none")]
    assert question.fill_form(answer, SHOWN) == {"intent": ["none"]}


def test_of_responses_it_is_stored_by_uid() -> None:
    question = choice(about="response")
    raw = question.read_form({"intent.A": ["chat"], "intent.B": ["order"]}, SHOWN)
    answer = question.validate_answer(raw, SUBJECT)
    assert answer == {B: {"values": ["chat"]}, A: {"values": ["order"]}}
    assert list(question.derive_values(answer)) == [
        ValueResult(response=A, label="order"),
        ValueResult(response=B, label="chat"),
    ]


@pytest.mark.parametrize(
    ("settings", "values", "said"),
    [
        ({}, ["other"], "not one of the offered"),
        ({}, ["order", "chat"], "takes one answer"),
        ({}, ["none"], "does not offer"),
        ({"multiple": True, "none": True}, ["none", "chat"], "goes with no other"),
    ],
)
def test_what_was_not_offered_is_refused(settings: dict[str, Any], values: list[str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        store(choice(**settings), *values)


@pytest.mark.parametrize(
    "options",
    [
        OPTIONS[:1],
        [*OPTIONS, OPTIONS[0]],
        [*OPTIONS, {"value": "none", "label": "None"}],
        [*OPTIONS, {"value": "two words", "label": "Two"}],
        [*OPTIONS, {"value": "empty", "label": ""}],
    ],
)
def test_options_that_make_no_sense_are_refused(options: list[dict[str, str]]) -> None:
    with pytest.raises(ValidationError):
        choice(options=options)


def test_keys_count_the_answers_and_end_at_ten() -> None:
    many = [{"value": f"v{n}", "label": f"V {n}"} for n in range(11)]
    choices = choice(options=many, none=True).present("", {})["units"][0]["choices"]
    assert [one["key"] for one in choices] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 0, "", ""]


def test_a_condition_may_ask_for_an_answer_or_for_none() -> None:
    question = choice(none=True)
    assert question.list_tokens() == ["refund", "order", "chat", "none"]
    assert question.find_tokens({"values": []}, "") == {"none"}
    assert question.label_token("refund") == "Money back"


def test_a_reader_is_told_the_title_and_the_labels() -> None:
    told = choice(multiple=True).describe({"values": ["refund", "chat"]}, {}, Subject([]))
    assert list(told) == [Remark(reasons=("Intent money back, to talk",))]
