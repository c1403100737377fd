"""A recipe's snapshots, and what the next one would take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.defaultfilters import filesizeformat

from apps.datasets.charts.growth import Growth, draw_growth
from apps.datasets.figures import Figures
from apps.datasets.models import Recipe, Snapshot, SnapshotStatus
from apps.datasets.snapshots.pace import Pace, measure_pace

SHOWN = 12  # snapshots in the list
QUICK = 50_000  # rows that are written within a minute anywhere


@dataclass(frozen=True)
class Shelf:
    """Attributes:
    finished: the newest first; `older` more are not listed.
    ended: the newest of all, where it failed or was cancelled.
    number: that the next one will have.
    """

    making: Snapshot | None
    pace: Pace | None
    finished: list[Snapshot]
    older: int
    ended: Snapshot | None
    number: int
    growth: list[Growth]
    cost: str


def describe_shelf(recipe: Recipe | None, figures: Figures | None, now: datetime) -> Shelf:
    found = list(recipe.snapshots.defer("manifest").select_related("version", "change")) if recipe else []
    finished = [one for one in found if one.status == SnapshotStatus.FINISHED]
    running = next((one for one in found if one.status == SnapshotStatus.RUNNING), None)
    newest = found[0] if found else None
    is_ended = newest is not None and newest.status in (SnapshotStatus.FAILED, SnapshotStatus.CANCELLED)
    number = (newest.number if newest else 0) + 1
    rows = figures.rows_total if figures else 0
    return Shelf(
        making=running,
        pace=measure_pace(running, now=now) if running else None,
        finished=finished[:SHOWN],
        older=max(0, len(finished) - SHOWN),
        ended=newest if is_ended else None,
        number=number,
        growth=draw_growth([(one.number, one.rows) for one in reversed(finished)], (number, rows)),
        cost=tell_cost(finished, rows),
    )


def tell_cost(finished: Sequence[Snapshot], rows: int) -> str:
    """Such as “About 4 s, 11 MB.”, by the last one; what one costs that is the first nobody knows exactly."""
    last = next((one for one in finished if one.rows and one.finished_at), None)
    if not rows:
        return ""
    if last is None or last.finished_at is None:
        return "Less than a minute." if rows <= QUICK else "A few minutes; the next one is foretold by it."
    seconds = (last.finished_at - last.created_at).total_seconds() / last.rows * rows
    return f"About {tell_time(seconds)}, {filesizeformat(last.size / last.rows * rows)}."


def tell_time(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
