"""Conversations into the database, a part at a time, each of them once."""

from collections.abc import Iterable, Mapping

from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.models import Prompt, PromptImport
from apps.prompts.parsing import Conversation


def key_by_digest(conversations: Iterable[Conversation]) -> dict[bytes, Conversation]:
    """The different ones among them; of the same conversation the first one is kept."""
    different: dict[bytes, Conversation] = {}
    for conversation in conversations:
        different.setdefault(digest_messages(conversation.messages), conversation)
    return different


def insert_prompts(
    *, project: Project, conversations: Mapping[bytes, Conversation], source: PromptImport | None
) -> int:
    """Add those that are not there yet, by digest. How many were added is exact under concurrency too."""
    there = find_prompts(project=project, digests=conversations)
    prompts = [
        Prompt(
            project=project,
            messages=conversation.messages,
            metadata=conversation.metadata,
            digest=digest,
            source=source,
        )
        for digest, conversation in conversations.items()
        if digest not in there
    ]
    Prompt.objects.bulk_create(prompts, ignore_conflicts=True)
    # Another import may have been faster with some of them; a uid is there only if its row is ours.
    return Prompt.objects.filter(uid__in=[prompt.uid for prompt in prompts]).count()


def find_prompts(*, project: Project, digests: Iterable[bytes]) -> dict[bytes, int]:
    """The ids of the project's prompts with these digests."""
    found = Prompt.objects.filter(project=project, digest__in=list(digests)).values_list("digest", "id")
    return {bytes(digest): prompt_id for digest, prompt_id in found}
