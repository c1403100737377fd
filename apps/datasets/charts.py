"""The page's pictures as geometry: pure functions from numbers to what a template draws."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from apps.stats.intervals import Share

BAR = 17  # height of a bar of the waterfall
LABEL_PX = 6.4  # of a character at 12 px, on the wide side


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
