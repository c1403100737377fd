"""Flags for programs: point something out, and read what was answered."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.projects.permissions import Permission
from apps.rating.api import RatingAPIView
from apps.rating.flagging import NOTE_LENGTH, flag_item, read_flags
from apps.rating.models import FlagKind


class NewFlagSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=FlagKind.choices)
    note = serializers.CharField(
        max_length=NOTE_LENGTH, required=False, allow_blank=True, default="", help_text="needed for `unclear`"
    )


class FlagSerializer(serializers.Serializer[Any]):
    """What was pointed out, and the answer once there is one."""

    kind = serializers.ChoiceField(choices=FlagKind.choices)
    note = serializers.CharField()
    created_at = serializers.DateTimeField()
    answer = serializers.CharField(help_text="Markdown; empty until somebody has answered")
    answered_at = serializers.DateTimeField(allow_null=True)
    edited_at = serializers.DateTimeField(allow_null=True, help_text="when the answer was last changed")
    guideline_version = serializers.IntegerField(
        source="guideline.version",
        allow_null=True,
        default=None,
        help_text="of the guideline that the answer became a part of, if it did",
    )


class FlagsSerializer(serializers.Serializer[Any]):
    flags = FlagSerializer(many=True)


class FlagAPIView(RatingAPIView):
    @extend_schema(
        request=NewFlagSerializer, responses=FlagSerializer, summary="Flag an item that you hold or have held"
    )
    def post(self, request: Request, slug: str, lease_uid: UUID) -> Response:
        data = NewFlagSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        flag = flag_item(
            project=self.project, rater=self.rater, lease_uid=str(lease_uid), **data.validated_data
        )
        return Response(FlagSerializer(flag).data)


class FlagsAPIView(RatingAPIView):
    permission_for = {"GET": Permission.RATE}

    @extend_schema(responses=FlagsSerializer, summary="Read your flags and the answers to them")
    def get(self, request: Request, slug: str) -> Response:
        flags = read_flags(project=self.project, rater=self.rater)
        return Response(FlagsSerializer({"flags": flags}).data)
