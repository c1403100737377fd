"""What programs send and read of personal data and near-duplicates."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination

from apps.prompts.models import JobKind, Prompt, PromptCluster, PromptJob
from apps.prompts.personal_data import Kind, Policy
from apps.prompts.personal_data.review import Decision


class PatternSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=30)
    expression = serializers.CharField(max_length=500, trim_whitespace=False, help_text="as RE2 reads it")


class CurationSettingsSerializer(serializers.Serializer[Any]):
    policy = serializers.ChoiceField(choices=[policy.value for policy in Policy])
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=[kind.value for kind in Kind]))
    regions = serializers.ListField(child=serializers.CharField(max_length=2), max_length=250)
    patterns = PatternSerializer(many=True)
    likeness = serializers.FloatField(min_value=0.6, max_value=1)


class FindingSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    start = serializers.IntegerField(help_text="in code points")
    end = serializers.IntegerField()


class ScanSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200_000, trim_whitespace=False)


class PlacedSerializer(FindingSerializer):
    turn = serializers.IntegerField(required=False, help_text="the message; missing for metadata")
    key = serializers.CharField(required=False, help_text="path in the metadata")
    done = serializers.CharField()


class HeldPromptSerializer(serializers.ModelSerializer[Prompt]):
    messages = serializers.ListField(child=serializers.DictField())
    metadata = serializers.DictField()
    findings = PlacedSerializer(many=True)

    class Meta:
        model = Prompt
        fields = ("uid", "messages", "metadata", "findings", "created_at")


class HeldDecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=[decision.value for decision in Decision])
    prompts = serializers.ListField(
        child=serializers.UUIDField(), allow_null=True, help_text="null: all held"
    )
    kind = serializers.CharField(required=False, max_length=60, help_text="only those held over this kind")


class DecidedSerializer(serializers.Serializer[Any]):
    decided = serializers.IntegerField()


class ClusterPromptSerializer(serializers.ModelSerializer[Prompt]):
    nearest = serializers.SerializerMethodField()
    likeness = serializers.SerializerMethodField(help_text="Jaccard's, to the nearest")

    class Meta:
        model = Prompt
        fields = ("uid", "status", "nearest", "likeness")

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_nearest(self, prompt: Prompt) -> UUID | None:
        sketch = getattr(prompt, "sketch", None)
        return sketch.nearest.uid if sketch and sketch.nearest else None

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_likeness(self, prompt: Prompt) -> float | None:
        sketch = getattr(prompt, "sketch", None)
        return sketch.likeness if sketch else None


class ClusterSerializer(serializers.ModelSerializer[PromptCluster]):
    prompts = ClusterPromptSerializer(many=True)

    class Meta:
        model = PromptCluster
        fields = ("uid", "created_at", "settled_at", "prompts")


class ClusterDecisionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=["keep_one", "merge", "keep_all", "take_back"])
    keep = serializers.UUIDField(required=False, help_text="the prompt that stays, for keep_one and merge")


class PromptJobSerializer(serializers.ModelSerializer[PromptJob]):
    result = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = PromptJob
        fields = (
            "id",
            "kind",
            "status",
            "step",
            "done",
            "total",
            "result",
            "error",
            "created_at",
            "finished_at",
        )


class JobRequestSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=JobKind.choices)


class CurationPagination(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500
