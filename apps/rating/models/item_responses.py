"""Which responses an item is about, in order."""

from django.db import models

from apps.generation.models import Response
from apps.rating.models.items import Item


class ItemResponse(models.Model):
    """A response of an item. `position` is its place in the item, never its place on a page."""

    # item_response_place_once begins with the item
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="slots", db_index=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="slots")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="item_response_place_once"),
            models.UniqueConstraint(fields=["item", "response"], name="item_response_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.position}"
