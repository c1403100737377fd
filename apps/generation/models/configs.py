"""What answers prompts: a model with its settings."""

from django.db import models
from django.db.models import Q

from apps.projects.models import Project


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
