"""Questions to the items of a project, by name."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Left

from apps.rating.models.item_places import PRIORITIES, PRIORITY_BIT
from apps.rating.models.item_states import HAS_ROOM, IN_STATE, UNFINISHED, ItemKind, ItemState, ItemStatus

if TYPE_CHECKING:
    from apps.rating.models.items import Item

OF_TWO = r"^[0-9]+,[0-9]+$"  # the key of an item with exactly two responses


class ItemQuerySet(models.QuerySet["Item"]):
    def asked(self) -> "ItemQuerySet":
        """Those that raters here get, have got or may get."""
        return self.exclude(kind=ItemKind.IMPORTED)

    def with_room(self) -> "ItemQuerySet":
        """In the queue, with fewer live slots (open leases and counted annotations) than wanted."""
        return self.filter(HAS_ROOM)

    def unfinished(self) -> "ItemQuerySet":
        """In the queue, with fewer counted annotations than wanted."""
        return self.filter(UNFINISHED)

    def complete(self) -> "ItemQuerySet":
        """As many counted annotations as wanted."""
        return self.filter(counted=F("overlap"))

    def wanting(self) -> "ItemQuerySet":
        """Unfinished, in the queue or in review: `WANTED` says how many annotations each asks for."""
        return self.exclude(status=ItemStatus.WITHDRAWN).filter(counted__lt=F("overlap"))

    def left_to_order(self) -> "ItemQuerySet":
        """Those whose priority no person has set, nor their prompt's file."""
        return self.filter(Q(raised__gt=0) | Q(priority=0))

    def not_begun(self) -> "ItemQuerySet":
        """Nobody has it in hand, and no answer to it counts."""
        return self.filter(taken=0)

    def of_two(self) -> "ItemQuerySet":
        """Those with exactly two responses: what votes on a pair, and datasets, are made of."""
        return self.filter(responses_key__regex=OF_TWO)

    def in_state(self, state: str) -> "ItemQuerySet":
        return self.filter(IN_STATE[ItemState(state)])

    def in_review(self) -> "ItemQuerySet":
        """Skipped by so many that a curator decides about them."""
        return self.in_state(ItemState.REVIEW)

    def with_priority(self, priority: int) -> "ItemQuerySet":
        """Said twice, so that a list in the order of the queue begins where these begin."""
        first = (PRIORITIES[1] - priority) << PRIORITY_BIT
        return self.filter(priority=priority, place__gte=first, place__lt=first + (1 << PRIORITY_BIT))

    def asking(self, skill: str) -> "ItemQuerySet":
        """Those that only a rater with this skill gets."""
        return self.filter(skills__contains=[skill]).exclude(skills=[])

    def with_summary(self) -> "ItemQuerySet":
        """What a list shows of each: `opening` and `category` of its prompt, and not the whole of it."""
        last = KeyTextTransform("content", KeyTransform("-1", "prompt__messages"))
        return (
            self.select_related("prompt")
            .defer("prompt__messages", "prompt__metadata")
            .annotate(opening=Left(last, 240), category=KeyTextTransform("category", "prompt__metadata"))
        )

    def lock(self) -> list[int]:
        """Lock these rows, in an order in which no two such locks wait for each other; returns their ids."""
        return list(self.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
