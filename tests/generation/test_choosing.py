"""Which prompts a run takes."""

import pytest
from django.core.cache import cache

from apps.generation import choosing
from apps.generation.choosing import PromptChoice, find_prompts, list_offer
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptStatus
from tests.factories import PromptFactory, ResponseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def law(project: Project) -> Prompt:
    return PromptFactory(
        project=project,
        messages=[{"role": "user", "content": "May I sublet my flat?"}],
        metadata={"category": "law", "source": "hotline", "level": 3},
        language="sv",
        tags=["short", "urgent"],
    )


@pytest.fixture
def plain(project: Project, law: Prompt) -> Prompt:
    PromptFactory(status=PromptStatus.APPROVED)
    for status in (PromptStatus.RETIRED, PromptStatus.DRAFT):
        PromptFactory(project=project, status=status, metadata={"category": "retired"}, tags=["gone"])
    return PromptFactory(project=project)


@pytest.mark.parametrize(
    ("choice", "fits"),
    [
        (PromptChoice(), {"law", "plain"}),
        (PromptChoice(category="law"), {"law"}),
        (PromptChoice(category="(none)"), {"plain"}),
        (PromptChoice(language="sv"), {"law"}),
        (PromptChoice(tag="urgent"), {"law"}),
        (PromptChoice(tag="urge"), set()),
        (PromptChoice(key="source", value="hotline"), {"law"}),
        (PromptChoice(key="level", value="3"), {"law"}),
        (PromptChoice(key="source", value="book"), set()),
        (PromptChoice(key='it\'s "odd" %s', value="x"), set()),
        (PromptChoice(text="SUBLET"), {"law"}),
        (PromptChoice(category="law", language="de"), set()),
        (PromptChoice(only_unanswered=True), {"law"}),
    ],
)
def test_what_fits(
    project: Project, law: Prompt, plain: Prompt, choice: PromptChoice, fits: set[str]
) -> None:
    ResponseFactory(prompt=plain)
    names = {law.pk: "law", plain.pk: "plain"}
    assert {names[prompt.pk] for prompt in find_prompts(project=project, choice=choice)} == fits


def test_what_there_is_to_choose_of(project: Project, plain: Prompt) -> None:
    offer = list_offer(project=project)
    assert (offer.categories, offer.languages) == (["law", "(none)"], ["sv"])
    assert (offer.tags, offer.keys) == (["short", "urgent"], ["category", "level", "source"])


def test_what_took_long_to_read_is_remembered(
    project: Project, plain: Prompt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "LONG", -1.0)
    monkeypatch.setattr(choosing, "KEPT", 10_000)
    before = list_offer(project=project)
    PromptFactory(project=project, language="fr")
    assert list_offer(project=project) == before
    cache.clear()
    assert list_offer(project=project).languages == ["fr", "sv"]


def test_a_choice_is_kept_and_read_again() -> None:
    choice = PromptChoice(category="law", only_unanswered=True)
    assert choice.dump() == {"category": "law", "only_unanswered": True}
    assert PromptChoice.read({**choice.dump(), "configs": [1]}) == choice


def test_it_says_what_it_asks() -> None:
    choice = PromptChoice("law", "sv", "urgent", "source", "hotline", "rent", only_unanswered=True)
    assert choice.describe() == (
        "in law · Swedish · tagged urgent · source is hotline · saying “rent” · without a response before"
    )
    assert PromptChoice().describe() == ""
    assert choice.narrows
    assert not PromptChoice(only_unanswered=True, value="x").narrows
