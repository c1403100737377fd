"""One run, for programs: how far it is, and what can be done with it."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from apps.accounts.models import User
from apps.generation.access import get_run
from apps.generation.desk import read_run
from apps.generation.failures import list_failures
from apps.generation.models import Run
from apps.generation.serializers import (
    FailureSerializer,
    PauseSerializer,
    PrioritySerializer,
    ResumeSerializer,
    RunDetailSerializer,
    RunSerializer,
)
from apps.generation.services import cancel_run, change_priority, pause_run, resume_run, retry_failed
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission

MANAGE = Permission.MANAGE_GENERATION
TAGS = ["generation"]


def describe_run(run: Run) -> dict[str, Any]:
    row = read_run(run=run, now=timezone.now())
    failures = FailureSerializer(list_failures(run=run), many=True).data
    return {**RunSerializer(row).data, "failures": failures}


class RunAPI(ProjectAPIView):
    """A run and how far it is."""

    permission_for = {"GET": MANAGE}

    @extend_schema(operation_id="generation_runs_read", tags=TAGS, responses=RunDetailSerializer)
    def get(self, request: Request, slug: str, run_id: int) -> Response:
        return Response(describe_run(get_run(project=self.project, run_id=run_id)))


class PauseRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_pause",
        tags=TAGS,
        request=PauseSerializer,
        responses=RunDetailSerializer,
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Begin nothing more of it; what a worker is at just now is finished and kept."""
        said = _read(PauseSerializer, request.data)
        run = get_run(project=self.project, run_id=run_id)
        return Response(describe_run(pause_run(run=run, user=cast(User, request.user), **said)))


class ResumeRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_resume",
        tags=TAGS,
        request=ResumeSerializer,
        responses=RunDetailSerializer,
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Let a paused or cancelled run complete what is missing."""
        said = _read(ResumeSerializer, request.data)
        run = get_run(project=self.project, run_id=run_id)
        return Response(describe_run(resume_run(run=run, user=cast(User, request.user), **said)))


class CancelRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_cancel",
        tags=TAGS,
        request=None,
        responses=RunDetailSerializer,
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Keep what is done and take back what waits."""
        run = get_run(project=self.project, run_id=run_id)
        return Response(describe_run(cancel_run(run=run, user=cast(User, request.user))))


class RetryRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_retry",
        tags=TAGS,
        request=None,
        responses=RunDetailSerializer,
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Try what failed again, drawn with other seeds."""
        run = get_run(project=self.project, run_id=run_id)
        return Response(describe_run(retry_failed(run=run, user=cast(User, request.user))))


class RunPriorityAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_priority",
        tags=TAGS,
        request=PrioritySerializer,
        responses=RunDetailSerializer,
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Runs with a higher one are worked at first; a change works at once."""
        said = _read(PrioritySerializer, request.data)
        run = get_run(project=self.project, run_id=run_id)
        return Response(describe_run(change_priority(run=run, user=cast(User, request.user), **said)))


def _read(form: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    sent = form(data=data)
    sent.is_valid(raise_exception=True)
    said: dict[str, Any] = sent.validated_data
    return said
