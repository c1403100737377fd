"""From uploaded to running to an end: each change is guarded by what the import is now, and audited."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, TouchstoneError
from apps.prompts.imports.options import ImportOptions
from apps.prompts.imports.storage import drop_stored
from apps.prompts.imports.waking import wake_workers
from apps.prompts.models import ImportStatus, PromptImport
from apps.prompts.prompt_jobs import request_all_jobs

KEPT, NOTHING = "What came in before is kept.", "Nothing came in."
FREED = {"claim": None, "claimed_until": None}
FRESH = {"attempts": 0, "paced_at": None, "finished_at": None, "error": "", "error_code": ""}


def deny_kept(message: str) -> str:
    """The message of a reader, which takes it that something came in before, where nothing did."""
    return message.replace(KEPT, NOTHING)


@contextmanager
def nothing_came_in() -> Iterator[None]:
    """For what reads a file before anything of it can have come in."""
    try:
        yield
    except TouchstoneError as error:
        error.message = deny_kept(error.message)
        raise


@transaction.atomic
def start_import(*, report: PromptImport, options: ImportOptions, user: User | None) -> PromptImport:
    """Let the uploaded file come in as these options say.

    Raises:
        ConflictError: it has been started already.
    """
    values = {"options": options.model_dump(mode="json"), "sample": None, "worked_at": Now(), **FRESH}
    _move(report, {ImportStatus.UPLOADED}, ImportStatus.RUNNING, user, **values)
    wake_workers()
    return report


@transaction.atomic
def cancel_import(*, report: PromptImport, user: User | None) -> PromptImport:
    """Stop it behind the part that is going in now. What came in stays, and the file too: it can go on.

    Raises:
        ConflictError: it does not run.
    """
    _move(report, {ImportStatus.RUNNING}, ImportStatus.CANCELLED, user, finished_at=timezone.now(), **FREED)
    return report


@transaction.atomic
def resume_import(*, report: PromptImport, user: User | None) -> PromptImport:
    """Go on behind the last part that came in.

    Raises:
        ConflictError: it runs or is finished, or its file is not there any more.
    """
    if report.has_ended and not report.can_resume:
        raise ConflictError(
            "This import cannot go on: its file is not kept any more. Import the file again; what is here "
            "already is never added twice."
        )
    before = {ImportStatus.CANCELLED, ImportStatus.FAILED}
    _move(report, before, ImportStatus.RUNNING, user, worked_at=Now(), **FRESH)
    wake_workers()
    return report


@transaction.atomic
def discard_upload(*, report: PromptImport, user: User | None) -> None:
    """Take an uploaded file back before anything of it came in.

    Raises:
        ConflictError: it has been started.
    """
    found = PromptImport.objects.filter(pk=report.pk, status=ImportStatus.UPLOADED)
    if not found.select_for_update().exists():
        raise ConflictError("This import has been started already. Cancel it instead; what came in is kept.")
    drop_stored(report.stored)
    subject = f"project:{report.project.slug}"
    record_event(actor=user, action="prompts.upload_discarded", subject=subject, id=report.pk)
    found.delete()


def finish_import(*, report: PromptImport) -> bool:
    """Close an import that was read to its end by the claim that `report` carries."""
    return _end_own(report, status=ImportStatus.FINISHED, stored="", error="", error_code="")


def fail_import(*, report: PromptImport, error: TouchstoneError) -> bool:
    """Close an import that cannot go on. Its file stays for a while, so that it can be resumed."""
    return _end_own(report, status=ImportStatus.FAILED, **_tell(report, error))


def give_up(*, report: PromptImport, error: TouchstoneError) -> None:
    """Close an import that nobody has and no worker should take up again. Call it with its lock."""
    PromptImport.objects.running().filter(pk=report.pk).update(
        status=ImportStatus.FAILED,
        **_tell(report, error),
        finished_at=timezone.now(),
        **FREED,
    )
    record_end(report, "prompts.import_failed")


def _tell(report: PromptImport, error: TouchstoneError) -> dict[str, str]:
    """What went wrong and what was kept, which only the rows say: who reads a file does not know."""
    now = PromptImport.objects.only("added", "responses_added", "annotations_added").get(pk=report.pk)
    came_in = now.added or now.responses_added or now.annotations_added
    return {"error": error.message if came_in else deny_kept(error.message), "error_code": error.code}


@transaction.atomic
def _end_own(report: PromptImport, **values: Any) -> bool:
    held = PromptImport.objects.held(report.claim).filter(pk=report.pk)
    if not held.update(finished_at=timezone.now(), **values, **FREED):
        return False
    if values["status"] == ImportStatus.FINISHED:
        drop_stored(report.stored)
    record_end(report, "prompts.imported" if not values["error"] else "prompts.import_failed")
    return True


def record_end(report: PromptImport, action: str) -> None:
    now = PromptImport.objects.select_related("project", "created_by").get(pk=report.pk)
    counts = {name: getattr(now, name) for name in ("added", "known", "repeated", "rejected")}
    record_event(
        actor=now.created_by, action=action, subject=f"project:{now.project.slug}", id=now.pk, **counts
    )
    if now.added:
        request_all_jobs(project=now.project, user=now.created_by)


def fail_upload(*, report: PromptImport, error: TouchstoneError) -> None:
    """Close an upload whose first rows cannot be read."""
    PromptImport.objects.filter(pk=report.pk, status=ImportStatus.UPLOADED).update(
        status=ImportStatus.FAILED, **_tell(report, error), finished_at=timezone.now()
    )


def _move(
    report: PromptImport,
    before: set[ImportStatus],
    after: ImportStatus,
    user: User | None,
    **values: Any,
) -> None:
    if not PromptImport.objects.filter(pk=report.pk, status__in=before).update(status=after, **values):
        report.refresh_from_db(fields=["status"])
        raise ConflictError(f"This import is {report.get_status_display()} already; nothing was changed.")
    record_event(
        actor=user, action=f"prompts.import_{after}", subject=f"project:{report.project.slug}", id=report.pk
    )
    report.refresh_from_db()
