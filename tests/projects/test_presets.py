import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.template.loader import get_template
from markdown_it import MarkdownIt

from apps.core.rendering import render_markdown
from apps.projects.presets import Preset, get_preset, list_presets
from apps.projects.questions import KINDS
from apps.projects.questions.base import Question
from apps.projects.questions.choice import ChoiceQuestion
from apps.projects.questions.preference import RELATION_WORDS, PreferenceQuestion
from apps.projects.questions.results import Subject
from apps.projects.questions.scale import ScaleQuestion
from apps.projects.questions.spans import SpansQuestion
from apps.projects.questions.verdict import VERDICTS
from apps.projects.rubric_answers import validate_answers
from apps.projects.rubrics import RubricDocument

EVERY = pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)


def test_the_pairwise_rubric_asks_three_things_and_needs_one() -> None:
    rubric = get_preset().rubric
    assert [(q.key, q.required) for q in rubric.questions] == [
        ("preference", True),
        ("reasons", False),
        ("justification", False),
    ]


@EVERY
def test_every_presets_rubric_survives_storage(preset: Preset) -> None:
    assert RubricDocument.model_validate(preset.rubric.model_dump(mode="json")) == preset.rubric


def test_a_preference_has_three_steps_a_side_and_every_way_out() -> None:
    answers = [{"relation": "prefers", "response": "a", "strength": 3}, {"relation": "tie"}]
    answers += [{"relation": "both_bad"}, {"relation": "cannot_tell"}]
    for answer in answers:
        stored = validate_answers(get_preset().rubric, {"preference": answer}, Subject(["a", "b"]))
        assert stored["preference"]["steps"] == 3


def list_answers(question: Question) -> Iterator[str]:
    """What a rater can answer with, in the words of the page."""
    match question:
        case PreferenceQuestion():
            yield from (word.capitalize() for word in question.words)
            yield from (RELATION_WORDS[relation] for relation in question.relations)
        case ChoiceQuestion():
            yield from question.labels.values()
        case SpansQuestion():
            yield from (label.label for label in question.labels)
        case ScaleQuestion():
            yield question.title if question.is_repeated and len(question.points) == 5 else str(question.low)
        case _:
            yield from VERDICTS.values() if question.kind == "verdict" else ()


@EVERY
def test_every_presets_guideline_explains_its_answers(preset: Preset) -> None:
    answers = [answer for question in preset.rubric.questions for answer in list_answers(question)]
    missing = [word for word in answers if not re.search(rf"\b{re.escape(word)}\b", preset.guideline)]
    assert missing == []


@EVERY
def test_every_presets_guideline_renders_with_headings_and_edge_cases(preset: Preset) -> None:
    tokens = MarkdownIt("commonmark").parse(preset.guideline)
    headings = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    assert headings[0] == "What we ask"
    assert headings[-2:] == ["Edge cases", "Skip and flag"]
    html = render_markdown(preset.guideline)
    assert html.count("<h3>") == len(headings)
    assert preset.guideline.count("\n| --- |") == html.count("<table>")
    edge = preset.guideline.split("# Edge cases")[1].split("# Skip")[0]
    assert 2 <= edge.count("\n- **") <= 6
    assert "**" not in html
    assert len(preset.guideline) < 5000
    assert "key" not in re.findall(r"\w+", preset.guideline)  # a phone has none


def test_no_two_presets_share_a_guideline() -> None:
    assert len({preset.guideline for preset in list_presets()}) == len(list_presets())


def test_every_question_kind_has_a_read_only_view() -> None:
    for kind in KINDS:
        get_template(f"projects/rubric/{kind}.html")
