"""Model configurations as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.generation.models import (
    BATCH_TOKENS,
    IN_FLIGHT,
    ModelConfig,
    ProviderName,
)
from apps.generation.sampling import Sampling


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
            *(
                "system_prompt",
                "base_url",
                "has_key",
                "in_flight",
                "batch_tokens",
                "created_at",
                "archived_at",
            ),
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
    in_flight = serializers.IntegerField(
        min_value=IN_FLIGHT[0],
        max_value=IN_FLIGHT[1],
        default=16,
        help_text="requests at a server, per worker",
    )
    batch_tokens = serializers.IntegerField(
        min_value=BATCH_TOKENS[0],
        max_value=BATCH_TOKENS[1],
        default=4096,
        help_text="of a call in the worker",
    )

    def validate_sampling(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("Sampling is an object.")
        return value


class PaceSerializer(serializers.Serializer[dict[str, Any]]):
    """What can be changed of a configuration: how much goes to its model at once."""

    in_flight = serializers.IntegerField(
        min_value=IN_FLIGHT[0], max_value=IN_FLIGHT[1], required=False, help_text="see the configuration"
    )
    batch_tokens = serializers.IntegerField(
        min_value=BATCH_TOKENS[0],
        max_value=BATCH_TOKENS[1],
        required=False,
        help_text="see the configuration",
    )

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if fixed := sorted(set(self.initial_data) - set(self.fields)):
            said = "A configuration keeps this, so that a response says what made it. Make another one."
            raise serializers.ValidationError(dict.fromkeys(fixed, said))
        return values
