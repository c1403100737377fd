"""Models and runs for programs."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.generation.access import get_configs, get_run
from apps.generation.choosing import find_prompts
from apps.generation.desk import list_failures, read_desk, read_run
from apps.generation.models import Run
from apps.generation.serializers import (
    FailureSerializer,
    ModelConfigSerializer,
    NewModelConfigSerializer,
    NewRunSerializer,
    RunDetailSerializer,
    RunSerializer,
)
from apps.generation.services import cancel_run, create_model_config, resume_run, retry_failed, start_run
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission

MANAGE = Permission.MANAGE_GENERATION
TAGS = ["generation"]


class ConfigListAPI(ProjectAPIView):
    """The models of a project, each with its sampling and system prompt."""

    permission_for = {"GET": MANAGE, "POST": MANAGE}

    @extend_schema(
        operation_id="generation_configs_list", tags=TAGS, responses=ModelConfigSerializer(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        return Response(ModelConfigSerializer(self.project.model_configs.all(), many=True).data)

    @extend_schema(
        operation_id="generation_configs_create",
        tags=TAGS,
        request=NewModelConfigSerializer,
        responses={201: ModelConfigSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        form = NewModelConfigSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        config = create_model_config(
            project=self.project, user=cast(User, request.user), **form.validated_data
        )
        return Response(ModelConfigSerializer(config).data, status=status.HTTP_201_CREATED)


class RunListAPI(ProjectAPIView):
    """The runs of a project, the newest first."""

    permission_for = {"GET": MANAGE, "POST": MANAGE}

    @extend_schema(operation_id="generation_runs_list", tags=TAGS, responses=RunSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        desk = read_desk(project=self.project, now=timezone.now())
        return Response(RunSerializer(desk.rows, many=True).data)

    @extend_schema(
        operation_id="generation_runs_create",
        tags=TAGS,
        request=NewRunSerializer,
        responses={201: RunDetailSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        form = NewRunSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        data = dict(form.validated_data)
        data["configs"] = get_configs(project=self.project, config_ids=data["configs"])
        prompts = find_prompts(project=self.project, only_unanswered=data.pop("only_unanswered"))
        run = start_run(project=self.project, user=cast(User, request.user), prompts=prompts, **data)
        return Response(_describe(run), status=status.HTTP_201_CREATED)


class RunAPI(ProjectAPIView):
    """A run and how far it is."""

    permission_for = {"GET": MANAGE}

    @extend_schema(operation_id="generation_runs_read", tags=TAGS, responses=RunDetailSerializer)
    def get(self, request: Request, slug: str, run_id: int) -> Response:
        return Response(_describe(get_run(project=self.project, run_id=run_id)))


class CancelRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_cancel", tags=TAGS, request=None, responses=RunDetailSerializer
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Keep what is done and take back what waits."""
        run = get_run(project=self.project, run_id=run_id)
        return Response(_describe(cancel_run(run=run, user=cast(User, request.user))))


class ResumeRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_resume", tags=TAGS, request=None, responses=RunDetailSerializer
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Let a cancelled run complete what is missing."""
        run = get_run(project=self.project, run_id=run_id)
        return Response(_describe(resume_run(run=run, user=cast(User, request.user))))


class RetryRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_retry", tags=TAGS, request=None, responses=RunDetailSerializer
    )
    def post(self, request: Request, slug: str, run_id: int) -> Response:
        """Try what failed again, drawn with other seeds."""
        run = get_run(project=self.project, run_id=run_id)
        return Response(_describe(retry_failed(run=run, user=cast(User, request.user))))


def _describe(run: Run) -> Any:
    row = read_run(run=run, now=timezone.now())
    return {**RunSerializer(row).data, "failures": FailureSerializer(list_failures(run=run), many=True).data}
