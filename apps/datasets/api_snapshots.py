"""Snapshots for programs: have one made, follow it, take its files, compare, and trace a row."""

import time
from typing import Any, cast
from uuid import UUID

from django.db.models import Max, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.datasets.api import get_recipe, read_request
from apps.datasets.models import Snapshot
from apps.datasets.serializers import (
    DifferenceSerializer,
    SnapshotFileSerializer,
    SnapshotSerializer,
    StartSerializer,
)
from apps.datasets.serializers_tracing import TraceSerializer
from apps.datasets.snapshots.comparing import compare_snapshots
from apps.datasets.snapshots.downloads import list_files
from apps.datasets.snapshots.lineage import trace_row
from apps.datasets.snapshots.states import cancel_snapshot, start_snapshot
from apps.projects.access import ProjectAPIView
from apps.projects.models import Project
from apps.projects.permissions import Permission

LONGEST_WAIT = 30.0
WAIT = OpenApiParameter("wait", float, description="seconds to wait for the end, at most 30")


def get_snapshot(project: Project, uid: UUID) -> Snapshot:
    related = Snapshot.objects.select_related("project", "recipe", "version")
    snapshot = related.filter(project=project, uid=uid).first()
    if snapshot is None:
        raise NotFoundError("There is no such snapshot in this project.")
    return snapshot


class SnapshotPagination(PageNumberPagination):
    page_size = 100


class SnapshotsAPI(ProjectAPIView, ListAPIView[Snapshot]):
    permission_for = {"GET": Permission.EXPORT, "POST": Permission.EXPORT}
    serializer_class = SnapshotSerializer
    pagination_class = SnapshotPagination
    queryset = Snapshot.objects.none()

    def get_queryset(self) -> QuerySet[Snapshot]:
        return self.project.snapshots.select_related("recipe", "version").defer("manifest", "files")

    @extend_schema(operation_id="datasets_snapshots", tags=["datasets"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every snapshot, the newest first, whatever became of it."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="datasets_snapshot_start",
        tags=["datasets"],
        request=StartSerializer,
        responses={202: SnapshotSerializer},
        description="Have a snapshot made. Its address is in Location.",
    )
    def post(self, request: Request, slug: str) -> Response:
        given = read_request(request, StartSerializer)
        recipe = get_recipe(self.project, given["recipe"])
        newest = recipe.versions.aggregate(newest=Max("number"))["newest"]
        version = recipe.versions.filter(number=given.get("version", newest)).first()
        if version is None:
            raise NotFoundError("This recipe has no such version.")
        snapshot = start_snapshot(version=version, user=cast("User", request.user))
        there = reverse("datasets-api:snapshot", args=[slug, snapshot.uid], request=request)
        return Response(
            SnapshotSerializer(snapshot).data, status=status.HTTP_202_ACCEPTED, headers={"Location": there}
        )


class SnapshotAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}

    @extend_schema(
        operation_id="datasets_snapshot", tags=["datasets"], parameters=[WAIT], responses=SnapshotSerializer
    )
    def get(self, request: Request, slug: str, uid: UUID) -> Response:
        """How far it is, and what came of it."""
        snapshot = get_snapshot(self.project, uid)
        wait_for(snapshot, seconds=_read_wait(request))
        return Response(SnapshotSerializer(snapshot).data)


class SnapshotCancelAPI(ProjectAPIView):
    permission_for = {"POST": Permission.EXPORT}

    @extend_schema(
        operation_id="datasets_snapshot_cancel",
        tags=["datasets"],
        request=None,
        responses=SnapshotSerializer,
    )
    def post(self, request: Request, slug: str, uid: UUID) -> Response:
        """Stop making it; nothing of it is kept."""
        snapshot = get_snapshot(self.project, uid)
        cancelled = cancel_snapshot(snapshot=snapshot, user=cast("User", request.user))
        return Response(SnapshotSerializer(cancelled).data)


class SnapshotManifestAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}

    @extend_schema(
        operation_id="datasets_snapshot_manifest", tags=["datasets"], responses=OpenApiTypes.OBJECT
    )
    def get(self, request: Request, slug: str, uid: UUID) -> Response:
        """manifest.json: the recipe, the counts, what stayed out and why, and the files' hashes."""
        snapshot = get_snapshot(self.project, uid)
        list_files(snapshot)
        return Response(snapshot.manifest)


class SnapshotFilesAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}

    @extend_schema(
        operation_id="datasets_snapshot_files",
        tags=["datasets"],
        responses=SnapshotFileSerializer(many=True),
    )
    def get(self, request: Request, slug: str, uid: UUID) -> Response:
        """Every file, with its address."""
        files = list_files(get_snapshot(self.project, uid))
        for file in files:
            file["url"] = reverse("datasets-api:file", args=[slug, uid, file["path"]], request=request)
        return Response(SnapshotFileSerializer(files, many=True).data)


class SnapshotCompareAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}

    @extend_schema(
        operation_id="datasets_snapshot_compare", tags=["datasets"], responses=DifferenceSerializer
    )
    def get(self, request: Request, slug: str, uid: UUID, later: UUID) -> Response:
        """What the later one has that this one has not, the reverse, and what turned around."""
        before, after = (get_snapshot(self.project, one) for one in (uid, later))
        return Response(DifferenceSerializer(compare_snapshots(before, after)).data)


class SnapshotTraceAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}

    @extend_schema(operation_id="datasets_snapshot_trace", tags=["datasets"], responses=TraceSerializer)
    def get(self, request: Request, slug: str, uid: UUID, item: UUID) -> Response:
        """Everything that is behind the item of a row's metadata, as this snapshot read it."""
        snapshot = get_snapshot(self.project, uid)
        list_files(snapshot)
        return Response(TraceSerializer(trace_row(project=self.project, item=item, snapshot=snapshot)).data)


def wait_for(snapshot: Snapshot, *, seconds: float) -> None:
    """Until it has ended, or so many seconds; `snapshot` says then what is so."""
    deadline = time.monotonic() + seconds
    while not snapshot.has_ended and time.monotonic() < deadline:
        time.sleep(0.1)
        snapshot.refresh_from_db()


def _read_wait(request: Request) -> float:
    try:
        return min(LONGEST_WAIT, max(0.0, float(request.query_params.get("wait", "0"))))
    except ValueError:
        raise ValidationError({"wait": ["A number of seconds is needed."]}) from None
