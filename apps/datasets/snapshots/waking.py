"""Telling workers that there is a snapshot to make. A lost message costs seconds: the sweep looks itself."""

from celery import current_app
from django.db import transaction

WORK = "apps.datasets.tasks.work_snapshots"


def wake_workers() -> None:
    """Send a worker to the snapshots, once the transaction is committed."""

    def send() -> None:
        current_app.send_task(WORK, expires=60, retry=False)

    # A broker that is away must not turn what was saved into an error.
    transaction.on_commit(send, robust=True)
