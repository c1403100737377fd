"""What several people's votes on one pair of responses come to. The rule and its reasons: docs/adr."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Side = Literal["a", "b"]


class Undecided(StrEnum):
    """Why votes make no pair. The first four are what most raters said."""

    TIE = "tie"
    BOTH_GOOD = "both_good"
    BOTH_BAD = "both_bad"
    CANNOT_TELL = "cannot_tell"
    NO_MAJORITY = "no_majority"
    OPPOSED = "opposed"
    NO_VOTES = "no_votes"


@dataclass(frozen=True)
class Vote:
    """One person's word on the pair (a, b). Strength is 1 to `steps` when a side won, else 0."""

    relation: str
    winner: Side | None
    strength: int
    steps: int

    @property
    def toward_a(self) -> int:
        """The signed strength: positive for a, negative for b, 0 for anything but a preference."""
        return {"a": self.strength, "b": -self.strength, None: 0}[self.winner]


@dataclass(frozen=True)
class Consensus:
    """The votes' answer.

    Attributes:
        winner: the better side, None when undecided.
        strength: how far it is better, in steps of the scale: the mean over all votes, those for the other
            side negative and ties 0; more than 0 and at most `steps`. 0.0 when undecided.
        steps: the scale's steps a side.
        agreement: the share of votes that gave the most frequent answer, 0 to 1.
        n_votes: how many votes there were, of any kind.
        why_not: why there is no winner, None when there is one.
    """

    winner: Side | None
    strength: float
    steps: int
    agreement: float
    n_votes: int
    why_not: Undecided | None

    @property
    def decided(self) -> bool:
        return self.winner is not None


def find_consensus(votes: Sequence[Vote]) -> Consensus:
    """Decide a pair by strict majority of all votes, where their mean strength points the same way.

    Raises:
        ValueError: when the votes are on different scales.
    """
    if not votes:
        return Consensus(None, 0.0, 0, 0.0, 0, Undecided.NO_VOTES)
    steps = _common_steps(votes)
    answer, count = Counter(vote.winner or vote.relation for vote in votes).most_common(1)[0]
    agreement = count / len(votes)
    why_not = _find_obstacle(votes, answer, count)
    if why_not is not None:
        return Consensus(None, 0.0, steps, agreement, len(votes), why_not)
    side: Side = "a" if answer == "a" else "b"
    return Consensus(side, _strength_for(side, votes), steps, agreement, len(votes), None)


def _common_steps(votes: Sequence[Vote]) -> int:
    steps = {vote.steps for vote in votes}
    if len(steps) != 1:
        raise ValueError(f"votes on scales of {sorted(steps)} steps cannot be averaged")
    return steps.pop()


def _find_obstacle(votes: Sequence[Vote], answer: str, count: int) -> Undecided | None:
    if 2 * count <= len(votes):
        return Undecided.NO_MAJORITY
    if answer not in ("a", "b"):
        return Undecided(answer)
    side: Side = "a" if answer == "a" else "b"
    return None if _strength_for(side, votes) > 0 else Undecided.OPPOSED


def _strength_for(side: Side, votes: Sequence[Vote]) -> float:
    total = sum(vote.toward_a for vote in votes)
    return (total if side == "a" else -total) / len(votes)
