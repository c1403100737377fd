"""Items that too many people skipped: what a curator reads to decide about each."""

from dataclasses import dataclass
from string import ascii_uppercase

from django.db.models import Prefetch

from apps.generation.models import Response
from apps.projects.models import Project
from apps.rating.models import Item, ItemResponse, Lease, LeaseState

SHOWN = 10


@dataclass(frozen=True)
class Reviewed:
    """An item with its responses, in its own order and without who wrote them, and who skipped it why."""

    item: Item
    responses: list[tuple[str, Response]]
    skips: list[Lease]


def list_reviews(*, project: Project, limit: int = SHOWN) -> list[Reviewed]:
    """The items that have waited longest for a curator."""
    skipped = Lease.objects.filter(state=LeaseState.SKIPPED).select_related("rater").order_by("ended_at")
    slots = ItemResponse.objects.select_related("response").only("item", "response__text")
    items = (
        project.items.in_review()
        .select_related("prompt")
        .prefetch_related(Prefetch("leases", skipped), Prefetch("slots", slots))
        .order_by("id")[:limit]
    )
    return [Reviewed(item, _name_responses(item), list(item.leases.all())) for item in items]


def _name_responses(item: Item) -> list[tuple[str, Response]]:
    return [(letter, slot.response) for letter, slot in zip(ascii_uppercase, item.slots.all(), strict=False)]
