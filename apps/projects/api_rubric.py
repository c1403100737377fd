"""The rubric of a project, for programs: what is in force, its versions, and its draft."""

from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.projects.access import ProjectAPIView
from apps.projects.models import Rubric
from apps.projects.permissions import Permission
from apps.projects.rubric_check import read_document
from apps.projects.rubric_versions import discard_rubric_draft, publish_rubric, save_rubric_draft

SEE, MANAGE = Permission.VIEW_PROJECT, Permission.MANAGE_PROJECT


class RubricSerializer(serializers.ModelSerializer[Rubric]):
    document = serializers.SerializerMethodField()

    class Meta:
        model = Rubric
        fields = ("version", "created_at", "published_at", "document")

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_document(self, rubric: Rubric) -> dict[str, Any]:
        return rubric.questions.model_dump(mode="json")


class RubricDraftSerializer(serializers.Serializer[Any]):
    document = serializers.JSONField(help_text="`responses` and `questions`, as in what GET gives")
    based_on = serializers.IntegerField(min_value=1, help_text="the version in force when it was written")


class NewRubricSerializer(RubricDraftSerializer):
    document = serializers.JSONField(required=False, help_text="left out, the draft is published")


class RubricAPI(ProjectAPIView):
    permission_for = {"GET": SEE, "POST": MANAGE}

    @extend_schema(operation_id="rubric_get", tags=["projects"], responses=RubricSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The version in force."""
        return Response(RubricSerializer(self.project.rubric).data)

    @extend_schema(
        operation_id="rubric_publish",
        tags=["projects"],
        request=NewRubricSerializer,
        responses={201: RubricSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Publish a document, or the draft, as the next version. Items that nobody has begun move to it."""
        sent = NewRubricSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        document = read_document(said["document"]) if "document" in said else None
        user = cast("User", request.user)
        version = publish_rubric(
            project=self.project, user=user, document=document, based_on=said["based_on"]
        )
        return Response(RubricSerializer(version).data, status=status.HTTP_201_CREATED)


class RubricDraftAPI(ProjectAPIView):
    permission_for = {"GET": MANAGE, "PUT": MANAGE, "DELETE": MANAGE}

    @extend_schema(operation_id="rubric_draft_get", tags=["projects"], responses=RubricSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The draft that is being edited; 404 where there is none."""
        draft = self.project.rubric_draft
        if draft is None:
            raise NotFoundError("The rubric of this project has no draft.")
        return Response(RubricSerializer(draft).data)

    @extend_schema(
        operation_id="rubric_draft_save",
        tags=["projects"],
        request=RubricDraftSerializer,
        responses=RubricSerializer,
    )
    def put(self, request: Request, slug: str) -> Response:
        """Store what is to become the next version, in the place of whatever draft there is."""
        sent = RubricDraftSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        draft = save_rubric_draft(
            project=self.project,
            user=cast("User", request.user),
            document=read_document(said["document"]),
            based_on=said["based_on"],
        )
        return Response(RubricSerializer(draft).data)

    @extend_schema(operation_id="rubric_draft_discard", tags=["projects"], responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Throw the draft away. Published versions stay."""
        discard_rubric_draft(project=self.project, user=cast("User", request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RubricVersionsAPI(ProjectAPIView):
    permission_for = {"GET": SEE}

    @extend_schema(operation_id="rubric_versions", tags=["projects"], responses=RubricSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """All that were ever published, the newest first."""
        versions = self.project.rubrics.published().order_by("-version")
        return Response(RubricSerializer(versions, many=True).data)


class RubricVersionAPI(ProjectAPIView):
    permission_for = {"GET": SEE}

    @extend_schema(operation_id="rubric_version", tags=["projects"], responses=RubricSerializer)
    def get(self, request: Request, slug: str, version: int) -> Response:
        """A published version, which never changes."""
        rubric = self.project.rubrics.published().filter(version=version).first()
        if rubric is None:
            raise NotFoundError(f"This project has no version {version} of its rubric.")
        return Response(RubricSerializer(rubric).data)
