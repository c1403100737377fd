"""A rater's own answers for programs and other front ends: look back, and revise."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api_pages import CursorPages
from apps.projects.permissions import Permission
from apps.rating.answers import describe_given, list_given
from apps.rating.api import RatingAPIView
from apps.rating.revision import revise_annotation
from apps.rating.serializers import AnswersSerializer, WhySerializer


class GivenResponseSerializer(serializers.Serializer[Any]):
    letter = serializers.CharField(help_text="under which it stood on the page")
    uid = serializers.UUIDField()
    text = serializers.CharField()


class GivenAnswerSerializer(serializers.Serializer[Any]):
    uid = serializers.UUIDField(help_text="of the annotation")
    revision = serializers.IntegerField(help_text="1 for an answer that was not revised")
    at = serializers.DateTimeField()
    counted = serializers.BooleanField(help_text="false for an answer that came after its slot had gone")
    opening = serializers.CharField(help_text="how the prompt's last message begins")
    answers = serializers.DictField(help_text="by question key, as they are stored")
    rubric_version = serializers.IntegerField(help_text="under which it was given")
    responses = GivenResponseSerializer(
        many=True, help_text="what was judged, in the order in which it was shown"
    )
    words = serializers.CharField(help_text="the answers, by the letters of the page they were given on")
    may_revise = serializers.BooleanField()
    reason = WhySerializer(source="refusal", allow_null=True, help_text="why it cannot be revised")


class GivenPagination(CursorPages):
    ordering = "-created_at"
    page_size = 20
    max_page_size = 100


class GivenListAPI(RatingAPIView):
    permission_for = {"GET": Permission.RATE}
    pagination_class = GivenPagination

    @extend_schema(
        operation_id="rating_answers_list",
        tags=["rating"],
        description="Newest first; each as it stands now, with why it cannot be revised, where it cannot.",
        responses=GivenAnswerSerializer(many=True),
        summary="Your own last answers",
    )
    def get(self, request: Request, slug: str) -> Response:
        paginator = GivenPagination()
        annotations = list_given(project=self.project, rater=self.rater, with_texts=True)
        page = paginator.paginate_queryset(annotations, request, view=self) or []
        given = describe_given(page, project=self.project, rater=self.rater)
        return paginator.get_paginated_response(GivenAnswerSerializer(given, many=True).data)


class ReviseAPI(RatingAPIView):
    @extend_schema(
        operation_id="rating_annotations_revise",
        tags=["rating"],
        description="Answers that are stored already make no revision. 409 says why there is none: "
        "`superseded` (revised meanwhile), `told` (you have read what others said), `settled`, `closed`, "
        "`paused` or `skills`.",
        request=AnswersSerializer,
        responses=GivenAnswerSerializer,
        summary="Revise one of your answers, until its item is settled",
    )
    def post(self, request: Request, slug: str, annotation_uid: UUID) -> Response:
        data = AnswersSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        raw: dict[str, Any] = data.validated_data["answers"]
        annotation = revise_annotation(
            project=self.project,
            rater=self.rater,
            annotation_uid=str(annotation_uid),
            answers=lambda rubric, shown: raw,
        )
        stored = list_given(project=self.project, rater=self.rater, with_texts=True).filter(pk=annotation.pk)
        (given,) = describe_given(stored, project=self.project, rater=self.rater)
        return Response(GivenAnswerSerializer(given).data)
