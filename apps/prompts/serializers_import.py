"""What programs send and read of imports."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.prompts.imports.options import ARRIVALS
from apps.prompts.imports.pace import measure_pace
from apps.prompts.models import LeftOutLine, PromptImport
from apps.prompts.personal_data import Policy
from apps.prompts.rejections import group_rejections


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    why = serializers.CharField()
    advice = serializers.CharField()
    lines = serializers.IntegerField()
    first_line = serializers.IntegerField(source="first.line")
    first_excerpt = serializers.CharField()


class RejectionSerializer(serializers.ModelSerializer[LeftOutLine]):
    class Meta:
        model = LeftOutLine
        fields = ("line", "last", "code", "detail", "excerpt")


class ProgressSerializer(serializers.Serializer[Any]):
    records = serializers.IntegerField(help_text="lines that are done")
    share = serializers.FloatField(help_text="0 to 1, by bytes or rows; 0 where the end is not known")
    rate = serializers.FloatField(allow_null=True, help_text="lines a second")
    seconds_left = serializers.FloatField(allow_null=True)
    waits = serializers.BooleanField(help_text="there is work, and no worker has taken it up")


class PromptImportSerializer(serializers.ModelSerializer[PromptImport]):
    shape = serializers.CharField(
        source="options.shape", default="", read_only=True, help_text="what its records are"
    )
    reasons = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    metadata_fields = serializers.DictField(
        child=serializers.IntegerField(), help_text="usable lines by name of what they brought as metadata"
    )
    rejections = RejectionSerializer(many=True, source="first_rejections", help_text="the first 1,000")

    class Meta:
        model = PromptImport
        fields = (
            "id",
            "file_name",
            "shape",
            "status",
            "progress",
            "added",
            "held",
            "masked",
            "known",
            "repeated",
            "rejected",
            "responses_added",
            "responses_known",
            "annotations_added",
            "annotations_known",
            "unfit",
            "metadata_fields",
            "reasons",
            "rejections",
            "error_code",
            "error",
            "created_at",
            "finished_at",
        )

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, report: PromptImport) -> Any:
        return ReasonSerializer(group_rejections(report), many=True).data

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, report: PromptImport) -> Any:
        return ProgressSerializer(measure_pace(report, now=timezone.now())).data


class OptionsSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=ARRIVALS, required=False)
    personal_data = serializers.ChoiceField(choices=[policy.value for policy in Policy], required=False)
    shape = serializers.CharField(
        required=False, help_text="what the records are; found by itself if left out"
    )
    columns = serializers.JSONField(
        required=False, help_text='what columns are, such as {"question": "prompt", "id": "leave out"}'
    )


class ImportFileSerializer(OptionsSerializer):
    file = serializers.FileField(help_text="JSONL, JSON or CSV, perhaps packed with gzip, or Parquet")


class ImportListSerializer(OptionsSerializer):
    prompts = serializers.ListField(child=serializers.DictField(), help_text="as the lines of a file")
