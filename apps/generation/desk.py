"""What the pages of this room show, read in few queries however many responses there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q

from apps.generation.choosing import describe_choice
from apps.generation.headlines import Lengths, describe_runs
from apps.generation.models import ModelConfig, Response, ResponseStatus, Run, RunStatus
from apps.generation.progress import Part, Progress, read_progresses, read_waits
from apps.generation.providers import PROVIDERS
from apps.generation.providers.errors import REASONS, UnexpectedError
from apps.generation.sampling import Sampling
from apps.projects.models import Project

DONE = Q(responses__status=ResponseStatus.DONE)
FAILED = Q(responses__status=ResponseStatus.FAILED)


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


@dataclass(frozen=True)
class ConfigRow:
    """A configuration with what its responses were like, each number None or 0 where it has none."""

    config: ModelConfig
    sampling: str
    has_endpoint: bool
    done: int
    failed: int
    tokens: float | None
    seconds: float | None
    revision: str
    used: bool


@dataclass(frozen=True)
class Failure:
    """The failed responses of one reason: `first` is one of them, `said` what was said about it."""

    title: str
    advice: str
    number: int
    first: Response
    said: str


def read_desk(*, project: Project, now: datetime) -> Desk:
    runs = list(project.runs.select_related("created_by", "paused_by").prefetch_related("configs"))
    progresses = read_progresses(runs, now=now)
    rows = [_row(run, progresses[run.pk], now) for run in runs]
    return Desk(describe_runs(progresses.values()), rows)


def read_run(*, run: Run, now: datetime) -> RunRow:
    return _row(run, read_progresses([run], now=now)[run.pk], now)


def _row(run: Run, progress: Progress, now: datetime) -> RunRow:
    return RunRow(run, progress, list(run.configs.all()), read_waits(run, now=now))


def list_configs(*, project: Project) -> list[ConfigRow]:
    in_order = ModelConfig.objects.order_by(F("archived_at").asc(nulls_first=True), "pk")
    configs: Any = in_order.filter(project=project).annotate(
        done=Count("responses", filter=DONE),
        failed=Count("responses", filter=FAILED),
        tokens=Avg("responses__tokens_out", filter=DONE),
        latency=Avg("responses__latency_ms", filter=DONE),
        used=Exists(Run.objects.filter(configs=OuterRef("pk"))),
    )
    revisions = _latest_revisions(project)
    return [
        ConfigRow(
            config=config,
            sampling=Sampling.model_validate(config.sampling).describe(),
            has_endpoint=PROVIDERS[config.provider].needs_endpoint,
            done=config.done,
            failed=config.failed,
            tokens=config.tokens,
            seconds=None if config.latency is None else config.latency / 1000,
            revision=revisions.get(config.pk, config.revision),
            used=config.used,
        )
        for config in configs
    ]


def _latest_revisions(project: Project) -> dict[int, str]:
    """What exactly answered last, by configuration."""
    answered = Response.objects.done().filter(config__project=project)
    latest = answered.order_by("config", "-pk").distinct("config")
    return dict(latest.values_list("config", "revision"))


def list_failures(*, run: Run) -> list[Failure]:
    """The failed responses of a run by reason, the most frequent first."""
    failed = run.responses.failed()
    numbers = dict(failed.order_by().values_list("error_code").annotate(number=Count("pk")))
    firsts = failed.select_related("prompt", "config").order_by("error_code", "pk").distinct("error_code")
    return sorted((_failure(first, numbers[first.error_code]) for first in firsts), key=lambda f: -f.number)


def _failure(first: Response, number: int) -> Failure:
    reason = REASONS.get(first.error_code, UnexpectedError)
    said = first.error.removeprefix(reason.title).removesuffix(reason.advice).strip(" :.")
    return Failure(reason.title, reason.advice, number, first, said)


def measure_lengths(*, run: Run) -> Lengths:
    return Lengths(
        **run.responses.done().aggregate(
            done=Count("pk"), cut=Count("pk", filter=Q(finish_reason="length")), mean_tokens=Avg("tokens_out")
        )
    )
