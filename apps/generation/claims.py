"""Whose a batch is: claimed by one worker at a time, for as long as that worker shows signs of life."""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from apps.core.renewing import keep_renewing
from apps.generation.models import MOST_ATTEMPTS, Batch, BatchStatus

HELD = timedelta(seconds=30)
BEAT = 8.0  # seconds; three beats may be lost before the claim is


# One statement, since a worker for a quick server claims dozens of batches a second. Runs and configurations
# are few and their batches many: the pairs of them are put in order by what is next in each, so that no queue
# is ever sorted, and none is read past what belongs to somebody else. Then one pair after the other is tried
# until one has a batch that nobody else is just taking.
FREE = "attempts < %(most)s AND (status = 'waiting' OR status = 'claimed' AND claimed_until < now())"
CLAIM = f"""
UPDATE generation_batch SET status = 'claimed', claim = %(claim)s, claimed_at = now(),
    claimed_until = now() + %(held)s, attempts = attempts + 1
WHERE id = (
    SELECT mine.id
    FROM (
        SELECT run.id AS run, config.id AS config
        FROM generation_run_configs pair
            JOIN generation_run run ON run.id = pair.run_id
            JOIN generation_modelconfig config ON config.id = pair.modelconfig_id
            CROSS JOIN LATERAL (
                SELECT position FROM generation_batch
                WHERE run_id = run.id AND config_id = config.id AND {FREE}
                ORDER BY position, id LIMIT 1
            ) next
        WHERE run.status = 'running' AND config.id <> ALL(%(busy)s) AND config.provider <> ALL(%(busy_kinds)s)
            AND (config.waits_until IS NULL OR config.waits_until <= now())
        ORDER BY run.priority DESC, next.position, run.id, config.id
    ) pair
    CROSS JOIN LATERAL (
        SELECT id FROM generation_batch
        WHERE run_id = pair.run AND config_id = pair.config AND {FREE}
        ORDER BY position, id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) mine
    LIMIT 1
) RETURNING id
"""  # noqa: S608 — constants


@transaction.atomic  # so that nobody takes it away before it is read
def claim_batch(*, busy: Collection[int] = (), busy_kinds: Collection[str] = ()) -> Batch | None:
    """The next batch, owned from now on by the claim that it carries; None where there is nothing to do.

    It is of the run with the highest priority; among such, of the run and configuration that got least far.

    Args:
        busy, busy_kinds: configurations and providers that the caller has its hands full with.
    """
    values: dict[str, Any] = {"claim": uuid.uuid4(), "held": HELD, "most": MOST_ATTEMPTS}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {**values, "busy": list(busy), "busy_kinds": list(busy_kinds)})
        row = cursor.fetchone()
    return Batch.objects.select_related("config", "run").get(pk=row[0]) if row else None


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

    If the body is interrupted, the batches of those in the set are given back.
    """
    claims: set[uuid.UUID] = set()
    # A copy, since the body goes on adding.
    with keep_renewing(lambda: renew_claims(claims.copy()), what="batches", beat=beat):
        try:
            yield claims
        except BaseException:
            release_claims(claims)
            raise
