"""A rubric in words."""

import pytest

from apps.datasets.cards.questions import tell_questions
from apps.projects.presets import Preset, list_presets
from apps.projects.rubrics import RubricDocument


def tell(**question: object) -> list[str]:
    first = {
        "kind": "choice",
        "key": "kind",
        "title": "Kind?",
        "options": [
            {"value": "one", "label": "One", "help": "the | first"},
            {"value": "two", "label": "Two"},
        ],
    }
    rubric = RubricDocument.model_validate({"responses": 2, "questions": [first, {"title": "T", **question}]})
    return tell_questions(rubric)[1].notes


def test_a_scale_has_its_anchors() -> None:
    assert tell(kind="scale", key="q", anchors=["bad", "*good*"], low=1, not_applicable=True) == [
        "1: bad",
        "2: \\*good\\*",
        "or: does not apply",
    ]


def test_a_preference_has_its_grades() -> None:
    assert tell(kind="preference", key="p", steps=2, both_good=True, cannot_tell=False) == [
        "either side: slightly (1), much (2)",
        "or: tie, both good, both bad",
    ]


def test_a_ranking_says_by_what() -> None:
    assert tell(kind="ranking", key="r", what="By truth.", ties=False) == [
        "by: By truth.",
        "a place for each, 1 for the best; no place is shared",
    ]
    assert tell(kind="ranking", key="r", ends_only=True) == ["the best one and the worst one"]


def test_reasons_say_for_and_against() -> None:
    assert tell(kind="reasons", key="w", praise=["a|b"], blame=["c"]) == [
        "for: a\\|b",
        "against: c",
        "could be left open",
    ]


def test_conditions_are_said() -> None:
    condition = {"question": "kind", "any_of": ["one"]}
    assert tell(kind="text", key="t", show_if=condition) == ["asked where `kind` was answered with one"]


def test_choices_have_their_labels() -> None:
    options = [{"value": "one", "label": "One", "help": "the | first"}, {"value": "two", "label": "Two"}]
    assert tell(kind="choice", key="c", options=options, multiple=True) == [
        "any of these:",
        "`one`: One (the \\| first)",
        "`two`: Two",
    ]


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_every_preset_can_be_told(preset: Preset) -> None:
    told = tell_questions(preset.rubric)
    assert [one.key for one in told] == [question.key for question in preset.rubric.questions]
    assert all(one.notes for one in told if one.kind.startswith(("preference", "scale", "choice", "ranking")))
