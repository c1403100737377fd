"""What nobody needs any more: uploads that were never started, files of imports that failed long ago."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.prompts.imports.storage import drop_orphans, drop_stored
from apps.prompts.models import ImportStatus, PromptImport

KEPT = timedelta(days=7)


def tidy_uploads(*, now: datetime | None = None) -> None:
    """Forget uploads that waited for a week, and the files of imports that could be resumed for so long."""
    old = (now or timezone.now()) - KEPT
    for report in PromptImport.objects.filter(status=ImportStatus.UPLOADED, created_at__lt=old):
        _forget(report)
    ended = PromptImport.objects.filter(finished_at__lt=old).exclude(stored="")
    for report in ended:
        _drop_file(report)
    drop_orphans(set(PromptImport.objects.exclude(stored="").values_list("stored", flat=True)))


@transaction.atomic
def _forget(report: PromptImport) -> None:
    drop_stored(report.stored)
    PromptImport.objects.filter(pk=report.pk, status=ImportStatus.UPLOADED).delete()


@transaction.atomic
def _drop_file(report: PromptImport) -> None:
    if PromptImport.objects.filter(pk=report.pk, finished_at__isnull=False).update(stored=""):
        drop_stored(report.stored)
