"""Imports for programs: send a file, follow it, stop it, let it go on, read what was left out."""

import json
import time
from io import BytesIO
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.projects.access import ProjectAPIView
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.importing import hurry
from apps.prompts.imports.options import ARRIVALS, ImportOptions, check_options, read_options
from apps.prompts.imports.pace import measure_pace
from apps.prompts.imports.receiving import prepare_upload
from apps.prompts.imports.sampling import complete
from apps.prompts.imports.states import cancel_import, resume_import
from apps.prompts.imports.storage import Readable
from apps.prompts.imports.uploads import store_upload
from apps.prompts.imports.waking import wake_workers
from apps.prompts.models import LeftOutLine, PromptImport
from apps.prompts.personal_data import Policy
from apps.prompts.rejections import group_rejections
from apps.prompts.views_import import get_import

JSON_LIMIT = 5 * 1024 * 1024
LONGEST_WAIT = 30.0


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


WAIT = OpenApiParameter(
    "wait",
    float,
    description="seconds to wait for the end, at most 30; without it, what is small is waited for",
)


class PromptImportAPI(ProjectAPIView):
    permission_for = {"POST": Permission.MANAGE_PROMPTS}
    # What cannot be stored leaves its own line out, with the reason, and not the whole file.
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="prompts_import",
        tags=["prompts"],
        parameters=[WAIT],
        request={"multipart/form-data": ImportFileSerializer, "application/json": ImportListSerializer},
        responses={201: PromptImportSerializer, 202: PromptImportSerializer},
        description="201 where the import has ended, 202 with its address in Location where it goes on.",
    )
    def post(self, request: Request, slug: str) -> Response:
        report = send_in(project=self.project, request=request)
        wait_for(report, seconds=_read_wait(request))
        there = reverse("prompts-api:import-detail", args=[slug, report.pk], request=request)
        code = status.HTTP_201_CREATED if report.has_ended else status.HTTP_202_ACCEPTED
        return Response(PromptImportSerializer(report).data, status=code, headers={"Location": there})


class PromptImportDetailAPI(ProjectAPIView):
    permission_for = {"GET": Permission.MANAGE_PROMPTS}

    @extend_schema(
        operation_id="prompts_import_get",
        tags=["prompts"],
        parameters=[WAIT],
        responses=PromptImportSerializer,
    )
    def get(self, request: Request, slug: str, pk: int) -> Response:
        report = get_import(self.project, pk)
        wait_for(report, seconds=_read_wait(request))
        return Response(PromptImportSerializer(report).data)


class PromptImportCancelAPI(ProjectAPIView):
    permission_for = {"POST": Permission.MANAGE_PROMPTS}

    @extend_schema(
        operation_id="prompts_import_cancel", tags=["prompts"], request=None, responses=PromptImportSerializer
    )
    def post(self, request: Request, slug: str, pk: int) -> Response:
        report = get_import(self.project, pk)
        return Response(PromptImportSerializer(cancel_import(report=report, user=_person(request))).data)


class PromptImportResumeAPI(ProjectAPIView):
    permission_for = {"POST": Permission.MANAGE_PROMPTS}

    @extend_schema(
        operation_id="prompts_import_resume", tags=["prompts"], request=None, responses=PromptImportSerializer
    )
    def post(self, request: Request, slug: str, pk: int) -> Response:
        report = get_import(self.project, pk)
        return Response(PromptImportSerializer(resume_import(report=report, user=_person(request))).data)


class RejectionPagination(PageNumberPagination):
    page_size = 1000


class PromptImportRejectionsAPI(ProjectAPIView, ListAPIView[LeftOutLine]):
    permission_for = {"GET": Permission.MANAGE_PROMPTS}
    serializer_class = RejectionSerializer
    pagination_class = RejectionPagination
    queryset = LeftOutLine.objects.none()

    def get_queryset(self) -> QuerySet[LeftOutLine]:
        return get_import(self.project, self.kwargs["pk"]).left_out.all()

    @extend_schema(operation_id="prompts_import_rejections", tags=["prompts"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


def _person(request: Request) -> User:
    return cast("User", request.user)


def _read_wait(request: Request) -> float:
    try:
        return min(LONGEST_WAIT, max(0.0, float(request.query_params.get("wait", "0"))))
    except ValueError:
        raise ValidationError({"wait": ["A number of seconds is needed."]}) from None


def wait_for(report: PromptImport, *, seconds: float) -> None:
    """Until it has ended, or so many seconds; `report` says then what is so."""
    deadline = time.monotonic() + seconds
    report.refresh_from_db()
    while not report.has_ended and time.monotonic() < deadline:
        time.sleep(0.1)
        report.refresh_from_db()


def send_in(*, project: Project, request: Request) -> PromptImport:
    """Store what a request brings, and let it come in.

    Raises:
        InvalidInputError: too big, of no kind that is read, or the options contradict themselves.
    """
    file, name, given = read_source(request)
    options = read_given_options(given)
    report = store_upload(project=project, file=file, file_name=name, user=_person(request), options=options)
    if report.sample is None:
        wake_workers()
    else:
        asked = complete(read_options(report), report.sample)
        hurry(report=report, user=_person(request), options=asked)
    return report


def read_given_options(given: Any) -> ImportOptions:
    values = {
        name: given[name] for name in ("status", "personal_data", "shape", "columns") if given.get(name)
    }
    if isinstance(values.get("columns"), str):
        try:
            values["columns"] = json.loads(values["columns"])
        except (ValueError, RecursionError):
            raise ValidationError({"columns": ["This is not JSON."]}) from None
    return check_options(**values, starts_by_itself=True)


def read_source(request: Request) -> tuple[Readable, str, Any]:
    """The file of a request, or its JSON list as if it were one: a line for each entry. With its options.

    Raises:
        InvalidInputError: too big, or neither.
    """
    if str(request.content_type).startswith("application/json"):
        if int(request.META.get("CONTENT_LENGTH") or 0) > JSON_LIMIT:
            raise InvalidInputError(
                f"At most {JSON_LIMIT // 1024 // 1024} MB can be sent as JSON; nothing was imported. "
                "Send it as a file."
            )
        return _read_list(request)
    prepare_upload(request._request)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise ValidationError({"file": ["Send a file under this name, or a JSON list under `prompts`."]})
    return uploaded, str(uploaded.name), request.data


def _read_list(request: Request) -> tuple[Readable, str, Any]:
    try:
        data = request.data
    except RecursionError:
        raise InvalidInputError("The JSON is nested too deeply; nothing was imported.") from None
    prompts = data.get("prompts") if isinstance(data, dict) else None
    if not isinstance(prompts, list):
        raise ValidationError({"prompts": ["A list of objects is needed."]})
    return BytesIO(b"\n".join(json.dumps(entry).encode() for entry in prompts)), "API", data
