"""What a run would be: responses, tokens and time, from what its configurations did before.

Nothing is guessed: of a configuration that has answered nothing yet, only its limit is known.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count

from apps.generation.models import Batch, BatchStatus, ModelConfig, Response
from apps.generation.sampling import Sampling

RECENT_RESPONSES = 1000
RECENT_BATCHES = 200


@dataclass(frozen=True)
class Pace:
    """Means over the latest responses of a configuration; None where nothing tells."""

    answered: int = 0
    tokens_in: float | None = None
    tokens_out: float | None = None
    seconds: float | None = None  # of work per response


@dataclass(frozen=True)
class Share:
    """What a run would ask of one configuration. `most_tokens` is the limit on what it writes."""

    config: ModelConfig
    responses: int
    most_tokens: int
    pace: Pace

    @property
    def tokens_in(self) -> int | None:
        return _times(self.pace.tokens_in, self.responses)

    @property
    def tokens_out(self) -> int | None:
        return _times(self.pace.tokens_out, self.responses)

    @property
    def seconds(self) -> float | None:
        return None if self.pace.seconds is None else self.pace.seconds * self.responses


@dataclass(frozen=True)
class Forecast:
    """`tokens_out` and `seconds` are None where one share's are not known."""

    prompts: int
    samples: int
    shares: Sequence[Share]

    @property
    def responses(self) -> int:
        return sum(share.responses for share in self.shares)

    @property
    def tokens_out(self) -> int | None:
        known = [share.tokens_out for share in self.shares if share.tokens_out is not None]
        return sum(known) if len(known) == len(self.shares) else None

    @property
    def most_tokens(self) -> int:
        return sum(share.most_tokens for share in self.shares)

    @property
    def seconds(self) -> float | None:
        """One configuration after the other; where they work side by side it takes less."""
        known = [share.seconds for share in self.shares if share.seconds is not None]
        return sum(known) if len(known) == len(self.shares) else None

    @property
    def unknown(self) -> list[str]:
        """The configurations that have answered nothing yet."""
        return [share.config.name for share in self.shares if not share.pace.answered]


def _times(mean: float | None, number: int) -> int | None:
    return None if mean is None else round(mean * number)


def foresee_run(*, configs: Collection[ModelConfig], prompts: int, samples: int) -> Forecast:
    """A dry run: what starting it would ask for. Nothing is changed."""
    responses = prompts * samples
    return Forecast(
        prompts,
        samples,
        [
            Share(
                config,
                responses,
                responses * Sampling.model_validate(config.sampling).max_new_tokens,
                measure_pace(config=config),
            )
            for config in configs
        ],
    )


def measure_pace(*, config: ModelConfig) -> Pace:
    done = Response.objects.done().filter(config=config).order_by("-pk")[:RECENT_RESPONSES]
    found = done.aggregate(answered=Count("pk"), into=Avg("tokens_in"), out=Avg("tokens_out"))
    if not found["answered"]:
        return Pace()
    return Pace(found["answered"], found["into"], found["out"], _measure_seconds(config))


def _measure_seconds(config: ModelConfig) -> float | None:
    """Of work per response: the time in which any worker was at a batch of it, over what that brought."""
    done = Batch.objects.filter(config=config, status=BatchStatus.DONE, ended_at__isnull=False)
    # One in which everything failed says nothing of how long answers take.
    told = done.filter(claimed_at__isnull=False, made_with__has_key="revision")
    batches = told.order_by("-pk")[:RECENT_BATCHES]
    rows = list(batches.values_list("claimed_at", "ended_at", "order"))
    responses = sum(len(order) for _, _, order in rows)
    return measure_busy((begin, end) for begin, end, _ in rows if begin) / responses if responses else None


def measure_busy(spans: Iterable[tuple[datetime, datetime | None]]) -> float:
    """Seconds that lie in any of these spans; two that overlap are not counted twice. A pure function."""
    busy, until = 0.0, None
    for begin, end in sorted((begin, end) for begin, end in spans if end is not None and end > begin):
        start = begin if until is None else max(begin, until)
        if end > start:
            busy += (end - start).total_seconds()
            until = end
    return busy
