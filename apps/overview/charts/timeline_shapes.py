"""What a timeline is drawn from, and what is drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.overview.charts.labels import Point, Text


@dataclass(frozen=True)
class History:
    """Counts in equal steps from `start` on; the last step may still be going."""

    start: datetime
    step: timedelta
    counts: tuple[int, ...]
    now: datetime


@dataclass(frozen=True)
class Cone:
    """When the target is met: as expected, at the fast and at the slow bound (None: never)."""

    expected: datetime
    earliest: datetime
    latest: datetime | None
    label: str


@dataclass(frozen=True)
class Frame:
    """Where things are, in pixels. `roomy` frames have a margin at the right for words."""

    width: int
    height: int
    left: int
    right: int
    top: int = 25
    bottom: int = 204
    strip_top: int = 230
    strip_bottom: int = 266
    dates: int = 12
    roomy: bool = True

    @property
    def dates_y(self) -> int:
        return self.strip_bottom + 20


WIDE = Frame(width=848, height=292, left=48, right=736)


NARROW = Frame(
    width=358, height=250, left=38, right=346, top=40, bottom=170, strip_top=192, strip_bottom=222,
    dates=5, roomy=False,
)  # fmt: skip


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    recent: bool


@dataclass(frozen=True)
class Forecast:
    cone: str
    line: tuple[Point, Point]
    end: tuple[float, float] | None  # the gold stretch on the target, where it is in the picture
    label: Text | None


@dataclass(frozen=True)
class Timeline:
    frame: Frame
    grid: list[Text]
    target: Text
    total: str
    now: Point
    now_label: Text
    bars: list[Bar]
    peak: int
    rate_label: Text | None
    dates: list[Text]
    forecast: Forecast | None


class Scale:
    """Time to x and number to y."""

    def __init__(self, frame: Frame, start: datetime, end: datetime, target: int) -> None:
        self.frame, self.start, self.end, self.target = frame, start, end, target

    def x(self, moment: datetime) -> float:
        share = (moment - self.start) / (self.end - self.start)
        return round(self.frame.left + share * (self.frame.right - self.frame.left), 1)

    def y(self, number: float) -> float:
        height = self.frame.bottom - self.frame.top
        return round(self.frame.bottom - number / self.target * height, 1)
