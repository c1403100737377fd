"""Whose an import is: claimed by one worker at a time, for as long as that worker shows signs of life."""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from apps.prompts.models import PromptImport, PromptImportQuerySet

HELD = timedelta(seconds=30)
BEAT = 8.0  # seconds; three beats may be lost before the claim is

logger = logging.getLogger(__name__)


@transaction.atomic
def claim_import(*, pk: int | None = None) -> PromptImport | None:
    """The next import, or this one, owned from now on by the claim that it carries; None: nothing to do."""
    claimable = PromptImport.objects.claimable()
    wanted = claimable if pk is None else claimable.filter(pk=pk)
    report = wanted.select_related("project").select_for_update(skip_locked=True, of=("self",)).first()
    if report is None:
        return None
    if report.paced_at is None or report.claim is not None:  # the time of a worker that died tells no rate
        report.paced_at = timezone.now()
        report.paced_records, report.paced_consumed = report.records, report.consumed
    report.claim = uuid.uuid4()
    report.attempts += 1
    PromptImport.objects.filter(pk=report.pk).update(
        claim=report.claim,
        claimed_until=Now() + HELD,
        worked_at=Now(),
        attempts=report.attempts,
        paced_at=report.paced_at,
        paced_records=report.paced_records,
        paced_consumed=report.paced_consumed,
    )
    return report


def renew_claim(report: PromptImport) -> bool:
    """Hold the import for longer; False where it belongs to somebody else by now, or is not wanted."""
    return bool(_own(report).update(claimed_until=Now() + HELD))


def release_claim(report: PromptImport, *, tried: bool = False) -> None:
    """Let another worker go on; `tried` says that this one failed at the next part."""
    attempts = F("attempts") if tried else Greatest(F("attempts") - 1, 0)  # a part that went in began anew
    _own(report).update(claim=None, claimed_until=None, worked_at=Now(), attempts=attempts)


def _own(report: PromptImport) -> PromptImportQuerySet:
    return PromptImport.objects.held(report.claim).filter(pk=report.pk)


@contextmanager
def keep_claim(report: PromptImport, *, beat: float = BEAT) -> Iterator[None]:
    """Renew the claim while the body works.

    A thread renews, on its own connection: the body may wait for a slow server, or skip what is done already.
    """
    done = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(done, report, beat), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew_until(done: threading.Event, report: PromptImport, beat: float) -> None:
    try:
        while not done.wait(beat):
            try:
                if not renew_claim(report):
                    return
            except DatabaseError:
                logger.warning("The claim on import %s could not be renewed; trying again.", report.pk)
                connection.close()
    finally:
        connection.close()
