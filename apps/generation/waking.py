"""Telling workers that there is work. A lost message costs seconds: the sweep sends the next."""

from celery import current_app
from django.db import transaction

DRAIN = "apps.generation.tasks.drain_generation"
STEP = "apps.generation.tasks.step_generation"


def wake_workers(*, expires: float = 60) -> None:
    """Send a worker to the batches, once the transaction is committed.

    Args:
        expires: seconds after which a message that nobody took is worth nothing.
    """
    _wake(DRAIN, expires)


def wake_steppers(*, expires: float = 60) -> None:
    """The same, to the runs that are being prepared or taken back."""
    _wake(STEP, expires)


def _wake(task: str, expires: float) -> None:
    def send() -> None:
        current_app.send_task(task, expires=expires, retry=False)

    # A broker that is away must not turn what was saved into an error.
    transaction.on_commit(send, robust=True)
