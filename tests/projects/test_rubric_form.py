"""The form of a rubric, over every kind that there is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.projects.presets import Preset, list_presets
from apps.projects.questions import KINDS
from apps.projects.questions.base import Question
from apps.projects.rubric_form import EditedRubric
from apps.projects.rubric_form.bound import EditedQuestion
from apps.projects.rubric_form.fields import list_fields
from apps.projects.rubric_form.lines import read_lines, write_lines
from apps.projects.rubrics import RubricDocument
from tests.factories import PAIRWISE
from tests.projects.test_questions import ASKED

LABELS = ("value", "label", "help")


def post(edited: EditedRubric) -> dict[str, list[str]]:
    """What a browser sends of the form, which leaves out what is not ticked."""
    sent: dict[str, list[str]] = {"responses": [edited.responses]}
    for question in edited.questions:
        sent[f"{question.prefix}.kind"] = [question.kind]
        for bound in [*question.fields, question.ask_if, question.any_of]:
            if bound.values or bound.field.widget not in {"check", "checks"}:
                sent[bound.html_name] = list(bound.values) or [""]
    return sent


def again(question: Question) -> dict[str, Any]:
    edited = EditedQuestion.from_document(question.model_dump(mode="json"))
    rubric = EditedRubric("2", [edited])
    return EditedRubric.from_post(post(rubric)).questions[0].as_document()


def pairwise() -> EditedRubric:
    return EditedRubric.from_document(RubricDocument.model_validate(PAIRWISE))


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_survives_the_form(kind: str) -> None:
    assert KINDS[kind].model_validate(again(ASKED[kind])) == ASKED[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_has_a_field(kind: str) -> None:
    names = {field.name for field in list_fields(kind)}
    assert names | {"kind", "show_if"} == set(KINDS[kind].model_fields)
    assert not [field.name for field in list_fields(kind) if field.widget == "json"]


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_every_preset_survives_the_form(preset: Preset) -> None:
    edited = EditedRubric.from_post(post(EditedRubric.from_document(preset.rubric)))
    assert edited.check() == preset.rubric
    assert not edited.is_wrong


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_can_be_added(kind: str) -> None:
    edited = pairwise()
    assert edited.act(f"add:{kind}")
    new = edited.questions[-1]
    assert (new.kind, new.is_new, new.number) == (kind, True, 3)
    assert new.key not in {question.key for question in edited.questions[:3]}
    assert edited.check() is None
    assert new.errors["title"] == ["String should have at least 1 character."]


def test_questions_move_and_go() -> None:
    edited = pairwise()
    for do in ("down:0", "up:2", "remove:0", "up:0", "down:1"):
        assert edited.act(do)
    assert [question.key for question in edited.questions] == ["justification", "preference"]


@pytest.mark.parametrize("do", ["", "save", "add:", "add:nonsense", "up:", "up:-1", "up:x", "remove:²"])
def test_other_buttons_leave_the_questions_alone(do: str) -> None:
    edited = pairwise()
    assert not edited.act(do)
    assert len(edited.questions) == 3


@pytest.mark.parametrize("do", ["remove:9", "up:0", "down:2", "up:99999"])
def test_what_cannot_move_stays(do: str) -> None:
    edited = pairwise()
    edited.act(do)
    assert [question.key for question in edited.questions] == ["preference", "reasons", "justification"]


def test_everything_typed_is_kept_and_every_fault_said_beside_its_field() -> None:
    sent = post(pairwise())
    sent |= {
        "responses": ["many"],
        "q.0.steps": ["nine"],
        "q.0.key": ["Bad key"],
        "q.1.blame": [" "],
        "q.2.title": ["x" * 201],
        "q.2.show_if.question": ["reasons"],
        "q.2.show_if.any_of": ["nonsense"],
    }
    edited = EditedRubric.from_post(sent)
    assert edited.check() is None
    assert edited.responses_errors == [
        "Input should be a valid integer, unable to parse string as an integer."
    ]
    first, second, third = edited.questions
    assert first.errors == {
        "key": ["A key has small letters, digits and _, and begins with a letter."],
        "steps": ["Input should be a valid integer, unable to parse string as an integer."],
    }
    assert set(second.errors) == {"blame"}
    assert third.errors == {"title": ["String should have at most 200 characters."]}
    assert post(edited) == {**sent, "q.0.steps": ["nine"], "q.2.show_if.any_of": ["nonsense"]}


def test_what_questions_do_to_each_other_is_said_beside_the_later_one() -> None:
    edited = pairwise()
    edited.act("add:preference")
    last = edited.questions[-1]
    last.values |= {"title": ["And?"], "key": ["reasons"], "show_if.question": ["gone"]}
    last.values["show_if.any_of"] = ["tie"]
    edited.responses = "3"
    assert edited.check() is None
    assert last.errors == {
        "key": ["Another question has this key."],
        "show_if": ["'reasons' waits for 'gone', which is not asked before it."],
        "": [
            "'reasons' is asked about 2 responses, and an item has 3.",
            "Another question compares the responses already.",
        ],
    }
    assert last.own_errors == last.errors[""]


def test_a_condition_has_two_fields() -> None:
    edited = pairwise()
    edited.questions[2].values |= {
        "show_if.question": ["preference"], "show_if.any_of": ["tie, both_bad"],
    }  # fmt: skip
    rubric = edited.check()
    assert rubric is not None
    assert rubric.questions[2].show_if is not None
    assert rubric.questions[2].show_if.any_of == ("tie", "both_bad")
    assert "preference: prefers tie" in edited.questions[2].any_of.field.help


@given(st.dictionaries(st.sampled_from(
    ["responses", "q.0.kind", "q.0.steps", "q.7.kind", "q.7.key", "q.x.kind", "q.0.show_if.any_of"]
), st.lists(st.text(max_size=8) | st.sampled_from(list(KINDS)), max_size=2)))  # fmt: skip
def test_any_form_is_read(sent: dict[str, list[str]]) -> None:
    edited = EditedRubric.from_post(sent)
    document = edited.check()
    assert (document is None) == edited.is_wrong


@given(st.lists(st.text()))
def test_words_survive_their_lines(entries: list[str]) -> None:
    assert read_lines(write_lines(entries, ()), ()) == entries


@given(st.lists(st.fixed_dictionaries({name: st.text(max_size=12) for name in LABELS})))
def test_options_survive_their_lines(entries: list[dict[str, str]]) -> None:
    read = read_lines(write_lines(entries, LABELS), LABELS)
    filled = [{name: one.get(name, "") for name in LABELS} for one in read]
    assert filled == entries


def test_options_are_written_as_anybody_would() -> None:
    text = "refund: Wants money back | and says so\n\nother_thing: Else\nNo idea"
    assert read_lines(text, LABELS) == [
        {"value": "refund", "label": "Wants money back", "help": "and says so"},
        {"value": "other_thing", "label": "Else"},
        {"value": "no_idea", "label": "No idea"},
    ]


@pytest.mark.parametrize("field", ["q.0.steps", "q.1.praise"])
def test_what_is_nested_without_end_is_a_fault(field: str) -> None:
    edited = EditedRubric.from_post({**post(pairwise()), field: ["[" * 100_000]})
    assert edited.check() is None
    assert edited.is_wrong
