"""Imports for programs: send a file, follow it, stop it, let it go on, read what was left out."""

import time
from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from apps.accounts.models import User
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.prompts.access import get_import
from apps.prompts.api_import_source import send_in
from apps.prompts.imports.states import cancel_import, resume_import
from apps.prompts.models import LeftOutLine, PromptImport
from apps.prompts.serializers_import import (
    ImportFileSerializer,
    ImportListSerializer,
    PromptImportSerializer,
    RejectionSerializer,
)

LONGEST_WAIT = 30.0


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
        """How far an import is, and what came of it."""
        report = get_import(project=self.project, pk=pk)
        wait_for(report, seconds=_read_wait(request))
        return Response(PromptImportSerializer(report).data)


class PromptImportCancelAPI(ProjectAPIView):
    permission_for = {"POST": Permission.MANAGE_PROMPTS}

    @extend_schema(
        operation_id="prompts_import_cancel", tags=["prompts"], request=None, responses=PromptImportSerializer
    )
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Stop an import."""
        report = get_import(project=self.project, pk=pk)
        return Response(PromptImportSerializer(cancel_import(report=report, user=_person(request))).data)


class PromptImportResumeAPI(ProjectAPIView):
    permission_for = {"POST": Permission.MANAGE_PROMPTS}

    @extend_schema(
        operation_id="prompts_import_resume", tags=["prompts"], request=None, responses=PromptImportSerializer
    )
    def post(self, request: Request, slug: str, pk: int) -> Response:
        """Go on with an import that stopped."""
        report = get_import(project=self.project, pk=pk)
        return Response(PromptImportSerializer(resume_import(report=report, user=_person(request))).data)


class RejectionPagination(PageNumberPagination):
    page_size = 1000


class PromptImportRejectionsAPI(ProjectAPIView, ListAPIView[LeftOutLine]):
    permission_for = {"GET": Permission.MANAGE_PROMPTS}
    serializer_class = RejectionSerializer
    pagination_class = RejectionPagination
    queryset = LeftOutLine.objects.none()

    def get_queryset(self) -> QuerySet[LeftOutLine]:
        return get_import(project=self.project, pk=self.kwargs["pk"]).left_out.all()

    @extend_schema(operation_id="prompts_import_rejections", tags=["prompts"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The lines that could not be used, each with the reason."""
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
