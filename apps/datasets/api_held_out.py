"""Held-out lists for programs: which there are, another one, one less."""

from typing import Any, cast
from uuid import UUID

from django.db.models import F, Func, IntegerField, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.datasets.api import read_request
from apps.datasets.held_out import LEAST_WORDS, MOST_WORDS, add_held_out_list, remove_held_out_list
from apps.datasets.models import HeldOutList
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission


class HeldOutListSerializer(serializers.ModelSerializer[HeldOutList]):
    size = serializers.IntegerField(help_text="texts, each once")

    class Meta:
        model = HeldOutList
        fields = ("uid", "name", "words", "size", "created_at")


class NewHeldOutListSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    texts = serializers.ListField(child=serializers.CharField(allow_blank=True), allow_empty=False)
    words = serializers.IntegerField(
        default=13,
        min_value=LEAST_WORDS,
        max_value=MOST_WORDS,
        help_text="so many in a row are looked for; recipes may ask for more, not for fewer",
    )


class HeldOutListsAPI(ProjectAPIView, ListAPIView[HeldOutList]):
    permission_for = {"GET": Permission.EXPORT, "POST": Permission.EXPORT}
    serializer_class = HeldOutListSerializer
    pagination_class = None
    queryset = HeldOutList.objects.none()

    def get_queryset(self) -> QuerySet[HeldOutList]:
        size = Func(F("texts"), function="jsonb_array_length", output_field=IntegerField())
        return HeldOutList.objects.filter(project=self.project).defer("texts").annotate(size=size)

    @extend_schema(operation_id="datasets_held_out", tags=["datasets"])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every held-out list, without its texts. A recipe names one by its uid."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="datasets_held_out_add",
        tags=["datasets"],
        request=NewHeldOutListSerializer,
        responses={201: HeldOutListSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Add a list of texts that must not be trained on. A worker compares the prompts with it."""
        given = read_request(request, NewHeldOutListSerializer)
        listed = add_held_out_list(project=self.project, actor=cast("User", request.user), **given)
        added = HeldOutListSerializer(self.get_queryset().get(pk=listed.pk))
        return Response(added.data, status=status.HTTP_201_CREATED)


class HeldOutListAPI(ProjectAPIView):
    permission_for = {"DELETE": Permission.EXPORT}

    @extend_schema(operation_id="datasets_held_out_remove", tags=["datasets"], responses={204: None})
    def delete(self, request: Request, slug: str, uid: UUID) -> Response:
        """Remove a list. Recipes that name it make nothing until they name another one or none."""
        listed = HeldOutList.objects.filter(project=self.project, uid=uid).defer("texts").first()
        if listed is None:
            raise NotFoundError("There is no such held-out list in this project.")
        remove_held_out_list(listed=listed, actor=cast("User", request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)
