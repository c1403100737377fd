"""A check against passages: from the form to what is stored and what follows from it."""

from dataclasses import dataclass
from typing import Any

import pytest

from apps.projects.questions.results import Remark, Subject, TextResult, Texts, ValueResult
from apps.projects.questions.verdict import VerdictQuestion

A = "0a"
PASSAGES = [{"id": "7", "title": "Hours", "text": "Open until 5."}, {"id": "none", "title": "", "text": "x"}]
CHECKED = Subject([A], load=lambda: Texts(passages=PASSAGES))
UNCHECKED = Subject([A], load=Texts)
QUESTION = VerdictQuestion(key="check", title="Is it right?")


@dataclass(frozen=True)
class Shown:
    uid: str = A
    letter: str = "A"


def store(subject: Subject = CHECKED, **fields: str) -> dict[str, Any] | None:
    names = {"verdict": "check.A", "passage": "check.A.passage", "note": "check.A.note"}
    form = {names[name]: [value] for name, value in fields.items()}
    answer = QUESTION.validate_answer(QUESTION.read_form(form, [Shown()]), subject)
    return answer[A] if answer else None


def test_a_fault_is_stored_with_its_passage_and_note() -> None:
    assert store(verdict="incorrect", passage="id:7", note=" It closes at 5.\r\n") == {
        "verdict": "incorrect",
        "passage": "7",
        "note": " It closes at 5.",
    }


def test_no_passage_and_a_passage_of_that_name_are_told_apart() -> None:
    gap = store(verdict="incomplete", passage="none", note="No hours on Sunday.")
    named = store(verdict="incomplete", passage="id:none", note="No hours on Sunday.")
    assert (gap and gap["passage"], named and named["passage"]) == ("", "none")


@pytest.mark.parametrize("verdict", ["correct", "cannot_tell"])
def test_what_is_no_fault_needs_nothing_beside_it(verdict: str) -> None:
    assert store(verdict=verdict, passage="", note="") == {"verdict": verdict}


@pytest.mark.parametrize("verdict", ["incorrect", "incomplete"])
def test_a_fault_needs_a_note_and_a_passage_where_there_are_any(verdict: str) -> None:
    with pytest.raises(ValueError, match="correction or a reason"):
        store(verdict=verdict, passage="id:7")
    with pytest.raises(ValueError, match="or that none does"):
        store(verdict=verdict, note="It closes at 5.")
    assert store(UNCHECKED, verdict=verdict, note="No.") == {"verdict": verdict, "note": "No."}


def test_a_passage_that_the_prompt_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="does not have"):
        store(verdict="incorrect", passage="id:8", note="No.")


@pytest.mark.parametrize("verdict", ["wrong", ""])
def test_a_verdict_that_is_not_offered_is_refused(verdict: str) -> None:
    with pytest.raises(ValueError, match="must be correct, incorrect, incomplete, cannot tell"):
        store(verdict=verdict, note="Words.")


def test_a_fault_is_a_value_and_its_note_a_correction() -> None:
    answer = {A: {"verdict": "incorrect", "passage": "7", "note": "It closes at 5."}}
    assert list(QUESTION.derive_values(answer)) == [ValueResult(response=A, label="incorrect")]
    assert list(QUESTION.derive_texts(answer)) == [TextResult("correction", "It closes at 5.", A)]
    assert QUESTION.find_tokens(answer, A) == {"incorrect"}
    assert list(QUESTION.describe(answer, {}, Subject([]))) == [
        Remark(response=A, reasons=("incorrect, passage 7",)),
        Remark(response=A, text="It closes at 5."),
    ]


def test_the_note_of_a_correct_response_corrects_nothing() -> None:
    answer = {A: {"verdict": "correct", "note": "Word for word."}}
    assert list(QUESTION.derive_texts(answer)) == []


def test_a_fault_that_no_passage_shows_is_said_so() -> None:
    answer = {A: {"verdict": "incomplete", "passage": "", "note": "Sundays."}}
    assert next(iter(QUESTION.describe(answer, {}, Subject([])))).reasons == (
        "incomplete, no passage says it",
    )
