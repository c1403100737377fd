"""A snapshot's files for programs, as a whole and by ranges of bytes."""

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from apps.datasets.api_snapshots import get_snapshot
from apps.datasets.snapshots.downloads import answer_with_file, answer_with_zip
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission

RANGE = OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="such as bytes=1000-")


class AnyAccept(BaseContentNegotiation):
    """A download is what it is, whatever the Accept header prefers; errors are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class DownloadAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}
    content_negotiation_class = AnyAccept


class SnapshotFileAPI(DownloadAPI):
    @extend_schema(
        operation_id="datasets_snapshot_file",
        tags=["datasets"],
        parameters=[RANGE],
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            (206, "application/octet-stream"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, slug: str, uid: UUID, path: str) -> HttpResponseBase:
        """One file, or a range of its bytes."""
        return answer_with_file(request._request, get_snapshot(self.project, uid), path)


class SnapshotDownloadAPI(DownloadAPI):
    @extend_schema(
        operation_id="datasets_snapshot_download",
        tags=["datasets"],
        parameters=[RANGE],
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            (206, "application/zip"): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, slug: str, uid: UUID) -> HttpResponseBase:
        """All files as one ZIP file, or a range of its bytes; the same every time."""
        return answer_with_zip(request._request, get_snapshot(self.project, uid))
