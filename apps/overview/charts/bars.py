"""Small pictures in a row or a line: a share on its interval, a whole in its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.stats.intervals import Share

LABEL_PX = 6.4  # of a character at 12 px, on the wide side


@dataclass(frozen=True)
class Estimate:
    """A dot on its 95 % interval, beside the mark of an even share. All x in pixels."""

    width: int
    even: float
    low: float
    high: float
    dot: float
    off: bool  # the interval leaves the even share out


def draw_share(share: Share, *, width: int = 96, even: float = 0.5) -> Estimate:
    inner = width - 8

    def x(value: float) -> float:
        return round(4 + value * inner, 1)

    off = not share.low <= even <= share.high
    return Estimate(width, x(even), x(share.low), x(share.high), x(share.value), off)


@dataclass(frozen=True)
class Part:
    """A stretch of a stacked bar; `label` is the name alone, or empty, where no more fits under it."""

    x: float
    width: float
    shade: str
    label: str


def draw_parts(parts: Sequence[tuple[str, str, int]], *, width: int) -> list[Part]:
    """A whole as one bar.

    Args:
        parts: name, shade (a CSS class) and count of each; empty ones take no room.
        width: of the bar in pixels.
    """
    total = sum(count for _, _, count in parts)
    drawn: list[Part] = []
    x = 0.0
    for name, shade, count in parts:
        if not count:
            continue
        wide = width * count / total
        labels = (f"{name} {100 * count / total:.0f}\u00a0%", name)
        label = next((label for label in labels if len(label) * LABEL_PX <= wide), "")
        drawn.append(Part(round(x, 1), round(max(wide - 2, 1), 1), shade, label))
        x += wide
    return drawn
