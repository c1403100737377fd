"""Coverage for programs: the groups of a project's prompts, and their targets."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.prompts.coverage import measure_groups, set_target
from apps.prompts.coverage_groups import Dimension

BY = "`category`, `language`, or `metadata:` and a key, such as `metadata:intent`"


class GroupSerializer(serializers.Serializer[Any]):
    value = serializers.CharField(help_text="empty: prompts without one")
    prompts = serializers.IntegerField(help_text="approved")
    answered = serializers.IntegerField(help_text="of those, with all their answers")
    target = serializers.IntegerField(allow_null=True, help_text="of answered ones")
    is_thin = serializers.BooleanField()


class TargetSerializer(serializers.Serializer[None]):
    by = serializers.CharField(max_length=120, help_text=BY)
    value = serializers.CharField(max_length=200)
    prompts = serializers.IntegerField(min_value=0, max_value=10_000_000, help_text="0 takes the target away")


class CoverageAPI(ProjectAPIView):
    permission_for = {"GET": Permission.MANAGE_PROMPTS, "PUT": Permission.MANAGE_PROMPTS}

    @extend_schema(
        operation_id="prompts_coverage",
        tags=["prompts"],
        parameters=[OpenApiParameter("by", str, description=BY)],
        responses=GroupSerializer(many=True),
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How many prompts each group has, and how many it is to have."""
        dimension = Dimension.read(request.query_params.get("by", ""))
        groups = measure_groups(project=self.project, dimension=dimension)
        return Response(GroupSerializer(groups, many=True).data)

    @extend_schema(
        operation_id="prompts_coverage_set_target",
        tags=["prompts"],
        request=TargetSerializer,
        responses=GroupSerializer(many=True),
    )
    def put(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say how many prompts a group is to have; the answer has all groups."""
        sent = TargetSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        dimension = Dimension.read(data["by"])
        set_target(
            project=self.project,
            dimension=dimension,
            value=data["value"],
            prompts=data["prompts"],
            user=cast("User", request.user),
        )
        groups = measure_groups(project=self.project, dimension=dimension)
        return Response(GroupSerializer(groups, many=True).data)
