"""What a count comes to, small enough to be kept: the page draws it, and the API tells it."""

from pydantic import BaseModel, ConfigDict

from apps.datasets.deciding.reasons import Reason
from apps.datasets.models import Split


class Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Stock(Kept):
    """What there is to choose from, whatever the recipe says: answers by who gave them, items by the rest."""

    origins: dict[str, int] = {}
    kinds: dict[str, int] = {}
    rubrics: dict[int, int] = {}
    guidelines: dict[int, int] = {}  # answers
    categories: dict[str, int] = {}
    languages: dict[str, int] = {}
    sizes: dict[int, int] = {}  # how many responses an item has


class Stops(Kept):
    """The recipe's pairs by what a stricter one could ask for: value and count, the lowest first."""

    raters: list[tuple[int, int]] = []
    agreement: list[tuple[float, int]] = []
    strength: list[tuple[float, int]] = []


class Figures(Kept):
    """Counts of items, pairs and rows. Those about raters and balance are about the pairs alone."""

    answered: int = 0
    left_out: dict[Reason, int] = {}
    waiting: int = 0
    pairs: int = 0
    prompts: int = 0
    clusters: int = 0
    raters: int = 0
    votes: int = 0
    shown: int = 0
    unanimous: int = 0
    agreement: float = 0.0
    chosen_longer: int = 0
    chosen_shorter: int = 0
    chosen_on_left: int = 0
    cut_off: int = 0
    grades: list[tuple[str, int]] = []
    lessons: dict[str, int] = {}
    good: int = 0
    bad: int = 0
    rows: dict[str, dict[Split, int]] = {}  # by format
    unfit: dict[str, int] = {}
    found: dict[str, int] = {}  # personal data in raters' words, by each kind that is looked for
    found_in: int = 0  # answers
    unanswerable: int = 0  # prompts with rows that end on nobody's question
    to_train: tuple[str, ...] = ()  # clusters that train whatever their hash says
    stock: Stock = Stock()
    stops: Stops = Stops()

    @property
    def left_out_total(self) -> int:
        return sum(self.left_out.values())

    @property
    def pair_items(self) -> int:
        """Items that make pairs; rankings make several."""
        return self.answered - self.left_out_total

    @property
    def lessons_total(self) -> int:
        return sum(self.lessons.values())

    @property
    def rows_total(self) -> int:
        return sum(count for splits in self.rows.values() for count in splits.values())

    def count_rows(self, format_name: str) -> int:
        return sum(self.rows.get(format_name, {}).values())
