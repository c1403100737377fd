"""What models and imports answered."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5

from apps.generation.models.batches import Batch
from apps.generation.models.configs import ModelConfig, ProviderName
from apps.generation.models.runs import Run
from apps.generation.models.statuses import ResponseStatus
from apps.prompts.models import Prompt


class ResponseQuerySet(models.QuerySet["Response"]):
    def waiting(self) -> "ResponseQuerySet":
        return self.filter(status=ResponseStatus.WAITING)

    def done(self) -> "ResponseQuerySet":
        return self.filter(status=ResponseStatus.DONE)

    def failed(self) -> "ResponseQuerySet":
        return self.filter(status=ResponseStatus.FAILED)

    def there(self) -> "ResponseQuerySet":
        """Finished, promised or failed: everything but those whose text never came."""
        return self.exclude(status=ResponseStatus.NO_TEXT)

    def not_offered(self) -> "ResponseQuerySet":
        """Finished, and rating has not yet built items from them."""
        return self.done().filter(offered_at=None)


class Response(models.Model):
    """An assistant message for a prompt. The row is there before its text: a run is a set of promises.

    `uid` is random and is all that a rater's page knows of it; the row number would tell the model.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="responses")
    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="responses")
    config = models.ForeignKey(ModelConfig, null=True, on_delete=models.RESTRICT, related_name="responses")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.RESTRICT, related_name="responses")
    sample = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=ResponseStatus, default=ResponseStatus.WAITING)
    text = models.TextField(blank=True)
    reasoning = models.TextField(
        blank=True, help_text="what the model thought before it answered; raters and datasets never see it"
    )
    model = models.CharField(
        max_length=300, blank=True, help_text="who wrote it; for imports the generator's name"
    )
    revision = models.CharField(max_length=120, blank=True)
    template = models.CharField(
        max_length=80, blank=True, help_text="the digest of the chat template; a server keeps its own"
    )
    sampling = models.JSONField(default=dict)
    system_prompt = models.TextField(blank=True)
    seed = models.BigIntegerField(null=True)
    tokens_in = models.PositiveIntegerField(null=True)
    tokens_out = models.PositiveIntegerField(null=True)
    latency_ms = models.PositiveIntegerField(null=True)
    finish_reason = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True, help_text="when rating took it up; rating writes this")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["prompt"], condition=Q(status="done", offered_at=None), name="response_not_offered"
            ),
            models.Index(fields=["run", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "config", "prompt", "sample"], name="response_promised_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ResponseStatus.values), name="response_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="done") & ~Q(text="") | ~Q(status="done") & Q(text=""),
                name="response_done_has_text",
            ),
            models.CheckConstraint(
                condition=Q(status="failed") & ~Q(error_code="") | ~Q(status="failed") & Q(error_code=""),
                name="response_failed_has_error",
            ),
            # Over the text's hash, since a text may be longer than an index row.
            models.UniqueConstraint(
                "prompt", "model", MD5("text"), condition=Q(run=None), name="response_imported_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def made_by(self) -> str:
        """What pages and datasets call who wrote it: its configuration, or the model of an import."""
        return self.config.name if self.config else self.model

    @property
    def shares_call(self) -> int:
        """How many responses the model wrote in the same call, and in the same seconds, this one included."""
        in_worker = self.config is not None and self.config.provider == ProviderName.TRANSFORMERS
        return len(self.batch.order) if self.batch and in_worker else 1

    @property
    def seconds(self) -> float | None:
        return None if self.latency_ms is None else self.latency_ms / 1000
