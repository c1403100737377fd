"""How far a snapshot is, how fast it goes, when this step ends, and whether anybody works on it."""

from dataclasses import dataclass
from datetime import datetime

from apps.datasets.models import Snapshot
from apps.datasets.models.counts import PATIENCE


@dataclass(frozen=True)
class Pace:
    """`done` and `total` count prompts, or files; `rate` is so many a second, None where nothing tells it."""

    step: str
    done: int
    total: int
    share: float = 0.0
    rate: float | None = None
    seconds_left: float | None = None
    waits: bool = False

    @property
    def width(self) -> int:
        """In thousandths of the bar."""
        return round(1000 * self.share)


def measure_pace(snapshot: Snapshot, *, now: datetime) -> Pace:
    done, total = snapshot.done, snapshot.total
    step = snapshot.step if snapshot.claim else ""
    share = min(1.0, done / total) if total else 0.0
    began = snapshot.step_began_at
    seconds = (now - began).total_seconds() if began else 0.0
    if snapshot.has_ended or not step or not done or seconds <= 0:
        return Pace(step, done, total, share, waits=is_waiting(snapshot, now=now))
    rate = done / seconds
    return Pace(step, done, total, share, rate, max(total - done, 0) / rate)


def is_waiting(snapshot: Snapshot, *, now: datetime) -> bool:
    """Whether there is something to do and no worker has shown itself for a while."""
    if snapshot.has_ended:
        return False
    if snapshot.claimed_until is not None:
        return snapshot.claimed_until <= now
    return (snapshot.step_began_at or snapshot.created_at) < now - PATIENCE
