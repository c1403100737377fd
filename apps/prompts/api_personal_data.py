"""Personal data for programs: the project's settings, trying them, what is held."""

from typing import Any, cast

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.prompts.models import CurationSettings, Prompt
from apps.prompts.personal_data import scan_text
from apps.prompts.personal_data.configuring import change_settings, read_settings
from apps.prompts.personal_data.review import Decision, decide_held, list_held
from apps.prompts.serializers_curation import (
    CurationPagination,
    CurationSettingsSerializer,
    DecidedSerializer,
    FindingSerializer,
    HeldDecisionSerializer,
    HeldPromptSerializer,
    ScanSerializer,
)

MANAGE = Permission.MANAGE_PROMPTS


class CurationSettingsAPI(ProjectAPIView):
    permission_for = {"GET": MANAGE, "PATCH": MANAGE}

    @extend_schema(operation_id="curation_settings", tags=["prompts"], responses=CurationSettingsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What is looked for in prompts that come in, and what becomes of it."""
        return Response(_show(read_settings(project=self.project)))

    @extend_schema(
        operation_id="curation_settings_change",
        tags=["prompts"],
        request=CurationSettingsSerializer(partial=True),
        responses=CurationSettingsSerializer,
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change some of it; what is left out stays."""
        changes = CurationSettingsSerializer(data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        user = cast("User", request.user)
        settings = change_settings(project=self.project, user=user, changes=changes.validated_data)
        return Response(_show(settings))


def _show(settings: CurationSettings) -> dict[str, Any]:
    return {
        "policy": settings.policy,
        **settings.read_rules().as_json(),
        "likeness": settings.likeness,
    }


class ScanAPI(ProjectAPIView):
    """What the project's settings find in a text. Nothing is stored."""

    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="personal_data_scan",
        tags=["prompts"],
        request=ScanSerializer,
        responses=FindingSerializer(many=True),
    )
    def post(self, request: Request, slug: str) -> Response:
        asked = ScanSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        rules = read_settings(project=self.project).read_rules()
        return Response([found._asdict() for found in scan_text(asked.validated_data["text"], rules)])


class HeldListAPI(ProjectAPIView, ListAPIView[Prompt]):
    permission_for = {"GET": MANAGE, "POST": MANAGE}
    serializer_class = HeldPromptSerializer
    pagination_class = CurationPagination
    queryset = Prompt.objects.none()

    def get_queryset(self) -> Any:
        return list_held(
            project=self.project, kind=self.request.query_params.get("kind", "").replace("\0", "")
        )

    @extend_schema(operation_id="held_list", tags=["prompts"], parameters=[OpenApiParameter("kind", str)])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Prompts that are held for what was found in them."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="held_decide",
        tags=["prompts"],
        request=HeldDecisionSerializer,
        responses=DecidedSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Decide about held prompts, several at once."""
        asked = HeldDecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        decided = decide_held(
            project=self.project,
            user=cast("User", request.user),
            decision=Decision(asked.validated_data["decision"]),
            uids=asked.validated_data["prompts"],
            kind=asked.validated_data.get("kind", ""),
        )
        return Response({"decided": decided})
