"""The picture of the queue: a bar for each number of annotations, with a stretch for each state."""

from dataclasses import dataclass

from apps.core.words import count, start_sentence
from apps.rating.models.item_states import ItemState

MOST_ROWS = 10
SHADES = {
    ItemState.WAITING: "f-h2",
    ItemState.BEGUN: "f-3",
    ItemState.DONE: "f-gold",
    ItemState.REVIEW: "f-warn",
    ItemState.WITHDRAWN: "f-open",
}
MEANINGS = {
    ItemState.WAITING: "nobody has begun it",
    ItemState.BEGUN: "more people are wanted",
    ItemState.DONE: "as many as wanted have answered",
    ItemState.REVIEW: "skipped by too many",
    ItemState.WITHDRAWN: "finished work is kept",
}


@dataclass(frozen=True)
class State:
    state: ItemState
    items: int

    @property
    def shade(self) -> str:
        return SHADES[self.state]

    @property
    def meaning(self) -> str:
        return MEANINGS[self.state]


@dataclass(frozen=True)
class Part:
    """A stretch of a bar, in hundredths of the longest one."""

    state: State
    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """The items with so many annotations; `more` for the last row, which holds those with more too."""

    annotations: int
    more: bool
    items: int
    parts: list[Part]

    @property
    def name(self) -> str:
        return start_sentence(count(self.annotations, "annotation")) + (" or more" if self.more else "")

    @property
    def summary(self) -> str:
        said = ", ".join(f"{part.state.items:,} {part.state.state.label}" for part in self.parts)
        return f"{self.name}: {said or 'no items'}"


def draw_rows(numbers: dict[tuple[int, ItemState], int]) -> list[Row]:
    """From how many items there are with so many annotations in a state."""
    levels = range(max((level for level, _ in numbers), default=0) + 1)
    totals = {level: sum(n for (at, _), n in numbers.items() if at == level) for level in levels}
    longest = max(totals.values(), default=0) or 1
    rows = []
    for level in levels:
        parts, x = [], 0.0
        for state in ItemState:
            if number := numbers.get((level, state), 0):
                width = 100 * number / longest
                parts.append(Part(State(state, number), round(x, 2), round(width, 2)))
                x += width
        rows.append(Row(level, level == MOST_ROWS, totals[level], parts))
    return rows
