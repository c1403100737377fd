"""Which prompts a run takes."""

from typing import Any

import pytest

from apps.generation.choosing import describe_choice, dump_choice, find_answerable
from apps.projects.models import Project
from apps.prompts.filtering import PromptFilter
from apps.prompts.models import Prompt, PromptStatus
from tests.factories import PromptFactory, ResponseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(project: Project) -> Prompt:
    return PromptFactory(project=project, metadata={"category": "law"}, language="sv")


@pytest.fixture
def plain(project: Project, law: Prompt) -> Prompt:
    PromptFactory(status=PromptStatus.APPROVED)
    for status in (PromptStatus.RETIRED, PromptStatus.DRAFT):
        PromptFactory(project=project, status=status, metadata={"category": "law"})
    return PromptFactory(project=project)


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({}, {"law", "plain"}),
        ({"wanted": PromptFilter(category="law")}, {"law"}),
        ({"wanted": PromptFilter(category="law", language="de")}, set()),
        ({"wanted": PromptFilter(status="draft")}, {"law", "plain"}),
        ({"only_unanswered": True}, {"law"}),
        ({"wanted": PromptFilter(category="(none)"), "only_unanswered": True}, set()),
    ],
)
def test_what_fits(
    project: Project, law: Prompt, plain: Prompt, asked: dict[str, Any], fits: set[str]
) -> None:
    ResponseFactory(prompt=plain)
    names = {law.pk: "law", plain.pk: "plain"}
    assert {names[prompt.pk] for prompt in find_answerable(project=project, **asked)} == fits


def test_a_choice_is_kept_and_told() -> None:
    wanted = PromptFilter(q="rent", status="draft", category="law")
    choice = dump_choice(wanted, only_unanswered=True)
    assert choice == {"q": "rent", "category": "law", "only_unanswered": True}
    assert describe_choice(choice) == "saying “rent” · law · without a response before"
    assert describe_choice(dump_choice(PromptFilter(), only_unanswered=False)) == ""
