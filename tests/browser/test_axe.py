"""axe finds nothing wrong with the rating page of any preset, large or small, light or dark."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.projects.presets import Preset, list_presets
from apps.rating.items import build_items
from tests.browser.accessibility import find_violations
from tests.factories import PromptFactory, ResponseFactory

TURNS = [
    {"role": "user", "content": "### A question\n\nWhat is a vaccine?"},
    {"role": "assistant", "content": "# Short\n\nSomething that *trains*."},
    {"role": "user", "content": "## And now\n\nWhy does $x^2$ hurt?"},
]
ANSWER = "#### Deep\n\n`code`\n\n# High\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n```python\nx = 1\n```\n\n> [link](https://example.org)"
PASSAGES = [{"id": "hours", "title": "Opening hours", "text": "## Closed\n\non **Mondays**"}]


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.name)
def test_nothing_is_wrong_with_the_page(visit: Any, rater: User, project: Project, preset: Preset) -> None:
    document = preset.rubric.model_dump(mode="json")
    Rubric.objects.create(project=project, version=2, document=document)
    prompt = PromptFactory(project=project, messages=TURNS, metadata={"passages": PASSAGES})
    for number in range(preset.rubric.responses):
        ResponseFactory(prompt=prompt, text=f"{ANSWER}\n\n{number}")
    build_items(project=project)
    page = visit(rater, f"/p/{project.slug}/rate/")
    page.wait_for_selector("#answer")
    for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light")):
        page.set_viewport_size({"width": width, "height": 860})
        page.emulate_media(color_scheme=scheme)
        assert find_violations(page) == [], (width, scheme)
