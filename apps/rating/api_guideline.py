"""The guideline for programs: its text, what changed in it, and that it was read."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.projects.permissions import Permission
from apps.rating.api import RatingAPIView
from apps.rating.guideline import acknowledge_guideline, read_news
from apps.rating.serializers import TaskSerializer


class ChangedLineSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=("same", "added", "removed", "gap"))
    text = serializers.CharField(help_text="a line of Markdown; empty for a gap of unchanged lines")


class GuidelineSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="latest.version", help_text="the one in force")
    text = serializers.CharField(source="latest.text", help_text="Markdown")
    known_version = serializers.IntegerField(
        source="known.version", help_text="the one you have acknowledged"
    )
    changes = ChangedLineSerializer(many=True, help_text="from the one you know to the one in force")


class AcknowledgedSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=999_999_999, help_text="the version you read")


class GuidelineAPIView(RatingAPIView):
    permission_for = {"GET": Permission.RATE, "POST": Permission.RATE}

    @extend_schema(responses=GuidelineSerializer, summary="Read the guideline in force")
    def get(self, request: Request, slug: str) -> Response:
        return Response(GuidelineSerializer(read_news(project=self.project, rater=self.rater)).data)

    @extend_schema(
        request=AcknowledgedSerializer,
        responses=TaskSerializer,
        summary="Say which version you have read, and get the next item",
    )
    def post(self, request: Request, slug: str) -> Response:
        data = AcknowledgedSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        acknowledge_guideline(project=self.project, rater=self.rater, **data.validated_data)
        return Response(TaskSerializer(self.next_task()).data)
