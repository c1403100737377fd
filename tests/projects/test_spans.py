"""Marked words: from the form to what is stored, and that stored places slice the stored text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from apps.projects.questions.results import Remark, Subject, Texts, ValueResult
from apps.projects.questions.spans import SpansQuestion

A, B = "0a", "0b"
LABELS = [{"value": "place", "label": "Place"}, {"value": "date", "label": "Date", "help": "A day."}]
ABOUT_PROMPT = SpansQuestion(key="marks", title="Mark it", about="prompt", labels=LABELS)
ABOUT_RESPONSES = SpansQuestion(key="marks", title="Mark it", labels=LABELS)
HARD = "Zu\u0308rich 👩‍🔬\r\nهنا اليوم"  # combining mark, joined emoji, CRLF, right to left


def item(prompt: str = HARD) -> Subject:
    return Subject([A, B], load=lambda: Texts(prompt=prompt, responses={A: "Bern", B: "Oslo today"}))


def store(marks: Any, subject: Subject | None = None) -> dict[str, Any] | None:
    raw = ABOUT_PROMPT.read_form({"marks": [marks if isinstance(marks, str) else json.dumps(marks)]}, [])
    return ABOUT_PROMPT.validate_answer(raw, subject or item())


def test_marks_are_stored_in_the_order_of_the_text_and_once() -> None:
    assert store([[7, 10, "date"], [0, 7, "place"], [0, 7, "place"], [0, 7, "date"]]) == {
        "spans": [
            {"start": 0, "stop": 7, "label": "date"},
            {"start": 0, "stop": 7, "label": "place"},
            {"start": 7, "stop": 10, "label": "date"},
        ]
    }


@given(text=st.text(min_size=1, max_size=40), data=st.data())
def test_stored_places_slice_what_was_marked_out_of_any_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    stop = data.draw(st.integers(start + 1, len(text)))
    answer = store([[start, stop, "place"]], item(text))
    assert answer is not None
    (span,) = answer["spans"]
    assert text[span["start"] : span["stop"]] == text[start:stop]


@pytest.mark.parametrize(
    "mark",
    [
        [3, 3, "place"], [4, 3, "place"], [-1, 3, "place"], [0, len(HARD) + 1, "place"],
        [0.0, 3, "place"], [True, 3, "place"], ["0", 3, "place"], [None, 3, "place"],
    ],
)  # fmt: skip
def test_a_mark_outside_the_text_is_refused(mark: list[Any]) -> None:
    with pytest.raises(ValueError, match="not inside the text, which has 22 characters"):
        store([mark])


@pytest.mark.parametrize("marks", ["{}x", "[[1, 2]]", "3", '["a"]', "[" * 100_000, "[[1, 2, 3, 4]]"])
def test_what_is_no_list_of_marks_is_refused(marks: str) -> None:
    with pytest.raises(ValueError, match="list of at most 500"):
        store(marks)


def test_a_label_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ValueError, match="not offered"):
        store([[0, 1, "person"]])


@pytest.mark.parametrize("marks", ["", " ", "[]"])
def test_no_marks_leave_it_open(marks: str) -> None:
    assert store(marks) is None


def test_each_response_has_marks_of_its_own() -> None:
    answer = {A: {"spans": [{"start": 0, "stop": 4, "label": "place"}]}}
    assert ABOUT_RESPONSES.validate_answer(answer, item()) == answer
    with pytest.raises(ValueError, match="which has 4 characters"):
        ABOUT_RESPONSES.validate_answer({A: {"spans": [{"start": 0, "stop": 5, "label": "place"}]}}, item())


def test_a_mark_is_a_value_with_its_place() -> None:
    span = {"start": 5, "stop": 10, "label": "date"}
    assert list(ABOUT_RESPONSES.derive_values({B: {"spans": [span]}})) == [
        ValueResult(response=B, label="date", start=5, stop=10)
    ]
    assert ABOUT_RESPONSES.find_tokens({B: {"spans": [span]}}, B) == {"date"}
    assert ABOUT_RESPONSES.find_tokens({B: {"spans": [span]}}, A) == set()


PLACES = [{"start": a, "stop": b, "label": "place"} for a, b in [(0, 7), (9, 12)]]


def test_a_reader_is_told_labels_and_words() -> None:
    subject = Subject([], load=lambda: Texts(prompt="Zürich  to\nBonn"))
    assert list(ABOUT_PROMPT.describe({"spans": PLACES}, {}, subject)) == [
        Remark(reasons=("Place “Zürich” and “o B”",))
    ]


def test_many_marked_words_are_told_by_their_beginning() -> None:
    span = {"start": 0, "stop": 100, "label": "place"}
    subject = Subject([], load=lambda: Texts(responses={B: "word " * 20}))
    (told,) = ABOUT_RESPONSES.describe({B: {"spans": [span]}}, {}, subject)
    assert told == Remark(response=B, reasons=(f"Place “{'word ' * 11}word …”",))


def test_who_may_not_read_the_text_is_told_places() -> None:
    assert list(ABOUT_PROMPT.describe({"spans": PLACES}, {}, Subject([]))) == [
        Remark(reasons=("Place at 1–7 and at 10–12",))
    ]


def test_two_labels_of_one_value_are_refused() -> None:
    with pytest.raises(ValidationError, match="same value"):
        SpansQuestion(key="q", title="?", labels=[LABELS[0], LABELS[0]])
