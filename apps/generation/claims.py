"""Whose a batch is: claimed by one worker at a time, for as long as that worker shows signs of life."""

import logging
import threading
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Now

from apps.generation.models import Batch, BatchStatus, ModelConfig, Run, RunStatus

HELD = timedelta(seconds=30)
BEAT = 8.0  # seconds; three beats may be lost before the claim is

logger = logging.getLogger(__name__)


@transaction.atomic
def claim_batch(*, busy: Collection[int] = (), busy_kinds: Collection[str] = ()) -> Batch | None:
    """The next batch, owned from now on by the claim that it carries; None where there is nothing to do.

    Args:
        busy, busy_kinds: configurations and providers that the caller has its hands full with.
    """
    batch = _lock_next(ModelConfig.objects.exclude(pk__in=busy).exclude(provider__in=busy_kinds))
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


def _lock_next(configs: QuerySet[ModelConfig]) -> Batch | None:
    """Of runs with the highest priority, the one that has got least far, and there the configuration.

    Runs and configurations are few and their batches many: the pair is chosen first, so that no queue is
    ever sorted, and none is read past what belongs to somebody else.
    """
    batches = Batch.objects.claimable()
    first = batches.filter(run=OuterRef("run"), config=OuterRef("modelconfig")).values("position")[:1]
    pairs = (
        Run.configs.through.objects.filter(run__status=RunStatus.RUNNING, modelconfig__in=configs)
        .annotate(next_position=Subquery(first))
        .exclude(next_position=None)  # type: ignore[misc]
        .order_by("-run__priority", "next_position", "run", "modelconfig")
    )
    for run, config in pairs.values_list("run", "modelconfig"):
        own = batches.filter(run=run, config=config).select_related("config", "run")
        if batch := own.select_for_update(skip_locked=True, of=("self",)).first():
            return batch
    return None


def claim_of(batch: Batch) -> uuid.UUID:
    assert batch.claim is not None  # noqa: S101 — it came from `claim_batch`
    return batch.claim


def renew_claims(claims: Collection[uuid.UUID]) -> int:
    """Hold their batches for longer; returns how many do not belong to somebody else by now."""
    return Batch.objects.held(*claims).update(claimed_until=Now() + HELD)


def release_claims(claims: Collection[uuid.UUID]) -> None:
    """Give their batches back undone, as if they had never been claimed."""
    Batch.objects.held(*claims).update(
        status=BatchStatus.WAITING, claim=None, claimed_until=None, attempts=F("attempts") - 1
    )


@contextmanager
def keep_claims(*, beat: float = BEAT) -> Iterator[set[uuid.UUID]]:
    """Renew the claims that the body puts into the set, until it takes them out.

    A thread renews, on its own connection: the body may sit in one call of a model for minutes. If the body
    is interrupted, the batches of those in the set are given back.
    """
    claims: set[uuid.UUID] = set()
    done = threading.Event()
    thread = threading.Thread(target=_renew_until, args=(done, claims, beat), name="claims", daemon=True)
    thread.start()
    try:
        yield claims
    except BaseException:
        release_claims(claims)
        raise
    finally:
        done.set()
        thread.join()


def _renew_until(done: threading.Event, claims: set[uuid.UUID], beat: float) -> None:
    try:
        while not done.wait(beat):
            try:
                renew_claims(claims.copy())  # the body goes on adding
            except DatabaseError:
                logger.warning("The claims on batches could not be renewed; trying again.")
                connection.close()
    finally:
        connection.close()
