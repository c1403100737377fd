"""A prompt that a curator writes. What is done to those that are there: changing.py, editing.py."""

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError
from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.insertion import insert_prompts
from apps.prompts.models import Prompt
from apps.prompts.parsing import Unusable, read_conversation


def add_prompt(*, project: Project, text: str, system: str = "", category: str = "", user: User) -> Prompt:
    """Add a prompt that somebody typed.

    Raises:
        InvalidInputError: there is no text in it.
        ConflictError: the project has this very conversation already.
    """
    metadata = {"category": category} if category else {}
    try:
        conversation = read_conversation({"prompt": text, "system": system, **metadata})
    except Unusable as unusable:
        raise InvalidInputError(f"{unusable.reason.why}. {unusable.reason.advice}") from None
    digest = digest_messages(conversation.messages)
    with transaction.atomic():
        if not insert_prompts(project=project, conversations={digest: conversation}, source=None):
            raise ConflictError("This prompt is in the project already; nothing was added.")
        prompt = Prompt.objects.get(project=project, digest=digest)
        record_event(actor=user, action="prompt.added", subject=f"prompt:{prompt.uid}")
    return prompt
