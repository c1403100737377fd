"""The votes behind a pair, as rings on a scale."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class VoteScale:
    """Rings for votes beside the middle, the streak from the middle to their mean."""

    ticks: list[float]
    rings: list[tuple[float, float]]
    streak: float


def draw_votes(votes: Sequence[int], strength: float, steps: int) -> VoteScale:
    """Signed votes toward the chosen side, on 84 by 24 pixels; equal ones lie above each other."""
    unit = 36 / steps
    ticks = [42 + unit * step for step in range(-steps, steps + 1) if step]
    rings: list[tuple[float, float]] = []
    for vote, count in sorted(Counter(votes).items()):
        gap = min(7, 18 / count)
        rings += [(42 + unit * vote, 12 + gap * (place - (count - 1) / 2)) for place in range(count)]
    return VoteScale(
        [round(x, 1) for x in ticks],
        [(round(x, 1), round(y, 1)) for x, y in rings],
        round(unit * strength, 1),
    )
