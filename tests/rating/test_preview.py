import pytest

from apps.projects.presets import Preset, list_presets
from apps.projects.questions.base import LETTERS
from apps.rating.answer_form import render_sample_form
from apps.rating.preview import RESPONSES, make_sample


def test_there_is_a_sample_response_for_every_letter() -> None:
    assert len(set(RESPONSES)) == len(LETTERS)


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_a_sample_needs_no_database(preset: Preset) -> None:
    task = make_sample(preset.rubric)
    assert task.letters == LETTERS[: preset.rubric.responses]
    html = render_sample_form(task)
    for question in preset.rubric.questions:
        assert f'data-question="{question.key}"' in html
