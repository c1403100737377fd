"""Whether a comparison trains, and if not, why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apps.datasets.comparisons import Comparison, ResponseRecord
from apps.quality.consensus import Consensus, Side, find_consensus


class Reason(StrEnum):
    """Why an item makes no pair, in the order in which they are looked for.

    The values from `tie` to `opposed` are those of `apps.quality.consensus.Undecided`.
    """

    INCOMPLETE = "incomplete"
    NO_VOTES = "no_votes"
    TIE = "tie"
    BOTH_GOOD = "both_good"
    BOTH_BAD = "both_bad"
    CANNOT_TELL = "cannot_tell"
    NO_MAJORITY = "no_majority"
    OPPOSED = "opposed"
    EMPTY = "empty"
    SAME_TEXT = "same_text"
    REPEATED = "repeated"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True)
class Decided:
    """A comparison with a winner whose texts can train."""

    comparison: Comparison
    consensus: Consensus
    winner: Side

    @property
    def chosen(self) -> ResponseRecord:
        return self.comparison.side(self.winner)

    @property
    def rejected(self) -> ResponseRecord:
        return self.comparison.side("b" if self.winner == "a" else "a")

    @property
    def texts(self) -> tuple[str, str]:
        """The chosen and the rejected text, without the blanks around them."""
        return self.chosen.text.strip(), self.rejected.text.strip()

    @property
    def toward_chosen(self) -> list[int]:
        """Each vote's signed strength: positive for the chosen response, 0 without a preference."""
        sign = 1 if self.winner == "a" else -1
        return [sign * cast.vote.toward_a for cast in self.comparison.votes]

    @property
    def chosen_on_left(self) -> int:
        """How many of the raters saw the chosen response on the left."""
        return sum(cast.left == self.winner for cast in self.comparison.votes)


Verdict = Decided | Reason


def decide_prompt(comparisons: Iterable[Comparison]) -> list[tuple[Comparison, Verdict]]:
    """The verdict on each comparison of one prompt.

    Where two responses have the same text, two items may say the same twice, or the opposite: of the
    former one stays, of the latter none.
    """
    verdicts = [(comparison, decide(comparison)) for comparison in comparisons]
    texts = {verdict.texts for _, verdict in verdicts if isinstance(verdict, Decided)}
    seen: set[tuple[str, str]] = set()
    return [(comparison, _compare(verdict, texts, seen)) for comparison, verdict in verdicts]


def _compare(verdict: Verdict, texts: set[tuple[str, str]], seen: set[tuple[str, str]]) -> Verdict:
    if isinstance(verdict, Reason):
        return verdict
    chosen, rejected = verdict.texts
    if (rejected, chosen) in texts:
        return Reason.CONTRADICTED
    if (chosen, rejected) in seen:
        return Reason.REPEATED
    seen.add((chosen, rejected))
    return verdict


def decide(comparison: Comparison) -> Verdict:
    """Whether an item, on its own, makes a pair."""
    if not comparison.complete:
        return Reason.INCOMPLETE
    consensus = find_consensus([cast.vote for cast in comparison.votes])
    if consensus.winner is None:
        return Reason(consensus.why_not or Reason.NO_MAJORITY)
    decided = Decided(comparison, consensus, consensus.winner)
    chosen, rejected = decided.texts
    if not chosen or not rejected:
        return Reason.EMPTY
    return Reason.SAME_TEXT if chosen == rejected else decided
