"""A worker's work: take a snapshot, make it, put it away, and settle what is in it."""

import errno
import logging

from django.db import transaction

from apps.core.errors import TouchstoneError
from apps.datasets.errors import LostWorkersError, SplitsMovedError, StorageFullError
from apps.datasets.models import MOST_ATTEMPTS, Snapshot
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.snapshots.claims import (
    Claimed,
    SnapshotLostError,
    claim_snapshot,
    keep_claim,
    release_claim,
)
from apps.datasets.snapshots.erasure import count_erased_in
from apps.datasets.snapshots.finishing import finish_snapshot, settle_items
from apps.datasets.snapshots.making import make_dataset
from apps.datasets.snapshots.states import fail_snapshot, give_up
from apps.datasets.snapshots.storing import drop_stored, open_draft, store_draft

FULL = (errno.ENOSPC, errno.EDQUOT)

logger = logging.getLogger(__name__)


def work_snapshot(pk: int) -> bool:
    """Make this one, if nobody does; whether it was taken up. It may run twice, at once or late."""
    snapshot = claim_snapshot(pk=pk)
    if snapshot is not None:
        work_on(snapshot)
    return snapshot is not None


def work_off_snapshots() -> None:
    """Make all that nobody makes, and settle what was made."""
    settle_all()
    while (snapshot := claim_snapshot()) is not None:
        work_on(snapshot)
        settle_all()


def work_on(snapshot: Snapshot) -> None:
    """From a claim to an end, or back to whoever takes it up."""
    with keep_claim(snapshot):
        try:
            _make(snapshot)
        except SnapshotLostError:
            logger.info("Snapshot %s was cancelled, or another worker has it.", snapshot.pk)
        except SplitsMovedError:
            release_claim(snapshot, tried=True)
        except TouchstoneError as error:
            fail_snapshot(snapshot=snapshot, error=error)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                fail_snapshot(snapshot=snapshot, error=_say_full())
                return
            # It may be the database that is away: others try again, and after five times it has failed.
            logger.exception("Snapshot %s broke off; another worker begins anew.", snapshot.pk)
            release_claim(snapshot, tried=True)
        except BaseException:
            release_claim(snapshot)
            raise


def _make(snapshot: Snapshot) -> None:
    claimed = Claimed(snapshot)
    document = RecipeDocument.model_validate(snapshot.version.document)
    with open_draft(snapshot) as draft:
        made = make_dataset(
            project=snapshot.project,
            document=document,
            draft=draft,
            recipe=snapshot.recipe,
            progress=claimed,
        )
        claimed.begin("Putting it away", 0)
        stored = store_draft(snapshot, draft)
    try:
        finish_snapshot(snapshot=snapshot, made=made, stored=stored)
    finally:
        # The answer to a commit may be lost: only the row says whether it went in. Without a database to
        # ask, the folder stays for the sweep.
        if not Snapshot.objects.finished().filter(stored=stored).exists():
            drop_stored(stored)


def _say_full() -> StorageFullError:
    return StorageFullError(
        "The disk that datasets are written to is full, so this snapshot was not made and nothing of it is "
        "left. Every answer is kept. Make room, then start it again."
    )


def settle_all() -> None:
    """What was erased while a snapshot was made is counted here, too."""
    for snapshot in Snapshot.objects.unsettled().select_related("project", "recipe"):
        count_erased_in(snapshot=snapshot)
        settle_items(snapshot=snapshot)


@transaction.atomic
def fail_hopeless_snapshots() -> int:
    """Give up on those that took their worker down again and again; returns how many."""
    related = Snapshot.objects.hopeless().select_related("project", "recipe", "created_by")
    hopeless = list(related.select_for_update(skip_locked=True, of=("self",)))
    for snapshot in hopeless:
        lost = LostWorkersError(
            f"Making this snapshot failed {MOST_ATTEMPTS} times: each time its worker was lost, or met an "
            "error that its log tells. Nothing of it is left and every answer is kept. Start it again once "
            "the cause is gone."
        )
        give_up(snapshot=snapshot, error=lost)
    return len(hopeless)
