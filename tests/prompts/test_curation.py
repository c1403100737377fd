import pytest

from apps.accounts.models import User
from apps.core.errors import ConflictError, InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.curation import add_prompt, approve_prompt, retire_prompt
from apps.prompts.models import Prompt, PromptStatus
from tests.factories import PromptFactory


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


def test_every_move_is_in_the_audit_trail(project: Project, curator: User) -> None:
    prompt = add_prompt(project=project, text="Why?", user=curator)
    retire_prompt(prompt=prompt, user=curator)
    approve_prompt(prompt=prompt, user=curator)
    events = AuditEvent.objects.filter(subject=f"prompt:{prompt.uid}").order_by("id")
    assert [event.action for event in events] == ["prompt.added", "prompt.retired", "prompt.approved"]
    assert {event.actor for event in events} == {curator}


def test_a_stale_page_cannot_move_it_twice(curator: User) -> None:
    prompt: Prompt = PromptFactory()
    stale = Prompt.objects.get(pk=prompt.pk)
    retire_prompt(prompt=prompt, user=curator)
    with pytest.raises(ConflictError, match="retired already"):
        retire_prompt(prompt=stale, user=curator)
    assert AuditEvent.objects.filter(action="prompt.retired").count() == 1
