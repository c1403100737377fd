"""Personal data and near-duplicates for programs."""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.prompts.clustering.decisions import (
    get_cluster,
    keep_all,
    keep_first_of_exact,
    keep_one,
    merge_into,
    take_back,
)
from apps.prompts.clustering.listing import list_clusters
from apps.prompts.models import CurationSettings, JobKind, Prompt, PromptCluster, PromptJob
from apps.prompts.personal_data import Kind, Policy, scan_text
from apps.prompts.personal_data.configuring import change_settings, read_settings
from apps.prompts.personal_data.review import Decision, decide_held, list_held
from apps.prompts.prompt_jobs import request_job

MANAGE = Permission.MANAGE_PROMPTS


class PatternSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=30)
    expression = serializers.CharField(max_length=500, trim_whitespace=False, help_text="as RE2 reads it")


class CurationSettingsSerializer(serializers.Serializer[Any]):
    policy = serializers.ChoiceField(choices=[policy.value for policy in Policy])
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=[kind.value for kind in Kind]))
    regions = serializers.ListField(child=serializers.CharField(max_length=2), max_length=250)
    patterns = PatternSerializer(many=True)
    likeness = serializers.FloatField(min_value=0.6, max_value=1)


class FindingSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    start = serializers.IntegerField(help_text="in code points")
    end = serializers.IntegerField()


class ScanSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=200_000, trim_whitespace=False)


class PlacedSerializer(FindingSerializer):
    turn = serializers.IntegerField(required=False, help_text="the message; missing for metadata")
    key = serializers.CharField(required=False, help_text="path in the metadata")
    done = serializers.CharField()


class HeldPromptSerializer(serializers.ModelSerializer[Prompt]):
    messages = serializers.ListField(child=serializers.DictField())
    metadata = serializers.DictField()
    findings = PlacedSerializer(many=True)

    class Meta:
        model = Prompt
        fields = ("uid", "messages", "metadata", "findings", "created_at")


class HeldDecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=[decision.value for decision in Decision])
    prompts = serializers.ListField(
        child=serializers.UUIDField(), allow_null=True, help_text="null: all held"
    )
    kind = serializers.CharField(required=False, max_length=60, help_text="only those held over this kind")


class DecidedSerializer(serializers.Serializer[Any]):
    decided = serializers.IntegerField()


class ClusterPromptSerializer(serializers.ModelSerializer[Prompt]):
    nearest = serializers.SerializerMethodField()
    likeness = serializers.SerializerMethodField(help_text="Jaccard's, to the nearest")

    class Meta:
        model = Prompt
        fields = ("uid", "status", "nearest", "likeness")

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_nearest(self, prompt: Prompt) -> UUID | None:
        sketch = getattr(prompt, "sketch", None)
        return sketch.nearest.uid if sketch and sketch.nearest else None

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_likeness(self, prompt: Prompt) -> float | None:
        sketch = getattr(prompt, "sketch", None)
        return sketch.likeness if sketch else None


class ClusterSerializer(serializers.ModelSerializer[PromptCluster]):
    prompts = ClusterPromptSerializer(many=True)

    class Meta:
        model = PromptCluster
        fields = ("uid", "created_at", "settled_at", "prompts")


class ClusterDecisionSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=["keep_one", "merge", "keep_all", "take_back"])
    keep = serializers.UUIDField(required=False, help_text="the prompt that stays, for keep_one and merge")


class PromptJobSerializer(serializers.ModelSerializer[PromptJob]):
    result = serializers.DictField(child=serializers.IntegerField())

    class Meta:
        model = PromptJob
        fields = (
            "id",
            "kind",
            "status",
            "step",
            "done",
            "total",
            "result",
            "error",
            "created_at",
            "finished_at",
        )


class JobRequestSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=JobKind.choices)


class CurationPagination(PageNumberPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500


class CurationSettingsAPI(ProjectAPIView):
    permission_for = {"GET": MANAGE, "PATCH": MANAGE}

    @extend_schema(operation_id="curation_settings", tags=["prompts"], responses=CurationSettingsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        return Response(_show(read_settings(project=self.project)))

    @extend_schema(
        operation_id="curation_settings_change",
        tags=["prompts"],
        request=CurationSettingsSerializer(partial=True),
        responses=CurationSettingsSerializer,
    )
    def patch(self, request: Request, slug: str) -> Response:
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
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="held_decide",
        tags=["prompts"],
        request=HeldDecisionSerializer,
        responses=DecidedSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
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


class ClusterListAPI(ProjectAPIView, ListAPIView[PromptCluster]):
    """Groups that wait for a decision, largest first; with `decided=true` those that were decided."""

    permission_for = {"GET": MANAGE}
    serializer_class = ClusterSerializer
    pagination_class = CurationPagination
    queryset = PromptCluster.objects.none()

    def get_queryset(self) -> Any:
        decided = self.request.query_params.get("decided") == "true"
        return list_clusters(project=self.project, decided=decided).prefetch_related(
            "prompts__sketch__nearest"
        )

    @extend_schema(
        operation_id="clusters_list", tags=["prompts"], parameters=[OpenApiParameter("decided", bool)]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ClusterDecideAPI(ProjectAPIView):
    permission_for = {"POST": MANAGE}

    @extend_schema(
        operation_id="cluster_decide",
        tags=["prompts"],
        request=ClusterDecisionSerializer,
        responses=ClusterSerializer,
    )
    def post(self, request: Request, slug: str, uid: UUID) -> Response:
        asked = ClusterDecisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        cluster = get_cluster(project=self.project, uid=uid)
        _decide(cluster, cast("User", request.user), **asked.validated_data)
        return Response(ClusterSerializer(get_cluster(project=self.project, uid=uid)).data)


def _decide(cluster: PromptCluster, user: User, action: str, keep: UUID | None = None) -> None:
    if action == "keep_all":
        keep_all(cluster=cluster, user=user)
    elif action == "take_back":
        take_back(cluster=cluster, user=user)
    elif keep is None:
        raise ValidationError({"keep": ["Name the prompt that stays."]})
    elif action == "merge":
        merge_into(cluster=cluster, keep=keep, user=user)
    else:
        keep_one(cluster=cluster, keep=keep, user=user)


class ExactClustersAPI(ProjectAPIView):
    """Keep the first of each group that differs in case, spaces and punctuation alone."""

    permission_for = {"POST": MANAGE}

    @extend_schema(operation_id="clusters_exact", tags=["prompts"], request=None, responses=DecidedSerializer)
    def post(self, request: Request, slug: str) -> Response:
        return Response(
            {"decided": keep_first_of_exact(project=self.project, user=cast("User", request.user))}
        )


class PromptJobsAPI(ProjectAPIView):
    """Looking for near-duplicates and telling languages: the last 20 such jobs, and one more."""

    permission_for = {"GET": MANAGE, "POST": MANAGE}

    @extend_schema(operation_id="prompt_jobs", tags=["prompts"], responses=PromptJobSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return Response(PromptJobSerializer(self.project.prompt_jobs.all()[:20], many=True).data)

    @extend_schema(
        operation_id="prompt_jobs_request",
        tags=["prompts"],
        request=JobRequestSerializer,
        responses={202: PromptJobSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        asked = JobRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        kind = JobKind(asked.validated_data["kind"])
        job = request_job(project=self.project, kind=kind, user=cast("User", request.user))
        return Response(PromptJobSerializer(job).data, status=status.HTTP_202_ACCEPTED)
