"""What several people's votes on one pair of responses come to, and why they may come to nothing."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import Literal, NamedTuple

Side = Literal["a", "b"]


class Undecided(StrEnum):
    """Why votes make no pair. The first four are what most raters said, by the names of relations."""

    TIE = "tie"
    BOTH_GOOD = "both_good"
    BOTH_BAD = "both_bad"
    CANNOT_TELL = "cannot_tell"
    NO_MAJORITY = "no_majority"
    OPPOSED = "opposed"
    SCATTERED = "scattered"
    NO_VOTES = "no_votes"


class Vote(NamedTuple):
    """One person's word on the pair (a, b). Strength is 1 to `steps` when a side won, else 0."""

    relation: str
    winner: Side | None
    strength: int
    steps: int

    @property
    def toward_a(self) -> int:
        """The signed strength: positive for a, negative for b, 0 for anything but a preference."""
        return self.strength if self.winner == "a" else -self.strength


class Consensus(NamedTuple):
    """The votes' answer.

    Attributes:
        winner: the better side, None when undecided.
        strength: how far it is better, in steps of the scale: more than 0 and at most `steps`. 0.0 when
            undecided.
        steps: the scale's steps a side.
        agreement: the share of all votes that gave the most frequent answer, or of those for the winner
            where there is one; 0 to 1.
        n_votes: how many votes there were, of any kind.
        why_not: why there is no winner, None when there is one.
        behind: which of the votes it was made of, by their place; the others were set aside.
    """

    winner: Side | None
    strength: float
    steps: int
    agreement: float
    n_votes: int
    why_not: Undecided | None
    behind: tuple[int, ...] = ()

    @property
    def decided(self) -> bool:
        return self.winner is not None


def refuse(votes: Sequence[Vote], why: Undecided) -> Consensus:
    """No winner."""
    if not votes:
        return Consensus(None, 0.0, 0, 0.0, 0, Undecided.NO_VOTES)
    _, count = find_most_frequent(votes)
    everyone = tuple(range(len(votes)))
    steps = max(vote.steps for vote in votes)
    return Consensus(None, 0.0, steps, count / len(votes), len(votes), why, everyone)


def decide_for(
    side: Side, strength: float, votes: Sequence[Vote], behind: Sequence[int], *, steps: int | None = None
) -> Consensus:
    """A winner; `strength` is positive, on the votes' common scale or on one of so many `steps`."""
    backing = sum(vote.winner == side for vote in votes)
    share = backing / len(votes)
    return Consensus(side, strength, steps or common_steps(votes), share, len(votes), None, tuple(behind))


def common_steps(votes: Sequence[Vote]) -> int:
    """Raises ValueError when the votes are on different scales."""
    steps = votes[0].steps
    if any(vote.steps != steps for vote in votes):
        mixed = sorted({vote.steps for vote in votes})
        raise ValueError(f"votes on scales of {mixed} steps cannot be averaged")
    return steps


def find_most_frequent(votes: Sequence[Vote]) -> tuple[str, int]:
    """The most frequent answer ("a", "b" or a relation) and how many gave it.

    Of several the one that came first: ask for the answer only where it has more than half.
    """
    if len(votes) == 1:  # by far the most common case of large collections
        return votes[0].winner or votes[0].relation, 1
    return Counter(vote.winner or vote.relation for vote in votes).most_common(1)[0]
