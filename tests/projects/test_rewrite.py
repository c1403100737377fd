"""Editing a response into a better one: from the form to what is stored and what is learnt from."""

from dataclasses import dataclass
from typing import Any

import pytest

from apps.projects.questions.base import Remark, Subject, TextResult, Texts
from apps.projects.questions.rewrite import RewriteQuestion

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
    assert list(QUESTION.describe(answer, {})) == [
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
