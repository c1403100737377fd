"""Items for programs: list them in the order of the queue, change one."""

from typing import Any, cast
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.models import User
from apps.core.api_pages import CursorPages
from apps.projects.access import ProjectAPIView
from apps.projects.permissions import Permission
from apps.projects.skills import SKILL_LENGTH, parse_skills
from apps.rating.curation.one_item import change_item, get_item
from apps.rating.listing import QUEUE, ItemFilter, find_items
from apps.rating.models import PRIORITIES, Item, ItemStatus
from apps.rating.models.item_queries import ItemQuerySet
from apps.rating.models.item_states import ItemState
from apps.rating.models.items import MOST_RATERS

MANAGE = Permission.MANAGE_PROJECT
TAGS = ["rating"]


class ItemSerializer(serializers.ModelSerializer[Item]):
    prompt = serializers.UUIDField(source="prompt.uid")
    state = serializers.ChoiceField(choices=ItemState.choices)
    annotations = serializers.IntegerField(source="counted", help_text="those that count")
    held = serializers.IntegerField(help_text="raters who have it in hand")

    class Meta:
        model = Item
        fields = (
            "uid", "prompt", "status", "state", "overlap", "annotations", "held", "priority", "skills",
            "skips", "created_at",
        )  # fmt: skip


class ItemFilterSerializer(serializers.Serializer[Any]):
    q = serializers.CharField(required=False, max_length=200, help_text="what its prompt says")
    category = serializers.CharField(required=False, max_length=1000, help_text="of its prompt")
    state = serializers.ChoiceField(
        required=False,
        choices=[(QUEUE, "waiting or begun"), *ItemState.choices],
        help_text="`queue` is every item that is waiting or begun",
    )
    priority = serializers.IntegerField(required=False, min_value=PRIORITIES[0], max_value=PRIORITIES[1])
    skill = serializers.CharField(
        required=False, max_length=SKILL_LENGTH, help_text="that it asks of a rater"
    )


class ItemChangeSerializer(serializers.Serializer[Any]):
    overlap = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_RATERS,
        help_text="Fewer than have answered or hold the item is not possible; it gets the nearest number.",
    )
    priority = serializers.IntegerField(required=False, min_value=PRIORITIES[0], max_value=PRIORITIES[1])
    skills = serializers.ListField(
        required=False, child=serializers.CharField(), help_text="a rater needs all of them"
    )
    status = serializers.ChoiceField(
        required=False,
        choices=[(ItemStatus.OPEN, "in the queue"), (ItemStatus.WITHDRAWN, "withdrawn")],
        help_text="`open` puts it back into the queue and forgives its skips",
    )


class ItemPagination(CursorPages):
    """In the order of the list that was asked for."""

    page_size = 100
    max_page_size = 1000

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return tuple(queryset.query.order_by)


class ItemListAPI(ProjectAPIView, ListAPIView[Item]):
    permission_for = {"GET": MANAGE}
    serializer_class = ItemSerializer
    pagination_class = ItemPagination
    queryset = Item.objects.none()

    def get_queryset(self) -> ItemQuerySet:
        asked = ItemFilterSerializer(data=self.request.query_params.dict())
        asked.is_valid(raise_exception=True)
        items = find_items(project=self.project, wanted=ItemFilter(**asked.validated_data))
        return items.select_related("prompt").defer("prompt__messages", "prompt__metadata")

    @extend_schema(
        operation_id="rating_items_list",
        tags=TAGS,
        parameters=[ItemFilterSerializer],
        summary="Items; those in the queue as raters meet them, others as they came in",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ItemAPI(ProjectAPIView):
    permission_for = {"GET": MANAGE, "PATCH": MANAGE}

    @extend_schema(operation_id="rating_items_read", tags=TAGS, responses=ItemSerializer)
    def get(self, request: Request, slug: str, uid: UUID) -> Response:
        """One item."""
        return Response(ItemSerializer(get_item(project=self.project, uid=uid)).data)

    @extend_schema(
        operation_id="rating_items_change",
        tags=TAGS,
        request=ItemChangeSerializer,
        responses=ItemSerializer,
        summary="Change an item; all that is said, or nothing",
    )
    def patch(self, request: Request, slug: str, uid: UUID) -> Response:
        form = ItemChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        if "skills" in said:
            said["skills"] = parse_skills(",".join(said["skills"]))
        item = change_item(project=self.project, uid=uid, by=cast("User", request.user), **said)
        return Response(ItemSerializer(item).data)
