"""Words in a picture: where they stand without lying on its lines or on each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
CHARACTER = 7.0  # of bold 12 px, on the wide side
ASCENT, DESCENT = 11, 4


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    side: str = ""  # "e" ends at x, "m" stands over it, "" starts there


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_crossed(self, start: Point, end: Point) -> bool:
        """Whether a straight line goes through it (Liang and Barsky: what of the line each edge leaves)."""
        (x, y), (dx, dy) = start, (end[0] - start[0], end[1] - start[1])
        enter, leave = 0.0, 1.0
        for step, room in (
            (-dx, x - self.left),
            (dx, self.right - x),
            (-dy, y - self.top),
            (dy, self.bottom - y),
        ):
            if step == 0:
                if room < 0:
                    return False
            elif step < 0:
                enter = max(enter, room / step)
            else:
                leave = min(leave, room / step)
        return enter <= leave


def measure_box(text: Text) -> Box:
    width = CHARACTER * len(text.text)
    left = text.x - {"e": width, "m": width / 2, "": 0.0}[text.side]
    return Box(left, text.y - ASCENT, left + width, text.y + DESCENT)


def place_text(
    candidates: Sequence[Text], *, within: Box, lines: Iterable[Sequence[Point]], taken: Iterable[Box] = ()
) -> Text:
    """The first of the places that is free; the last one where none is."""
    segments = [pair for line in lines for pair in pairwise(line)]
    others = list(taken)
    for candidate in candidates:
        box = measure_box(candidate)
        if not within.holds(box) or any(box.meets(other) for other in others):
            continue
        if not any(box.is_crossed(*segment) for segment in segments):
            return candidate
    return candidates[-1]
