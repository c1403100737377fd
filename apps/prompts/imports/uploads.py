"""A file comes in: it is looked at for what it is, and stored."""

from contextlib import closing

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.projects.models import Project
from apps.prompts.imports.options import ImportOptions
from apps.prompts.imports.sampling import LOOKED_THROUGH, take_sample
from apps.prompts.imports.sources import is_light, open_source
from apps.prompts.imports.states import nothing_came_in
from apps.prompts.imports.storage import Readable, store_stream
from apps.prompts.models import CurationSettings, PromptImport
from apps.prompts.parsing.excerpts import show_hidden
from apps.prompts.parsing.formats import PARQUET, detect_format
from apps.prompts.parsing.unpacking import MAGIC, unpack_gzip
from apps.prompts.personal_data import Policy

HEAD = 65_536


@nothing_came_in()
def store_upload(
    *,
    project: Project,
    file: Readable,
    file_name: str,
    user: User | None = None,
    options: ImportOptions | None = None,
) -> PromptImport:
    """Store a file for an import; nothing of it comes in yet.

    Raises:
        UnknownFormatError: it is of a kind that is not read; nothing is stored.
        TooLargeError: it is over the limit; nothing is stored.
    """
    head = _read_head(file)
    check_head(head, file_name)
    stored, size = store_stream(head=head, file=file, limit=settings.IMPORT_LIMIT)
    try:
        report = make_import(
            project=project, file_name=file_name, user=user, options=options, stored=stored, size=size
        )
        look_now(report)
    except BaseException:
        default_storage.delete(stored)
        PromptImport.objects.filter(project=project, stored=stored).delete()
        raise
    return report


def make_import(
    *,
    project: Project,
    file_name: str,
    user: User | None,
    options: ImportOptions | None,
    stored: str = "",
    size: int = 0,
) -> PromptImport:
    options = options or ImportOptions()
    if options.personal_data is None:
        settled = CurationSettings.objects.filter(project=project).first() or CurationSettings()
        options = options.model_copy(update={"personal_data": Policy(settled.policy)})
    with transaction.atomic():
        report = PromptImport.objects.create(
            project=project,
            file_name=clean_name(file_name),
            created_by=user,
            stored=stored,
            size=size,
            options=options.model_dump(mode="json"),
        )
        record_event(actor=user, action="prompts.uploaded", subject=f"project:{project.slug}", id=report.pk)
    return report


def _read_head(file: Readable) -> bytes:
    head = b""
    while len(head) < HEAD and (chunk := file.read(HEAD - len(head))):
        head += chunk
    return head


def check_head(head: bytes, file_name: str) -> None:
    """Refuse what cannot be read by its first bytes, packed or not.

    Raises:
        UnknownFormatError: says what it is and what to do.
    """
    if head.startswith(PARQUET):
        return
    if head.startswith(MAGIC):
        unpacked = unpack_gzip(iter([head]), limit=settings.IMPORT_UNPACKED_LIMIT)
        head = next(unpacked, b"")
    detect_format(head[:4096], file_name)


def look_now(report: PromptImport) -> None:
    """Read the first rows, where that takes nothing but a moment; a worker does it otherwise."""
    options = ImportOptions.model_validate(report.options)
    if is_light(report, options):
        keep_sample(report, options)


def keep_sample(report: PromptImport, options: ImportOptions) -> None:
    with closing(open_source(report, options, most=LOOKED_THROUGH)) as source:
        report.sample, report.total = take_sample(source, options), source.total
        report.in_rows, report.worked_at = source.in_rows, timezone.now()
    report.save(update_fields=["sample", "total", "in_rows", "worked_at"])


def clean_name(file_name: str) -> str:
    """A file's name as it may be kept and shown, whatever its bytes are."""
    return show_hidden(file_name.encode("utf-8", "backslashreplace").decode())[:255]
