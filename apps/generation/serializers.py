"""Configurations and runs as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.generation.models import ModelConfig, ProviderName
from apps.generation.sampling import Sampling
from apps.generation.services.runs import MOST_SAMPLES, SEEDS


# It reads pydantic models too, though its types do not say so.
@extend_schema_field(Sampling)  # type: ignore[arg-type]
class SamplingField(serializers.JSONField):
    """What is left out has its default; the service checks the rest."""


class ModelConfigSerializer(serializers.ModelSerializer[ModelConfig]):
    sampling = SamplingField()
    has_key = serializers.SerializerMethodField(help_text="whether a key is stored; the key never leaves")

    class Meta:
        model = ModelConfig
        fields = (
            *("id", "name", "provider", "model", "revision", "sampling"),
            *("system_prompt", "base_url", "has_key", "created_at", "archived_at"),
        )

    def get_has_key(self, config: ModelConfig) -> bool:
        return bool(config.api_key)


class NewModelConfigSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=80)
    provider = serializers.ChoiceField(choices=ProviderName.choices, default=ProviderName.TRANSFORMERS)
    model = serializers.CharField(max_length=300, default="bundled")
    revision = serializers.CharField(max_length=120, allow_blank=True, default="")
    sampling = SamplingField(default=dict)
    system_prompt = serializers.CharField(max_length=20_000, allow_blank=True, default="")
    base_url = serializers.CharField(max_length=300, allow_blank=True, default="")
    api_key = serializers.CharField(max_length=500, allow_blank=True, default="", write_only=True)

    def validate_sampling(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("Sampling is an object.")
        return value


class NewRunSerializer(serializers.Serializer[dict[str, Any]]):
    configs = serializers.ListField(child=serializers.IntegerField(), allow_empty=False, max_length=100)
    samples = serializers.IntegerField(min_value=1, max_value=MOST_SAMPLES, default=1)
    seed = serializers.IntegerField(min_value=0, max_value=SEEDS - 1, allow_null=True, default=None)
    only_unanswered = serializers.BooleanField(default=False, help_text="leave out prompts with any response")


class RunSerializer(serializers.Serializer[Any]):
    """A run and its progress."""

    id = serializers.IntegerField(source="run.pk")
    number = serializers.IntegerField(source="run.number", help_text="in its project, as pages call it")
    status = serializers.CharField(source="run.status", help_text="running, cancelled or finished")
    configs = serializers.ListField(source="config_ids", child=serializers.IntegerField())
    samples = serializers.IntegerField(source="run.samples")
    seed = serializers.IntegerField(source="run.seed")
    created_at = serializers.DateTimeField(source="run.created_at")
    ended_at = serializers.DateTimeField(source="run.ended_at", allow_null=True)
    total = serializers.IntegerField(source="progress.total", help_text="responses asked for")
    done = serializers.IntegerField(source="progress.done")
    failed = serializers.IntegerField(source="progress.failed")
    waiting = serializers.IntegerField(source="progress.waiting")
    rate = serializers.FloatField(source="progress.rate", allow_null=True, help_text="responses a minute")
    seconds_left = serializers.FloatField(source="progress.seconds_left", allow_null=True)


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="first.error_code")
    why = serializers.CharField(source="title")
    advice = serializers.CharField()
    responses = serializers.IntegerField(source="number")


class RunDetailSerializer(RunSerializer):
    """A run, its progress, and why responses failed."""

    failures = FailureSerializer(many=True)
