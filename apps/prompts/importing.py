"""Imports of files from beginning to end, for programs that wait for them: commands, the demo, tests."""

import time

from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.projects.models import Project
from apps.prompts.imports.claims import claim_import
from apps.prompts.imports.options import ImportOptions, read_options
from apps.prompts.imports.sampling import complete, is_understood
from apps.prompts.imports.states import discard_upload, start_import
from apps.prompts.imports.storage import Readable
from apps.prompts.imports.uploads import keep_sample, store_upload
from apps.prompts.imports.waking import wake_workers
from apps.prompts.imports.work import work_on
from apps.prompts.models import ImportStatus, PromptImport


def import_prompts(
    *,
    project: Project,
    file: Readable,
    file_name: str,
    user: User | None = None,
    options: ImportOptions | None = None,
) -> PromptImport:
    """Import a file here and now. Importing it again adds nothing, and finishes what was cut off.

    It is stored first, so that a worker goes on with it should this process die.

    Raises:
        UnknownFormatError: it is of a kind that is not read; nothing was imported.
        InvalidInputError: it could not be read to its end; what came in before is kept.
    """
    report = store_upload(project=project, file=file, file_name=file_name, user=user, options=options)
    return finish_here(report=report, user=user)


def finish_here(*, report: PromptImport, user: User | None) -> PromptImport:
    """Start an upload as it is understood, and work it off in this process.

    Raises:
        InvalidInputError: it failed; the message says what was kept.
    """
    if report.sample is None:
        try:
            keep_sample(report, read_options(report))
        except InvalidInputError:
            discard_upload(report=report, user=user)
            raise
    with transaction.atomic():  # so that no worker takes it in between
        begin(report=report, user=user)
        claimed = claim_import(pk=report.pk)
    if claimed is not None:
        work_on(claimed)
    report.refresh_from_db()
    if report.status == ImportStatus.FAILED:
        raise InvalidInputError(report.error)
    return report


def begin(*, report: PromptImport, user: User | None) -> PromptImport:
    """Start an upload with what its first rows say where nobody said anything."""
    options = complete(read_options(report), report.sample or {"shape": "", "guess": {}})
    return start_import(report=report, options=options, user=user)


HURRY_BYTES = 1_000_000


def take_in(*, report: PromptImport, user: User | None) -> None:
    """Start what is understood; have a worker look at what is heavy; wait for a person over anything else."""
    options = read_options(report)
    if report.sample is None:
        wake_workers()
    elif options.starts_by_itself and is_understood(report, options):
        hurry(report=report, user=user, options=complete(options, report.sample))


def hurry(*, report: PromptImport, user: User | None, options: ImportOptions, seconds: float = 1.5) -> None:
    """Start an upload; work a small one off while its page is being asked for, so that it feels immediate.

    Whatever is left when the time is up goes to a worker, as every bigger file does at once.
    """
    deadline = time.monotonic() + seconds
    with transaction.atomic():
        start_import(report=report, options=options, user=user)
        small = report.size <= HURRY_BYTES and not report.in_rows and options.dataset is None
        claimed = claim_import(pk=report.pk) if small else None
    if claimed is not None:
        work_on(claimed, until=lambda: time.monotonic() >= deadline)
        if PromptImport.objects.running().filter(pk=report.pk).exists():
            wake_workers()
