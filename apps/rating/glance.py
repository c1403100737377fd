"""The queue at a glance: how many items stand where, and what they ask of raters.

Counting a million items takes part of a second, so what was counted is kept for a while: longer, the longer
it took. A small project is counted anew for every page.
"""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from django.core.cache import cache
from django.db.models import CharField, Count, F, Func, Max, Q
from django.utils import timezone

from apps.core.words import count, spell, start_sentence
from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.rating.models.item_states import ItemState
from apps.rating.models.items import Item

QUICK = 0.1  # seconds; what takes no longer is not kept
KEPT = 30  # times as long as counting took
MOST_ROWS = 10
MOST_CATEGORIES = 200
SHADES = {
    ItemState.WAITING: "f-h2",
    ItemState.BEGUN: "f-3",
    ItemState.DONE: "f-gold",
    ItemState.REVIEW: "f-warn",
    ItemState.WITHDRAWN: "f-open",
}
MEANINGS = {
    ItemState.WAITING: "nobody has begun it",
    ItemState.BEGUN: "more people are wanted",
    ItemState.DONE: "as many as wanted have answered",
    ItemState.REVIEW: "skipped by too many",
    ItemState.WITHDRAWN: "finished work is kept",
}


@dataclass(frozen=True)
class State:
    state: ItemState
    items: int

    @property
    def shade(self) -> str:
        return SHADES[self.state]

    @property
    def meaning(self) -> str:
        return MEANINGS[self.state]


@dataclass(frozen=True)
class Part:
    """A stretch of a bar, in hundredths of the longest one."""

    state: State
    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """The items with so many annotations; `more` for the last row, which holds those with more too."""

    annotations: int
    more: bool
    items: int
    parts: list[Part]

    @property
    def name(self) -> str:
        return start_sentence(count(self.annotations, "annotation")) + (" or more" if self.more else "")

    @property
    def summary(self) -> str:
        said = ", ".join(f"{part.state.items:,} {part.state.state.label}" for part in self.parts)
        return f"{self.name}: {said or 'no items'}"


@dataclass(frozen=True)
class Asked:
    """A skill that unfinished items ask for; `raters` have it and are not paused."""

    skill: str
    items: int
    people: int
    raters: int

    @property
    def lacking(self) -> bool:
        """An item wants more people than there are."""
        return self.raters < self.people


@dataclass(frozen=True)
class Glance:
    rows: list[Row]
    states: list[State]
    skills: list[Asked]
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
        rows=_draw_rows(numbers),
        states=states,
        skills=_count_skills(project),
        categories=_list_categories(project),
        counted_at=timezone.now(),
    )


def _draw_rows(numbers: dict[tuple[int, ItemState], int]) -> list[Row]:
    levels = range(max((level for level, _ in numbers), default=0) + 1)
    totals = {level: sum(n for (at, _), n in numbers.items() if at == level) for level in levels}
    longest = max(totals.values(), default=0) or 1
    rows = []
    for level in levels:
        parts, x = [], 0.0
        for state in ItemState:
            if number := numbers.get((level, state), 0):
                width = 100 * number / longest
                parts.append(Part(State(state, number), round(x, 2), round(width, 2)))
                x += width
        rows.append(Row(level, level == MOST_ROWS, totals[level], parts))
    return rows


def _count_skills(project: Project) -> list[Asked]:
    """The skills that unfinished items ask for, the commonest first, and how many raters have each."""
    rows = (
        project.items.unfinished()
        .exclude(skills=[])
        .order_by()
        .annotate(skill=Func(F("skills"), function="unnest", output_field=CharField()))
        .values("skill")
        .annotate(n=Count("id"), people=Max("overlap"))
        .order_by("-n", "skill")
    )
    working = [set(m.skills) for m in project.memberships.filter(paused_at=None) if m.may_rate]
    return [
        Asked(row["skill"], row["n"], row["people"], sum(row["skill"] in skills for skills in working))
        for row in rows
    ]


def _list_categories(project: Project) -> list[str]:
    """The biggest first; as the filter takes them."""
    rows = sorted(project.prompts.count_categories(), key=lambda row: (-row[1], str(row[0])))
    return [name or NO_CATEGORY for name, _ in rows[:MOST_CATEGORIES]]
