"""Models and runs for programs."""

from typing import Any, cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.generation.access import get_config, get_configs
from apps.generation.api_run import describe_run
from apps.generation.choosing import dump_choice, find_answerable
from apps.generation.desk import read_desk
from apps.generation.forecasting import foresee_run
from apps.generation.serializers import (
    ForecastSerializer,
    NewRunSerializer,
    RunDetailSerializer,
    RunSerializer,
)
from apps.generation.serializers_configs import (
    ModelConfigSerializer,
    NewModelConfigSerializer,
    PaceSerializer,
)
from apps.generation.services import change_pace, create_model_config, start_run
from apps.projects.access import ProjectAPIView
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.filtering import PromptFilter

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


class ConfigAPI(ProjectAPIView):
    permission_for = {"PATCH": MANAGE}

    @extend_schema(
        operation_id="generation_configs_change",
        tags=TAGS,
        request=PaceSerializer,
        responses=ModelConfigSerializer,
    )
    def patch(self, request: Request, slug: str, config_id: int) -> Response:
        """Change how much goes to its model at once. Nothing else of a configuration changes."""
        form = PaceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        config = get_config(project=self.project, config_id=config_id)
        changed = change_pace(config=config, user=cast(User, request.user), **form.validated_data)
        return Response(ModelConfigSerializer(changed).data)


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
        data, wanted = _read_new_run(self.project, request.data)
        run = start_run(
            project=self.project,
            user=cast(User, request.user),
            prompts=find_answerable(project=self.project, **wanted),
            choice=dump_choice(**wanted),
            **data,
        )
        return Response(describe_run(run), status=status.HTTP_201_CREATED)


class DryRunAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="generation_runs_dry_run",
        tags=TAGS,
        request=NewRunSerializer,
        responses=ForecastSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """What such a run would ask for, and what earlier ones tell of it. Nothing is started."""
        data, wanted = _read_new_run(self.project, request.data)
        prompts = find_answerable(project=self.project, **wanted).count()
        forecast = foresee_run(configs=data["configs"], prompts=prompts, samples=data["samples"])
        return Response(ForecastSerializer(forecast).data)


def _read_new_run(project: Project, sent: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a run is told, and which prompts it takes."""
    form = NewRunSerializer(data=sent)
    form.is_valid(raise_exception=True)
    data = {name: form.validated_data[name] for name in ("samples", "seed", "priority")}
    configs = get_configs(project=project, config_ids=form.validated_data["configs"])
    wanted = PromptFilter.read(form.validated_data)
    only_unanswered = form.validated_data["only_unanswered"]
    return {**data, "configs": configs}, {"wanted": wanted, "only_unanswered": only_unanswered}
