"""A worker's part in preparing runs."""

import time
from collections.abc import Callable

from django.db import OperationalError, connection, transaction

from apps.generation.models import Run
from apps.generation.pausing import pause_unprepared
from apps.generation.preparing import prepare_part
from apps.generation.waking import wake_workers


def prepare_runs(*, seconds: float = 300, clock: Callable[[], float] = time.monotonic) -> None:
    """Prepare what there is, for about that long; the sweep sees to the rest."""
    deadline = clock() + seconds
    while clock() < deadline and _prepare_next():
        pass


def _prepare_next() -> bool:
    """One part of a run that nobody else is just at. A run that cannot be prepared pauses and says so."""
    run: Run | None = None
    try:
        with transaction.atomic():
            run = _lock_next()
            if run:
                _go_on(run)
    except OperationalError:
        raise  # the database is away
    except Exception:
        if run:
            pause_unprepared(run=run)
        raise
    return run is not None


def _lock_next() -> Run | None:
    with connection.cursor() as cursor:  # a worker that freezes must not keep the run's row from everybody
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '60s'")
    waiting = Run.objects.preparing().select_for_update(no_key=True, skip_locked=True, of=("self",))
    return waiting.order_by("-priority", "pk").first()


def _go_on(run: Run) -> None:
    began = not run.prepared
    prepare_part(run=run)
    if began or not run.is_preparing:
        wake_workers()
