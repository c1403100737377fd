"""The contract of every question kind, then each kind's own literal cases."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.template.loader import get_template
from hypothesis import given
from hypothesis import strategies as st

from apps.projects.questions import (
    KINDS,
    ChoiceQuestion,
    DemonstrationQuestion,
    PreferenceQuestion,
    ReasonsQuestion,
    RewriteQuestion,
    ScaleQuestion,
    SpansQuestion,
    TextQuestion,
    VerdictQuestion,
)
from apps.projects.questions.base import Answer, Question
from apps.projects.questions.results import PairResult, Subject, Texts

A, B = "0a", "0b"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


@dataclass(frozen=True)
class Shown:
    uid: str
    letter: str


SUBJECT = Subject(
    [A, B],
    load=lambda: Texts("When?", {A: "On 3 May.", B: "Soon."}, [{"id": "7", "title": "", "text": "3 May."}]),
)
SHOWN = [Shown(A, "A"), Shown(B, "B")]
CHIPS = ("useful", "clear", "superficial", "unsafe")
OPTIONS = [{"value": "ask", "label": "Ask"}, {"value": "buy", "label": "Buy"}]
# A question of each kind. A new kind needs a line.
ASKED: dict[str, Question] = {
    "preference": PreferenceQuestion(key="q", title="What?"),
    "ranking": KINDS["ranking"](kind="ranking", key="q", title="What?"),
    "reasons": ReasonsQuestion(key="q", title="What?"),
    "scale": ScaleQuestion(key="q", title="What?", anchors=("bad", "fair", "good"), not_applicable=True),
    "choice": ChoiceQuestion.model_validate(
        {"key": "q", "title": "What?", "multiple": True, "none": True, "options": OPTIONS}
    ),
    "text": TextQuestion(key="q", title="What?"),
    "demonstration": DemonstrationQuestion(key="q", title="What?"),
    "rewrite": RewriteQuestion(key="q", title="What?"),
    "spans": SpansQuestion.model_validate(
        {"key": "q", "title": "What?", "labels": [{"value": "date", "label": "Date"}]}
    ),
    "verdict": VerdictQuestion(key="q", title="What?"),
}
# What each kind may be told, for a page to show again. A new kind needs a line.
TOLD: dict[str, st.SearchStrategy[Any]] = {
    "preference": st.sampled_from(["tie", "both_bad", "cannot_tell"]).map(lambda said: {"relation": said})
    | st.builds(
        lambda uid, strength: {"relation": "prefers", "response": uid, "strength": strength},
        st.sampled_from([A, B]),
        st.integers(1, 3),
    ),
    "ranking": st.dictionaries(st.sampled_from([A, B]), st.integers(1, 2)).map(lambda said: {"places": said}),
    "reasons": st.dictionaries(st.sampled_from([A, B]), st.lists(st.sampled_from(CHIPS), max_size=5)),
    "scale": st.dictionaries(
        st.sampled_from([A, B]), (st.none() | st.integers(0, 2)).map(lambda point: {"value": point})
    ),
    "choice": st.dictionaries(
        st.sampled_from([A, B]),
        st.lists(st.sampled_from(["ask", "buy"]), max_size=3).map(lambda values: {"values": values}),
    ),
    "text": st.text(max_size=50).map(lambda text: {"text": text}),
    "demonstration": st.builds(
        lambda text, pasted: {"text": text, "pasted": pasted}, st.text(max_size=50), st.integers(0, 60)
    ),
    "rewrite": st.builds(
        lambda uid, text: {"response": uid, "text": text}, st.sampled_from([A, B]), st.text(max_size=50)
    ),
    "spans": st.dictionaries(
        st.sampled_from([A, B]),
        st.lists(
            st.builds(
                lambda start, size: {"start": start, "stop": start + size, "label": "date"},
                st.integers(0, 4),
                st.integers(1, 3),
            ),
            max_size=4,
        ).map(lambda spans: {"spans": spans}),
    ),
    "verdict": st.dictionaries(
        st.sampled_from([A, B]),
        st.fixed_dictionaries(
            {"verdict": st.sampled_from(["correct", "incorrect", "incomplete", "cannot_tell"])},
            optional={"passage": st.sampled_from(["7", ""]), "note": st.text(max_size=50)},
        ),
    ),
}


def attempt(question: Question, raw: Any) -> tuple[Answer | None, str]:
    """The stored answer and what was said: a sentence, where it was refused."""
    try:
        return question.validate_answer(raw, SUBJECT), "Accepted."
    except ValueError as error:
        return None, str(error)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_template_and_a_level(kind: str) -> None:
    assert get_template(KINDS[kind].template)
    assert KINDS[kind].level in {"nominal", "ordinal", "interval", "ranking", "text"}


@pytest.mark.parametrize("kind", KINDS)
@given(raw=JSON)
def test_every_kind_accepts_or_refuses_with_a_sentence(kind: str, raw: Any) -> None:
    question = ASKED[kind]
    answer, said = attempt(question, raw)
    assert said.endswith(".")
    assert answer is None or question.validate_answer(answer, SUBJECT) == answer


@pytest.mark.parametrize("kind", KINDS)
@given(
    form=st.dictionaries(
        st.sampled_from(["q", "q.A", "q.B", "q.C", "q.", "q.A.", "q.A.note", "q.note", "q.of"]),
        st.lists(st.text(max_size=30), max_size=4),
    )
)
def test_every_kind_reads_any_form(kind: str, form: dict[str, list[str]]) -> None:
    question = ASKED[kind]
    assert attempt(question, question.read_form(form, SHOWN))[1].endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_an_empty_form_as_open(kind: str) -> None:
    question = ASKED[kind]
    assert question.validate_answer(question.read_form({}, SHOWN), SUBJECT) is None


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data(), turned=st.booleans())
def test_every_kind_reads_back_what_it_filled_into_a_form(
    kind: str, data: st.DataObject, turned: bool
) -> None:
    question = ASKED[kind]
    answer, _ = attempt(question, data.draw(TOLD[kind]))
    shown = [Shown(B, "A"), Shown(A, "B")] if turned else SHOWN
    if answer is not None:
        form = question.fill_form(answer, shown)
        assert question.validate_answer(question.read_form(form, shown), SUBJECT) == answer


def _list_strings(value: Any) -> set[str]:
    if isinstance(value, dict | list | tuple):
        parts = value.values() if isinstance(value, dict) else value
        return set().union(*map(_list_strings, parts))
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not KINDS[kind].writes])
@given(data=st.data())
def test_answers_of_a_kind_that_is_not_written_hold_no_words_but_ours(kind: str, data: st.DataObject) -> None:
    """Datasets look for personal data in the others alone."""
    question = ASKED[kind]
    answer, _ = attempt(question, data.draw(TOLD[kind]))
    ours = {A, B, "prefers", "tie", "both_good", "both_bad", "cannot_tell"}
    assert _list_strings(answer) <= ours | _list_strings(question.model_dump()) | set(question.list_tokens())


def preference(**settings: Any) -> PreferenceQuestion:
    return PreferenceQuestion(key="preference", title="Which is better?", **settings)


def test_the_scale_runs_from_the_left_responses_strongest_to_the_right_ones() -> None:
    scale = preference().present("AB", {})["scale"]
    assert [(c.value, c.word, c.key) for c in scale] == [
        ("A:3", "Much", 1),
        ("A:2", "Better", 2),
        ("A:1", "Slightly", 3),
        ("tie", "Tie", 4),
        ("B:1", "Slightly", 5),
        ("B:2", "Better", 6),
        ("B:3", "Much", 7),
    ]


def test_what_stands_apart_has_the_next_keys() -> None:
    aside = preference().present("AB", {})["aside"]
    assert [(c.value, c.key) for c in aside] == [("both_bad", 8), ("cannot_tell", 9)]


@pytest.mark.parametrize(
    ("steps", "tie", "points"), [(1, True, 3), (2, True, 5), (3, True, 7), (4, False, 8)]
)
def test_steps_and_tie_make_the_usual_scales(steps: int, tie: bool, points: int) -> None:
    assert len(preference(steps=steps, tie=tie).present("AB", {})["scale"]) == points


def test_a_preference_is_stored_by_response_with_its_steps() -> None:
    question = preference()
    assert question.validate_answer(question.read_form({"preference": ["B:2"]}, SHOWN), SUBJECT) == {
        "relation": "prefers",
        "response": B,
        "strength": 2,
        "steps": 3,
    }


@pytest.mark.parametrize("value", ["C:2", "A:0", "A:4", "A:x", "both_good", "A:", ":1", "A:²"])
def test_a_preference_that_was_not_offered_is_refused(value: str) -> None:
    question = preference()
    with pytest.raises(ValueError, match=r"must be|is not one of"):
        question.validate_answer(question.read_form({"preference": [value]}, SHOWN), SUBJECT)


def test_a_tie_that_is_not_offered_is_refused() -> None:
    with pytest.raises(ValueError, match="offered"):
        preference(tie=False).validate_answer({"relation": "tie"}, SUBJECT)


def test_preferring_the_second_puts_it_first_in_the_outcome() -> None:
    answer = {"relation": "prefers", "response": B, "strength": 1, "steps": 3}
    assert list(preference().derive_pairs(answer, [A, B])) == [PairResult(B, A, "prefers", 1, 3)]


def test_a_tie_keeps_the_items_order() -> None:
    answer = {"relation": "tie", "steps": 3}
    assert list(preference().derive_pairs(answer, [A, B])) == [PairResult(A, B, "tie", 0, 3)]


def test_reasons_are_stored_by_response_once_each() -> None:
    question = ReasonsQuestion(key="why", title="Why?")
    raw = question.read_form({"why": ["A:clear", "A:clear", "B:unsafe", "A:correct"]}, SHOWN)
    assert question.validate_answer(raw, SUBJECT) == {A: ["clear", "correct"], B: ["unsafe"]}


def test_an_unknown_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="offered"):
        ReasonsQuestion(key="why", title="Why?").validate_answer({A: ["pretty"]}, SUBJECT)


def test_text_is_kept_as_written_without_the_blanks_around() -> None:
    question = TextQuestion(key="note", title="Note")
    assert question.validate_answer({"text": "  a\r\n b \u0301 "}, SUBJECT) == {"text": "a\n b \u0301"}


def test_text_that_is_too_long_says_how_long_it_is() -> None:
    with pytest.raises(ValueError, match="0 to 5 characters; it has 6"):
        TextQuestion(key="note", title="Note", maximum=5).validate_answer({"text": "abcdef"}, SUBJECT)


def test_answers_fill_a_form_by_the_letters_of_the_page() -> None:
    turned = [Shown(B, "A"), Shown(A, "B")]
    told = {"relation": "prefers", "response": B, "strength": 2, "steps": 3}
    assert preference().fill_form(told, SHOWN) == {"preference": ["B:2"]}
    assert preference().fill_form(told, turned) == {"preference": ["A:2"]}
    assert preference().fill_form({"relation": "tie", "steps": 3}, SHOWN) == {"preference": ["tie"]}
    assert ReasonsQuestion(key="why", title="Why?").fill_form({B: ["clear", "unsafe"]}, turned) == {
        "why": ["A:clear", "A:unsafe"]
    }
    note = TextQuestion(key="note", title="Note")
    assert note.fill_form({"text": "a\r\n b"}, SHOWN) == {"note": ["a\r\n b"]}


@pytest.mark.parametrize("chip", ["", " ", "x" * 81])
def test_a_chip_says_something_and_is_short(chip: str) -> None:
    with pytest.raises(ValueError, match="praise"):
        ReasonsQuestion(key="reasons", title="Why?", praise=(chip,))


def test_a_newline_of_a_form_counts_once() -> None:
    question = TextQuestion(key="why", title="Why?", about="comparison", maximum=9)
    answer = question.validate_answer({"text": "a\r\nb\r\nc\r\nd\r\ne"}, Subject([]))
    assert answer == {"text": "a\nb\nc\nd\ne"}


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(ValueError, match="must be text"):
        TextQuestion(key="why", title="Why?").validate_answer({"text": "\ud800"}, Subject([]))
