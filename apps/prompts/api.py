"""Prompts for programs: list them. Imports: `apps.prompts.api_import`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.prompts.api_filter import PromptListSerializer
from apps.prompts.filtering import PromptFilter, find_prompts
from apps.prompts.models import Prompt, PromptQuerySet


class PromptMessageSerializer(serializers.Serializer[dict[str, str]]):
    role = serializers.ChoiceField(choices=["system", "user", "assistant", "tool"])
    content = serializers.CharField()


class PromptSerializer(serializers.ModelSerializer[Prompt]):
    messages = PromptMessageSerializer(many=True)

    class Meta:
        model = Prompt
        fields = ("uid", "messages", "metadata", "status", "created_at")


class PromptPagination(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class PromptListAPI(ProjectAPIView, ListAPIView[Prompt]):
    permission_for = {"GET": Permission.MANAGE_PROMPTS}
    serializer_class = PromptSerializer
    pagination_class = PromptPagination
    queryset = Prompt.objects.none()

    def get_queryset(self) -> PromptQuerySet:
        asked = PromptListSerializer(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        wanted = PromptFilter.read(asked.validated_data)
        return find_prompts(project=self.project, wanted=wanted).order_by("id")

    @extend_schema(operation_id="prompts_list", tags=["prompts"], parameters=[PromptListSerializer])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Prompts, page by page, narrowed down by what is asked for."""
        return super().get(request, *args, **kwargs)
