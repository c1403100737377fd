import pytest

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError
from apps.projects.models import Project
from apps.prompts.curation import add_prompt
from apps.prompts.models import PromptStatus


def test_a_typed_prompt_is_approved_and_has_no_source(project: Project, curator: User) -> None:
    prompt = add_prompt(project=project, text="Why?", user=curator)
    assert (prompt.status, prompt.source, prompt.metadata) == (PromptStatus.APPROVED, None, {})


def test_typing_what_is_there_adds_nothing(project: Project, curator: User) -> None:
    add_prompt(project=project, text="Why?", user=curator)
    with pytest.raises(ConflictError, match="already"):
        add_prompt(project=project, text="Why?", category="other", user=curator)
    assert project.prompts.count() == 1


def test_a_prompt_needs_text(project: Project, curator: User) -> None:
    with pytest.raises(InvalidInputError, match="Empty prompt"):
        add_prompt(project=project, text=" ", user=curator)
