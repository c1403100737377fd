"""What is counted while rows are built: the page, the API and the card all read it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apps.datasets.comparisons import Comparison
from apps.datasets.decisions import Decided, Reason, Verdict
from apps.datasets.models import Split
from apps.projects.questions.preference import STEP_WORDS

GRADES = ("barely", "slightly", "better", "much")


@dataclass
class Tally:
    """Counts of items, pairs and rows. Everything about raters and balance is about the pairs alone."""

    waiting: int = 0  # items that nobody has answered yet
    others: int = 0  # answered items that are no comparison of two responses
    answered: int = 0
    left_out: Counter[Reason] = field(default_factory=Counter)
    pairs: int = 0
    prompts: int = 0
    raters: set[str] = field(default_factory=set)
    votes: int = 0
    unanimous: int = 0
    agreement_sum: float = 0.0
    chosen_longer: int = 0
    chosen_shorter: int = 0
    chosen_on_left: int = 0
    cut_off: int = 0
    strengths: Counter[str] = field(default_factory=Counter)
    wins: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    rows: Counter[tuple[str, Split]] = field(default_factory=Counter)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def add_prompt(self, verdicts: Sequence[tuple[Comparison, Verdict]]) -> None:
        """Count all comparisons of one prompt."""
        self.answered += len(verdicts)
        decided = [verdict for _, verdict in verdicts if isinstance(verdict, Decided)]
        self.left_out.update(verdict for _, verdict in verdicts if isinstance(verdict, Reason))
        self.prompts += bool(decided)
        for one in decided:
            self._add_pair(one)

    def _add_pair(self, one: Decided) -> None:
        self.pairs += 1
        votes = one.comparison.votes
        self.votes += len(votes)
        self.raters.update(cast.rater for cast in votes)
        self.agreement_sum += one.consensus.agreement
        self.unanimous += one.consensus.agreement == 1
        self.chosen_on_left += one.chosen_on_left
        difference = len(one.chosen.text) - len(one.rejected.text)
        self.chosen_longer += difference > 0
        self.chosen_shorter += difference < 0
        self.cut_off += one.chosen.finish_reason == "length"
        self.strengths[name_strength(one.consensus.strength, one.consensus.steps)] += 1
        self.wins[one.chosen.name] += 1
        self.losses[one.rejected.name] += 1
        self.first_at = min([cast.at for cast in votes] + [self.first_at or votes[0].at])
        self.last_at = max([cast.at for cast in votes] + [self.last_at or votes[0].at])

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


def name_strength(strength: float, steps: int) -> str:
    """The scale's word nearest to a mean strength; a half goes up."""
    nearest = int(strength + 0.5)
    return STEP_WORDS[steps][max(nearest, 1) - 1]
