"""Whose a batch is: claimed by one worker at a time, for as long as that worker shows signs of life."""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from apps.generation.models import Batch, BatchStatus, Run

HELD = timedelta(seconds=30)
BEAT = 8.0  # seconds; three beats may be lost before the claim is

logger = logging.getLogger(__name__)


@transaction.atomic
def claim_batch() -> Batch | None:
    """The next batch, owned from now on by the claim that it carries; None where there is nothing to do."""
    batch = _lock_next()
    if batch is None:
        return None
    batch.status, batch.claim = BatchStatus.CLAIMED, uuid.uuid4()
    Batch.objects.filter(pk=batch.pk).update(
        status=batch.status,
        claim=batch.claim,
        claimed_at=Now(),
        claimed_until=Now() + HELD,
        attempts=F("attempts") + 1,
    )
    return batch


def _lock_next() -> Batch | None:
    """Runs are few and their batches many: a run is chosen first, so that no queue is ever sorted."""
    for run in Run.objects.in_turn().values_list("pk", flat=True):
        batch = (
            Batch.objects.claimable()
            .filter(run=run)
            .select_related("config", "run")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if batch is not None:
            return batch
    return None


def renew_claim(batch: Batch) -> bool:
    """Hold the batch for longer; False where it belongs to somebody else by now."""
    assert batch.claim is not None  # noqa: S101 — it came from `claim_batch`
    return bool(Batch.objects.held(batch.claim).filter(pk=batch.pk).update(claimed_until=Now() + HELD))


def release_claim(batch: Batch) -> None:
    """Give a batch back undone, as if it had never been claimed."""
    assert batch.claim is not None  # noqa: S101
    Batch.objects.held(batch.claim).filter(pk=batch.pk).update(
        status=BatchStatus.WAITING, claim=None, claimed_until=None, attempts=F("attempts") - 1
    )


@contextmanager
def keep_claim(batch: Batch, *, beat: float = BEAT) -> Iterator[None]:
    """Renew the claim while the body works; give the batch back if the body is interrupted.

    A thread renews, on its own connection: the body may sit in one call of a model for minutes.
    """
    done = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(done, batch, beat), daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        release_claim(batch)
        raise
    finally:
        done.set()
        thread.join()


def _renew_until(done: threading.Event, batch: Batch, beat: float) -> None:
    try:
        while not done.wait(beat):
            try:
                if not renew_claim(batch):
                    return
            except DatabaseError:
                logger.warning("The claim on batch %s could not be renewed; trying again.", batch.pk)
                connection.close()
    finally:
        connection.close()
