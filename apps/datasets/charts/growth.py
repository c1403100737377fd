"""How snapshots grew, a bar for each."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Growth:
    """A snapshot's bar among its like; the last one is the snapshot that may be made."""

    label: str
    x: float
    y: float
    height: float
    is_next: bool


GROWTH = 5  # bars at most


def draw_growth(counts: Sequence[tuple[int, int]], coming: tuple[int, int]) -> list[Growth]:
    """The newest snapshots by number and rows, the oldest first, and the one to come, on 212 by 48 pixels."""
    shown = [*counts[-(GROWTH - 1) :], coming]
    most = max(1, *(rows for _, rows in shown))
    bars: list[Growth] = []
    for place, (number, rows) in enumerate(shown):
        height = round(max(2.0, 42 * rows / most), 1)
        is_next = place == len(shown) - 1
        bars.append(Growth(f"v{number}", 43.0 * place, 48 - height, height, is_next))
    return bars
