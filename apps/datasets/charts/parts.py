"""A whole as one stacked bar."""

from collections.abc import Sequence
from dataclasses import dataclass

LABEL_PX = 6.4  # of a character at 12 px, on the wide side


@dataclass(frozen=True)
class Part:
    """A stretch of a stacked bar; `label` is empty where the words do not fit under it."""

    name: str
    count: int
    share: float
    x: float
    width: float
    shade: str
    label: str


SHADES = ("f-h1", "f-h2", "f-h3", "f-3")


def draw_parts(parts: Sequence[tuple[str, int]], *, width: int = 232) -> list[Part]:
    """A whole as one bar, from the lightest shade to the darkest."""
    total = sum(count for _, count in parts)
    drawn: list[Part] = []
    x = 0.0
    for (name, count), shade in zip(parts, SHADES[-len(parts) :] if parts else (), strict=True):
        wide = width * count / total
        label = f"{name} {100 * count / total:.0f}\u00a0%"
        label = label if len(label) * LABEL_PX <= wide else ""
        inner = round(max(wide - 1.5, 1), 1)
        drawn.append(Part(name, count, count / total, round(x, 1), inner, shade, label))
        x += wide
    return drawn
