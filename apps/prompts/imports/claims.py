"""Whose an import is: claimed by one worker at a time, for as long as that worker shows signs of life."""

import uuid
from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from apps.core.renewing import keep_renewing
from apps.prompts.models import PromptImport, PromptImportQuerySet

HELD = timedelta(seconds=30)
BEAT = 8.0  # seconds; three beats may be lost before the claim is


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


def keep_claim(report: PromptImport, *, beat: float = BEAT) -> AbstractContextManager[None]:
    """Renew the claim while the body works: it may wait for a slow server, or skip what is done already."""
    return keep_renewing(lambda: renew_claim(report), what=f"import {report.pk}", beat=beat)
