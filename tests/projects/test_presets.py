import pytest
from django.template.loader import get_template

from apps.projects.presets import STARTER_GUIDELINE, Preset, get_preset, list_presets
from apps.projects.questions import KINDS
from apps.projects.questions.base import Subject
from apps.projects.rubrics import RubricDocument


def test_the_pairwise_rubric_asks_three_things_and_needs_one() -> None:
    rubric = get_preset().rubric
    assert [(q.key, q.required) for q in rubric.questions] == [
        ("preference", True),
        ("reasons", False),
        ("justification", False),
    ]


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_every_presets_rubric_survives_storage(preset: Preset) -> None:
    assert RubricDocument.model_validate(preset.rubric.model_dump(mode="json")) == preset.rubric


def test_a_preference_has_three_steps_a_side_and_every_way_out() -> None:
    answers = [{"relation": "prefers", "response": "a", "strength": 3}, {"relation": "tie"}]
    answers += [{"relation": "both_bad"}, {"relation": "cannot_tell"}]
    for answer in answers:
        stored = get_preset().rubric.validate_answers({"preference": answer}, Subject(["a", "b"]))
        assert stored["preference"]["steps"] == 3


def test_the_starter_guideline_explains_every_answer() -> None:
    for word in ("Slightly", "Better", "Much", "Tie", "Both bad", "Cannot tell"):
        assert f"| {word} |" in STARTER_GUIDELINE


def test_every_question_kind_has_a_read_only_view() -> None:
    for kind in KINDS:
        get_template(f"projects/rubric/{kind}.html")
