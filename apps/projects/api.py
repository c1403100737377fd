"""Projects for programs."""

from typing import Any, cast

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import ApiToken, User
from apps.core.errors import NotAllowedError
from apps.core.policy import Policy
from apps.projects.access import open_project
from apps.projects.cloning import clone_project
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.projects.presets import USUAL, list_presets
from apps.projects.services import create_project


class ProjectSerializer(serializers.ModelSerializer[Project]):
    class Meta:
        model = Project
        fields = ("slug", "name", "description", "stage", "overlap", "lease_minutes", "created_at")


class NewProjectSerializer(serializers.ModelSerializer[Project]):
    preset = serializers.ChoiceField(
        choices=[preset.name for preset in list_presets()],
        default=USUAL,
        help_text="the rubric to begin with",
    )
    clone_of = serializers.SlugField(
        required=False,
        help_text="a project that lends its settings, rubric, guideline and models; only `name` counts then",
    )

    class Meta:
        model = Project
        fields = ("name", "description", "overlap", "lease_minutes", "preset", "clone_of")


class ProjectListAPI(APIView):
    """Everybody lists their own projects; a site admin lists all and creates."""

    policy = Policy("signed_in", (("POST", "site_admin"),))

    @extend_schema(operation_id="projects_list", tags=["projects"], responses=ProjectSerializer(many=True))
    def get(self, request: Request) -> Response:
        projects = Project.objects.visible_to(cast("User", request.user))
        return Response(ProjectSerializer(projects, many=True).data)

    @extend_schema(
        operation_id="projects_create",
        tags=["projects"],
        request=NewProjectSerializer,
        responses={201: ProjectSerializer},
    )
    def post(self, request: Request) -> Response:
        person = cast("User", request.user)
        _check_may_create(person, request.auth)
        form = NewProjectSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        project = _create(person, **form.validated_data)
        place = reverse("overview-api:project", args=[project.slug])
        return Response(
            ProjectSerializer(project).data, status=status.HTTP_201_CREATED, headers={"Location": place}
        )


def _create(person: User, *, clone_of: str = "", **said: Any) -> Project:
    if not clone_of:
        return create_project(user=person, **said)
    source, _ = open_project(user=person, slug=clone_of, permission=Permission.MANAGE_PROJECT)
    return clone_project(project=source, user=person, name=said["name"])


def _check_may_create(person: User, token: object) -> None:
    if not person.is_superuser:
        raise NotAllowedError("Only a site admin creates projects. Ask who runs this installation.")
    if isinstance(token, ApiToken) and Permission.MANAGE_PROJECT not in token.scopes:
        raise NotAllowedError("This token lacks the scope manage_project. Make a token that has it.")
