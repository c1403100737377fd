"""What is counted while rows are made: the page, the API, the card and the manifest all read it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.margins import GRADES, name_strength
from apps.datasets.deciding.pairs import Pair
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import PromptFacts
from apps.datasets.formats import FORMATS
from apps.datasets.formats.base import Need
from apps.datasets.formats.metadata.pairs import count_on_left
from apps.datasets.models import Split


@dataclass
class Tally:
    """Counts of items, pairs and rows. Everything about raters and balance is about the pairs alone."""

    formats: tuple[str, ...] = ()
    waiting: int = 0  # items that nobody has answered yet
    answered: int = 0
    left_out: Counter[Reason] = field(default_factory=Counter)
    pairs: int = 0
    prompts: int = 0
    alone: int = 0  # of these prompts, those that are like no other
    shared: set[str] = field(default_factory=set)  # clusters of the others
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
    found: Counter[str] = field(default_factory=Counter)  # personal data in raters' words, by kind
    found_in: int = 0  # answers
    first_at: str = ""
    last_at: str = ""

    def add(self, harvest: Harvest) -> None:
        """Count what one prompt gives, and what of it stays out."""
        for reason in harvest.losses.values():
            self.left_out[reason] += 1
        for kinds in harvest.found:
            self.found.update(kinds)
            self.found_in += 1
        made = {pair.item.id for pair in harvest.pairs}
        self.answered += len(harvest.losses) + len(made)
        for lesson in harvest.lessons:
            self.lessons[lesson.source] += 1
        for label in harvest.labels:
            self.good += label.is_good
            self.bad += not label.is_good
        if made:
            self._add_prompt(harvest.prompt)
        for pair in harvest.pairs:
            self._add_pair(pair)
            self._add_votes(pair)
        if harvest.split is not None:
            self._add_rows(harvest, harvest.split)

    def _add_rows(self, harvest: Harvest, split: Split) -> None:
        for name in self.formats:
            count = count_rows(harvest, FORMATS[name].NEED)
            if count and FORMATS[name].takes(harvest.prompt):
                self.rows[name, split] += count
            elif count:
                self.unfit[name] += count

    def _add_prompt(self, prompt: PromptFacts) -> None:
        self.prompts += 1
        if prompt.cluster == prompt.uid:
            self.alone += 1
        else:
            self.shared.add(prompt.cluster)

    def _add_pair(self, pair: Pair) -> None:
        self.pairs += 1
        agreement = pair.consensus.agreement
        self.agreement_sum += agreement
        self.unanimous += agreement == 1
        difference = pair.winner.length - pair.loser.length
        self.chosen_longer += difference > 0
        self.chosen_shorter += difference < 0
        self.cut_off += pair.winner.finish_reason == "length"
        self.strengths[name_strength(pair.consensus.strength, pair.consensus.steps)] += 1
        self.wins[pair.winner.name] += 1
        self.losses[pair.loser.name] += 1

    def _add_votes(self, pair: Pair) -> None:
        """Those that it was made of: where every rater makes a row, that one alone."""
        ballots = [pair.item.ballots[pair.voters[place]] for place in pair.consensus.behind]
        self.votes += len(ballots)
        self.chosen_on_left += count_on_left(pair, ballots)
        for ballot in ballots:
            self.raters[ballot.rater] += 1
            self.shown += bool(ballot.shown)
            self.last_at = max(self.last_at, ballot.at)
            self.first_at = min(self.first_at or ballot.at, ballot.at)

    @property
    def clusters(self) -> int:
        """Of prompts that make pairs; a prompt that is like no other is one by itself."""
        return self.alone + len(self.shared)

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
    return COUNTED[need](harvest)


COUNTED: Mapping[Need, Callable[[Harvest], int]] = {
    Need.PAIRS: lambda harvest: len(harvest.pairs),
    Need.LESSONS: lambda harvest: len(harvest.lessons),
    Need.LABELS: lambda harvest: len(harvest.labels),
    Need.PROMPTS: lambda harvest: min(len(harvest.items), 1),
    Need.ANSWERS: lambda harvest: sum(len(item.ballots) for item in harvest.items),
}


def count_all(harvests: Iterable[Harvest], tally: Tally) -> Tally:
    for harvest in harvests:
        tally.add(harvest)
    return tally
