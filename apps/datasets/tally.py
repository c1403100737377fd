"""What is counted while rows are made: the page, the API, the card and the manifest all read it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.pairs import Pair
from apps.datasets.deciding.reasons import Reason
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.formats.metadata import count_on_left
from apps.datasets.models import Split
from apps.projects.questions.preference import STEP_WORDS

GRADES = ("barely", "slightly", "better", "much")


@dataclass
class Tally:
    """Counts of items, pairs and rows. Everything about raters and balance is about the pairs alone."""

    formats: tuple[str, ...] = ()
    waiting: int = 0  # items that nobody has answered yet
    answered: int = 0
    left_out: Counter[Reason] = field(default_factory=Counter)
    pairs: int = 0
    prompts: int = 0
    clusters: set[str] = field(default_factory=set)
    raters: Counter[str] = field(default_factory=Counter)  # votes by pseudonym
    votes: int = 0
    shown: int = 0  # votes of people who were shown the two side by side here
    unanimous: int = 0
    agreement_sum: float = 0.0
    chosen_longer: int = 0
    chosen_shorter: int = 0
    chosen_on_left: int = 0
    cut_off: int = 0
    strengths: Counter[str] = field(default_factory=Counter)
    wins: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    lessons: Counter[str] = field(default_factory=Counter)
    good: int = 0
    bad: int = 0
    rows: Counter[tuple[str, Split]] = field(default_factory=Counter)
    unfit: Counter[str] = field(default_factory=Counter)  # rows that a format has no place for
    first_at: str = ""
    last_at: str = ""

    def add(self, harvest: Harvest) -> None:
        """Count what one prompt gives, and what of it stays out."""
        self.left_out.update(harvest.losses.values())
        made = {pair.item.id for pair in harvest.pairs}
        self.answered += len(harvest.losses) + len(made)
        self.lessons.update(lesson.source for lesson in harvest.lessons)
        self.good += sum(label.is_good for label in harvest.labels)
        self.bad += sum(not label.is_good for label in harvest.labels)
        if made:
            self.prompts += 1
            self.clusters.add(harvest.prompt.cluster)
        for pair in harvest.pairs:
            self._add_pair(pair)
        if harvest.split is not None:
            self._add_rows(harvest, harvest.split)

    def _add_rows(self, harvest: Harvest, split: Split) -> None:
        for name in self.formats:
            count = count_rows(harvest, FORMATS[name].NEED)
            if count and FORMATS[name].takes(harvest.prompt):
                self.rows[name, split] += count
            elif count:
                self.unfit[name] += count

    def _add_pair(self, pair: Pair) -> None:
        self.pairs += 1
        ballots = [pair.item.ballots[number] for number in pair.voters]
        self.votes += len(ballots)
        self.raters.update(ballot.rater for ballot in ballots)
        self.shown += sum(bool(ballot.shown) for ballot in ballots)
        self.agreement_sum += pair.consensus.agreement
        self.unanimous += pair.consensus.agreement == 1
        self.chosen_on_left += count_on_left(pair, ballots)
        difference = pair.winner.length - pair.loser.length
        self.chosen_longer += difference > 0
        self.chosen_shorter += difference < 0
        self.cut_off += pair.winner.finish_reason == "length"
        self.strengths[name_strength(pair.consensus.strength, pair.consensus.steps)] += 1
        self.wins[pair.winner.name] += 1
        self.losses[pair.loser.name] += 1
        times = [ballot.at for ballot in ballots]
        self.first_at = min([*times, self.first_at or times[0]])
        self.last_at = max([*times, self.last_at])

    @property
    def left_out_total(self) -> int:
        return sum(self.left_out.values())

    @property
    def graded(self) -> list[tuple[str, int]]:
        """Pairs by grade, the weakest first, without empty grades."""
        return [(word, self.strengths[word]) for word in GRADES if self.strengths[word]]

    @property
    def agreement(self) -> float:
        """The mean share of votes for the winner."""
        return self.agreement_sum / self.pairs if self.pairs else 0.0

    def rows_of(self, format_name: str) -> dict[Split, int]:
        """Rows by split, without empty splits."""
        return {split: self.rows[format_name, split] for split in Split if self.rows[format_name, split]}


def count_rows(harvest: Harvest, need: Need) -> int:
    """How many rows a format with this need makes of a prompt that it takes."""
    return {
        Need.PAIRS: len(harvest.pairs),
        Need.LESSONS: len(harvest.lessons),
        Need.LABELS: len(harvest.labels),
        Need.PROMPTS: min(len(harvest.items), 1),
        Need.ANSWERS: sum(len(item.ballots) for item in harvest.items),
    }[need]


def count_all(harvests: Iterable[Harvest], tally: Tally) -> Tally:
    for harvest in harvests:
        tally.add(harvest)
    return tally


def name_strength(strength: float, steps: int) -> str:
    """The scale's word nearest to a mean strength; a half goes up."""
    nearest = int(strength + 0.5)
    return STEP_WORDS[steps][max(nearest, 1) - 1]
