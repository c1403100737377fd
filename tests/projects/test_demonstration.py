"""Writing the ideal response: from the form to what is stored and what is learnt from."""

import pytest
from pydantic import ValidationError

from apps.projects.questions.demonstration import DemonstrationQuestion
from apps.projects.questions.results import Remark, Subject, TextResult

ITEM = Subject([])
QUESTION = DemonstrationQuestion(key="ideal", title="Write it", minimum=3, maximum=20)


def store(text: str, pasted: str = "0") -> dict[str, object] | None:
    raw = QUESTION.read_form({"ideal": [text], "ideal.pasted": [pasted]}, [])
    return QUESTION.validate_answer(raw, ITEM)


def test_it_is_stored_with_plain_newlines_and_the_blanks_of_its_first_line() -> None:
    assert store("\r\n    code\r\n\r\nend  \r\n") == {"text": "    code\n\nend"}


def test_what_was_pasted_is_counted_and_never_more_than_there_is() -> None:
    assert store("Hello.", "4") == {"text": "Hello.", "pasted": 4}
    assert store("Hello.", "400") == {"text": "Hello.", "pasted": 6}


def test_blanks_alone_leave_it_open() -> None:
    assert store(" \r\n ") is None


@pytest.mark.parametrize(("text", "length"), [("ab", 2), ("a" * 21, 21)])
def test_a_length_outside_the_limits_is_said(text: str, length: int) -> None:
    with pytest.raises(ValueError, match=f"3 to 20 characters; it has {length}"):
        store(text)


def test_limits_that_leave_no_length_are_refused() -> None:
    with pytest.raises(ValidationError, match="shortest"):
        DemonstrationQuestion(key="q", title="?", minimum=50, maximum=20)


def test_it_is_a_text_to_learn_from() -> None:
    answer = {"text": "Hello.", "pasted": 6}
    assert list(QUESTION.derive_texts(answer)) == [TextResult("demonstration", "Hello.")]
    assert list(QUESTION.derive_values(answer)) == []
    assert list(QUESTION.describe(answer, {}, Subject([]))) == [Remark(text="Hello.", aside="all pasted")]
