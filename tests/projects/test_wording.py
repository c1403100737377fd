from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from apps.projects.questions import KINDS, TextQuestion
from apps.projects.templatetags.wording import clock, rubric_template, settings_of
from tests.projects.test_questions import ASKED


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "under 1 s"), (0.6, "0:01"), (65, "1:05"), (3600, "60:00")]
)
def test_times_each_are_minutes_and_seconds_and_never_nothing(seconds: float, words: str) -> None:
    assert clock(timedelta(seconds=seconds)) == words


def test_settings_are_said_in_words_and_empty_ones_are_not() -> None:
    question = TextQuestion(key="q", title="What?", minimum=3)
    assert settings_of(question) == [
        ("Asked about", "comparison"), ("Fewest characters", "3"), ("Most characters", "2000"),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_without_a_view_of_its_own_has_one(kind: str) -> None:
    assert rubric_template(kind)[-1] == "projects/rubric/any.html"
    html = render_to_string("projects/rubric/any.html", {"question": ASKED[kind]})
    assert html.count("<dt>") == len(settings_of(ASKED[kind]))
