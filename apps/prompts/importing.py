"""Imports of files: streamed, stored part by part, with a report that is exact at every moment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeVar

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.projects.models import Project
from apps.prompts.insertion import insert_part
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Conversation, Rejection, Row, parse_prompts
from apps.prompts.parsing.excerpts import show_hidden
from apps.prompts.rejections import note_rejections
from apps.prompts.report import note_metadata

PART_ROWS = 1000
PART_BYTES = 4_000_000
READ_BYTES = 65_536
T = TypeVar("T")
Entry = Row[T] | Rejection


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def import_prompts(
    *, project: Project, file: Readable, file_name: str, user: User | None = None
) -> PromptImport:
    """Import a JSONL or CSV file of prompts. Importing it again adds nothing, and finishes what was cut off.

    Raises:
        UnknownFormatError: it is no text file; nothing was imported.
    """
    entries = parse_prompts(read_chunks(file), file_name)
    return run_import(project=project, file_name=file_name, user=user, entries=entries, store=_store_prompts)


def _store_prompts(report: PromptImport, conversations: Sequence[Conversation]) -> None:
    inserted = insert_part(report=report, conversations=conversations)
    report.added += inserted.added
    report.known += inserted.known
    report.repeated += inserted.repeated
    note_metadata(report, conversations)


def read_chunks(file: Readable) -> Iterator[bytes]:
    return iter(partial(file.read, READ_BYTES), b"")


def run_import(
    *,
    project: Project,
    file_name: str,
    user: User | None,
    entries: Iterable[Entry[T]],
    store: Callable[[PromptImport, Sequence[T]], None],
) -> PromptImport:
    """Store the rows among `entries` part by part, a transaction each, and count the others by reason."""
    report = PromptImport.objects.create(project=project, file_name=clean_name(file_name), created_by=user)
    for part in split_parts(entries):
        with transaction.atomic():
            note_rejections(report, [entry for entry in part if isinstance(entry, Rejection)])
            store(report, [entry.value for entry in part if isinstance(entry, Row)])
            report.save()
    with transaction.atomic():
        report.finished_at = timezone.now()
        report.save(update_fields=["finished_at"])
        counts = {name: getattr(report, name) for name in ("added", "known", "repeated", "rejected")}
        record_event(
            actor=user, action="prompts.imported", subject=f"project:{project.slug}", id=report.pk, **counts
        )
    return report


def clean_name(file_name: str) -> str:
    """A file's name as it may be kept and shown, whatever its bytes are."""
    return show_hidden(file_name.encode("utf-8", "backslashreplace").decode())[:255]


def split_parts(entries: Iterable[Entry[T]]) -> Iterator[list[Entry[T]]]:
    """Lists of at most 1,000 entries and some 4 MB, so that memory stays flat whatever the lines hold."""
    part: list[Entry[T]] = []
    size = 0
    for entry in entries:
        part.append(entry)
        size += entry.size if isinstance(entry, Row) else 0
        if len(part) == PART_ROWS or size > PART_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part
