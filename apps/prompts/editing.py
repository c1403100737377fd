"""An edit makes a successor: the old prompt is retired, and what was done with it stays as it is."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError
from apps.prompts.digest import digest_messages
from apps.prompts.insertion import hold_project
from apps.prompts.languages import tell_language
from apps.prompts.measures import count_words
from apps.prompts.models import Prompt, PromptCluster, PromptStatus
from apps.prompts.parsing import Conversation, Unusable, read_conversation
from apps.prompts.parsing.values import check_value
from apps.prompts.personal_data import clean_conversation
from apps.prompts.personal_data.configuring import read_cleaning
from apps.prompts.remembering import note_change


class EditedMeanwhileError(ConflictError):
    """Somebody else made a successor first; `successor` is theirs."""

    code = "edited_meanwhile"

    def __init__(self, successor: UUID) -> None:
        super().__init__(
            "Somebody else edited this prompt after you opened it. Your text is kept below and nothing was "
            "stored. Open their version, and put in it what is still missing."
        )
        self.successor = successor


class SaidAlreadyError(ConflictError):
    """Another prompt of the project says this very thing."""

    code = "said_already"

    def __init__(self, other: UUID) -> None:
        super().__init__(
            "Another prompt of this project says exactly this. Your text is kept below; nothing was stored."
        )
        self.other = other


@transaction.atomic
def edit_prompt(*, prompt: Prompt, texts: Sequence[str], category: str, user: User) -> Prompt:
    """Store what a prompt says now as a new one, checked as an import checks it, and retire the old one.

    Args:
        texts: of the turns, in order; an empty first one takes a system turn away.

    Raises:
        EditedMeanwhileError: it has a successor already.
        InvalidInputError: this is no conversation, or nothing differs.
        SaidAlreadyError: the project has such a prompt.
    """
    hold_project(prompt.project)
    note_change(project_id=prompt.project_id)
    prompt = Prompt.objects.select_for_update(no_key=True, of=("self",)).get(pk=prompt.pk)
    newer = Prompt.objects.filter(replaces=prompt).only("uid").first()
    if newer is not None:
        raise EditedMeanwhileError(newer.uid)
    conversation = _clean(prompt, _read(prompt, texts, category))
    digest = digest_messages(conversation.messages)
    if digest == bytes(prompt.digest):
        return _recategorise(prompt, category, user)
    other = Prompt.objects.filter(project=prompt.project_id, digest=digest).only("uid").first()
    if other is not None:
        raise SaidAlreadyError(other.uid)
    successor = _create(prompt, conversation, digest, user)
    Prompt.objects.filter(pk=prompt.pk).update(status=PromptStatus.RETIRED, came_retired=False)
    record_event(
        actor=user, action="prompt.edited", subject=f"prompt:{prompt.uid}", successor=str(successor.uid)
    )
    return successor


def _read(prompt: Prompt, texts: Sequence[str], category: str) -> Conversation:
    if len(texts) != len(prompt.messages):
        raise InvalidInputError("Each turn of the prompt has a text of its own. Nothing was stored.")
    messages = [
        {**message, "content": text.replace("\r\n", "\n")}
        for message, text in zip(prompt.messages, texts, strict=True)
        if text.strip() or message["role"] != "system"
    ]
    metadata = {key: value for key, value in prompt.metadata.items() if key != "category"}
    try:
        check_value([message["content"] for message in messages])
        read = read_conversation({"messages": messages})
    except Unusable as unusable:
        raise InvalidInputError(f"{unusable.reason.why}. {unusable.reason.advice}") from None
    return replace(read, metadata=metadata | ({"category": category} if category else {}))


def _clean(prompt: Prompt, conversation: Conversation) -> Conversation:
    rules, policy = read_cleaning(project=prompt.project)
    cleaned = clean_conversation(conversation.messages, rules, policy, conversation.metadata)
    return replace(
        conversation,
        messages=cleaned.messages,
        metadata=cleaned.metadata,
        findings=tuple(cleaned.as_json()),
        is_held=cleaned.is_held,
    )


def _recategorise(prompt: Prompt, category: str, user: User) -> Prompt:
    """The conversation is what it was: only where it belongs may change, and that makes no new version."""
    if category == (prompt.category or ""):
        raise InvalidInputError("Nothing differs from what is stored, so nothing was changed.")
    former = prompt.category or ""
    rest = {key: value for key, value in prompt.metadata.items() if key != "category"}
    prompt.metadata = rest | ({"category": category} if category else {})
    prompt.save(update_fields=["metadata"])
    record_event(
        actor=user, action="prompt.categorised", subject=f"prompt:{prompt.uid}", before=former, after=category
    )
    return prompt


def _create(prompt: Prompt, conversation: Conversation, digest: bytes, user: User) -> Prompt:
    """In its predecessor's cluster: two versions of a prompt belong in the same split."""
    cluster = prompt.cluster
    if cluster is None:
        cluster = PromptCluster.objects.create(project=prompt.project)
        Prompt.objects.filter(pk=prompt.pk).update(cluster=cluster)
    after = PromptStatus.DRAFT if prompt.status == PromptStatus.RETIRED else PromptStatus.APPROVED
    if prompt.status == PromptStatus.DRAFT:
        after = PromptStatus.DRAFT
    return Prompt.objects.create(
        project=prompt.project,
        messages=conversation.messages,
        metadata=conversation.metadata,
        digest=digest,
        status=PromptStatus.HELD if conversation.is_held else after,
        created_by=user,
        replaces=prompt,
        words=count_words(conversation.messages),
        language=prompt.language or tell_language(conversation.messages, conversation.metadata),
        tags=prompt.tags,
        cluster=cluster,
        findings=list(conversation.findings),
    )
