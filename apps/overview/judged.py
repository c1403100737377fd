"""One item in words: what was compared, and what each person said."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from apps.generation.models import Response
from apps.rating.models import Item, ItemKind, Origin
from apps.rating.verdicts import Said

LETTERS = "ABCDEFGHI"


MARKS = {Origin.IMPORTED: "imported, never counted", Origin.MACHINE: "a machine, never counted"}


@dataclass(frozen=True)
class Told:
    """One annotation. `mark` says that no rater of ours gave it, and is empty where one did."""

    who: str
    at: datetime
    said: Said
    counted: bool
    mark: str = ""


@dataclass(frozen=True)
class Judged:
    """An item: its responses by letter, and what was said.

    What others said is left out where it is kept from the reader: `kept` is then the state of their own
    lease, `hidden` how many annotations that are.
    """

    item: Item
    responses: tuple[tuple[str, Response], ...]
    summary: str
    told: tuple[Told, ...]
    kept: str
    hidden: int
    votes: tuple[float, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether some of what is told comes from elsewhere."""
        return any(told.mark for told in self.told)

    @property
    def is_asked(self) -> bool:
        """Whether raters get it; else it is there for what was said of it elsewhere."""
        return self.item.kind != ItemKind.IMPORTED

    @property
    def at(self) -> datetime:
        """When it was last answered by somebody whose answers are told, or else built."""
        return max((told.at for told in self.told), default=self.item.created_at)

    @property
    def lean(self) -> float | None:
        """Where the votes come to, from -1 (all for A) to 1; None without any."""
        return sum(self.votes) / len(self.votes) if self.votes else None

    @property
    def is_picture(self) -> bool:
        """Whether the votes can be drawn between two responses."""
        return bool(self.votes) and len(self.responses) == 2

    @property
    def dots(self) -> list[tuple[float, int]]:
        """Where each vote stands in a picture of 180 by 22; those that say the same stand over each other."""
        met: Counter[float] = Counter()
        dots = []
        for vote in self.votes:
            dots.append((round(90 + 84 * vote, 1), (11, 4, 18)[met[vote] % 3]))
            met[vote] += 1
        return dots

    @property
    def streak(self) -> tuple[float, float]:
        """Where the gold line begins, and how long it is."""
        end = 90 + 84 * (self.lean or 0)
        return round(min(90, end), 1), round(abs(end - 90), 1)
