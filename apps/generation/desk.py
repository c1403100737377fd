"""The runs of a project as its pages show them, read in few queries however many responses there are."""

from dataclasses import dataclass
from datetime import datetime

from apps.generation.choosing import describe_choice
from apps.generation.headlines import describe_runs
from apps.generation.models import ModelConfig, Run, RunStatus
from apps.generation.progress import Part, Progress, read_progresses, read_waits
from apps.generation.providers import PROVIDERS
from apps.generation.providers.errors import REASONS
from apps.projects.models import Project


@dataclass(frozen=True)
class RunRow:
    run: Run
    progress: Progress
    configs: list[ModelConfig]
    waits: list[Part]  # whose servers asked for patience

    @property
    def models(self) -> str:
        return " · ".join(config.name for config in self.configs)

    @property
    def config_ids(self) -> list[int]:
        return [config.pk for config in self.configs]

    @property
    def waits_for(self) -> str:
        """Why no response is there yet."""
        on_servers = {PROVIDERS[config.provider].needs_endpoint for config in self.configs}
        if on_servers == {True}:
            return "The server has not answered yet."
        return (
            "The model is being loaded." if on_servers == {False} else "The first answers are on their way."
        )

    @property
    def is_running(self) -> bool:
        return self.run.status == RunStatus.RUNNING

    @property
    def is_paused(self) -> bool:
        return self.run.status == RunStatus.PAUSED

    @property
    def is_open(self) -> bool:
        return self.is_running or self.is_paused

    @property
    def prepared(self) -> int | None:
        """How many responses are prepared, as long as not all of them are."""
        return min(self.run.prepared, self.run.asked) if self.run.is_preparing else None

    @property
    def is_withdrawing(self) -> bool:
        """Whether what waited of it is just being taken back."""
        return self.run.is_withdrawing and not self.run.stuck

    @property
    def is_unsettled(self) -> bool:
        """Whether there is something to follow, or to do about it."""
        return self.is_open or self.run.is_withdrawing

    @property
    def moves(self) -> bool:
        return self.is_running or self.is_withdrawing

    @property
    def can_resume(self) -> bool:
        return self.is_paused or self.run.status == RunStatus.CANCELLED

    @property
    def pause_advice(self) -> str:
        """What to do about the fault over which it paused by itself."""
        reason = REASONS.get(self.run.pause_code)
        return reason.advice if reason else ""

    @property
    def choice(self) -> str:
        """How its prompts were chosen; empty: all that were approved."""
        return describe_choice(self.run.choice)

    @property
    def can_retry(self) -> bool:
        return bool(self.progress.failed) and not self.can_resume


@dataclass(frozen=True)
class Desk:
    """The runs of a project, the newest first, and what they come to."""

    finding: str
    rows: list[RunRow]

    @property
    def going(self) -> list[RunRow]:
        """Those that go, in the order in which they are worked at, and those that rest or are taken back."""
        rows = [row for row in self.rows if row.is_unsettled]
        return sorted(rows, key=lambda row: (not row.is_running, -row.run.priority))

    @property
    def moves(self) -> bool:
        return any(row.moves for row in self.rows)


def read_desk(*, project: Project, now: datetime) -> Desk:
    runs = list(project.runs.select_related("created_by", "paused_by").prefetch_related("configs"))
    progresses = read_progresses(runs, now=now)
    rows = [_row(run, progresses[run.pk], now) for run in runs]
    return Desk(describe_runs(progresses.values()), rows)


def read_run(*, run: Run, now: datetime) -> RunRow:
    return _row(run, read_progresses([run], now=now)[run.pk], now)


def _row(run: Run, progress: Progress, now: datetime) -> RunRow:
    return RunRow(run, progress, list(run.configs.all()), read_waits(run, now=now))
