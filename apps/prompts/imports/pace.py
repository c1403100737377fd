"""How far an import is, how fast it goes, when it ends, and whether anybody works on it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.prompts.models import ImportStatus, PromptImport

PATIENCE = timedelta(seconds=20)  # four sweeps; a worker that is there has taken it up by then


@dataclass(frozen=True)
class Pace:
    """`rate` is lines a second; it and `seconds_left` are None where nothing came in to tell."""

    records: int
    total_records: int | None
    share: float
    rate: float | None = None
    seconds_left: float | None = None
    waits: bool = False

    @property
    def width(self) -> int:
        """In thousandths of the bar."""
        return round(1000 * self.share)


def measure_pace(report: PromptImport, *, now: datetime) -> Pace:
    share = min(1.0, report.consumed / report.total) if report.total else 0.0
    total_records = report.total if report.total and report.in_rows else None
    waits = is_waiting(report, now=now)
    seconds = (now - report.paced_at).total_seconds() if report.paced_at else 0.0
    done = report.records - report.paced_records
    if waits or seconds <= 0 or done <= 0:
        return Pace(report.records, total_records, share, waits=waits)
    consumed = report.consumed - report.paced_consumed
    left = (report.total - report.consumed) / consumed * seconds if report.total and consumed > 0 else None
    return Pace(report.records, total_records, share, done / seconds, left)


def is_waiting(report: PromptImport, *, now: datetime) -> bool:
    """Whether there is something to do and no worker has shown itself for a while."""
    silent = report.worked_at < now - PATIENCE
    if report.status == ImportStatus.UPLOADED:
        return report.sample is None and silent
    held = report.claimed_until is not None and report.claimed_until > now
    return report.status == ImportStatus.RUNNING and not held and silent
