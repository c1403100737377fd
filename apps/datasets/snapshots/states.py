"""From running to an end: each change is guarded by what the snapshot is now, and audited."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, TouchstoneError
from apps.datasets.errors import SnapshotRunningError
from apps.datasets.models import Recipe, RecipeVersion, Snapshot, SnapshotStatus
from apps.datasets.snapshots.waking import wake_workers

FREED = {"claim": None, "claimed_until": None}


@transaction.atomic
def start_snapshot(*, version: RecipeVersion, user: User | None, wake: bool = True) -> Snapshot:
    """Have a snapshot made by this version; a worker is called once the transaction is committed.

    Raises:
        SnapshotRunningError: one of the recipe is being made.
    """
    recipe = Recipe.objects.select_for_update(no_key=True).select_related("project").get(pk=version.recipe_id)
    if Snapshot.objects.running().filter(recipe=recipe).exists():
        raise SnapshotRunningError(
            "A snapshot of this recipe is being made; no other was started. Wait for its end, or cancel it."
        )
    newest = recipe.snapshots.aggregate(newest=Max("number"))["newest"] or 0
    snapshot = Snapshot.objects.create(
        project=recipe.project, recipe=recipe, version=version, number=newest + 1, created_by=user
    )
    record_change(snapshot, "started", user, version=version.number)
    if wake:
        wake_workers()
    return snapshot


@transaction.atomic
def cancel_snapshot(*, snapshot: Snapshot, user: User | None) -> Snapshot:
    """Stop it. Nothing of it is kept: the splits of prompts are what they were.

    Raises:
        ConflictError: it has ended.
    """
    stopped = Snapshot.objects.running().filter(pk=snapshot.pk)
    if not stopped.update(status=SnapshotStatus.CANCELLED, finished_at=timezone.now(), **FREED):
        snapshot.refresh_from_db(fields=["status"])
        raise ConflictError(f"This snapshot is {snapshot.get_status_display()} already; nothing was changed.")
    record_change(snapshot, "cancelled", user)
    snapshot.refresh_from_db()
    return snapshot


@transaction.atomic
def fail_snapshot(*, snapshot: Snapshot, error: TouchstoneError) -> bool:
    """Close one that cannot be made; False where it is not in the hands of this claim any more."""
    return _fail(Snapshot.objects.held(snapshot.claim).filter(pk=snapshot.pk), snapshot, error)


@transaction.atomic
def give_up(*, snapshot: Snapshot, error: TouchstoneError) -> bool:
    """Close one that nobody has and no worker should take up again. Call it with its lock."""
    return _fail(Snapshot.objects.hopeless().filter(pk=snapshot.pk), snapshot, error)


def _fail(found: Any, snapshot: Snapshot, error: TouchstoneError) -> bool:
    if not found.update(
        status=SnapshotStatus.FAILED,
        error=error.message,
        error_code=error.code,
        finished_at=timezone.now(),
        **FREED,
    ):
        return False
    record_change(snapshot, "failed", snapshot.created_by, code=error.code)
    return True


def record_change(snapshot: Snapshot, what: str, user: User | None, **data: Any) -> None:
    record_event(
        actor=user,
        action=f"dataset.snapshot_{what}",
        subject=f"project:{snapshot.project.slug}",
        snapshot=str(snapshot.uid),
        recipe=snapshot.recipe.name,
        number=snapshot.number,
        **data,
    )
