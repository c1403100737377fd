"""Datasets for programs: the counts, and each format as a ZIP file."""

from typing import Any, cast

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.datasets.containers import CONTAINERS
from apps.datasets.exports import answer_with_archive, export_archive
from apps.datasets.formats import FORMATS
from apps.datasets.preview import build_preview
from apps.datasets.tally import Tally
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission


class DatasetFormatSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    rows = serializers.DictField(child=serializers.IntegerField(), help_text="by split")


class DatasetCountsSerializer(serializers.Serializer[Any]):
    pairs = serializers.IntegerField()
    prompts = serializers.IntegerField(help_text="prompts that the pairs come from")
    raters = serializers.IntegerField()
    agreement = serializers.FloatField(help_text="mean share of a pair's votes for the chosen response")
    answered = serializers.IntegerField(help_text="items with an answer")
    waiting = serializers.IntegerField(help_text="items without any")
    left_out = serializers.DictField(child=serializers.IntegerField(), help_text="items by reason")
    formats = DatasetFormatSerializer(many=True)


class CountsAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}

    @extend_schema(operation_id="datasets_counts", tags=["datasets"], responses=DatasetCountsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What would leave the project now, and what stays out."""
        return Response(_describe(build_preview(self.project).tally))


def _describe(tally: Tally) -> dict[str, Any]:
    return {
        "pairs": tally.pairs,
        "prompts": tally.prompts,
        "raters": len(tally.raters),
        "agreement": tally.agreement,
        "answered": tally.answered,
        "waiting": tally.waiting,
        "left_out": {str(reason): count for reason, count in sorted(tally.left_out.items())},
        "formats": [
            {
                "name": name,
                "title": one.TITLE,
                "rows": {str(split): count for split, count in tally.rows_of(name).items()},
            }
            for name, one in FORMATS.items()
        ],
    }


class AnyAccept(BaseContentNegotiation):
    """A download is what it is, whatever the Accept header prefers; errors are JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class ArchiveAPI(ProjectAPIView):
    permission_for = {"GET": Permission.EXPORT}
    content_negotiation_class = AnyAccept

    @extend_schema(
        operation_id="datasets_archive",
        tags=["datasets"],
        parameters=[
            OpenApiParameter("name", str, OpenApiParameter.PATH, enum=list(FORMATS)),
            OpenApiParameter("container", str, enum=list(CONTAINERS), default="parquet"),
        ],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, name: str) -> FileResponse:
        """One format with its card, as a ZIP file; `datasets.load_dataset` loads its folder."""
        archive = export_archive(
            project=self.project,
            formats=[name],
            container=request.query_params.get("container", "parquet"),
            actor=cast("User", request.user),
        )
        return answer_with_archive(archive)
