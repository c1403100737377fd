"""Near-duplicates for programs: the clusters, deciding them, looking for them."""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.projects.access import ProjectAPIView
from apps.prompts.api_personal_data import MANAGE
from apps.prompts.clustering.decisions import (
    get_cluster,
    keep_all,
    keep_first_of_exact,
    keep_one,
    merge_into,
    take_back,
)
from apps.prompts.clustering.listing import list_clusters
from apps.prompts.models import JobKind, PromptCluster
from apps.prompts.prompt_jobs import request_job
from apps.prompts.serializers_curation import (
    ClusterDecisionSerializer,
    ClusterSerializer,
    CurationPagination,
    DecidedSerializer,
    JobRequestSerializer,
    PromptJobSerializer,
)


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
        """Decide about a group of near-duplicates."""
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
