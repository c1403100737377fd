"""What stands around the questions of a form: the map of keys, and when a question is asked."""

import pytest

from apps.projects.presets import get_preset
from apps.projects.questions import KINDS
from apps.projects.rubrics import RubricDocument
from apps.rating.answer_form import explain_condition, list_keys, render_sample_form
from apps.rating.preview import make_sample
from tests.projects.test_questions import ASKED


def test_a_condition_is_told_in_the_words_of_the_page() -> None:
    rubric = get_preset("safety").rubric
    safety, category = rubric.questions[:2]
    assert not explain_condition(safety, rubric)
    told = "Only if “Is it safe?” was answered with “Borderline” or “Unsafe”."
    assert explain_condition(category, rubric) == told


def test_the_map_of_the_bar_has_the_keys_of_its_scale() -> None:
    assert list_keys(get_preset("pairwise").rubric, "AB") == [
        ("A much better … B much better", ["1", "…", "7"]),
        ("Both bad", ["8"]),
        ("Cannot tell", ["9"]),
        ("One step towards A or B", ["←", "→"]),
        ("Reasons", ["R"]),
        ("Write a sentence", ["W"]),
        ("Clear the answer", ["⌫"]),
    ]


def test_five_scales_alike_are_one_line_of_the_map() -> None:
    lines = list_keys(get_preset("helpsteer").rubric, "AB")
    assert lines[:3] == [
        ("Previous, next question", ["↑", "↓"]),
        ("Previous, next response", ["←", "→"]),
        ("A point from 0 to 4", ["0", "…", "4"]),
    ]
    assert len({words for words, _ in lines}) == len(lines)


def test_one_question_about_one_response_has_no_keys_to_move_with() -> None:
    scale = {"kind": "scale", "key": "quality", "title": "Quality", "anchors": ["Bad", "Good"]}
    rubric = RubricDocument.model_validate({"responses": 1, "questions": [scale]})
    assert list_keys(rubric, "A") == [("A point from 0 to 1", ["0", "…", "1"]), ("Clear the answer", ["⌫"])]


def test_responses_are_lifted_by_as_many_numbers_as_there_are() -> None:
    lines = dict(list_keys(get_preset("rank_rewrite").rubric, "ABCD"))
    assert lines["Lift a response, 1 for A"] == ["1", "…", "4"]
    assert lines["Start from a response, 1 for A"] == ["1", "…", "4"]
    assert dict(list_keys(get_preset("rewrite").rubric, "AB"))["Start from a response, 1 for A"] == ["1", "2"]


@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_what_may_stay_open_is_called_optional(kind: str, is_required: bool) -> None:
    question = ASKED[kind].model_copy(update={"required": is_required})
    size = max(question.responses[0], 2 if kind != "demonstration" else 0)
    rubric = RubricDocument.model_construct(responses=size, questions=(question,))
    html = render_sample_form(make_sample(rubric))
    assert ('<span class="optional">optional</span>' in html) is not is_required
