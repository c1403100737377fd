"""The configurations of a project, each with what its responses were like so far."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Q

from apps.generation.models import ModelConfig, Response, ResponseStatus, Run
from apps.generation.providers import PROVIDERS
from apps.generation.sampling import Sampling
from apps.projects.models import Project

DONE = Q(responses__status=ResponseStatus.DONE)
FAILED = Q(responses__status=ResponseStatus.FAILED)


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
