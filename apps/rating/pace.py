"""How far a rater is, and how fast: what the page's bar shows."""

from dataclasses import dataclass

from django.core.cache import cache

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import count_reachable
from apps.rating.models import Lease, RaterState

FAR = 1000  # nobody needs to know more exactly how much is left
FRESH = 20  # seconds for which the count of what is left holds


@dataclass(frozen=True)
class Pace:
    """`total` counts what this rater has done, holds and could still get; `is_more` when it is even more."""

    done: int
    total: int
    is_more: bool
    seconds_each: float | None

    @property
    def seconds_left(self) -> float | None:
        return None if self.seconds_each is None else self.seconds_each * max(0, self.total - self.done)


def measure_pace(*, project: Project, rater: User, lease: Lease | None) -> Pace:
    """The rater's progress; `lease` is the one they hold. What is left is counted every `FRESH` seconds."""
    state = RaterState.objects.filter(project=project, rater=rater).first()
    if state is None:
        return Pace(done=0, total=0, is_more=False, seconds_each=None)
    key = f"reach:{state.pk}"
    total = cache.get(key)
    if total is None or lease is None or total <= state.done:
        left = count_reachable(state=state, limit=FAR)
        total = state.done + (lease is not None) + left
        cache.set(key, total, FRESH)
    return Pace(
        done=state.done,
        total=total,
        is_more=total - state.done >= FAR,
        seconds_each=state.seconds_each,
    )
