"""What takes long to count or to list among very many prompts, kept for a while."""

from collections.abc import Callable
from hashlib import sha256
from time import monotonic
from typing import TypeVar

from django.core.cache import cache
from django.db import connection, transaction

from apps.projects.models import Project
from apps.prompts.models import PromptsVersion

LONG = 0.3  # seconds
KEPT = 60  # times as long as reading took
Read = TypeVar("Read")


def recall(*, project: Project, about: str, read: Callable[[], Read]) -> Read:
    """What `read` gives, or gave a moment ago, before which nobody changed prompts of the project."""
    version = PromptsVersion.objects.filter(pk=project.pk).values_list("number", flat=True).first() or 0
    key = f"prompts-{project.pk}-{version}-{sha256(about.encode()).hexdigest()}"
    kept: Read | None = cache.get(key)
    if kept is None:
        began = monotonic()
        kept = read()
        if (took := monotonic() - began) > LONG:
            cache.set(key, kept, timeout=KEPT * took)
    return kept


def note_change(*, project_id: int) -> None:
    """Prompts came in or changed: what is remembered of them holds no more, once that is committed.

    The version is in the database, since each process of the web server remembers for itself. It is written
    after the commit: nobody else's change has to wait for this one.
    """

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO prompts_promptsversion AS old (project_id, number) VALUES (%s, 1)"
                " ON CONFLICT (project_id) DO UPDATE SET number = old.number + 1",
                [project_id],
            )

    transaction.on_commit(write, robust=True)
