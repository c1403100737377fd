import pytest
from django.db import IntegrityError, transaction

from apps.prompts.models import Prompt
from tests.factories import PromptFactory


@pytest.mark.django_db
def test_a_project_has_a_conversation_once() -> None:
    prompt: Prompt = PromptFactory()
    with pytest.raises(IntegrityError, match="prompt_once_per_project"), transaction.atomic():
        PromptFactory(project=prompt.project, digest=prompt.digest)
    PromptFactory(digest=prompt.digest)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Why?", "Why?"),
        ("# Plan\n\n**Do** it", "Plan Do it"),
        ("***", "***"),
        ("word " * 60, "word " * 21 + "word …"),
        ("x" * 300, "x" * 110 + " …"),
    ],
)
def test_the_title_is_one_short_line(text: str, title: str) -> None:
    assert Prompt(messages=[{"role": "user", "content": text}]).title == title
