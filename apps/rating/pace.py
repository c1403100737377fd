"""How far a rater is, and how fast: what the page's bar shows."""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import F

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Annotation, Item

RECENT = 20  # annotations that the pace is taken from
LONGEST = timedelta(hours=1)  # a longer time between opening and sending is a break, not work


@dataclass(frozen=True)
class Pace:
    """`seconds_each` is the median time of the last annotations, None before the first."""

    done: int
    total: int
    seconds_each: float | None

    @property
    def seconds_left(self) -> float | None:
        return None if self.seconds_each is None else self.seconds_each * max(0, self.total - self.done)


def measure_pace(*, project: Project, rater: User) -> Pace:
    """Items this rater has answered, of those they have answered or still could, and their median time."""
    mine = Annotation.objects.filter(item__project=project, rater=rater)
    done = mine.count()
    open_to_me = Item.objects.filter(project=project).with_room().exclude(leases__rater=rater).count()
    held = project.leases.filter(rater=rater, state="open").count()
    times = mine.order_by("-id").values_list(F("created_at") - F("lease__started_at"), flat=True)[:RECENT]
    worked = [time.total_seconds() for time in times if time and time < LONGEST]
    return Pace(done=done, total=done + open_to_me + held, seconds_each=median(worked) if worked else None)
