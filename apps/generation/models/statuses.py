"""Where runs, their batches and responses stand."""

from typing import Any

from django.db import models


class RunStatus(models.TextChoices):
    RUNNING = "running", "running"
    PAUSED = "paused", "paused"
    CANCELLED = "cancelled", "cancelled"
    FINISHED = "finished", "finished"


OPEN = (RunStatus.RUNNING, RunStatus.PAUSED)


UNCLAIMED: dict[str, Any] = {"claim": None, "claimed_until": None, "attempts": 0}


class BatchStatus(models.TextChoices):
    WAITING = "waiting", "waiting"
    CLAIMED = "claimed", "claimed"
    DONE = "done", "done"


class ResponseStatus(models.TextChoices):
    WAITING = "waiting", "waiting"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    NO_TEXT = "no_text", "known by name only"  # what was said of it came in, and not what it says
