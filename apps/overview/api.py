"""A project at a glance, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.generation.models import Response as ModelResponse
from apps.overview.answers import count_pairs
from apps.projects.access import ProjectAPIView
from apps.projects.api import ProjectSerializer
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.rating.models import Annotation


class ProjectCountsSerializer(serializers.Serializer[dict[str, int]]):
    prompts = serializers.IntegerField(help_text="approved prompts")
    responses = serializers.IntegerField(help_text="finished responses")
    items = serializers.IntegerField()
    annotations = serializers.IntegerField(help_text="counted annotations")
    decided = serializers.IntegerField(help_text="complete items whose raters agree on a better response")


class ProjectOverviewSerializer(ProjectSerializer):
    counts = serializers.SerializerMethodField()

    class Meta(ProjectSerializer.Meta):
        fields = (*ProjectSerializer.Meta.fields, "counts")  # type: ignore[assignment]

    @extend_schema_field(ProjectCountsSerializer)
    def get_counts(self, project: Project) -> dict[str, Any]:
        return count_everything(project=project)


def count_everything(*, project: Project) -> dict[str, int]:
    return {
        "prompts": project.prompts.approved().count(),
        "responses": ModelResponse.objects.done().filter(prompt__project=project).count(),
        "items": project.items.asked().count(),
        "annotations": Annotation.objects.counted().filter(item__project=project).count(),
        "decided": count_pairs(project=project),
    }


class ProjectAPI(ProjectAPIView):
    permission_for = {"GET": Permission.VIEW_PROJECT}

    @extend_schema(operation_id="projects_get", tags=["projects"], responses=ProjectOverviewSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """A project, with how far its collection is."""
        return Response(ProjectOverviewSerializer(self.project).data)
