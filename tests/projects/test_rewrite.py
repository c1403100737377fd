"""Editing a response into a better one: from the form to what is stored and what is learnt from."""

from dataclasses import dataclass
from typing import Any

import pytest

from apps.projects.presets import get_preset
from apps.projects.questions.results import Remark, Subject, TextResult, Texts
from apps.projects.questions.rewrite import RewriteQuestion
from apps.projects.rubric_answers import InvalidAnswersError, validate_answers

A, B = "0a", "0b"
PAIR = Subject([A, B], load=lambda: Texts(responses={A: "Old one.\r\nIt ends.", B: "Other."}))
SINGLE = Subject([A], load=lambda: Texts(responses={A: "Old one."}))
QUESTION = RewriteQuestion(key="better", title="Rewrite the best")


@dataclass(frozen=True)
class Shown:
    uid: str
    letter: str


TURNED = [Shown(B, "A"), Shown(A, "B")]


def store(subject: Subject = PAIR, **fields: str) -> dict[str, Any] | None:
    form = {name.replace("_", ".", 1): [value] for name, value in fields.items()}
    return QUESTION.validate_answer(QUESTION.read_form(form, TURNED), subject)


def test_it_names_the_response_that_it_improves() -> None:
    answer = store(better="B", better_text="New one.\r\nIt ends.", better_pasted="3")
    assert answer == {"response": A, "text": "New one.\nIt ends.", "pasted": 3}
    assert list(QUESTION.derive_texts(answer)) == [TextResult("rewrite", "New one.\nIt ends.", A)]
    assert list(QUESTION.describe(answer, {}, Subject([]))) == [
        Remark(response=A, text="New one.\nIt ends.", aside="3 of 17 characters pasted")
    ]


def test_the_only_response_needs_no_naming() -> None:
    assert store(SINGLE, better_text="New one.") == {"response": A, "text": "New one."}


@pytest.mark.parametrize("text", ["Old one.\r\nIt ends.", "\nOld one.\nIt ends. "])
def test_an_unchanged_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="still as the response has it"):
        store(better="B", better_text=text)


def test_an_empty_text_for_a_chosen_response_is_refused() -> None:
    with pytest.raises(ValueError, match="is empty"):
        store(better="B", better_text="  ")


@pytest.mark.parametrize("letter", ["", "C"])
def test_a_text_without_its_response_is_refused(letter: str) -> None:
    with pytest.raises(ValueError, match="choose it"):
        store(better=letter, better_text="New one.")


def test_nothing_chosen_and_nothing_written_leaves_it_open() -> None:
    assert store() is None
    assert store(better="", better_text=" ") is None
    assert store(SINGLE, better_text=" ") is None


def test_it_fills_a_form_by_the_letters_of_the_page() -> None:
    assert QUESTION.fill_form({"response": A, "text": "New."}, TURNED) == {
        "better": ["B"],
        "better.text": ["New."],
    }


KEPT = RewriteQuestion(key="better", title="Rewrite the best", as_is=True)


def keep(**fields: str) -> dict[str, Any] | None:
    form = {"better": ["B"], "better.as-is": ["on"]} | {
        f"better.{name}": [value] for name, value in fields.items()
    }
    return KEPT.validate_answer(KEPT.read_form(form, TURNED), PAIR)


@pytest.mark.parametrize("text", ["", "Old one.\r\nIt ends."])
def test_a_response_without_a_fault_is_kept_when_that_is_said(text: str) -> None:
    answer = keep(text=text)
    assert answer == {"response": A, "text": "Old one.\nIt ends.", "as_is": True}
    assert list(KEPT.derive_texts(answer)) == [TextResult("rewrite", "Old one.\nIt ends.", A)]
    assert [remark.aside for remark in KEPT.describe(answer, {}, Subject([]))] == ["nothing to improve"]
    assert KEPT.validate_answer(KEPT.read_form(KEPT.fill_form(answer, TURNED), TURNED), PAIR) == answer


def test_nothing_to_improve_goes_with_no_change() -> None:
    with pytest.raises(ValueError, match="the text is changed"):
        keep(text="New one.")


def test_nothing_to_improve_must_be_offered() -> None:
    with pytest.raises(ValueError, match="does not offer that"):
        QUESTION.validate_answer({"response": A, "as_is": True}, PAIR)


def test_an_unchanged_text_learns_of_the_tick_where_there_is_one() -> None:
    with pytest.raises(ValueError, match="or tick “Nothing to improve” if you would send it just so"):
        KEPT.validate_answer({"response": A, "text": "Old one.\nIt ends."}, PAIR)


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("rewrite", {"preference": {"relation": "both_bad"}}),
        ("rank_rewrite", {"ranking": {"places": {A: None, B: None}}}),
    ],
)
def test_what_was_called_bad_can_be_improved(preset: str, said: dict[str, Any]) -> None:
    rubric = get_preset(preset).rubric
    raw = said | {"rewrite": {"response": A, "text": "", "as_is": True}}
    with pytest.raises(InvalidAnswersError, match="you called this response bad"):
        validate_answers(rubric, raw, PAIR)
    raw["rewrite"] = {"response": A, "text": "Mine."}
    assert validate_answers(rubric, raw, PAIR)["rewrite"] == {"response": A, "text": "Mine."}


def test_the_better_one_may_be_kept_as_it_is() -> None:
    raw = {
        "preference": {"relation": "prefers", "response": B, "strength": 1},
        "rewrite": {"response": B, "as_is": True},
    }
    answers = validate_answers(get_preset("rewrite").rubric, raw, PAIR)
    assert answers["rewrite"] == {"response": B, "text": "Other.", "as_is": True}
