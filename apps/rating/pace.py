"""How far a rater is, and how fast: what the page's bar shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Case, F, When
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import count_reachable
from apps.rating.flagging import count_unread
from apps.rating.models import RaterState

ACTIVE = "active-seconds"  # the field of the page's form; no key of a question has a hyphen
MOST_DIGITS = 7
FAR = 1000  # nobody needs to know more exactly how much is left
ROUND = 100
FRESH = 20  # seconds for which the count of what is left holds


@dataclass(frozen=True)
class Pace:
    """`total` counts what this rater has done, holds and could still get; `is_more` when it may be more."""

    done: int
    total: int
    is_more: bool
    seconds_each: float | None
    active_today: int = 0

    @property
    def told_total(self) -> int:
        """Where it may be more, a round number that it surely is."""
        return self.total // ROUND * ROUND if self.is_more else self.total

    @property
    def told_each(self) -> int | None:
        return None if self.seconds_each is None else max(1, round(self.seconds_each))

    @property
    def seconds_left(self) -> int | None:
        """Of what is told of each, so that a rater who multiplies comes out there."""
        return None if self.told_each is None else self.told_each * max(0, self.total - self.done)


class Stand(NamedTuple):
    """What the page's bar shows without counting: the rater's pace, and answers that they have not read."""

    state_id: int
    done: int
    seconds_each: float | None
    unread: int = 0
    active_today: int = 0


def find_stand(*, project: Project, rater: User) -> Stand | None:
    states = RaterState.objects.filter(project=project, rater=rater)
    today = Case(When(day=timezone.localdate(), then=F("active_that_day")), default=0)
    found = states.values("done", "seconds_each", state_id=F("pk"), active_today=today).first()
    return Stand(**found, unread=count_unread(project=project, rater=rater)) if found else None


def measure_pace(*, project: Project, rater: User, stand: Stand | None, holds_item: bool) -> Pace:
    """The rater's progress. What is left is counted every `FRESH` seconds."""
    if stand is None:
        return Pace(done=0, total=0, is_more=False, seconds_each=None)
    key = _name_reach(stand.state_id)
    total, is_more = cache.get(key, (None, False))
    if total is None or not holds_item or total <= stand.done:
        reach = count_reachable(project=project, rater=rater, limit=FAR)
        total, is_more = stand.done + holds_item + reach, reach >= FAR
        cache.set(key, (total, is_more), FRESH)
    return Pace(
        stand.done,
        total,
        is_more=is_more,
        seconds_each=stand.seconds_each,
        active_today=stand.active_today,
    )


def _name_reach(state_id: int) -> str:
    return f"within-reach:{state_id}"


def forget_reach(state_id: int) -> None:
    """What is left for a rater became less without an answer of theirs."""
    cache.delete(_name_reach(state_id))


def read_active_seconds(form: Mapping[str, Sequence[str]]) -> int | None:
    """How long the page says that it was worked on; None where it says nothing or nonsense."""
    said = (form.get(ACTIVE) or [""])[0]
    return int(said) if said.isascii() and said.isdecimal() and len(said) < MOST_DIGITS else None
