"""From all items down to the pairs: what stays out, a bar for each reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

BAR = 17  # height of a bar of the waterfall


@dataclass(frozen=True)
class Step:
    """A bar of the waterfall: `count` items that are there, or that stay out, and why."""

    label: str
    count: int
    note: str = ""
    kind: str = "loss"  # "start", "loss" or "end"
    code: str = ""


@dataclass(frozen=True)
class Frame:
    """Where things stand: bars from `left`, `plot` wide; labels beside the bars or above them."""

    width: int
    left: int
    plot: int
    pitch: int
    bar_top: int
    roomy: bool


WIDE = Frame(width=766, left=224, plot=352, pitch=27, bar_top=5, roomy=True)
NARROW = Frame(width=358, left=0, plot=358, pitch=42, bar_top=20, roomy=False)


@dataclass(frozen=True)
class Bar:
    step: Step
    y: int
    text_y: int
    x: float
    width: float
    end: float  # where the number begins
    joint: tuple[float, int, int] | None  # x, top and bottom of the line down from the bar above


@dataclass(frozen=True)
class Waterfall:
    frame: Frame
    height: int
    bottom: int
    bars: list[Bar]
    grid: list[tuple[float, int]]


def draw_waterfall(steps: Sequence[Step], frame: Frame) -> Waterfall:
    """From all items down to the pairs, each loss where the one above ends. The first step holds them all."""
    total = steps[0].count
    scale = frame.plot / max(total, 1)
    bars: list[Bar] = []
    rest = total
    for number, step in enumerate(steps):
        edge = frame.left + rest * scale
        if step.kind == "loss":
            rest -= step.count
        start = frame.left + rest * scale if step.kind == "loss" else frame.left
        y = number * frame.pitch + frame.bar_top
        bars.append(
            Bar(
                step=step,
                y=y,
                text_y=y + 13 if frame.roomy else y - 6,
                x=round(start, 1),
                width=round(max(edge - start, 1), 1) if step.count else 0,
                end=round(edge + 8, 1),
                joint=(round(edge, 1), y - frame.pitch + BAR, y + BAR) if number and frame.roomy else None,
            )
        )
    bottom = len(steps) * frame.pitch + 2
    marks = [0, *choose_grid(total)] if frame.roomy else []  # lines would cross labels above the bars
    grid = [(round(frame.left + value * scale, 1), value) for value in marks]
    return Waterfall(frame, bottom + 18 * frame.roomy, bottom, bars, grid)


def choose_grid(top: int, *, lines: int = 5) -> list[int]:
    """Round values above 0 and up to `top`, about `lines` of them."""
    rough = max(top / lines, 1)
    power = 10 ** floor(log10(rough))
    step = next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough)
    return list(range(step, top + 1, step))
