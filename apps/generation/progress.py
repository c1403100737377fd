"""How far a run is, how fast it goes, and when it ends if it goes on like that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, Min, Q, QuerySet

from apps.generation.models import ModelConfig, Response, ResponseStatus, Run, RunStatus

WINDOW = timedelta(minutes=3)  # short enough to follow a change of pace, long enough for slow batches


@dataclass(frozen=True)
class Progress:
    """`rate` is responses a minute; it and `seconds_left` are None where nothing came in to tell."""

    total: int
    done: int
    failed: int
    rate: float | None = None
    seconds_left: float | None = None

    @property
    def ended(self) -> int:
        return self.done + self.failed

    @property
    def waiting(self) -> int:
        return self.total - self.ended


def measure_progress(
    *, total: int, done: int, failed: int, recent: int, since: datetime | None, now: datetime
) -> Progress:
    """Progress from counts.

    Args:
        recent: how many of `done` and `failed` ended after `since`.
        since: where the recent past begins; None where it has not begun.
    """
    minutes = (now - since).total_seconds() / 60 if since else 0.0
    if recent <= 0 or minutes <= 0:
        return Progress(total, done, failed)
    rate = recent / minutes
    return Progress(total, done, failed, rate, (total - done - failed) / rate * 60)


def read_progress(run: Run, *, now: datetime) -> Progress:
    return read_progresses([run], now=now)[run.pk]


def read_progresses(runs: Iterable[Run], *, now: datetime) -> dict[int, Progress]:
    """The progress of runs, by their ids. A run that does not go has no rate and no end."""
    by_id = {run.pk: run for run in runs}
    counts = {row["run"]: row for row in _count(Response.objects.filter(run__in=by_id), "run")}
    return {pk: _measure(run, counts.get(pk, {}), now) for pk, run in by_id.items()}


@dataclass(frozen=True)
class Part:
    """What one configuration has of a run. `tokens` is the mean of what it wrote."""

    config: ModelConfig
    progress: Progress
    tokens: float | None


def read_parts(run: Run, *, now: datetime) -> list[Part]:
    """A run by configuration."""
    since = _begin_of_recent_past(run, now) if run.status == RunStatus.RUNNING else None
    recent = Q(finished_at__gt=since) if since else Q(pk=None)
    rows = _count(run.responses.all(), "config", recent=Count("pk", filter=recent), tokens=Avg("tokens_out"))
    counts = {row["config"]: row for row in rows}
    configs = list(run.configs.all())
    asked = run.asked // max(1, len(configs)) if _lacks_rows(run) else 0
    parts = []
    for config in configs:
        row = counts.get(config.pk, {})
        total, done, failed, lately = (row.get(name, 0) for name in ("total", "done", "failed", "recent"))
        progress = measure_progress(
            total=max(total, asked), done=done, failed=failed, recent=lately, since=since, now=now
        )
        parts.append(Part(config, progress, row.get("tokens")))
    return parts


def read_waits(run: Run, *, now: datetime) -> list[Part]:
    """The parts of a run that goes whose servers asked for patience, and from which something is missing."""
    waiting = {config.pk for config in run.configs.all() if config.waits_until and config.waits_until > now}
    if run.status != RunStatus.RUNNING or not waiting:
        return []
    parts = read_parts(run, now=now)
    return [part for part in parts if part.config.pk in waiting and part.progress.waiting]


def _count(responses: QuerySet[Response], by: str, **more: Any) -> Iterable[Any]:
    rows: Iterable[Any] = (
        responses.order_by()
        .values(by)
        .annotate(
            total=Count("pk"),
            done=Count("pk", filter=Q(status=ResponseStatus.DONE)),
            failed=Count("pk", filter=Q(status=ResponseStatus.FAILED)),
            **more,
        )
    )
    return rows


def _lacks_rows(run: Run) -> bool:
    """Whether more was asked than there are rows for it: they were taken back, or are not made yet."""
    return run.status == RunStatus.CANCELLED or run.is_preparing


def _measure(run: Run, counts: dict[str, int], now: datetime) -> Progress:
    total, done, failed = (counts.get(name, 0) for name in ("total", "done", "failed"))
    if _lacks_rows(run):
        total = max(total, run.asked)
    if run.status != RunStatus.RUNNING:
        return Progress(total, done, failed)
    since = _begin_of_recent_past(run, now)
    recent = run.responses.filter(finished_at__gt=since).count() if since else 0
    return measure_progress(total=total, done=done, failed=failed, recent=recent, since=since, now=now)


def _begin_of_recent_past(run: Run, now: datetime) -> datetime | None:
    """At most `WINDOW` ago, and not before the first responses: until then the model was being loaded.

    Those first ones themselves do not count as recent, and neither does what came before a resumption.
    """
    ended = run.responses.filter(finished_at__gte=run.started_at)
    first = ended.aggregate(first=Min("finished_at"))["first"]
    return max(first, now - WINDOW) if first else None
