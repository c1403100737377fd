import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5, Now
from django.utils import timezone

from apps.projects.models import Project
from apps.prompts.models import Prompt


class ProviderName(models.TextChoices):
    TRANSFORMERS = "transformers", "Transformers, in the worker"
    OPENAI = "openai", "OpenAI-compatible server"


IN_FLIGHT = (1, 512)
BATCH_TOKENS = (64, 16_777_216)


class ModelConfigQuerySet(models.QuerySet["ModelConfig"]):
    def offered(self) -> "ModelConfigQuerySet":
        """Those that a new run may take."""
        return self.filter(archived_at=None)


class ModelConfig(models.Model):
    """A model with its sampling and system prompt: what answers prompts under one name.

    Once it is in a run it is neither changed nor deleted any more; a change is a new configuration, and what
    is not wanted any more is archived: runs are not offered it. Its key, and how much goes to it at once, are
    no part of what answers and can be changed.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="model_configs")
    name = models.CharField(max_length=80)
    provider = models.CharField(max_length=20, choices=ProviderName)
    model = models.CharField(
        max_length=300, help_text="a hub id, a local folder, `bundled`, or the server's name for it"
    )
    revision = models.CharField(max_length=120, blank=True)
    sampling = models.JSONField(default=dict, help_text="see apps.generation.sampling.Sampling")
    system_prompt = models.TextField(blank=True, max_length=20_000)
    base_url = models.CharField(
        blank=True, max_length=300, help_text="checked by apps.generation.providers.endpoints"
    )
    api_key = models.BinaryField(blank=True, default=b"", help_text="encrypted; see apps.core.secrets")
    in_flight = models.PositiveIntegerField(
        default=16, db_default=16, help_text="requests that one worker has at the server at once"
    )
    batch_tokens = models.PositiveIntegerField(
        default=4096,
        db_default=4096,
        help_text="tokens of one call in the worker: its rows, times prompt and answer at their longest",
    )
    # How its server is just now; see apps.generation.patience.
    waits_since = models.DateTimeField(
        null=True, help_text="its server has only asked for patience from then on; null: it answers"
    )
    waits_until = models.DateTimeField(null=True, help_text="nothing is sent to its server before")
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ModelConfigQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="model_config_name_once"),
            models.CheckConstraint(
                condition=Q(provider__in=ProviderName.values), name="model_config_provider_known"
            ),
            models.CheckConstraint(
                condition=~Q(provider=ProviderName.OPENAI) | ~Q(base_url=""),
                name="model_config_openai_has_url",
            ),
            models.CheckConstraint(
                condition=Q(in_flight__range=IN_FLIGHT), name="model_config_in_flight_range"
            ),
            models.CheckConstraint(
                condition=Q(batch_tokens__range=BATCH_TOKENS), name="model_config_batch_tokens_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RunStatus(models.TextChoices):
    RUNNING = "running", "running"
    PAUSED = "paused", "paused"
    CANCELLED = "cancelled", "cancelled"
    FINISHED = "finished", "finished"


OPEN = (RunStatus.RUNNING, RunStatus.PAUSED)
PRIORITIES = (-100, 100)
UNCLAIMED: dict[str, Any] = {"claim": None, "claimed_until": None, "attempts": 0}


class RunQuerySet(models.QuerySet["Run"]):
    def running(self) -> "RunQuerySet":
        return self.filter(status=RunStatus.RUNNING)

    def open(self) -> "RunQuerySet":
        """Running or paused: what is missing is still wanted."""
        return self.filter(status__in=OPEN)

    def preparing(self) -> "RunQuerySet":
        """Running, though not all of their responses are in batches yet."""
        return self.running().filter(prepared_through__isnull=False)

    def stepping(self) -> "RunQuerySet":
        """Being prepared, or being taken back after a cancellation; see apps.generation.steps."""
        return self.preparing() | self.filter(taking_back__isnull=False, stuck=False)

    def unclaimed(self) -> "RunQuerySet":
        """Nobody is at their next part, or who was has gone silent by the database's clock."""
        return self.filter(Q(claim=None) | Q(claimed_until__lt=Now()))

    def worked_off(self) -> "RunQuerySet":
        """Open, though nothing of them is left to do."""
        prepared = self.open().filter(prepared_through=None)
        return prepared.exclude(models.Exists(Batch.objects.filter(run=models.OuterRef("pk")).to_do()))


class Run(models.Model):
    """`samples` responses per prompt from each chosen configuration, done in batches."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField(help_text="counts the runs of the project, from 1")
    configs = models.ManyToManyField(ModelConfig, related_name="runs")
    # What was asked for outlives a cancellation, which takes the waiting responses away.
    prompts = models.ManyToManyField(Prompt, related_name="runs")
    samples = models.PositiveSmallIntegerField(default=1)
    asked = models.PositiveIntegerField(default=0, help_text="responses that it promised when it started")
    prepared = models.PositiveIntegerField(
        default=0, db_default=0, help_text="responses of these that were gone through; see preparing"
    )
    prepared_through = models.BigIntegerField(
        null=True, help_text="the prompt up to which its responses are in batches; null: all of them are"
    )
    retried_before = models.DateTimeField(
        null=True, help_text="what failed before is put into batches again while it is being prepared"
    )
    cut_anew = models.BooleanField(
        default=False, db_default=False, help_text="so are, while it is being prepared, batches not yet begun"
    )
    taking_back = models.PositiveIntegerField(
        null=True, help_text="waiting responses that its cancellation takes back; null: none are left"
    )
    taken_back = models.PositiveIntegerField(default=0, db_default=0, help_text="how many of these are gone")
    stuck = models.BooleanField(
        default=False, db_default=False, help_text="taking them back has failed; somebody has to look"
    )
    # Whose its next part is, while it is being prepared or taken back; see apps.generation.steps.
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="claims since the last part went in"
    )
    seed = models.BigIntegerField()
    choice = models.JSONField(
        default=dict, help_text="how its prompts were chosen; see apps.generation.choosing"
    )
    priority = models.SmallIntegerField(default=0, help_text="the run with the higher one is worked at first")
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.RUNNING)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    pause_code = models.CharField(
        max_length=40, blank=True, help_text="the fault over which it paused by itself; empty: a person did"
    )
    pause_reason = models.TextField(blank=True)
    fault_streaks = models.JSONField(
        default=dict, help_text="faults of a provider in a row, by configuration; see apps.generation.pausing"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(default=timezone.now, help_text="or resumed; rates count from here")
    ended_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="run_number_once"),
            models.CheckConstraint(condition=Q(samples__range=(1, 64)), name="run_samples_1_to_64"),
            models.CheckConstraint(condition=Q(status__in=RunStatus.values), name="run_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, ended_at=None)
                | (~Q(status__in=OPEN) & Q(ended_at__isnull=False)),
                name="run_open_has_no_end",
            ),
            models.CheckConstraint(
                condition=Q(status=RunStatus.PAUSED, paused_at__isnull=False) & ~Q(pause_reason="")
                | ~Q(status=RunStatus.PAUSED)
                & Q(paused_at=None, paused_by=None, pause_code="", pause_reason=""),
                name="run_paused_has_reason",
            ),
            models.CheckConstraint(condition=Q(priority__range=PRIORITIES), name="run_priority_100"),
            models.CheckConstraint(
                condition=Q(prepared_through=None, retried_before=None, cut_anew=False)
                | Q(prepared_through__isnull=False, status__in=OPEN),
                name="run_prepared_while_open",
            ),
            models.CheckConstraint(
                condition=Q(taking_back=None, taken_back=0, stuck=False)
                | Q(taking_back__isnull=False, status=RunStatus.CANCELLED),
                name="run_taken_back_once_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.number}"

    @property
    def is_preparing(self) -> bool:
        return self.prepared_through is not None

    @property
    def is_withdrawing(self) -> bool:
        return self.taking_back is not None


class BatchStatus(models.TextChoices):
    WAITING = "waiting", "waiting"
    CLAIMED = "claimed", "claimed"
    DONE = "done", "done"


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

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="batches")
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


class ResponseStatus(models.TextChoices):
    WAITING = "waiting", "waiting"
    DONE = "done", "done"
    FAILED = "failed", "failed"
    NO_TEXT = "no_text", "known by name only"  # what was said of it came in, and not what it says


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
