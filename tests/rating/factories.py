"""Items ready to rate."""

from typing import Any

from apps.projects.models import Project
from apps.rating.items import build_items
from apps.rating.models import Item
from apps.rating.submission import RawAnswers
from tests.factories import PromptFactory, ResponseFactory


def make_items(project: Project, count: int = 1, *, responses: int = 2) -> list[Item]:
    """`count` prompts with `responses` finished answers each, built into items."""
    for _ in range(count):
        prompt = PromptFactory(project=project)
        ResponseFactory.create_batch(responses, prompt=prompt)
    build_items(project=project)
    return list(Item.objects.filter(project=project))


def prefer(uid: str, strength: int = 2) -> dict[str, Any]:
    return {"preference": {"relation": "prefers", "response": uid, "strength": strength}}


def say(relation: str) -> dict[str, Any]:
    return {"preference": {"relation": relation}}


def given(answers: dict[str, Any]) -> RawAnswers:
    return lambda rubric, shown: answers
