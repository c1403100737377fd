"""A worker's part in what large runs do in the background: being prepared, and being taken back.

It claims the run for one part. Where a part kills its worker each time, the claim runs out with nothing done;
that is counted, and has an end.
"""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now

from apps.generation.models import MOST_ATTEMPTS, UNCLAIMED, Run
from apps.generation.pausing import KILLED, UNPREPARED, pause_unprepared
from apps.generation.preparing import prepare_part
from apps.generation.waking import wake_workers
from apps.generation.withdrawing import withdraw_part

HELD = timedelta(seconds=30)  # a part that takes longer holds the run's row, which nobody else then claims


def work_off_steps(*, seconds: float = 300, clock: Callable[[], float] = time.monotonic) -> None:
    """Do what there is, for about that long; the sweep sees to the rest."""
    deadline = clock() + seconds
    while clock() < deadline and (run := claim_run()):
        _do_part(run)


@transaction.atomic
def claim_run() -> Run | None:
    """The run whose next part is the caller's now; None where there is nothing to do."""
    free = Run.objects.stepping().unclaimed().order_by("-priority", "pk")
    while run := free.select_for_update(no_key=True, skip_locked=True, of=("self",)).first():
        if run.attempts < MOST_ATTEMPTS:
            claim = {"claim": uuid.uuid4(), "claimed_until": Now() + HELD, "attempts": run.attempts + 1}
            Run.objects.filter(pk=run.pk).update(**claim)
            run.refresh_from_db(fields=claim)
            return run
        _give_up(run, KILLED)
    return None


def _do_part(run: Run) -> None:
    """A run that cannot go on rests, and says so."""
    try:
        with transaction.atomic():
            if held := _lock(run):
                _go_on(held)
    except OperationalError:
        raise  # the database is away, or has no room: it is tried again when the claim has run out
    except Exception:
        _give_up(run, UNPREPARED)
        raise


def _lock(run: Run) -> Run | None:
    """The run as it is now; None where somebody steered it, or took it over, since it was claimed."""
    with connection.cursor() as cursor:  # a worker that freezes must not keep the run's row from everybody
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '60s'")
    mine = Run.objects.stepping().filter(pk=run.pk, claim=run.claim)
    return mine.select_for_update(no_key=True, of=("self",)).first()


def _go_on(run: Run) -> None:
    if run.is_preparing:
        began = not run.prepared
        prepare_part(run=run)
        if began or not run.is_preparing:
            wake_workers()
    else:
        withdraw_part(run=run)
    Run.objects.filter(pk=run.pk).update(**UNCLAIMED)


def _give_up(run: Run, why: str) -> None:
    """Let it rest until somebody has seen to it."""
    if run.is_preparing:
        pause_unprepared(run=run, why=why)
    else:
        Run.objects.stepping().filter(pk=run.pk, claim=run.claim).update(**UNCLAIMED, stuck=True)
