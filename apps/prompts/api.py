"""Prompts for programs: list them, import them."""

import json
from io import BytesIO
from typing import Any, cast

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.prompts.forms import UPLOAD_LIMIT
from apps.prompts.importing import Readable, import_prompts
from apps.prompts.models import Prompt, PromptImport, PromptQuerySet
from apps.prompts.rejections import group_rejections

JSON_LIMIT = 5 * 1024 * 1024


class PromptMessageSerializer(serializers.Serializer[dict[str, str]]):
    role = serializers.ChoiceField(choices=["system", "user", "assistant", "tool"])
    content = serializers.CharField()


class PromptSerializer(serializers.ModelSerializer[Prompt]):
    messages = PromptMessageSerializer(many=True)

    class Meta:
        model = Prompt
        fields = ("uid", "messages", "metadata", "status", "created_at")


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    why = serializers.CharField()
    advice = serializers.CharField()
    lines = serializers.IntegerField()
    first_line = serializers.IntegerField(source="first.line")
    first_excerpt = serializers.CharField()


class RejectionSerializer(serializers.Serializer[dict[str, Any]]):
    line = serializers.IntegerField()
    last = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    excerpt = serializers.CharField()


class PromptImportSerializer(serializers.ModelSerializer[PromptImport]):
    reasons = serializers.SerializerMethodField()
    metadata_fields = serializers.DictField(
        child=serializers.IntegerField(), help_text="usable lines by name of what they brought as metadata"
    )
    rejections = RejectionSerializer(many=True, help_text="the first 1,000")

    class Meta:
        model = PromptImport
        fields = (
            "id",
            "file_name",
            "added",
            "known",
            "repeated",
            "rejected",
            "metadata_fields",
            "reasons",
            "rejections",
            "finished_at",
        )

    @extend_schema_field(ReasonSerializer(many=True))
    def get_reasons(self, report: PromptImport) -> Any:
        return ReasonSerializer(group_rejections(report), many=True).data


class ImportFileSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text="JSONL, JSON or CSV, up to 50 MB")


class ImportListSerializer(serializers.Serializer[Any]):
    prompts = serializers.ListField(child=serializers.DictField(), help_text="as the lines of a file")


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
        return self.project.prompts.order_by("id")

    @extend_schema(operation_id="prompts_list", tags=["prompts"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class PromptImportAPI(ProjectAPIView):
    # The import says of each line what is wrong with it, as of a file's.
    parser_classes = (JSONParser, MultiPartParser)
    permission_for = {"POST": Permission.MANAGE_PROMPTS}

    @extend_schema(
        operation_id="prompts_import",
        tags=["prompts"],
        request={"multipart/form-data": ImportFileSerializer, "application/json": ImportListSerializer},
        responses={201: PromptImportSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        file, name = read_source(request)
        report = import_prompts(
            project=self.project, file=file, file_name=name, user=cast("User", request.user)
        )
        return Response(PromptImportSerializer(report).data, status=status.HTTP_201_CREATED)


def read_source(request: Request) -> tuple[Readable, str]:
    """The file of a request, or its JSON list as if it were one: a line for each entry.

    Raises:
        InvalidInputError: too big, or neither.
    """
    is_json = str(request.content_type).startswith("application/json")
    limit = JSON_LIMIT if is_json else UPLOAD_LIMIT
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
        raise InvalidInputError(
            f"At most {limit // 1024 // 1024} MB can be sent here; nothing was imported. "
            + ("Send it as a file." if is_json else "Split the file.")
        )
    if is_json:
        return _read_list(request), "API"
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise ValidationError({"file": ["Send a file under this name, or a JSON list under `prompts`."]})
    return uploaded, str(uploaded.name)


def _read_list(request: Request) -> BytesIO:
    try:
        prompts = request.data.get("prompts") if isinstance(request.data, dict) else None
    except RecursionError:
        raise InvalidInputError("The JSON is nested too deeply; nothing was imported.") from None
    if not isinstance(prompts, list):
        raise ValidationError({"prompts": ["A list of objects is needed."]})
    return BytesIO(b"\n".join(json.dumps(entry).encode() for entry in prompts))
