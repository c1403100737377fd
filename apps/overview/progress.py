"""How far a project's annotations are, how fast they come, and when the last one comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, QuerySet, Sum
from django.db.models.functions import Trunc

from apps.overview.charts.scales import DAY, HOUR, MINUTE
from apps.overview.charts.timeline_shapes import Cone, History
from apps.projects.models import Project
from apps.rating.models import Annotation
from apps.rating.models.item_states import WANTED
from apps.stats.pace import Ending, Pace, measure_pace, predict_ending

STEPS = ((5 * HOUR, 5 * MINUTE, "minute"), (3 * DAY, HOUR, "hour"), (120 * DAY, DAY, "day"))
WEEK_STEP = (7 * DAY, "day")
FEW = 12  # annotations below which a pace is not spoken of
FAR = 730 * DAY  # a forecast beyond that is no forecast


@dataclass(frozen=True)
class Watch:
    """The equal windows, ending now, that a pace is taken from; `per`, `unit` and `whose` word it."""

    window: timedelta
    windows: int
    per: timedelta
    unit: str
    whose: str

    @property
    def length(self) -> timedelta:
        return self.window * self.windows


@dataclass(frozen=True)
class Tempo:
    """The recent pace, in annotations per window."""

    watch: Watch
    pace: Pace

    @property
    def rate(self) -> float:
        """Annotations per `watch.unit`."""
        return self.pace.rate * (self.watch.per / self.watch.window)


@dataclass(frozen=True)
class Progress:
    """`wanted` is what the items there are ask for; more may be built while models still answer."""

    items: int
    done: int
    wanted: int
    last_at: datetime | None
    history: History | None
    tempo: Tempo | None
    ending: Ending | None
    now: datetime

    @property
    def is_finished(self) -> bool:
        return 0 < self.wanted == self.done

    @property
    def cone(self) -> Cone | None:
        if self.ending is None or self.tempo is None:
            return None
        window, latest = self.tempo.watch.window, self.ending.latest
        expected = self.now + window * self.ending.expected
        is_soon = expected - self.now < 36 * HOUR
        return Cone(
            expected=expected,
            earliest=self.now + window * self.ending.earliest,
            latest=self.now + window * latest if latest and window * latest < FAR else None,
            label=f"{expected:%H:%M}" if is_soon else f"{expected.day} {expected:%b}",
        )


def measure_progress(*, project: Project, now: datetime) -> Progress:
    totals = project.items.asked().aggregate(items=Count("pk"), done=Sum("counted"), wanted=Sum(WANTED))
    done, wanted = totals["done"] or 0, totals["wanted"] or 0
    annotations = Annotation.objects.counted().timed().filter(item__project=project, answered_at__lte=now)
    times = annotations.aggregate(first=Min("answered_at"), last=Max("answered_at"))
    tempo = ending = history = None
    if times["first"] is not None:
        history = _count_history(annotations, times["first"], now)
        tempo = _measure_tempo(annotations, times["first"], now)
    if tempo is not None and done < wanted:
        ending = predict_ending(pace=tempo.pace, remaining=wanted - done)
        ending = ending if ending.expected * tempo.watch.window < FAR else None
    return Progress(
        items=totals["items"],
        done=done,
        wanted=wanted,
        last_at=times["last"],
        history=history,
        tempo=tempo,
        ending=ending,
        now=now,
    )


def _count_history(annotations: QuerySet[Annotation], first: datetime, now: datetime) -> History:
    step, grain = next(((s, g) for below, s, g in STEPS if now - first <= below), WEEK_STEP)
    start = _floor(first, min(step, DAY))
    counts = [0] * ((now - start) // step + 1)
    for moment, number in _group(annotations, grain):
        counts[(moment - start) // step] += number
    return History(start=start, step=step, counts=tuple(counts), now=now)


def _floor(moment: datetime, step: timedelta) -> datetime:
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // step * step


def _group(annotations: QuerySet[Annotation], grain: str) -> QuerySet[Annotation, tuple[datetime, int]]:
    grouped = annotations.annotate(at=Trunc("answered_at", grain)).order_by().values_list("at")
    return grouped.annotate(number=Count("pk"))


def _measure_tempo(annotations: QuerySet[Any], first: datetime, now: datetime) -> Tempo | None:
    """The pace of the recent windows; None where too little came in to speak of one."""
    watch = _choose_watch(now - first)
    if watch is None:
        return None
    counts = [0] * watch.windows
    recent = annotations.filter(answered_at__gt=now - watch.length)
    for moment, number in _group(recent, "minute" if watch.window >= DAY else "second"):
        counts[min((now - moment) // watch.window, watch.windows - 1)] += number
    pace = measure_pace(counts) if sum(counts) >= FEW else None
    return Tempo(watch, pace) if pace else None


def _choose_watch(age: timedelta) -> Watch | None:
    """Up to seven days once there are three, for nights and weekends; before that the last hour."""
    days = min(7, age // DAY)
    if days >= 3:
        return Watch(DAY, days, DAY, "day", "this week’s" if days == 7 else f"the last {days} days’")
    tens = min(6, age // (10 * MINUTE))
    if tens >= 3:
        whose = "the last hour’s" if tens == 6 else f"the last {10 * tens} minutes’"
        return Watch(10 * MINUTE, tens, HOUR, "hour", whose)
    return None
