"""How responses become items, for programs."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.projects.access import ProjectAPIView
from apps.projects.item_plan import MOST_PAIRS, change_item_plan, list_makers
from apps.projects.models import Pairing
from apps.projects.permissions import Permission


class ItemPlanSerializer(serializers.Serializer[Any]):
    pairing = serializers.ChoiceField(
        choices=Pairing.choices, help_text="which responses meet where the rubric compares two"
    )
    pairs_per_prompt = serializers.IntegerField(
        min_value=1, max_value=MOST_PAIRS, default=3, help_text="for `random`"
    )
    baseline = serializers.CharField(
        max_length=300, allow_blank=True, default="", help_text="for `baseline`: one of `baselines`"
    )
    responses_per_item = serializers.IntegerField(
        source="rubric.questions.responses", read_only=True, help_text="as the rubric says"
    )
    baselines = serializers.SerializerMethodField(help_text="who can be the baseline")

    def get_baselines(self, project: Any) -> list[str]:
        return list_makers(project=project)


class ItemPlanAPI(ProjectAPIView):
    permission_for = {"GET": Permission.VIEW_PROJECT, "PUT": Permission.MANAGE_PROJECT}

    @extend_schema(operation_id="item_plan_get", tags=["projects"], responses=ItemPlanSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """How prompts become items: what raters are given to answer."""
        return Response(ItemPlanSerializer(self.project).data)

    @extend_schema(
        operation_id="item_plan_save",
        tags=["projects"],
        request=ItemPlanSerializer,
        responses=ItemPlanSerializer,
    )
    def put(self, request: Request, slug: str) -> Response:
        """Change which responses meet. It holds for responses that finish from then on; items stay."""
        sent = ItemPlanSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project = change_item_plan(
            project=self.project, user=cast("User", request.user), **sent.validated_data
        )
        return Response(ItemPlanSerializer(project).data)
