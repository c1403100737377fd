"""How fast work goes, and when it ends if it goes on like that."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

# Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom.
T_95 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip


@dataclass(frozen=True)
class Pace:
    """Events per window: the mean and the 95 % interval of that mean."""

    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class Ending:
    """In how many windows the rest is done; `latest` is None where the slow bound never gets there."""

    expected: float
    earliest: float
    latest: float | None


def measure_pace(counts: Sequence[int]) -> Pace | None:
    """The pace that counts in equal windows speak of; None for fewer than two windows, or no event.

    The interval is Student's t on the windows' mean. Their variance is taken as no smaller than the mean,
    which is what independent events (a Poisson process) have at least: three equal days prove no clockwork.
    """
    if len(counts) < 2 or not any(counts):
        return None
    mean = fmean(counts)
    error = sqrt(max(variance(counts), mean) / len(counts))
    half = T_95[min(len(counts) - 1, len(T_95)) - 1] * error
    return Pace(rate=mean, low=max(0.0, mean - half), high=mean + half)


def predict_ending(*, pace: Pace, remaining: int) -> Ending:
    """When `remaining` events are through at the pace, its fast and its slow bound."""
    return Ending(
        expected=remaining / pace.rate,
        earliest=remaining / pace.high,
        latest=remaining / pace.low if pace.low > 0 else None,
    )
