"""The parts of a run that workers claim."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.generation.models.configs import ModelConfig
from apps.generation.models.statuses import BatchStatus, RunStatus

MOST_ATTEMPTS = 5  # a batch that took its worker down so often will do it again


class BatchQuerySet(models.QuerySet["Batch"]):
    def to_do(self) -> "BatchQuerySet":
        return self.exclude(status=BatchStatus.DONE)

    def free(self) -> "BatchQuerySet":
        """Nobody has it, or who had it has gone silent; the run is still wanted.

        Silent by the database's clock, since workers on other machines have clocks of their own.
        """
        silent = Q(status=BatchStatus.CLAIMED, claimed_until__lt=Now())
        return self.filter(Q(status=BatchStatus.WAITING) | silent, run__status=RunStatus.RUNNING)

    def claimable(self) -> "BatchQuerySet":
        awaited = Q(config__waits_until__gt=Now())
        return self.free().filter(attempts__lt=MOST_ATTEMPTS).exclude(awaited)

    def hopeless(self) -> "BatchQuerySet":
        return self.free().filter(attempts__gte=MOST_ATTEMPTS)

    def held(self, *claims: uuid.UUID) -> "BatchQuerySet":
        """Those that these claims still own."""
        return self.filter(status=BatchStatus.CLAIMED, claim__in=claims)


class Batch(models.Model):
    """What one `generate` call answers: its responses in order and its seed, so that it can be run again.

    A worker owns it while `claim` is its own and `claimed_until` lies ahead; results written under an
    older claim are refused, so a worker that froze and woke doubles nothing.
    """

    run = models.ForeignKey("generation.Run", on_delete=models.CASCADE, related_name="batches")
    config = models.ForeignKey(ModelConfig, on_delete=models.RESTRICT, related_name="batches")
    position = models.PositiveIntegerField(help_text="batches are done in this order")
    order = models.JSONField(help_text="uids of the responses, in the order in which they go to the model")
    seed = models.BigIntegerField()
    status = models.CharField(max_length=10, choices=BatchStatus, default=BatchStatus.WAITING)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, help_text="when the worker took it that has it or did it")
    ended_at = models.DateTimeField(null=True, help_text="when its outcomes were stored")
    made_with = models.JSONField(
        default=dict,
        help_text="what, with order and seed, makes its texts again: model, revision, template, sampling, "
        "system_prompt; see apps.generation.replaying",
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(
                fields=["run", "config", "position", "id"], condition=~Q(status="done"), name="batch_next"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=BatchStatus.values), name="batch_status_known"),
            models.CheckConstraint(
                condition=~Q(status=BatchStatus.CLAIMED)
                | Q(claim__isnull=False, claimed_until__isnull=False),
                name="batch_claim_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"
