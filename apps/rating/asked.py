"""What raters asked, as curators read it."""

from dataclasses import dataclass

from django.db.models import Prefetch

from apps.generation.models import Response
from apps.projects.models import Project
from apps.projects.questions.base import LETTERS
from apps.prompts.models import Prompt
from apps.rating.models import Flag, Lease
from apps.rating.models.flags import FlagQuerySet

SHOWN = 20


@dataclass(frozen=True)
class Asked:
    """A flag with the responses under the letters that its rater saw: their words are about those."""

    flag: Flag
    responses: list[tuple[str, Response]]

    @property
    def prompt(self) -> Prompt:
        return self.flag.item.prompt

    @property
    def situation(self) -> str:
        """In the rater's words, or else in those of the kind."""
        return self.flag.note or self.flag.get_kind_display()


def list_unanswered(*, project: Project) -> list[Asked]:
    """The ones that have waited longest."""
    return describe_flags(project.flags.unanswered().order_by("pk")[:SHOWN])


def describe_flags(flags: FlagQuerySet) -> list[Asked]:
    texts = Response.objects.only("uid", "text").order_by("slots__position")
    found = list(
        flags.select_related(
            "item__prompt", "rater", "answered_by", "edited_by", "guideline"
        ).prefetch_related(Prefetch("item__responses", texts))
    )
    leases = Lease.objects.filter(item__in={flag.item_id for flag in found})
    orders = {
        (item, rater): order for item, rater, order in leases.values_list("item", "rater", "shown_order")
    }
    return [Asked(flag, _order(flag, orders.get((flag.item_id, flag.rater_id)))) for flag in found]


def _order(flag: Flag, shown_order: list[int] | None) -> list[tuple[str, Response]]:
    responses = list(flag.item.responses.all())
    order = shown_order or range(len(responses))
    return [(letter, responses[place]) for letter, place in zip(LETTERS, order, strict=False)]
