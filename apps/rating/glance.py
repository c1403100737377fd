"""The queue at a glance: how many items stand where, and what they ask of raters.

Counting a million items takes part of a second, so what was counted is kept for a while: longer, the longer
it took. A small project is counted anew for every page.
"""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from apps.core.words import count, spell, start_sentence
from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.rating.asked_skills import AskedSkill, count_asked_skills
from apps.rating.glance_bars import MOST_ROWS, Row, State, draw_rows
from apps.rating.models.item_states import ItemState
from apps.rating.models.items import Item

QUICK = 0.1  # seconds; what takes no longer is not kept
KEPT = 30  # times as long as counting took
MOST_CATEGORIES = 200


@dataclass(frozen=True)
class Glance:
    rows: list[Row]
    states: list[State]
    skills: list[AskedSkill]
    categories: list[str]
    counted_at: datetime

    def of(self, state: ItemState) -> int:
        return next(entry.items for entry in self.states if entry.state == state)

    @property
    def review(self) -> int:
        return self.of(ItemState.REVIEW)

    @property
    def age(self) -> float:
        """Seconds since it was counted."""
        return (timezone.now() - self.counted_at).total_seconds()

    @property
    def is_old(self) -> bool:
        return self.age > 5

    @property
    def total(self) -> int:
        return sum(entry.items for entry in self.states)

    @property
    def in_queue(self) -> int:
        return self.of(ItemState.WAITING) + self.of(ItemState.BEGUN)

    @property
    def finding(self) -> str:
        if not self.total:
            return "Nothing to rate yet"
        queue = f"{count(self.in_queue, 'item is', 'items are')} in the queue"
        if not self.in_queue:
            queue = "every item is done" if self.of(ItemState.DONE) else "no item is in the queue"
        if self.review:
            queue += f", and {spell(self.review)} {'waits' if self.review == 1 else 'wait'} for you"
        return start_sentence(queue)


def take_glance(*, project: Project) -> Glance:
    """What the page of the queue begins with; as it was a while ago where counting takes long."""
    key = f"queue-glance-{project.pk}"
    glance: Glance | None = cache.get(key)
    if glance is None:
        began = perf_counter()
        glance = _count(project)
        took = perf_counter() - began
        if took > QUICK:
            cache.set(key, glance, timeout=KEPT * took)
    return glance


def forget_glance(*, project: Project) -> None:
    cache.delete(f"queue-glance-{project.pk}")


def _count(project: Project) -> Glance:
    numbers: dict[tuple[int, ItemState], int] = {}
    rows = (
        project.items.asked()
        .order_by()
        .values("status", "overlap", "counted", has_begun=Q(taken__gt=0))
        .annotate(n=Count("id"))
    )
    for row in rows:
        item = Item(
            status=row["status"], overlap=row["overlap"], counted=row["counted"], taken=row["has_begun"]
        )
        at = (min(item.counted, MOST_ROWS), item.state)
        numbers[at] = numbers.get(at, 0) + row["n"]
    states = [State(s, sum(n for (_, state), n in numbers.items() if state == s)) for s in ItemState]
    return Glance(
        rows=draw_rows(numbers),
        states=states,
        skills=count_asked_skills(project=project),
        categories=_list_categories(project),
        counted_at=timezone.now(),
    )


def _list_categories(project: Project) -> list[str]:
    """The biggest first; as the filter takes them."""
    rows = sorted(project.prompts.count_categories(), key=lambda row: (-row[1], str(row[0])))
    return [name or NO_CATEGORY for name, _ in rows[:MOST_CATEGORIES]]
