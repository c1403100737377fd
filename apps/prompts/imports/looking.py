"""Reading the first rows of what a web process does not read: Parquet files, folders and hub ids."""

import logging
from datetime import timedelta

from django.db.models import F, Q
from django.db.models.functions import Now

from apps.core.errors import TouchstoneError
from apps.prompts.imports.options import read_options
from apps.prompts.imports.sampling import complete, is_understood
from apps.prompts.imports.states import fail_upload, start_import
from apps.prompts.imports.uploads import keep_sample
from apps.prompts.imports.work import LostWorkersError
from apps.prompts.models import MOST_ATTEMPTS, PromptImport

PATIENCE = timedelta(minutes=2)  # a hub may take that long to answer

logger = logging.getLogger(__name__)


def look_at_uploads() -> None:
    """Take the samples that are missing, and start what is understood and was sent in with one click."""
    while (report := _take_next()) is not None:
        try:
            look(report)
        except TouchstoneError as error:
            fail_upload(report=report, error=error)
        except Exception:
            logger.exception("The first rows of import %s could not be read; it is tried again.", report.pk)


def _take_next() -> PromptImport | None:
    unread = PromptImport.objects.unread().filter(looks__lt=MOST_ATTEMPTS)
    free = unread.filter(Q(looks=0) | Q(worked_at__lt=Now() - PATIENCE))
    for report in free.select_related("project", "created_by").order_by("worked_at"):
        mine = free.filter(pk=report.pk, looks=report.looks)
        if mine.update(looks=F("looks") + 1, worked_at=Now()):
            return report
    return None


def look(report: PromptImport) -> None:
    """Read the first rows; start the import if nothing has to be asked."""
    options = read_options(report)
    keep_sample(report, options)
    if options.starts_by_itself and is_understood(report, options):
        start_import(report=report, options=complete(options, report.sample or {}), user=report.created_by)


def give_up_looking() -> None:
    """Close uploads whose first rows took the worker down again and again."""
    silent = PromptImport.objects.unread().filter(looks__gte=MOST_ATTEMPTS)
    for report in silent.filter(worked_at__lt=Now() - PATIENCE):
        lost = LostWorkersError(
            f"Its first rows could not be read in {MOST_ATTEMPTS} tries; nothing was imported. The worker's "
            "log tells why. Save the file in another way, such as JSONL, and import that."
        )
        fail_upload(report=report, error=lost)
