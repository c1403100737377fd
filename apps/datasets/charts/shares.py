"""A share of two sides: a dot on its interval."""

from dataclasses import dataclass
from math import ceil, floor

from apps.stats.intervals import Share


@dataclass(frozen=True)
class Estimate:
    """A dot on its 95 % interval, on a scale that begins and ends with round shares around the even one."""

    share: Share
    low: float
    high: float
    dot: float
    even: float
    ends: tuple[float, float]
    off: bool  # the interval leaves the even share out


ROUND = 0.05
NARROWEST = 0.1  # of the scale, on either side of the even share


def draw_share(share: Share, *, width: int = 232) -> Estimate:
    first = max(0.0, min(0.5 - NARROWEST, floor(share.low / ROUND) * ROUND))
    last = min(1.0, max(0.5 + NARROWEST, ceil(share.high / ROUND) * ROUND))

    def place(value: float) -> float:
        return round(4 + (value - first) / (last - first) * (width - 8), 1)

    off = not share.low <= 0.5 <= share.high
    return Estimate(
        share, place(share.low), place(share.high), place(share.value), place(0.5), (first, last), off
    )
