"""Held prompts: approved as they are, approved masked, retired."""

import pytest

from apps.accounts.models import User
from apps.core.errors import ConflictError
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.models import Prompt, PromptStatus
from apps.prompts.personal_data import Policy, Rules, clean_conversation, read_placed, scan_text
from apps.prompts.personal_data.review import Decision, decide_held, list_held
from tests.factories import PromptFactory

pytestmark = pytest.mark.django_db
TEXT = "👍 Write to anna@mail.org or call +46 70 123 45 67, please"


def hold(project: Project, text: str = TEXT, **metadata: object) -> Prompt:
    messages = [{"role": "user", "content": text}]
    cleaned = clean_conversation(messages, Rules(), Policy.HOLD, metadata)
    return PromptFactory.create(
        project=project,
        messages=cleaned.messages,
        metadata=cleaned.metadata,
        digest=digest_messages(messages),
        findings=cleaned.as_json(),
        status=PromptStatus.HELD,
    )


def test_approving_as_it_is_keeps_the_text(project: Project, curator: User) -> None:
    prompt = hold(project)
    assert decide_held(project=project, user=curator, decision=Decision.APPROVE, uids=[prompt.uid]) == 1
    prompt.refresh_from_db()
    assert prompt.status == PromptStatus.APPROVED
    assert prompt.last_message == TEXT
    assert {finding["done"] for finding in prompt.findings} == {"approved"}
    event = AuditEvent.objects.get(action="prompts.held_approved")
    assert event.subject == f"prompt:{prompt.uid}"
    assert event.data["found"] == {"e-mail": 1, "phone": 1}


def test_masking_deletes_the_data_and_shows_where_it_was(project: Project, curator: User) -> None:
    prompt = hold(project, passages=[{"text": "by b@mail.org"}], **{"a/b~c": "c@mail.org"})
    digest = bytes(prompt.digest)
    decide_held(project=project, user=curator, decision=Decision.MASK, uids=[prompt.uid])
    prompt.refresh_from_db()
    assert prompt.status == PromptStatus.APPROVED
    assert prompt.last_message == "👍 Write to [e-mail masked] or call [phone masked], please"
    assert prompt.metadata == {"passages": [{"text": "by [e-mail masked]"}], "a/b~c": "[e-mail masked]"}
    assert bytes(prompt.digest) == digest  # importing the file again finds it
    for placed in map(read_placed, prompt.findings):
        if placed.turn is not None:
            mask = prompt.messages[placed.turn]["content"][placed.start : placed.end]
            assert mask == f"[{placed.kind} masked]"
    assert scan_text(prompt.last_message, Rules()) == []
    assert not any("mail.org" in str(event.data) for event in AuditEvent.objects.all())


def test_retiring_takes_it_out(project: Project, curator: User) -> None:
    prompt = hold(project)
    decide_held(project=project, user=curator, decision=Decision.RETIRE, uids=[prompt.uid])
    prompt.refresh_from_db()
    assert prompt.status == PromptStatus.RETIRED
    assert {finding["done"] for finding in prompt.findings} == {"retired"}


def test_what_says_masked_what_is_there_already_is_retired(project: Project, curator: User) -> None:
    first, second = hold(project, "Mail a@mail.org"), hold(project, "Mail b@mail.org")
    decide_held(project=project, user=curator, decision=Decision.MASK)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (PromptStatus.APPROVED, PromptStatus.RETIRED)
    assert second.last_message == "Mail [e-mail masked]"


def test_all_of_a_kind_at_once_leaves_the_others(project: Project, curator: User) -> None:
    mail, phone = hold(project, "Mail a@mail.org"), hold(project, "Call +46 70 123 45 67")
    other = hold(PromptFactory.create().project, "Mail a@mail.org")
    assert decide_held(project=project, user=curator, decision=Decision.APPROVE, kind="e-mail") == 1
    assert list(list_held(project=project)) == [phone]
    other.refresh_from_db()
    assert other.status == PromptStatus.HELD
    mail.refresh_from_db()
    assert mail.status == PromptStatus.APPROVED


def test_many_are_decided_in_parts(project: Project, curator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.prompts.personal_data.review.PART", 2)
    for number in range(5):
        hold(project, f"{number} a@mail.org")
    assert decide_held(project=project, user=curator, decision=Decision.APPROVE) == 5
    assert AuditEvent.objects.filter(action="prompts.held_approved").count() == 3


def test_what_is_not_held_is_not_touched(project: Project, curator: User) -> None:
    prompt = PromptFactory.create(project=project)
    with pytest.raises(ConflictError):
        decide_held(project=project, user=curator, decision=Decision.RETIRE, uids=[prompt.uid])
    prompt.refresh_from_db()
    assert prompt.status == PromptStatus.APPROVED
