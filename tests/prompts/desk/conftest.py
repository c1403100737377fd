from collections.abc import Callable
from typing import Any

import pytest

from apps.projects.models import Project
from apps.prompts.measures import count_words
from apps.prompts.models import Prompt, PromptCoverage
from apps.prompts.searching import read_words
from tests.factories import PromptFactory

Write = Callable[..., Prompt]


@pytest.fixture
def write(project: Project) -> Write:
    """`write("Why?", category="law", covered=(3, 1), …)`: a prompt that can be searched."""

    def make(text: str = "Why?", *, covered: tuple[int, int] | None = None, **more: Any) -> Prompt:
        category = more.pop("category", "")
        metadata = {**more.pop("metadata", {}), **({"category": category} if category else {})}
        messages = more.pop("messages", [{"role": "user", "content": text}])
        more.setdefault("project", project)
        more.setdefault("words", count_words(messages))
        prompt: Prompt = PromptFactory(messages=messages, metadata=metadata, **more)
        if covered:
            PromptCoverage.objects.create(prompt=prompt, asked=covered[0], answered=covered[1])
        read_words()
        prompt.refresh_from_db()
        return prompt

    return make
