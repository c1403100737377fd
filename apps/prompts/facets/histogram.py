"""The histogram of the desk: how many prompts have how many words."""

from collections.abc import Iterator
from dataclasses import dataclass

from apps.prompts.facets.choices import toggle_choice
from apps.prompts.filtering import PromptFilter

# The smallest number of words of each bar.
EDGES = (0, 5, 10, 15, 20, 30, 45, 65, 100, 150, 220, 330, 500, 1000, 2000)


@dataclass(frozen=True)
class Bar:
    """Of the histogram, 184 wide and 34 high."""

    least: int
    most: int | None
    number: int
    x: float
    height: float
    is_chosen: bool
    address: str

    @property
    def y(self) -> float:
        return 34 - self.height

    @property
    def label(self) -> str:
        words = (
            f"{self.least:,} to {self.most:,} words"
            if self.most is not None
            else f"{self.least:,} words or more"
        )
        return f"{words}: {self.number:,}"


def draw_bars(wanted: PromptFilter, counts: dict[str, int]) -> list[Bar]:
    return list(_iterate_bars(wanted, {int(bar): number for bar, number in counts.items()}))


def _iterate_bars(wanted: PromptFilter, counts: dict[int, int]) -> Iterator[Bar]:
    largest = max(counts.values(), default=0) or 1
    least, most = wanted.word_range
    step = 184 / len(EDGES)
    for place, edge in enumerate(EDGES, 1):
        end = EDGES[place] - 1 if place < len(EDGES) else None
        number = counts.get(place, 0)
        height = max(1.5, 32 * number / largest) if number else 0
        chosen = (
            bool(wanted.words)
            and edge >= (least or 0)
            and (most is None or (end is not None and end <= most))
        )
        words = f"{edge}-{'' if end is None else end}"
        address = toggle_choice(wanted, "words", words)
        yield Bar(edge, end, number, round((place - 1) * step, 1), round(height, 1), chosen, address)
