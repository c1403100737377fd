"""Whose a snapshot is while it is made: claimed by one worker at a time, as long as that one shows life."""

import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now
from django.utils import timezone

from apps.core.renewing import keep_renewing
from apps.datasets.models import Snapshot

HELD = timedelta(seconds=30)
BEAT = 8.0  # seconds; three beats may be lost before the claim is
PACE = 0.5  # seconds between two words on how far it is


class SnapshotLostError(Exception):
    """It was cancelled, or another worker has it: whoever meets this stops and leaves nothing."""


class Claimed:
    """A snapshot in the hands of this worker, who says how far it is."""

    def __init__(self, snapshot: Snapshot, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.snapshot = snapshot
        self._clock = clock
        self._told = clock()

    def begin(self, step: str, total: int) -> None:
        self._write(step=step, done=0, total=total, step_began_at=timezone.now())

    def tell(self, done: int) -> None:
        """So much of this step is done. It is not written more often than somebody looks."""
        if self._clock() - self._told >= PACE:
            self._write(done=done)

    def _write(self, **fields: object) -> None:
        self._told = self._clock()
        held = Snapshot.objects.held(self.snapshot.claim).filter(pk=self.snapshot.pk)
        if not held.update(claimed_until=Now() + HELD, **fields):
            raise SnapshotLostError


def claim_snapshot(*, pk: int | None = None) -> Snapshot | None:
    """The next snapshot, or this one, owned from now on by the claim that it carries; None: nothing to do."""
    try:
        with transaction.atomic():
            return _claim(pk)
    except IntegrityError:  # somebody began another one of the project at the same moment
        return None


def _claim(pk: int | None) -> Snapshot | None:
    claimable = Snapshot.objects.claimable()
    wanted = claimable if pk is None else claimable.filter(pk=pk)
    related = wanted.select_related("project", "recipe", "version", "created_by")
    snapshot = related.select_for_update(skip_locked=True, of=("self",)).first()
    if snapshot is None:
        return None
    snapshot.claim = uuid.uuid4()
    snapshot.attempts += 1
    Snapshot.objects.filter(pk=snapshot.pk).update(
        claim=snapshot.claim, claimed_until=Now() + HELD, attempts=snapshot.attempts
    )
    return snapshot


def renew_claim(snapshot: Snapshot) -> bool:
    """Hold it for longer; False where it belongs to somebody else by now, or is not wanted."""
    held = Snapshot.objects.held(snapshot.claim).filter(pk=snapshot.pk)
    return bool(held.update(claimed_until=Now() + HELD))


def release_claim(snapshot: Snapshot, *, tried: bool = False) -> None:
    """Let another worker begin anew; `tried` says that this one failed at it."""
    attempts = F("attempts") if tried else Greatest(F("attempts") - 1, 0)
    held = Snapshot.objects.held(snapshot.claim).filter(pk=snapshot.pk)
    held.update(claim=None, claimed_until=None, attempts=attempts, step="", done=0, total=0)


def keep_claim(snapshot: Snapshot, *, beat: float = BEAT) -> AbstractContextManager[None]:
    """Renew the claim while the body works, which may say nothing for long."""
    return keep_renewing(lambda: renew_claim(snapshot), what=f"snapshot {snapshot.pk}", beat=beat)
