"""Conversations into the database, a part at a time, each of them once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import connection

from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.measures import count_words
from apps.prompts.models import Prompt, PromptImport, PromptStatus
from apps.prompts.parsing import Conversation
from apps.prompts.remembering import note_change


def key_by_digest(conversations: Iterable[Conversation]) -> dict[bytes, Conversation]:
    """The different ones among them; of the same conversation the first one is kept."""
    different: dict[bytes, Conversation] = {}
    for conversation in conversations:
        different.setdefault(digest_messages(conversation.messages), conversation)
    return different


# COPY takes rows in faster than any statement does, but knows no ON CONFLICT: so they come through a table
# that belongs to the connection alone. It stays, since making one for each part would bloat the catalogue.
_TABLE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS prompts_part (digest bytea, messages jsonb, metadata jsonb,
        words int, language text, tags text[], status text, findings jsonb) ON COMMIT DELETE ROWS
"""
_COPY = "COPY prompts_part FROM STDIN"
_INSERT = """
    INSERT INTO prompts_prompt (uid, project_id, source_id, created_at, digest, messages, metadata, words,
        language, tags, status, came_retired, findings)
    SELECT gen_random_uuid(), %s, %s, now(), digest, messages, metadata, words,
        language, tags, status, status = 'retired', findings FROM prompts_part
    ON CONFLICT (project_id, digest) DO NOTHING RETURNING digest
"""


def insert_prompts(
    *,
    project: Project,
    conversations: Mapping[bytes, Conversation],
    source: PromptImport | None,
    status: PromptStatus = PromptStatus.APPROVED,
) -> int:
    """Add those that are not there yet, by digest; the number that was added is exact.

    Call it in a transaction, which then holds the project against other imports: two that bring the same
    prompts in another order would wait for each other's rows.
    """
    return len(add_prompts(project=project, conversations=conversations, source=source, status=status))


def add_prompts(
    *,
    project: Project,
    conversations: Mapping[bytes, Conversation],
    source: PromptImport | None,
    status: PromptStatus = PromptStatus.APPROVED,
) -> set[bytes]:
    """As `insert_prompts`; returns the digests of those that were added."""
    hold_project(project)
    note_change(project_id=project.pk)
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("DELETE FROM prompts_part")
        with cursor.copy(_COPY) as copy:
            for digest, conversation in conversations.items():
                copy.write_row(_make_row(digest, conversation, status))
        cursor.execute(_INSERT, [project.pk, source.pk if source else None])
        return {bytes(digest) for (digest,) in cursor.fetchall()}


def _make_row(digest: bytes, conversation: Conversation, status: PromptStatus) -> tuple[Any, ...]:
    return (
        digest,
        orjson.dumps(conversation.messages).decode(),
        orjson.dumps(conversation.metadata).decode(),
        count_words(conversation.messages),
        conversation.language,
        list(conversation.tags) or "{}",
        (PromptStatus.HELD if conversation.is_held else status).value,
        orjson.dumps(conversation.findings).decode() if conversation.findings else "[]",
    )


def hold_project(project: Project) -> None:
    Project.objects.select_for_update(no_key=True).only("pk").get(pk=project.pk)


@dataclass(frozen=True)
class Inserted:
    """Of a part's lines: how many brought a prompt, found it there, or repeated one of their file."""

    added: list[Conversation]
    known: int
    repeated: int


def insert_part(
    *,
    report: PromptImport,
    conversations: Sequence[Conversation],
    status: PromptStatus = PromptStatus.APPROVED,
) -> Inserted:
    """`insert_prompts` for the lines of an import, of which some may say the same."""
    digests = [digest_messages(conversation.messages) for conversation in conversations]
    # From the last to the first, so that of the same conversation the first one is kept.
    different = dict(zip(reversed(digests), reversed(conversations), strict=True))
    in_order = {digest: different[digest] for digest in digests}
    added = add_prompts(project=report.project, conversations=in_order, source=report, status=status)
    known = _count_known(report, Counter(digests), different.keys() - added)
    fresh = [conversation for digest, conversation in in_order.items() if digest in added]
    return Inserted(fresh, known, len(conversations) - len(added) - known)


def _count_known(report: PromptImport, lines: Mapping[bytes, int], there: set[bytes]) -> int:
    """Of a prompt that another import brought every line is known; of this one's all but the first repeat."""
    if not there:
        return 0
    found = Prompt.objects.filter(project=report.project_id, digest__in=list(there))
    sources = found.values_list("digest", "source")
    return sum(lines[bytes(digest)] for digest, source in sources if source != report.pk)


def find_prompts(*, project: Project, digests: Iterable[bytes]) -> dict[bytes, int]:
    """The ids of the project's prompts with these digests."""
    found = Prompt.objects.filter(project=project, digest__in=list(digests)).values_list("digest", "id")
    return {bytes(digest): prompt_id for digest, prompt_id in found}
