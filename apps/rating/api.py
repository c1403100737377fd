"""Rating for programs and other front ends: the same four moves as the page."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.projects.rubrics import RubricDocument
from apps.rating.desk import get_task, submit_and_get_task
from apps.rating.holding import save_draft, skip_item
from apps.rating.outdated import OF_A_PROGRAM, check_asked
from apps.rating.serializers import (
    DraftSerializer,
    LeaseSerializer,
    SkipSerializer,
    SubmissionSerializer,
    SubmittedSerializer,
    TaskSerializer,
    describe_task,
)


class RatingAPIView(ProjectAPIView):
    permission_for = {"POST": Permission.RATE}

    @property
    def rater(self) -> User:
        assert isinstance(self.request.user, User)  # noqa: S101 — initial() let nobody else in
        return self.request.user

    def next_task(self) -> dict[str, Any]:
        return describe_task(get_task(project=self.project, rater=self.rater))


class NextAPIView(RatingAPIView):
    @extend_schema(request=None, responses=TaskSerializer, summary="Claim the next item, or get the one held")
    def post(self, request: Request, slug: str) -> Response:
        return Response(TaskSerializer(self.next_task()).data)


class SubmitAPIView(RatingAPIView):
    @extend_schema(
        request=SubmissionSerializer,
        responses=SubmittedSerializer,
        description="Sent again, the same answers are stored once. 422 says why nothing was stored: "
        "`invalid_answers`, or `outdated_form` for answers to a rubric that the item left meanwhile.",
        summary="Submit, and get the next",
    )
    def post(self, request: Request, slug: str, lease_uid: UUID) -> Response:
        data = SubmissionSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        said = data.validated_data

        def read_answers(rubric: RubricDocument, shown: object) -> dict[str, Any]:
            check_asked(asked_as=said["asked_as"], rubric=rubric, message=OF_A_PROGRAM)
            answers: dict[str, Any] = said["answers"]
            return answers

        annotation, task = submit_and_get_task(
            project=self.project,
            rater=self.rater,
            lease_uid=str(lease_uid),
            answers=read_answers,
            active_seconds=said["active_seconds"],
        )
        told = {
            "annotation": annotation.uid,
            "counted": annotation.is_counted,
            "stored": annotation.is_what_was_sent,
            "next": describe_task(task),
        }
        return Response(SubmittedSerializer(told).data)


class SkipAPIView(RatingAPIView):
    @extend_schema(
        request=SkipSerializer, responses=TaskSerializer, summary="Skip with a reason, and get the next"
    )
    def post(self, request: Request, slug: str, lease_uid: UUID) -> Response:
        data = SkipSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        skip_item(project=self.project, rater=self.rater, lease_uid=str(lease_uid), **data.validated_data)
        return Response(TaskSerializer(self.next_task()).data)


class DraftAPIView(RatingAPIView):
    @extend_schema(
        request=DraftSerializer, responses=LeaseSerializer, summary="Keep a draft, and hold the item on"
    )
    def post(self, request: Request, slug: str, lease_uid: UUID) -> Response:
        data = DraftSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        lease = save_draft(
            project=self.project,
            rater=self.rater,
            lease_uid=str(lease_uid),
            draft=data.validated_data["draft"],
        )
        return Response(LeaseSerializer(lease).data)
