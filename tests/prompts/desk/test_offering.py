"""The lists of the form that chooses prompts."""

import pytest

from apps.projects.models import Project
from apps.prompts.models import PromptImport, PromptStatus
from apps.prompts.offering import list_offer
from tests.factories import PromptFactory

pytestmark = pytest.mark.django_db


def test_what_there_is_to_choose_of(project: Project) -> None:
    source = PromptImport.objects.create(project=project, file_name="forum.jsonl")
    PromptImport.objects.create(project=project, file_name="empty.jsonl")
    PromptFactory(
        project=project,
        source=source,
        metadata={"category": "law", "level": 3},
        language="sv",
        tags=["short", "urgent"],
    )
    PromptFactory(project=project)
    PromptFactory(project=project, status=PromptStatus.RETIRED, metadata={"category": "x"}, tags=["gone"])
    PromptFactory(metadata={"category": "elsewhere"})
    offer = list_offer(project=project)
    assert (offer.categories, offer.languages) == (["law", "(none)"], ["sv"])
    assert (offer.tags, offer.keys) == (["short", "urgent"], ["category", "level"])
    assert offer.sources == [(str(source.pk), "forum.jsonl")]
