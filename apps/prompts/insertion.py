"""Conversations into the database, a part at a time, each of them once."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.measures import count_words
from apps.prompts.models import Prompt, PromptImport, PromptStatus
from apps.prompts.parsing import Conversation


def key_by_digest(conversations: Iterable[Conversation]) -> dict[bytes, Conversation]:
    """The different ones among them; of the same conversation the first one is kept."""
    different: dict[bytes, Conversation] = {}
    for conversation in conversations:
        different.setdefault(digest_messages(conversation.messages), conversation)
    return different


# Model instances cost three times as much at 200,000 rows; a part goes over as one JSON text instead.
_INSERT = """
    INSERT INTO prompts_prompt (uid, project_id, source_id, status, created_at, digest, messages,
        metadata, words)
    SELECT gen_random_uuid(), %s, %s, %s, now(), decode(digest, 'hex'), messages, metadata, words
    FROM json_to_recordset(%s::json) AS part (digest text, messages jsonb, metadata jsonb, words int)
    ON CONFLICT (project_id, digest) DO NOTHING
"""


def insert_prompts(
    *, project: Project, conversations: Mapping[bytes, Conversation], source: PromptImport | None
) -> int:
    """Add those that are not there yet, by digest; the number that was added is exact.

    Call it in a transaction, which then holds the project against other imports: two that bring the same
    prompts in another order would wait for each other's rows.
    """
    _hold(project)
    part = [
        {
            "digest": digest.hex(),
            "messages": conversation.messages,
            "metadata": conversation.metadata,
            "words": count_words(conversation.messages),
        }
        for digest, conversation in conversations.items()
    ]
    source_id = source.pk if source else None
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [project.pk, source_id, PromptStatus.APPROVED, json.dumps(part)])
        return int(cursor.rowcount)


def _hold(project: Project) -> None:
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)


@dataclass(frozen=True)
class Inserted:
    """Of a part's lines: how many brought a prompt, found it there, or repeated one of their file."""

    added: int
    known: int
    repeated: int


def insert_part(*, report: PromptImport, conversations: Sequence[Conversation]) -> Inserted:
    """`insert_prompts` for the lines of an import, of which some may say the same."""
    different = key_by_digest(conversations)
    _hold(report.project)
    with_source = Prompt.objects.filter(project=report.project, digest__in=list(different))
    there = {bytes(digest): source for digest, source in with_source.values_list("digest", "source")}
    added = insert_prompts(project=report.project, conversations=different, source=report)
    lines = Counter(digest_messages(conversation.messages) for conversation in conversations)
    # Of a prompt that another import brought every line is known; of this one's, all but the first repeat it.
    known = sum(lines[digest] for digest, source in there.items() if source != report.pk)
    return Inserted(added, known, len(conversations) - added - known)


def find_prompts(*, project: Project, digests: Iterable[bytes]) -> dict[bytes, int]:
    """The ids of the project's prompts with these digests."""
    found = Prompt.objects.filter(project=project, digest__in=list(digests)).values_list("digest", "id")
    return {bytes(digest): prompt_id for digest, prompt_id in found}
