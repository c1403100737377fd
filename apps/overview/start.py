"""The start page: a person's projects, how far each is, and which one waits for them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum
from django.db.models.functions import TruncDate

from apps.accounts.models import User
from apps.core.words import count, spell, start_sentence
from apps.generation.models import Response, Run
from apps.overview.charts.scales import DAY
from apps.projects.models import Membership, Project, Stage
from apps.projects.permissions import Permission, Role, get_permissions
from apps.prompts.models import Prompt
from apps.rating.models import Annotation, Item
from apps.rating.models.item_states import WANTED
from apps.rating.pace import FAR
from apps.rating.waiting import count_waiting

DAYS = 14


@dataclass(frozen=True)
class Card:
    """A project as one person sees it.

    `open_to_me` counts what they hold and could still get, as the rating page does, for who only rates;
    `is_answered` says that models are at it just now.
    """

    project: Project
    role: str
    permissions: frozenset[Permission]
    done: int
    wanted: int
    open_to_me: int
    problem: str
    is_answered: bool
    days: tuple[int, ...]

    @property
    def can_view(self) -> bool:
        return Permission.VIEW_PROJECT in self.permissions

    @property
    def can_rate(self) -> bool:
        return Permission.RATE in self.permissions

    @property
    def waits(self) -> bool:
        """Raters are waited for by items, everybody else by what holds the project up."""
        return bool(self.problem) if self.can_view else self.open_to_me > 0

    @property
    def note(self) -> str:
        if not self.can_view:
            if self.open_to_me >= FAR:
                return f"{FAR:,} items or more wait for you"
            return f"{count(self.open_to_me, 'item waits', 'items wait')} for you".capitalize()
        if self.problem:
            return self.problem
        if not self.wanted:
            return "Models are answering; items come by themselves" if self.is_answered else "No items yet"
        left = self.wanted - self.done
        return start_sentence(f"{count(left, 'annotation')} to go") if left else "All annotations are in"

    @property
    def bars(self) -> list[tuple[float, float, float]]:
        """x, y and height of a bar per day, in a picture of 84 by 20."""
        peak = max(self.days) or 1
        return [(6.0 * n, 20 - 18 * v / peak, 18 * v / peak) for n, v in enumerate(self.days)]


def list_projects(*, user: User, now: datetime) -> list[Card]:
    """The projects that `user` is in, all of them for a site admin; a fixed number of queries."""
    projects = list(_annotate(Project.objects.visible_to(user)))
    roles = dict(Membership.objects.filter(user=user).values_list("project_id", "role"))
    items = _count_items(projects)
    permissions = {project.pk: get_permissions(user, roles.get(project.pk)) for project in projects}
    to_rate = [one for one in projects if Permission.VIEW_PROJECT not in permissions[one.pk]]
    open_to_me = count_waiting(projects=to_rate, rater=user) if to_rate else {}
    days = _count_days(projects, now)
    return [
        Card(
            project=project,
            role=Role(role).label if role else "Site admin",
            permissions=permissions[project.pk],
            done=items[project.pk][0],
            wanted=items[project.pk][1],
            open_to_me=open_to_me.get(project.pk, 0),
            problem=_find_problem(project),
            is_answered=project.has_run,
            days=tuple(days[project.pk]),
        )
        for project, role in ((project, roles.get(project.pk)) for project in projects)
    ]


def describe_projects(cards: Sequence[Card], *, user: User) -> str:
    if not cards:
        return "No project yet" if user.is_superuser else "You are in no project yet"
    if len(cards) == 1 and not cards[0].can_view:
        return f"{cards[0].note} in {cards[0].project}"
    waiting = sum(card.waits for card in cards)
    projects = start_sentence(count(len(cards), "project"))
    if waiting:
        return f"{projects}; {count(waiting, 'waits', 'wait')} for you"
    answered = sum(card.is_answered and not card.wanted for card in cards)
    if answered and len(cards) == 1:
        return f"{projects}; its models are answering"
    return f"{projects}; " + (
        f"models answer in {spell(answered)} of them" if answered else "none waits for you"
    )


def _annotate(projects: Any) -> Any:
    prompts = Prompt.objects.filter(project=OuterRef("pk"))
    failed = Response.objects.failed().filter(prompt__project=OuterRef("pk"), run__isnull=False)
    answered = Response.objects.there().filter(prompt__project=OuterRef("pk"))
    running = Run.objects.running().filter(project=OuterRef("pk"))
    return projects.annotate(
        has_prompts=Exists(prompts),
        has_failures=Exists(failed),
        has_responses=Exists(answered),
        has_run=Exists(running),
    )


def _find_problem(project: Any) -> str:
    if project.stage == Stage.CLOSED:
        return ""
    if not project.has_prompts:
        return "No prompts yet"
    if not project.has_responses and not project.has_run:
        return "No responses yet"
    return "Some responses failed" if project.has_failures else ""


def _count_items(projects: list[Project]) -> dict[int, tuple[int, int]]:
    rows = Item.objects.filter(project__in=projects).order_by().values_list("project")
    counted: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for project, done, wanted in rows.annotate(done=Sum("counted"), wanted=Sum(WANTED)):
        counted[project] = (done, wanted)
    return counted


def _count_days(projects: list[Project], now: datetime) -> dict[int, list[int]]:
    """Annotations of the last days, today last."""
    first: date = (now - (DAYS - 1) * DAY).date()
    rows = (
        Annotation.objects.counted()
        .timed()
        .filter(item__project__in=projects, answered_at__date__gte=first)
        .annotate(day=TruncDate("answered_at"))
        .order_by()
        .values_list("item__project", "day")
        .annotate(number=Count("pk"))
    )
    days: dict[int, list[int]] = defaultdict(lambda: [0] * DAYS)
    for project, day, number in rows:
        days[project][min((day - first).days, DAYS - 1)] = number
    return days
